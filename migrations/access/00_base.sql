-- Who may do what to which table. Applied after every migration, as the owner; running it again changes nothing.
-- A word between two at-signs stands for the name of that door's role. First everything is taken away, then each file gives.

REVOKE ALL ON ALL TABLES IN SCHEMA public, release FROM PUBLIC, @public@, @resident@, @office@, @commission@, @department@, @worker@, @sealer@, @publisher@, @backup@;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, release FROM PUBLIC, @public@, @resident@, @office@, @commission@, @department@, @worker@, @sealer@, @publisher@, @backup@;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, @public@, @resident@, @office@, @commission@, @department@, @worker@, @sealer@, @publisher@, @backup@;
REVOKE ALL ON SCHEMA public, release FROM PUBLIC, @public@, @resident@, @office@, @commission@, @department@, @worker@, @sealer@, @publisher@, @backup@;
-- The public door has no way into the schema of cases at all.
GRANT USAGE ON SCHEMA public TO @resident@, @office@, @commission@, @department@, @worker@, @sealer@, @publisher@, @backup@;
GRANT USAGE ON SCHEMA release TO @public@, @publisher@, @backup@, @worker@;

DO $$
DECLARE p record;
BEGIN
    FOR p IN SELECT polname, polrelid::regclass AS tbl FROM pg_policy LOOP
        EXECUTE format('DROP POLICY %I ON %s', p.polname, p.tbl);
    END LOOP;
END $$;

-- Who is asking. Both come from what Work set at the start of its transaction; with neither, nothing is shown.
CREATE OR REPLACE FUNCTION current_account() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT s.account_id FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.secret_hash = decode(nullif(current_setting('candor.session', true), ''), 'hex')
      AND s.revoked_at IS NULL AND s.expires_at > now() AND a.status = 'active' $$;

-- What somebody acts as: their roles, and for somebody from outside the name by which the rulebook calls them.
CREATE OR REPLACE FUNCTION capacities_of(account uuid) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT role FROM account_roles WHERE account_id = account)
        || ARRAY(SELECT outsider FROM accounts WHERE id = account AND outsider IS NOT NULL) $$;

-- The cases and filings of which somebody may not know: each with a wall of their own, and whatever goes another way
-- than theirs, because it is not theirs to handle or is kept from them; and with a case all that was filed for it.
CREATE OR REPLACE FUNCTION walled_for(account uuid) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH me AS MATERIALIZED (SELECT capacities_of(account) AS roles),
         other AS (SELECT case_id, filing_id FROM special_routes, me
                   WHERE lifted_at IS NULL AND account IS NOT NULL AND (NOT handled_by && me.roles OR hidden_from && me.roles)),
         kept AS (SELECT case_id AS id FROM walls WHERE account_id = account AND lifted_at IS NULL
                  UNION SELECT case_id FROM other WHERE case_id IS NOT NULL
                  UNION SELECT filing_id FROM other WHERE filing_id IS NOT NULL)
    SELECT ARRAY(SELECT id FROM kept
                 UNION SELECT id FROM filings WHERE case_id = ANY (ARRAY(SELECT id FROM kept))) $$;

CREATE OR REPLACE FUNCTION walled_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- A session that has ended since the request began knows no walls any more: then everything is behind one.
    SELECT CASE WHEN nullif(current_setting('candor.session', true), '') IS NOT NULL AND current_account() IS NULL THEN NULL
           ELSE walled_for(current_account()) END $$;

-- For somebody from outside: the cases and filings that they handle, and the cases on whose findings they are asked.
-- For everybody else there is no such limit, which NULL says.
CREATE OR REPLACE FUNCTION my_scope() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT case_id FROM special_routes WHERE lifted_at IS NULL AND case_id IS NOT NULL AND me.outsider = ANY (handled_by)
                 UNION SELECT filing_id FROM special_routes WHERE lifted_at IS NULL AND filing_id IS NOT NULL AND me.outsider = ANY (handled_by)
                 UNION SELECT case_id FROM second_halves
                       WHERE state = 'asked' AND case_id IS NOT NULL AND step IN ('finding_review', 'summary') AND me.outsider = ANY ("by"))
    FROM accounts me WHERE me.id = current_account() AND me.outsider IS NOT NULL $$;

