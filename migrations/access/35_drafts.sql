-- Drafts, new words for lost ones, and what comes in without any.

-- No door reads, writes or deletes a draft by SQL: each of these does one thing to the one draft whose keyed hash it is
-- told, and what it hands out is sealed under the words themselves.
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON drafts FOR SELECT TO @backup@ USING (true);

-- What was sent is no draft any more: a page that was left open does not bring it back.
CREATE OR REPLACE FUNCTION keep_draft(of_lookup bytea, content bytea, hour timestamptz, until date) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    INSERT INTO drafts (lookup, sealed, saved_hour, ends_on)
    SELECT of_lookup, content, hour, until
    WHERE octet_length(of_lookup) = 32 AND octet_length(content) <= 1048576 AND until <= current_date + 60
      AND NOT EXISTS (SELECT FROM filings WHERE lookup = of_lookup)
    ON CONFLICT (lookup) DO UPDATE SET sealed = excluded.sealed, saved_hour = excluded.saved_hour, ends_on = excluded.ends_on
    RETURNING true $$;

CREATE OR REPLACE FUNCTION find_draft(of_lookup bytea) RETURNS TABLE (content bytea, until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT sealed, ends_on FROM drafts WHERE lookup = of_lookup $$;

CREATE OR REPLACE FUNCTION drop_draft(of_lookup bytea) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DELETE FROM drafts WHERE lookup = of_lookup RETURNING true $$;

-- What ended is emptied; that there was one is said for half a year.
CREATE OR REPLACE FUNCTION empty_drafts(today date) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    UPDATE drafts SET sealed = NULL WHERE ends_on < today AND sealed IS NOT NULL;
    DELETE FROM drafts WHERE ends_on < today - 180 $$;

GRANT EXECUTE ON FUNCTION keep_draft(bytea, bytea, timestamptz, date), find_draft(bytea), drop_draft(bytea) TO @resident@;
GRANT EXECUTE ON FUNCTION empty_drafts(date) TO @worker@;
-- A complaint that is sent again is the same one where its words are.
GRANT SELECT (repeat_key) ON filings TO @resident@;

-- New words: the office says who was asked what, and gives a code for one turn; whoever has the code takes the words.
GRANT SELECT, INSERT ON new_words TO @office@;
GRANT UPDATE (voided_at, second_hash, seconded_by_id, seconded_at, last_entry_id) ON new_words TO @office@;
GRANT SELECT (id, filing_id, given_at, taken_at, voided_at) ON new_words TO @resident@;
ALTER TABLE new_words ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON new_words FOR SELECT TO @worker@, @backup@ USING (true);
CREATE POLICY known ON new_words FOR SELECT TO @office@ USING (true);
CREATE POLICY given ON new_words FOR INSERT TO @office@
    WITH CHECK (given_by_id = (SELECT current_account()) AND taken_at IS NULL AND second_hash IS NULL
                AND (SELECT may_i('people:identity:open')));
-- The second half is never given by whoever gave the first one.
CREATE POLICY seconded ON new_words FOR UPDATE TO @office@
    USING (second_hash IS NULL AND taken_at IS NULL AND voided_at IS NULL
           AND given_by_id <> (SELECT current_account()) AND (SELECT may_i('people:identity:open')))
    WITH CHECK (seconded_by_id = (SELECT current_account()) AND voided_at IS NULL);
CREATE POLICY voided ON new_words FOR UPDATE TO @office@ USING ((SELECT may_i('people:identity:open'))) WITH CHECK (voided_at IS NOT NULL);
CREATE POLICY walls ON new_words AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (EXISTS (SELECT FROM filings f WHERE f.id = new_words.filing_id));
CREATE POLICY filer_reads ON new_words FOR SELECT TO @resident@ USING (filing_id = (SELECT my_filing()));

-- The one way in which a complaint's passphrase changes by the residents' door: once for each code, by both of its halves,
-- and while it lasts.
CREATE OR REPLACE FUNCTION take_new_words(code bytea, second bytea, fresh bytea, at timestamptz, entry uuid)
RETURNS TABLE (filing_id uuid, case_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    of_filing uuid;
BEGIN
    UPDATE new_words n SET taken_at = at, last_entry_id = entry
        WHERE n.code_hash = code AND n.second_hash = second AND n.seconded_by_id <> n.given_by_id
          AND n.taken_at IS NULL AND n.voided_at IS NULL AND n.ends_at > now() RETURNING n.filing_id INTO of_filing;
    RETURN QUERY UPDATE filings f SET lookup = fresh, last_entry_id = entry
        WHERE f.id = of_filing AND octet_length(fresh) = 32 RETURNING f.id, f.case_id;
END $$;
GRANT EXECUTE ON FUNCTION take_new_words(bytea, bytea, bytea, timestamptz, uuid) TO @resident@;

-- What is told without words: anybody says it, nobody of the residents reads it, the office puts it to its complaint.
GRANT INSERT ON additions TO @resident@;
GRANT SELECT ON additions TO @office@;
GRANT UPDATE (filing_id, linked_by_id, linked_at, last_entry_id) ON additions TO @office@;
ALTER TABLE additions ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON additions FOR SELECT TO @worker@, @backup@ USING (true);
CREATE POLICY said ON additions FOR INSERT TO @resident@ WITH CHECK (filing_id IS NULL AND linked_by_id IS NULL AND linked_at IS NULL);
CREATE POLICY office ON additions FOR SELECT TO @office@ USING (true);
CREATE POLICY linked ON additions FOR UPDATE TO @office@
    USING (linked_at IS NULL AND (SELECT may_i('intake:filing:screen'))) WITH CHECK (linked_by_id = (SELECT current_account()));
-- What it says may be of a complaint past somebody of this office. Where it says the number of one, it goes that one's way
-- from the first moment: whether it names something that whoever asks may not know of, and whether something that they handle.
CREATE OR REPLACE FUNCTION names_filing(said text, among uuid[]) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    WITH words AS (SELECT regexp_split_to_array(upper(said), '[^0-9A-Z-]+') AS said),
         named AS (SELECT f.id, f.case_id FROM words, filings f WHERE f.number = ANY (words.said)
                   UNION ALL SELECT f.id, f.case_id FROM words, cases c JOIN filings f ON f.case_id = c.id WHERE c.number = ANY (words.said))
    SELECT EXISTS (SELECT FROM named WHERE ARRAY[id, case_id] && among) $$;
CREATE OR REPLACE FUNCTION names_what_is_kept(said text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT names_filing(said, walled_cases()) $$;
CREATE OR REPLACE FUNCTION names_what_i_handle(said text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT names_filing(said, my_scope()) AND NOT names_filing(said, walled_cases()) $$;
GRANT EXECUTE ON FUNCTION names_what_is_kept(text), names_what_i_handle(text) TO @office@;
-- Until it belongs to a complaint, it is there for whoever of the office reads what arrives; then for whoever may know of that one.
CREATE POLICY walls ON additions AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (filing_id IS NULL AND (SELECT may_i('intake:filing:screen'))
           AND CASE WHEN (SELECT my_scope()) IS NULL THEN NOT names_what_is_kept(about || ' ' || body) ELSE names_what_i_handle(about || ' ' || body) END
           OR EXISTS (SELECT FROM filings f WHERE f.id = additions.filing_id));
