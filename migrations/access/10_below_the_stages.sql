-- Journal, accounts, sessions, jobs.

-- Never `xid` or `seq`: an entry that chose its own place could lie before what is sealed, and stay unsealed.
GRANT INSERT (id, at, tag, case_id, actor_kind, actor_id, body) ON journal_entries
    TO @resident@, @office@, @commission@, @department@, @worker@, @publisher@;
GRANT SELECT (id, xid) ON journal_entries TO @resident@;
GRANT SELECT ON journal_entries TO @office@, @worker@, @sealer@;
ALTER TABLE journal_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY writes ON journal_entries FOR INSERT TO @office@, @worker@, @publisher@ WITH CHECK (true);
-- Outside the office nobody writes in another's name.
CREATE POLICY own_name ON journal_entries FOR INSERT TO @commission@, @department@
    WITH CHECK (actor_kind = 'account' AND actor_id = (SELECT current_account()));
CREATE POLICY no_name ON journal_entries FOR INSERT TO @resident@ WITH CHECK (actor_kind IN ('anyone', 'filer') AND actor_id IS NULL);
CREATE POLICY reads ON journal_entries FOR SELECT TO @worker@, @sealer@, @backup@ USING (true);
CREATE POLICY office_reads ON journal_entries FOR SELECT TO @office@
    USING (CASE WHEN (SELECT my_scope()) IS NULL THEN case_id IS NULL OR NOT case_id = ANY ((SELECT walled_cases())::uuid[])
           ELSE case_id = ANY ((SELECT my_scope())::uuid[]) AND NOT case_id = ANY ((SELECT walled_cases())::uuid[]) END);
GRANT SELECT, INSERT ON journal_leaves, checkpoints, journal_floors TO @sealer@;
GRANT SELECT, INSERT, UPDATE ON journal_tiles TO @sealer@;
-- For the health page and the monitor: how much waits, not what.
GRANT SELECT (id, status) ON procrastinate_jobs TO @office@;
GRANT SELECT (id, last_heartbeat) ON procrastinate_workers TO @office@;
GRANT SELECT ON journal_floors TO @office@, @worker@;
GRANT SELECT ON journal_leaves, journal_tiles, checkpoints TO @office@, @worker@, @publisher@;
GRANT SELECT ON checkpoints, journal_leaves, journal_tiles TO @resident@;

GRANT SELECT, INSERT, UPDATE ON accounts, account_roles, sessions, one_time_links, sign_in_delays TO @office@;
GRANT DELETE ON account_roles, sign_in_delays TO @office@;
GRANT SELECT (id, name, display_name, title, status, department_id) ON accounts TO @commission@, @department@, @worker@;
-- The digest of clocks goes to people of the office by mail.
GRANT SELECT (email) ON accounts TO @worker@;
GRANT SELECT ON account_roles TO @commission@, @worker@;
GRANT UPDATE (seen_at, revoked_at) ON sessions TO @commission@, @department@;
GRANT SELECT (secret_hash, account_id) ON sessions TO @commission@, @department@;
-- The hash of a session is who one is to every policy: outside the office nobody sees another's, or ends it.
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_sessions ON sessions TO @office@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY own_sessions ON sessions TO @commission@, @department@ USING (account_id = (SELECT current_account()));
GRANT SELECT, INSERT, UPDATE ON walls TO @office@, @worker@;
-- A member may raise a wall before themselves, and can neither lift it nor see another's.
GRANT SELECT, INSERT ON walls TO @commission@;
ALTER TABLE walls ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_walls ON walls TO @office@, @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY own_walls ON walls FOR SELECT TO @commission@ USING (account_id = (SELECT current_account()));
CREATE POLICY own_recusal ON walls FOR INSERT TO @commission@ WITH CHECK (account_id = (SELECT current_account()) AND kind = 'recusal' AND lifted_at IS NULL);

GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_periodic_defers, procrastinate_events, procrastinate_workers TO @worker@;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO @worker@;
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate_%' LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO @worker@', f.name);
    END LOOP;
END $$;
