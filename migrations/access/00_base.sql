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

-- What runs as the owner still knows which door called it: each logs in as `<database>_<door>`.
CREATE OR REPLACE FUNCTION the_door() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.substr(CASE pg_catalog.current_setting('role') WHEN 'none' THEN session_user::text ELSE pg_catalog.current_setting('role') END,
                             pg_catalog.length(pg_catalog.current_database()) OPERATOR(pg_catalog.+) 2) $$;

-- Who is asking: from the hash of the session that Work set at the start of its transaction; with none that stands,
-- nobody. These functions are in plpgsql, which keeps its plans: one in SQL is planned anew for each statement.
CREATE OR REPLACE FUNCTION current_account() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    hash text := current_setting('candor.session', true);
BEGIN
    IF hash IS NULL OR hash = '' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT s.account_id FROM sessions s JOIN accounts a ON a.id = s.account_id
            WHERE s.secret_hash = decode(hash, 'hex') AND s.revoked_at IS NULL AND s.expires_at > now() AND a.status = 'active');
END $$;

-- For whom the program itself stands, before there is a session: a person who has just proved to be themselves, or the
-- machinery at the command line. It says so with a mac that nobody can make who only speaks SQL.
CREATE OR REPLACE FUNCTION vouched() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    said text := current_setting('candor.vouched', true);
    whom text := split_part(said, ':', 1);
BEGIN
    IF said IS NULL OR said = '' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT whom FROM vouching WHERE encode(sha256(key || convert_to(whom, 'UTF8')), 'hex') = split_part(said, ':', 2));
END $$;

CREATE OR REPLACE FUNCTION is_machinery() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(vouched() = 'machinery', false) $$;

-- Whoever sits there, also in the moment before their session begins.
CREATE OR REPLACE FUNCTION myself() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN coalesce(current_account(), nullif(vouched(), 'machinery')::uuid);
END $$;

