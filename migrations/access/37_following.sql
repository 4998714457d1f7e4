-- What a filer follows and asks, and how they are told. Each row hangs on a filing and goes with it: behind the same
-- walls, and to its filer alone.

GRANT SELECT, INSERT ON filer_requests, contact_wishes TO @resident@;
GRANT SELECT ON filer_requests, contact_wishes TO @office@, @worker@;
-- What was asked stays as it was asked; the office adds what came of it, once.
GRANT UPDATE (answer, answered_at, answered_by_id, last_entry_id) ON filer_requests TO @office@;
GRANT SELECT ON calls TO @office@;
GRANT UPDATE (tries, tried_at, tried_by_id, result, done_at, version, last_entry_id) ON calls TO @office@;
GRANT SELECT, INSERT ON calls TO @worker@;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['filer_requests', 'contact_wishes', 'calls'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY machinery ON %I TO @worker@, @backup@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY office ON %I TO @office@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY walls ON %1$I AS RESTRICTIVE TO @office@, @commission@, @department@
                        USING (NOT filing_id = ANY ((SELECT walled_cases(true))::uuid[])
                               OR (SELECT my_scope()) IS NOT NULL AND EXISTS (SELECT FROM filings f WHERE f.id = %1$I.filing_id))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['filer_requests', 'contact_wishes'] LOOP
        EXECUTE format('CREATE POLICY filer_reads ON %I FOR SELECT TO @resident@ USING (filing_id = (SELECT my_filing()))', t);
    END LOOP;
END $$;
CREATE POLICY filer_asks ON filer_requests FOR INSERT TO @resident@
    WITH CHECK (filing_id = (SELECT my_filing()) AND answered_at IS NULL AND answered_by_id IS NULL);
CREATE POLICY filer_chooses ON contact_wishes FOR INSERT TO @resident@ WITH CHECK (filing_id = (SELECT my_filing()));
CREATE POLICY answered_once ON filer_requests AS RESTRICTIVE FOR UPDATE TO @office@
    USING (answered_at IS NULL) WITH CHECK (answered_by_id = (SELECT current_account()) AND (SELECT may_i('cases:case:move')));
CREATE POLICY own_try ON calls AS RESTRICTIVE FOR UPDATE TO @office@
    USING (done_at IS NULL) WITH CHECK (tried_by_id = (SELECT current_account()) AND (SELECT may_i('correspondence:message:send')));

-- How this filer said that they may be reached, when they filed; of their other answers their door reads none.
CREATE OR REPLACE FUNCTION my_contact_answers() RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT jsonb_build_object('way', answers -> 'contact_preference', 'rules', answers -> 'contact_rules',
                              'times', answers -> 'contact_times', 'safe', answers -> 'safe_contact')
    FROM filings WHERE lookup = current_lookup() $$;
GRANT EXECUTE ON FUNCTION my_contact_answers() TO @resident@;

-- The day from which the law counts how long a filer may ask for a review, where something outside has begun it. Asked for
-- by the code that the rulebook names, and answered of one's own case once it is over; of what is kept apart, nothing.
CREATE OR REPLACE FUNCTION my_review_day(of_code text) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT max(m.happened_on) FROM filings f JOIN cases c ON c.id = f.case_id JOIN milestones m ON m.case_id = c.id
    WHERE f.lookup = current_lookup() AND c.closed_on IS NOT NULL AND m.code = of_code
      AND m.superseded_at IS NULL AND m.compartments = '{}' $$;
GRANT EXECUTE ON FUNCTION my_review_day(text) TO @resident@;

-- Whether the office keeps who filed for one role alone: a name that is given later is kept so too.
CREATE OR REPLACE FUNCTION my_name_is_kept() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM filings f JOIN journal_entries e ON e.case_id = f.case_id
                   WHERE f.lookup = current_lookup() AND e.tag = 'cases:filer:kept') $$;
GRANT EXECUTE ON FUNCTION my_name_is_kept() TO @resident@;

-- What the journal tells a filer of their own complaint: each stage it came to, and on which days it was opened, by which
-- roles, and whether whoever did it was leading the case then. Never who. Left out is what would tell of somebody else's
-- part: entries kept in a compartment, people from outside the office, machines, and whoever is on a side of this case or
-- of one that shares with it, for that would tell a filer of an inquiry that must not be known.
CREATE OR REPLACE FUNCTION my_happenings() RETURNS TABLE (at timestamptz, tag text, detail text, roles text[], is_assigned boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH mine AS (SELECT id, case_id, received_at, screened_at, convert_to('"filing_id":"' || id || '"', 'UTF8') AS named
                  FROM filings WHERE lookup = current_lookup()),
         entries AS (
             SELECT e.at, e.tag, e.actor_id, e.body FROM mine m JOIN journal_entries e ON e.case_id = m.case_id
             WHERE e.compartments = '{}' AND (e.tag IN ('cases:case:moved', 'cases:case:read')
                                              OR e.tag IN ('intake:filing:opened', 'intake:file:opened') AND position(m.named IN e.body) > 0)
             UNION ALL
             SELECT e.at, e.tag, e.actor_id, e.body FROM mine m JOIN journal_entries e ON e.tag IN ('intake:filing:opened', 'intake:file:opened')
             WHERE e.case_id IS NULL AND e.at >= m.received_at AND e.at <= coalesce(m.screened_at, now())
               AND e.compartments = '{}' AND position(m.named IN e.body) > 0),
         told AS (
             SELECT e.at, e.tag,
                    CASE WHEN e.tag = 'cases:case:moved' THEN convert_from(e.body, 'UTF8')::jsonb #>> '{facts,to_stage}' ELSE '' END AS detail,
                    CASE WHEN e.tag = 'cases:case:moved' THEN '{}'::text[]
                         ELSE ARRAY(SELECT r.role FROM account_roles r WHERE r.account_id = e.actor_id ORDER BY r.role) END AS roles,
                    e.tag <> 'cases:case:moved' AND EXISTS (
                        SELECT FROM assignments s LEFT JOIN absences b ON b.account_id = s.account_id AND b.deputy_id = e.actor_id
                             AND e.at BETWEEN b.starts_at AND coalesce(b.ended_at, b.ends_at)
                        WHERE s.case_id = (SELECT case_id FROM mine) AND (s.account_id = e.actor_id OR b.id IS NOT NULL)
                          AND s.from_at <= e.at AND (s.until_at IS NULL OR s.until_at > e.at)) AS is_assigned
             FROM entries e
             WHERE e.tag = 'cases:case:moved'
                OR EXISTS (SELECT FROM accounts a WHERE a.id = e.actor_id AND a.kind = 'person' AND a.outsider IS NULL)
                   AND NOT EXISTS (SELECT FROM case_sides x WHERE x.account_id = e.actor_id
                                   AND x.case_id IN (SELECT cases_sharing((SELECT case_id FROM mine)))))
    SELECT min(t.at), t.tag, t.detail, t.roles, t.is_assigned FROM told t
    GROUP BY t.tag, t.detail, t.roles, t.is_assigned, CASE WHEN t.tag = 'cases:case:moved' THEN t.at ELSE date_trunc('day', t.at) END
    ORDER BY 1 LIMIT 500;
END $$;
GRANT EXECUTE ON FUNCTION my_happenings() TO @resident@;
