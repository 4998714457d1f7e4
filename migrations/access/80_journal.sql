-- The journal outside the house: what was published and sent, and the salts of its commitments.

GRANT INSERT (salt) ON journal_entries TO @resident@, @office@, @commission@, @department@, @worker@, @publisher@;

GRANT SELECT, INSERT ON published_checkpoints, checkpoint_mails TO @worker@;
GRANT UPDATE (sent_at, last_entry_id) ON checkpoint_mails TO @worker@;
GRANT SELECT ON published_checkpoints TO @office@, @resident@;
-- The office sees that something waits; to whom it goes, the settings say.
GRANT SELECT (id, number, due_at, sent_at) ON checkpoint_mails TO @office@;

-- What a filer is given of the journal: the one entry of which their receipt speaks.
CREATE OR REPLACE FUNCTION my_filing_entry() RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT e.body FROM filings f JOIN journal_entries e ON e.tag = 'intake:filing:received' AND e.id = (
        -- candor1.<22 letters of base64url>.<...>: the entry's own id, without padding.
        encode(decode(translate(split_part(f.receipt, '.', 2), '-_', '+/') || '==', 'base64'), 'hex'))::uuid
    WHERE f.lookup = current_lookup() $$;
GRANT EXECUTE ON FUNCTION my_filing_entry() TO @resident@;

-- An entry is never changed. Its salt alone may go: then its commitments say nothing any more, and its bytes stay.
CREATE OR REPLACE FUNCTION journal_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.salt IS NULL AND to_jsonb(NEW) - 'salt' = to_jsonb(OLD) - 'salt' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the journal is never changed';
END $$;

CREATE OR REPLACE FUNCTION forget_salts(entries uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    UPDATE journal_entries SET salt = NULL WHERE id = ANY (entries) AND salt IS NOT NULL $$;
GRANT EXECUTE ON FUNCTION forget_salts(uuid[]) TO @worker@;
