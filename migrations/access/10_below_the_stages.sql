-- Journal, accounts, sessions, jobs.

-- Never `xid` or `seq`: an entry that chose its own place could lie before what is sealed, and stay unsealed.
GRANT INSERT (id, at, tag, case_id, actor_kind, actor_id, body) ON journal_entries
    TO @resident@, @office@, @commission@, @department@, @worker@, @publisher@;
GRANT SELECT (id, xid) ON journal_entries TO @resident@;
GRANT SELECT ON journal_entries TO @office@, @worker@, @sealer@;
ALTER TABLE journal_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY writes ON journal_entries FOR INSERT TO @worker@, @publisher@ WITH CHECK (true);
-- Nobody writes in another's name: at the office only what has no session yet is anyone's, and the machinery says so.
CREATE POLICY own_name ON journal_entries FOR INSERT TO @office@
    WITH CHECK (CASE actor_kind WHEN 'account' THEN actor_id = (SELECT myself())
                WHEN 'anyone' THEN actor_id IS NULL AND (SELECT current_account()) IS NULL
                ELSE actor_id IS NULL AND (SELECT is_machinery()) END);
CREATE POLICY own_name_outside ON journal_entries FOR INSERT TO @commission@, @department@
    WITH CHECK (actor_kind = 'account' AND actor_id = (SELECT current_account()));
CREATE POLICY no_name ON journal_entries FOR INSERT TO @resident@ WITH CHECK (actor_kind IN ('anyone', 'filer') AND actor_id IS NULL);
CREATE POLICY reads ON journal_entries FOR SELECT TO @worker@, @sealer@, @backup@ USING (true);
CREATE POLICY office_reads ON journal_entries FOR SELECT TO @office@ USING (true);
-- Whoever reads no cases reads what was done to none, and what they did themselves; whoever reads the journal reads all of it but what is behind a wall.
DO $$ BEGIN EXECUTE format('CREATE POLICY walls ON journal_entries AS RESTRICTIVE FOR SELECT TO @office@, @commission@, @department@
    USING (%s
           OR NOT coalesce(case_id, ''00000000-0000-0000-0000-000000000000'') = ANY ((SELECT walled_cases())::uuid[])
              AND CASE WHEN (SELECT my_scope()) IS NULL THEN case_id IS NULL OR actor_id = (SELECT current_account()) OR (SELECT may_i(''administration:journal:read''))
                  ELSE case_id = ANY ((SELECT my_scope())::uuid[]) END)', open_to_readers(true, 'case_id')); END $$;
CREATE POLICY walls_of_writing ON journal_entries AS RESTRICTIVE FOR INSERT TO @office@, @commission@, @department@
    WITH CHECK (case_id IS NULL OR NOT case_id = ANY ((SELECT walled_cases())::uuid[]));
-- A monitor has no session and sees no entry: it is told how many there are.
CREATE OR REPLACE FUNCTION events_by_tag(since xid8, until xid8) RETURNS TABLE (tag text, entries bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT tag, count(*) FROM journal_entries WHERE xid >= since AND xid < until GROUP BY tag $$;
-- As the sealer asks: after the last leaf in the order of transactions, and after the floor of the last restore.
CREATE OR REPLACE FUNCTION unsealed_entries() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH floor AS (SELECT coalesce(max(seq), 0) AS seq FROM journal_floors),
         last AS (SELECT xid, seq FROM journal_leaves ORDER BY index DESC LIMIT 1),
         start AS (SELECT coalesce((SELECT last.xid FROM last, floor WHERE last.seq > floor.seq), '0'::xid8) AS xid,
                          coalesce((SELECT last.seq FROM last, floor WHERE last.seq > floor.seq), 0) AS seq)
    SELECT count(*) FROM journal_entries e, start, floor WHERE (e.xid, e.seq) > (start.xid, start.seq) AND e.seq > floor.seq $$;
GRANT EXECUTE ON FUNCTION events_by_tag(xid8, xid8), unsealed_entries() TO @office@;

-- A job may only follow an entry that this very transaction has written: of a kind that this door's jobs follow, and
-- with no other ids than the entry names. Which these are is in 15_jobs.sql; the worker takes up what it has put off.
CREATE OR REPLACE FUNCTION defer_job(task text, args jsonb, entry uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    cause record;
BEGIN
    SELECT j.tag, j.body INTO cause FROM journal_entries j WHERE j.id = entry AND j.xid = pg_current_xact_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a job needs an entry of this transaction';
    END IF;
    IF the_door() IN ('office', 'commission', 'department') AND NOT EXISTS (
        SELECT FROM jobs_after_entries() j WHERE j.door = the_door() AND j.tag = cause.tag AND j.task = defer_job.task
        AND j.fields = ARRAY(SELECT jsonb_object_keys(args) ORDER BY 1)
    ) THEN
        RAISE EXCEPTION 'no such job follows this entry here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM jsonb_each_text(args) a WHERE a.value !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
               OR the_door() IN ('office', 'commission', 'department') AND strpos(convert_from(cause.body, 'UTF8'), a.value) = 0) THEN
        RAISE EXCEPTION 'a job is given ids alone, and those of its entry' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW('default', task, 0, NULL, NULL, args, NULL)::procrastinate_job_to_defer_v1]);