-- Whether one of this person's roles allows it, by the same policies/access.yaml that the code reads: it is written
-- into `role_permissions` at every start.
CREATE OR REPLACE FUNCTION may_i(what text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN EXISTS (SELECT FROM account_roles r JOIN role_permissions p ON p.role = r.role
                   WHERE r.account_id = current_account() AND p.permission = what);
END $$;

CREATE OR REPLACE FUNCTION manages_users() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN is_machinery() OR may_i('administration:user:manage');
END $$;

-- What somebody acts as: their roles, and for somebody from outside the name by which the rulebook calls them.
CREATE OR REPLACE FUNCTION capacities_of(account uuid) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN ARRAY(SELECT role FROM account_roles WHERE account_id = account)
        || ARRAY(SELECT outsider FROM accounts WHERE id = account AND outsider IS NOT NULL);
END $$;

-- What is kept from one person with these roles: cases and filings with a wall of their own; whatever goes another way
-- than theirs, because it is not theirs to handle or is kept from them; and what is kept as a whole in a compartment that
-- they are outside of. With a case all that was filed for it. It is asked of every table in every statement, and runs as
-- whoever calls it, which is only the functions below.
CREATE OR REPLACE FUNCTION kept_from(account uuid, roles text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    kept uuid[];
BEGIN
    -- Never a NULL among them: nothing is told apart from that.
    kept := array_remove(ARRAY(
        SELECT case_id FROM walls WHERE lifted_at IS NULL AND account_id = account
        UNION ALL SELECT unnest(ARRAY[case_id, filing_id]) FROM special_routes
            WHERE lifted_at IS NULL AND (NOT handled_by && roles OR hidden_from && roles)
        UNION ALL SELECT id FROM cases WHERE compartments <> '{}' AND NOT (
            compartments <@ (SELECT compartments_as(roles, true))
            AND (compartments <@ (SELECT compartments_as(roles, false)) OR coalesce(lead_id = ANY ((SELECT account || stands_in_for(account))::uuid[]), false)))
        UNION ALL SELECT id FROM filings WHERE compartments <> '{}' AND NOT compartments <@ (SELECT compartments_as(roles, true))), NULL);
    IF kept = '{}' THEN
        RETURN kept;
    END IF;
    RETURN kept || ARRAY(SELECT id FROM filings WHERE case_id = ANY (kept));
END $$;

-- The same of anybody; of a deputy also what is kept from the one for whom they stand in, and of a machine what has a
-- wall for whoever answers for it.
CREATE OR REPLACE FUNCTION walled_for(account uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    away uuid;
    kept uuid[];
BEGIN
    IF account IS NULL THEN
        RETURN '{}';
    END IF;
    kept := kept_from(account, capacities_of(account));
    FOREACH away IN ARRAY stands_in_for(account) LOOP
        kept := kept || kept_from(away, capacities_of(away));
    END LOOP;
    away := (SELECT m.owner_id FROM machines m WHERE m.account_id = account);
    IF away IS NOT NULL THEN
        kept := kept || ARRAY(SELECT unnest(ARRAY[w.case_id, f.id]) FROM walls w LEFT JOIN filings f ON f.case_id = w.case_id
                              WHERE w.account_id = away AND w.lifted_at IS NULL);
    END IF;
    RETURN array_remove(kept, NULL);
END $$;

-- Whether somebody reads cases at all, by policies/access.yaml: a machine by its scopes, as far as whoever answers for it does.
CREATE OR REPLACE FUNCTION reads_cases(account uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    needed text[] := ARRAY['cases:case:read', 'intake:filing:read', 'commission:docket:prepare'];
    owner uuid := (SELECT owner_id FROM machines m WHERE m.account_id = account AND m.scopes && needed);
BEGIN
    RETURN EXISTS (SELECT FROM role_permissions p WHERE p.role = ANY (capacities_of(coalesce(owner, account))) AND p.permission = ANY (needed));
END $$;

-- The same as walled_for, for whoever asks. With no session that stands everything is behind a wall, which NULL says; and
-- where it is asked in order to read cases, the office's door says NULL to whoever has no such right, and to somebody from
-- outside, of whom my_scope() knows more. All in one, with as few questions as can be: each statement asks it of each table.
DROP FUNCTION IF EXISTS walled_cases(), walled_by_name(uuid), walled_for_one(uuid);
CREATE OR REPLACE FUNCTION walled_cases(to_read boolean DEFAULT false) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    door text := the_door();
    hash text := current_setting('candor.session', true);
    me uuid;
    is_outsider boolean;
    is_more boolean;
    reads boolean;
    roles text[];
BEGIN
    IF hash IS NULL OR hash = '' THEN
        RETURN NULL;
    END IF;
    SELECT s.account_id, a.outsider IS NOT NULL, ARRAY(SELECT r.role FROM account_roles r WHERE r.account_id = s.account_id UNION ALL SELECT a.outsider WHERE a.outsider IS NOT NULL),
           EXISTS (SELECT FROM account_roles r JOIN role_permissions p ON p.role = r.role
                   WHERE r.account_id = s.account_id AND p.permission IN ('cases:case:read', 'intake:filing:read', 'commission:docket:prepare')),
           a.kind <> 'person' OR EXISTS (SELECT FROM absences b WHERE b.deputy_id = s.account_id AND b.ended_at IS NULL)
    INTO me, is_outsider, roles, reads, is_more
    FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.secret_hash = decode(hash, 'hex') AND s.revoked_at IS NULL AND s.expires_at > now() AND a.status = 'active';
    -- A liaison's session is worth nothing behind another door than the department's, nor anybody else's behind that.
    IF me IS NULL OR (door = 'department') <> ('liaison' = ANY (roles)) THEN
        RETURN NULL;
    END IF;
    IF to_read AND door = 'office' AND (is_outsider OR NOT CASE WHEN is_more THEN reads_cases(me) ELSE reads END) THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN is_more THEN walled_for(me) ELSE kept_from(me, roles) END;
END $$;

CREATE OR REPLACE FUNCTION my_outsider() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN (SELECT outsider FROM accounts WHERE id = current_account());
END $$;

-- For somebody from outside: the cases and filings that they handle, and the cases on whose findings they are asked.
-- For everybody else there is no such limit, which NULL says.
CREATE OR REPLACE FUNCTION my_scope() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    me text := (SELECT outsider FROM accounts WHERE id = current_account());
BEGIN
    IF me IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(SELECT unnest(ARRAY[case_id, filing_id]) FROM special_routes WHERE lifted_at IS NULL AND me = ANY (handled_by)
                 UNION SELECT case_id FROM second_halves
                       WHERE state = 'asked' AND case_id IS NOT NULL AND step IN ('finding_review', 'summary') AND me = ANY ("by"));
END $$;

-- What they handle, less what they are only asked about.
CREATE OR REPLACE FUNCTION my_handled() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    me text := (SELECT outsider FROM accounts WHERE id = current_account());
BEGIN
    IF me IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(SELECT case_id FROM special_routes WHERE lifted_at IS NULL AND case_id IS NOT NULL AND me = ANY (handled_by));
END $$;

-- The same, and every case on which something else waits for them: of these they read the clock or the question alone.
CREATE OR REPLACE FUNCTION my_decisions() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    me text := (SELECT outsider FROM accounts WHERE id = current_account());
BEGIN
    IF me IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN my_scope() || ARRAY(SELECT case_id FROM second_halves WHERE state = 'asked' AND case_id IS NOT NULL AND me = ANY ("by"));
END $$;

CREATE OR REPLACE FUNCTION current_department() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT department_id FROM accounts WHERE id = current_account() $$;

CREATE OR REPLACE FUNCTION current_lookup() RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT decode(nullif(current_setting('candor.lookup', true), ''), 'hex') $$;

CREATE OR REPLACE FUNCTION my_filing() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM filings WHERE lookup = current_lookup() $$;

CREATE OR REPLACE FUNCTION my_filing_case() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT case_id FROM filings WHERE lookup = current_lookup() $$;

CREATE OR REPLACE FUNCTION journal_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is never changed';
END $$;
DROP TRIGGER IF EXISTS never_changed ON journal_entries;
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON journal_entries FOR EACH ROW EXECUTE FUNCTION journal_is_for_ever();
DROP TRIGGER IF EXISTS never_emptied ON journal_entries;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON journal_entries FOR EACH STATEMENT EXECUTE FUNCTION journal_is_for_ever();

GRANT EXECUTE ON FUNCTION current_account(), walled_cases(boolean), my_scope(), my_decisions(), current_department(), may_i(text)
    TO @office@, @commission@, @department@;
GRANT EXECUTE ON FUNCTION my_handled(), my_outsider(), myself(), manages_users(), is_machinery() TO @office@;
-- The worker writes to others, and asks of each what is kept from them.
GRANT EXECUTE ON FUNCTION walled_for(uuid) TO @worker@;
-- Whoever sends a case another way asks whether its lead may keep it.
GRANT EXECUTE ON FUNCTION capacities_of(uuid) TO @office@;
GRANT EXECUTE ON FUNCTION current_lookup(), my_filing(), my_filing_case() TO @resident@;

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
