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

-- A machine stands as long as whoever answers for it, and where its token opens what somebody said or did, once a second
-- person has agreed to it. It runs as whoever calls it, which is only the functions below.
CREATE OR REPLACE FUNCTION machine_stands(machine uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM machines m JOIN accounts o ON o.id = m.owner_id
                   WHERE m.account_id = machine AND m.ended_at IS NULL AND o.status = 'active'
                   AND (m.agreed_by_id IS NOT NULL OR m.scopes <@ ARRAY['intake:filing:submit', 'administration:health:read']));
END $$;

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
            WHERE s.secret_hash = decode(hash, 'hex') AND s.revoked_at IS NULL AND s.expires_at > now() AND a.status = 'active'
            AND (a.kind = 'person' OR machine_stands(a.id)));
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
    me record := who_asks(to_read);
BEGIN
    IF me.account IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN me.is_more THEN walled_for(me.account) ELSE kept_from(me.account, me.roles) END;
END $$;

-- Who it is, what they act as, and whether there is more to them: a machine, or somebody's deputy. Nobody without a session
-- that stands; a liaison's is worth nothing behind another door than the department's, nor anybody else's behind that.
CREATE OR REPLACE FUNCTION who_asks(to_read boolean, OUT account uuid, OUT roles text[], OUT is_more boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
    door text := the_door();
    hash text := current_setting('candor.session', true);
    is_outsider boolean;
    reads boolean;
BEGIN
    IF hash IS NULL OR hash = '' THEN
        RETURN;
    END IF;
    SELECT s.account_id, a.outsider IS NOT NULL, ARRAY(SELECT r.role FROM account_roles r WHERE r.account_id = s.account_id UNION ALL SELECT a.outsider WHERE a.outsider IS NOT NULL),
           EXISTS (SELECT FROM account_roles r JOIN role_permissions p ON p.role = r.role
                   WHERE r.account_id = s.account_id AND p.permission IN ('cases:case:read', 'intake:filing:read', 'commission:docket:prepare')),
           a.kind <> 'person' OR EXISTS (SELECT FROM absences b WHERE b.deputy_id = s.account_id AND b.ended_at IS NULL)
    INTO account, is_outsider, roles, reads, is_more
    FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.secret_hash = decode(hash, 'hex') AND s.revoked_at IS NULL AND s.expires_at > now() AND a.status = 'active'
      AND (a.kind = 'person' OR machine_stands(a.id));
    IF (door = 'department') <> ('liaison' = ANY (roles))
       OR to_read AND door = 'office' AND (is_outsider OR NOT CASE WHEN is_more THEN reads_cases(account) ELSE reads END) THEN
        account := NULL;
    END IF;
END $$;

-- What stands before this one person and no other, or goes another way than theirs: few, however much is kept as a whole.
CREATE OR REPLACE FUNCTION apart_from(account uuid, roles text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    kept uuid[] := array_remove(ARRAY(
        SELECT case_id FROM walls WHERE lifted_at IS NULL AND account_id = account
        UNION ALL SELECT unnest(ARRAY[case_id, filing_id]) FROM special_routes
            WHERE lifted_at IS NULL AND (NOT handled_by && roles OR hidden_from && roles)), NULL);
BEGIN
    RETURN CASE WHEN kept = '{}' THEN kept ELSE kept || ARRAY(SELECT id FROM filings WHERE case_id = ANY (kept)) END;
END $$;

-- The same as walled_cases(true) but for what is kept as a whole, which is found row by row.
CREATE OR REPLACE FUNCTION walled_to_me() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    me record := who_asks(true);
    kept uuid[];
    away uuid;
BEGIN
    IF me.account IS NULL THEN
        RETURN NULL;
    END IF;
    kept := apart_from(me.account, CASE WHEN me.is_more THEN capacities_of(me.account) ELSE me.roles END);
    IF me.is_more THEN
        FOREACH away IN ARRAY stands_in_for(me.account) LOOP
            kept := kept || apart_from(away, capacities_of(away));
        END LOOP;
        kept := array_remove(kept || ARRAY(
            SELECT unnest(ARRAY[w.case_id, f.id]) FROM machines m JOIN walls w ON w.account_id = m.owner_id
            LEFT JOIN filings f ON f.case_id = w.case_id WHERE m.account_id = me.account AND w.lifted_at IS NULL), NULL);
    END IF;
    RETURN kept;
END $$;

-- It is handed from function to function by the policies: under a mac, for this session and transaction, so that nobody
-- asks by what they are not.
CREATE OR REPLACE FUNCTION signed_standing(said jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN said || (SELECT jsonb_build_object('mac', encode(sha256(key || convert_to(concat_ws('|', 'standing', current_setting('candor.session', true), now(), said), 'UTF8') || key), 'hex')) FROM vouching);
END $$;
-- How whoever asks stands to what is kept as a whole: the kinds that they are inside of, those also where they lead, and
-- whose cases they lead. A deputy is inside of what both are inside of.
CREATE OR REPLACE FUNCTION my_standing() RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    me uuid := current_account();
    away uuid;
    kinds text[];
    if_leading text[];
    leads uuid[];
BEGIN
    IF me IS NULL THEN
        RETURN NULL;
    END IF;
    kinds := compartments_of(me, false);
    if_leading := compartments_of(me, true);
    leads := me || stands_in_for(me);
    FOREACH away IN ARRAY stands_in_for(me) LOOP
        kinds := ARRAY(SELECT unnest(kinds) INTERSECT SELECT unnest(compartments_of(away, false)));
        if_leading := ARRAY(SELECT unnest(if_leading) INTERSECT SELECT unnest(compartments_of(away, true)));
        leads := ARRAY(SELECT unnest(leads) INTERSECT SELECT unnest(away || stands_in_for(away)));
    END LOOP;
    RETURN signed_standing(jsonb_build_object('kinds', kinds, 'if_leading', if_leading, 'leads', leads));
END $$;
CREATE OR REPLACE FUNCTION stands_inside(marks text[], lead_id uuid, standing jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 1 SET search_path = pg_catalog AS $$
BEGIN
    RETURN coalesce(to_jsonb(marks) <@ (standing->'if_leading')
                    AND (to_jsonb(marks) <@ (standing->'kinds') OR coalesce(standing->'leads' ? lead_id::text, false)), false);
END $$;
-- A case or a filing by its id, and with a case all that was filed for it: asked of what `kept_apart` has a mark of.
CREATE OR REPLACE FUNCTION knows_whole(what uuid, standing jsonb) RETURNS boolean LANGUAGE plpgsql STABLE COST 1 SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN coalesce(standing = signed_standing(standing - 'mac'), false) AND NOT EXISTS (
        SELECT FROM cases c WHERE c.id IN (what, (SELECT f.case_id FROM filings f WHERE f.id = what)) AND c.compartments <> '{}'
        AND NOT stands_inside(c.compartments, c.lead_id, standing))
    AND NOT EXISTS (SELECT FROM filings f WHERE f.id = what AND f.compartments <> '{}' AND NOT coalesce(to_jsonb(f.compartments) <@ (standing->'if_leading'), false));
END $$;

-- What is kept as a whole leaves a mark here, a number that tells neither what it is nor why: the policies of rows look for
-- it, and ask further only where there is one. A mark stays, for it only costs time.
CREATE OR REPLACE FUNCTION mark_kept_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO kept_apart (mark) SELECT uuid_hash_extended(NEW.id, 0)
        UNION SELECT uuid_hash_extended(f.id, 0) FROM filings f WHERE f.case_id = NEW.id ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
-- The row of its case is held meanwhile, so that a case being kept and a filing being added to it cannot miss each other.
CREATE OR REPLACE FUNCTION mark_kept_filing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM FROM cases c WHERE c.id = NEW.case_id FOR SHARE;
    INSERT INTO kept_apart (mark) SELECT uuid_hash_extended(NEW.id, 0)
        WHERE NEW.compartments <> '{}' OR EXISTS (SELECT FROM cases c WHERE c.id = NEW.case_id AND c.compartments <> '{}') ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER mark_kept AFTER INSERT OR UPDATE OF compartments ON cases
    FOR EACH ROW WHEN (NEW.compartments <> '{}') EXECUTE FUNCTION mark_kept_case();
CREATE OR REPLACE TRIGGER mark_kept AFTER INSERT OR UPDATE OF compartments, case_id ON filings
    FOR EACH ROW WHEN (NEW.compartments <> '{}' OR NEW.case_id IS NOT NULL) EXECUTE FUNCTION mark_kept_filing();
-- What an older release has left without one.
INSERT INTO kept_apart (mark)
    SELECT uuid_hash_extended(id, 0) FROM cases WHERE compartments <> '{}'
    UNION SELECT uuid_hash_extended(f.id, 0) FROM cases c JOIN filings f ON f.case_id = c.id WHERE c.compartments <> '{}'
    UNION SELECT uuid_hash_extended(id, 0) FROM filings WHERE compartments <> '{}' ON CONFLICT DO NOTHING;
-- Of a mark nothing can be read back, and whoever asks with an id learns no more than that somebody is kept from it.
GRANT SELECT ON kept_apart TO @office@, @commission@, @department@;

-- A key of a row has no mark, or whoever asks is inside: in words of which the planner believes that they let nearly every
-- row through.
CREATE OR REPLACE FUNCTION marked_open(key text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT format('(CASE WHEN EXISTS (SELECT FROM kept_apart k WHERE k.mark = uuid_hash_extended(%1$I, 0)) THEN 1 ELSE 0 END <> 1 OR knows_whole(%1$I, (SELECT my_standing())))', key) $$;
-- What a policy says of one or two keys of a row for whoever reads cases, in the words of its table; `nullable` where a row
-- may lack its key.
CREATE OR REPLACE FUNCTION open_to_readers(nullable boolean, VARIADIC keys text[]) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
    SELECT CASE WHEN cardinality(keys) > 1 THEN format('NOT (SELECT walled_to_me())::uuid[] && ARRAY[%I, %I]', keys[1], keys[2])
                WHEN nullable THEN format('NOT coalesce(%I, %L) = ANY ((SELECT walled_to_me())::uuid[])', keys[1], '00000000-0000-0000-0000-000000000000')
                ELSE format('NOT %I = ANY ((SELECT walled_to_me())::uuid[])', keys[1]) END
           || (SELECT string_agg(' AND ' || marked_open(key), '') FROM unnest(keys) each(key)) $$;

-- Whether somebody from outside handles it, and it is not kept from them; nobody else does.
CREATE OR REPLACE FUNCTION handled_by_me(what uuid, decides boolean DEFAULT false) RETURNS boolean LANGUAGE plpgsql STABLE COST 1 SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    scope uuid[] := CASE WHEN decides THEN my_decisions() ELSE my_scope() END;
BEGIN
    RETURN coalesce(what = ANY (scope), false) AND coalesce(NOT what = ANY (walled_cases()), false);
END $$;
-- As far as they may read of them.
CREATE OR REPLACE FUNCTION handled_filings() RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN CASE WHEN my_scope() IS NOT NULL THEN ARRAY(SELECT id FROM filings) END;
END $$;
-- The officers of what somebody from outside handles; for everybody else there is no such limit, which NULL says.
CREATE OR REPLACE FUNCTION my_officers() RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN CASE WHEN my_scope() IS NOT NULL THEN ARRAY(SELECT officer_id FROM allegations WHERE officer_id IS NOT NULL) END;
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

GRANT EXECUTE ON FUNCTION current_account(), walled_cases(boolean), walled_to_me(), my_standing(), stands_inside(text[], uuid, jsonb),
    knows_whole(uuid, jsonb), handled_by_me(uuid, boolean), handled_filings(), my_officers(), my_scope(), my_decisions(), current_department(), may_i(text)
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