END $$;
GRANT EXECUTE ON FUNCTION defer_job(text, jsonb, uuid) TO @office@, @commission@, @department@, @worker@;

GRANT SELECT, INSERT ON journal_leaves, checkpoints, journal_floors TO @sealer@;
GRANT SELECT, INSERT, UPDATE ON journal_tiles TO @sealer@;
-- For the health page and the monitor: how much waits, not what.
GRANT SELECT (id, status) ON procrastinate_jobs TO @office@;
GRANT SELECT (id, last_heartbeat) ON procrastinate_workers TO @office@;
GRANT SELECT ON journal_floors TO @office@, @worker@;
GRANT SELECT ON journal_leaves, journal_tiles, checkpoints TO @office@, @worker@, @publisher@;
GRANT SELECT ON checkpoints, journal_leaves, journal_tiles TO @resident@;

-- People. Who somebody is and what they may do is said by whoever manages users, and by the machinery.
GRANT SELECT, INSERT, UPDATE ON sessions, one_time_links, sign_in_delays TO @office@;
-- The hash of a password is read by a function, and for its owner alone.
GRANT SELECT (id, name, display_name, title, email, department_id, outsider, status, is_demonstration, created_at, locked_at, kind, last_entry_id), INSERT, UPDATE
    ON accounts TO @office@;
GRANT SELECT, INSERT, DELETE ON account_roles TO @office@;
GRANT DELETE ON sign_in_delays TO @office@;
GRANT SELECT (id, name, display_name, title, status, department_id) ON accounts TO @commission@, @department@, @worker@;
-- The digest of clocks goes to people of the office by mail.
GRANT SELECT (email) ON accounts TO @worker@;
GRANT SELECT ON account_roles TO @commission@, @worker@;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON accounts FOR SELECT TO @office@, @commission@, @department@, @worker@, @resident@, @backup@ USING (true);
CREATE POLICY invited ON accounts FOR INSERT TO @office@ WITH CHECK ((SELECT manages_users()));
-- To hold an account's row is open to all, as two people who let a third in do; to change it is not.
CREATE POLICY changed ON accounts FOR UPDATE TO @office@ USING (true) WITH CHECK ((SELECT manages_users()) OR id = (SELECT myself()));
ALTER TABLE account_roles ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON account_roles FOR SELECT TO @office@, @commission@, @worker@, @backup@ USING (true);
CREATE POLICY given ON account_roles FOR INSERT TO @office@ WITH CHECK ((SELECT manages_users()));
CREATE POLICY taken ON account_roles FOR DELETE TO @office@ USING ((SELECT manages_users()));
-- Of one's own account one changes the password, and what goes with it: not who one is to the policies.
CREATE OR REPLACE FUNCTION account_is_who_it_is() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF the_door() <> 'office' OR is_machinery() THEN
        RETURN NEW;
    END IF;
    IF NOT manages_users() AND (OLD.status = 'disabled' OR NEW.name <> OLD.name)
       -- What opens more than a name does is said at the invitation, to which a second person agrees.
       -- Nor is it led astray where somebody hears of what happened to their account.
       OR (OLD.id, OLD.email, OLD.department_id, OLD.outsider, OLD.is_demonstration, OLD.created_at, OLD.kind)
          IS DISTINCT FROM (NEW.id, NEW.email, NEW.department_id, NEW.outsider, NEW.is_demonstration, NEW.created_at, NEW.kind) THEN
        RAISE EXCEPTION 'who somebody is, is said by whoever manages users' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whoever was not let in yet, or was disabled, opens the account themselves, by their link.
    IF OLD.status <> 'active' AND NEW.status = 'active' AND NOT stands_for_me(NEW.id) THEN
        RAISE EXCEPTION 'an account is opened by its owner' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS who_it_is ON accounts;