-- What they handle, less what they are only asked about.
CREATE OR REPLACE FUNCTION my_handled() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT case_id FROM special_routes WHERE lifted_at IS NULL AND case_id IS NOT NULL AND me.outsider = ANY (handled_by))
    FROM accounts me WHERE me.id = current_account() AND me.outsider IS NOT NULL $$;

-- The same, and every case on which something else waits for them: of these they read the clock or the question alone.
CREATE OR REPLACE FUNCTION my_decisions() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT my_scope() || ARRAY(SELECT case_id FROM second_halves WHERE state = 'asked' AND case_id IS NOT NULL AND me.outsider = ANY ("by"))
    FROM accounts me WHERE me.id = current_account() AND me.outsider IS NOT NULL $$;

CREATE OR REPLACE FUNCTION current_department() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT department_id FROM accounts WHERE id = current_account() $$;

CREATE OR REPLACE FUNCTION current_lookup() RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT decode(nullif(current_setting('candor.lookup', true), ''), 'hex') $$;

CREATE OR REPLACE FUNCTION my_filing() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM filings WHERE lookup = current_lookup() $$;

CREATE OR REPLACE FUNCTION my_filing_case() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT case_id FROM filings WHERE lookup = current_lookup() $$;

-- A job may only follow an entry that this very transaction has written.
CREATE OR REPLACE FUNCTION defer_job(task text, args jsonb, entry uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM journal_entries WHERE id = entry AND xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a job needs an entry of this transaction';
    END IF;
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW('default', task, 0, NULL, NULL, args, NULL)::procrastinate_job_to_defer_v1]);
END $$;

CREATE OR REPLACE FUNCTION journal_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is never changed';
END $$;
DROP TRIGGER IF EXISTS never_changed ON journal_entries;
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON journal_entries FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever();
DROP TRIGGER IF EXISTS never_emptied ON journal_entries;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON journal_entries FOR EACH STATEMENT EXECUTE FUNCTION journal_is_for_ever();

GRANT EXECUTE ON FUNCTION current_account(), walled_cases(), current_department()
    TO @office@, @commission@, @department@;
GRANT EXECUTE ON FUNCTION my_scope(), my_handled(), my_decisions() TO @office@;
-- The worker writes to others, and asks of each what is kept from them.
GRANT EXECUTE ON FUNCTION walled_for(uuid) TO @worker@;
-- Whoever sends a case another way asks whether its lead may keep it.
GRANT EXECUTE ON FUNCTION capacities_of(uuid) TO @office@;
GRANT EXECUTE ON FUNCTION current_account(), walled_cases() TO @worker@;
GRANT EXECUTE ON FUNCTION current_lookup(), my_filing(), my_filing_case() TO @resident@;
GRANT EXECUTE ON FUNCTION defer_job(text, jsonb, uuid) TO @office@, @commission@, @department@, @worker@;

-- The backup reads everything, sees through every policy, and changes nothing.
GRANT SELECT ON ALL TABLES IN SCHEMA public, release TO @backup@;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, release TO @backup@;
GRANT SELECT ON alembic_version, installation, rulebooks TO @office@, @commission@, @department@, @resident@, @worker@, @publisher@;
GRANT INSERT ON installation, rulebooks TO @worker@;
-- What waits for a power: the worker alone holds it and takes it up.
GRANT SELECT, INSERT, UPDATE ON held_jobs TO @worker@;
GRANT UPDATE (settings, last_entry_id) ON installation TO @worker@;
-- An installation of invented cases is marked as such; nothing takes the mark away.
GRANT UPDATE (is_demonstration, settings, last_entry_id) ON installation TO @worker@;