CREATE TRIGGER who_it_is BEFORE UPDATE ON accounts FOR EACH ROW
    WHEN (OLD.status <> 'active' OR (OLD.id, OLD.name, OLD.email, OLD.department_id, OLD.outsider, OLD.is_demonstration, OLD.created_at, OLD.kind)
          IS DISTINCT FROM (NEW.id, NEW.name, NEW.email, NEW.department_id, NEW.outsider, NEW.is_demonstration, NEW.created_at, NEW.kind))
    EXECUTE FUNCTION account_is_who_it_is();
GRANT EXECUTE ON FUNCTION account_is_who_it_is(), the_door() TO @office@;
ALTER TABLE one_time_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON one_time_links FOR SELECT TO @office@, @backup@ USING (true);
CREATE POLICY made ON one_time_links FOR INSERT TO @office@
    WITH CHECK ((SELECT manages_users()) AND agreed_by_id IS NULL AND (made_by_id = (SELECT current_account()) OR (SELECT is_machinery())));
-- Of a link that somebody made, and of what the provider's groups give, a second person says yes, before it opens anything.
CREATE POLICY agreed ON one_time_links FOR UPDATE TO @office@
    USING (used_at IS NULL AND (made_by_id <> (SELECT current_account()) OR purpose = 'groups') AND (SELECT may_i('administration:wayback:give')))
    WITH CHECK (used_at IS NULL AND (made_by_id <> (SELECT current_account()) OR purpose = 'groups') AND (SELECT may_i('administration:wayback:give')));
CREATE OR REPLACE FUNCTION link_opens_by_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (NEW.account_id, NEW.made_by_id, NEW.secret_hash, NEW.purpose, NEW.roles)
       IS DISTINCT FROM (OLD.account_id, OLD.made_by_id, OLD.secret_hash, OLD.purpose, OLD.roles)
       OR NEW.agreed_by_id IS DISTINCT FROM OLD.agreed_by_id AND NOT coalesce(
          OLD.agreed_by_id IS NULL AND NEW.agreed_by_id = current_account() AND may_i('administration:wayback:give')
          -- Whoever manages accounts may run the provider as well, and be the one who put somebody into a group.
          AND NOT (NEW.purpose = 'groups' AND may_i('administration:user:manage'))
          -- The second one hands over a code of their own: whoever made the link does not open it alone.
          AND (NEW.purpose = 'groups' OR NEW.second_hash IS NOT NULL), false)
       OR NEW.second_hash IS DISTINCT FROM OLD.second_hash AND NOT coalesce(OLD.agreed_by_id IS NULL AND NEW.agreed_by_id IS NOT NULL, false) THEN
        RAISE EXCEPTION 'a link is agreed to in one''s own name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at OR the_door() = 'office' AND NEW.expires_at > OLD.expires_at THEN
        RAISE EXCEPTION 'a link opens once, and not for longer' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.used_at IS NULL AND NEW.used_at IS NOT NULL
       AND (NEW.made_by_id IS NOT NULL AND NEW.agreed_by_id IS NULL OR NEW.purpose = 'groups') THEN
        RAISE EXCEPTION 'everybody is let in by two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS opens_by_two ON one_time_links;
CREATE TRIGGER opens_by_two BEFORE UPDATE ON one_time_links FOR EACH ROW EXECUTE FUNCTION link_opens_by_two();
-- A role is given with the invitation, which is let in by two; afterwards only as the provider's groups give it, once a
-- second person has agreed to that. Whoever manages users gives nobody another, nor themselves.
CREATE OR REPLACE FUNCTION role_is_given_by_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF the_door() = 'office' AND EXISTS (
        SELECT FROM accounts a WHERE a.id = NEW.account_id AND NOT (a.is_demonstration AND is_machinery())
        AND NOT (a.status = 'invited' AND NOT EXISTS (SELECT FROM one_time_links l WHERE l.account_id = a.id AND l.used_at IS NOT NULL)))
       AND NOT EXISTS (SELECT FROM one_time_links l WHERE l.account_id = NEW.account_id AND l.purpose = 'groups'
                       AND l.agreed_by_id IS NOT NULL AND NEW.role = ANY (l.roles)) THEN
        RAISE EXCEPTION 'a role is given by two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS given_by_two ON account_roles;
CREATE TRIGGER given_by_two BEFORE INSERT OR UPDATE ON account_roles FOR EACH ROW EXECUTE FUNCTION role_is_given_by_two();
-- Whoever holds a link holds its row while they choose a password.
CREATE POLICY used ON one_time_links FOR UPDATE TO @office@ USING (true) WITH CHECK ((SELECT manages_users()) OR account_id = (SELECT myself()));

GRANT UPDATE (seen_at, revoked_at) ON sessions TO @commission@, @department@;
GRANT SELECT (secret_hash, account_id) ON sessions TO @commission@, @department@;
-- The hash of a session is who one is to every policy: nobody sees another's, or begins one for somebody else.
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON sessions FOR SELECT TO @backup@ USING (true);
CREATE POLICY own_sessions ON sessions FOR SELECT TO @office@ USING (account_id = (SELECT myself()));
CREATE POLICY begun ON sessions FOR INSERT TO @office@
    WITH CHECK (account_id::text = (SELECT vouched()) OR (SELECT is_machinery()));
CREATE POLICY own_changes ON sessions FOR UPDATE TO @office@ USING (account_id = (SELECT myself()));
CREATE POLICY own_outside ON sessions TO @commission@, @department@ USING (account_id = (SELECT current_account()));
-- Ends what stands of a person, for themselves or for whoever manages users: they are not shown what they end.
CREATE OR REPLACE FUNCTION end_sessions(whose uuid, moment timestamptz, only_this bytea, all_but bytea) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    ended int;
BEGIN
    IF whose IS DISTINCT FROM myself() AND NOT manages_users() THEN
        RAISE EXCEPTION 'these are not your sessions' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE sessions SET revoked_at = moment WHERE account_id = whose AND revoked_at IS NULL AND expires_at > moment
        AND secret_hash = coalesce(only_this, secret_hash) AND secret_hash IS DISTINCT FROM all_but;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
-- The one session that the provider names; whose it was, if it stood.
CREATE OR REPLACE FUNCTION end_provider_session(sid text, moment timestamptz) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT is_machinery() THEN
        RAISE EXCEPTION 'these are not your sessions' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY UPDATE sessions SET revoked_at = moment WHERE provider_sid = sid AND revoked_at IS NULL AND expires_at > moment
        RETURNING account_id;
END $$;
GRANT EXECUTE ON FUNCTION end_sessions(uuid, timestamptz, bytea, bytea), end_provider_session(text, timestamptz), vouched() TO @office@;

-- A wall is raised before oneself, or before somebody else by whoever may know the case. Nobody lifts their own, and
-- none but those that a special route has raised; what lifts others says so where it is made.
GRANT SELECT, INSERT ON walls TO @office@, @worker@, @commission@;
GRANT UPDATE (lifted_at, last_entry_id) ON walls TO @office@, @worker@;
ALTER TABLE walls ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON walls TO @worker@, @backup@ USING (true) WITH CHECK (true);
-- That a complaint concerns oneself is not learned from its wall.
CREATE POLICY known ON walls FOR SELECT TO @office@
    USING (account_id = (SELECT current_account()) AND kind <> 'concerned'
           OR NOT case_id = ANY ((SELECT walled_cases())::uuid[]) AND ((SELECT my_scope()) IS NULL OR case_id = ANY ((SELECT my_scope())::uuid[])));
CREATE POLICY raised ON walls FOR INSERT TO @office@
    WITH CHECK (lifted_at IS NULL AND (account_id = (SELECT current_account()) OR NOT case_id = ANY ((SELECT walled_cases())::uuid[])));
CREATE POLICY lifted ON walls FOR UPDATE TO @office@
    USING (kind = 'concerned' AND lifted_at IS NULL AND account_id <> (SELECT current_account()) AND NOT case_id = ANY ((SELECT walled_cases())::uuid[]))
    WITH CHECK (lifted_at IS NOT NULL);
-- A member may raise a wall before themselves, and can neither lift it nor see another's.
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
