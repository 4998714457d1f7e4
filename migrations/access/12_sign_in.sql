-- Signing in: who a session is, and what its person has proved.

-- The person behind a session's secret, in one look-up at the start of a request. Dropped first: its columns change.
DROP FUNCTION IF EXISTS session_account(bytea);
CREATE OR REPLACE FUNCTION session_account(hash bytea)
RETURNS TABLE (account_id uuid, name text, display_name text, title text, department_id text, outsider text, roles text[], kind text,
               seen_at timestamptz, proved_at timestamptz, factor text, is_demonstration boolean,
               scopes text[], owner_roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT a.id, a.name, a.display_name, a.title, a.department_id, a.outsider,
           ARRAY(SELECT r.role FROM account_roles r WHERE r.account_id = a.id), s.kind, s.seen_at, s.proved_at, s.factor, a.is_demonstration,
           m.scopes, ARRAY(SELECT r.role FROM account_roles r WHERE r.account_id = m.owner_id)
    FROM sessions s JOIN accounts a ON a.id = s.account_id LEFT JOIN machines m ON m.account_id = a.id
    WHERE s.secret_hash = hash AND s.revoked_at IS NULL AND s.expires_at > now() AND a.status = 'active'
      AND (a.kind = 'person' OR machine_stands(a.id)) $$;
REVOKE ALL ON FUNCTION session_account(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_account(bytea) TO @office@, @commission@, @department@;

-- Ways of signing in are read and written for the account of the session, or for the one that the program vouches for in
-- the moment before there is a session: never another's, not even by whoever manages users.
CREATE OR REPLACE FUNCTION stands_for_me(account uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN coalesce(account = current_account(), false) OR coalesce(vouched() IN (account::text, 'machinery'), false);
END $$;
CREATE OR REPLACE FUNCTION password_of(account uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN (SELECT a.password_hash FROM accounts a WHERE a.id = account AND stands_for_me(account));
END $$;
-- Of a passkey that signs in by itself nobody knows whose it is until its name was looked up: this says that, and no more.
CREATE OR REPLACE FUNCTION whose_passkey(named bytea) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN (SELECT k.account_id FROM passkeys k WHERE k.credential_id = named AND k.removed_at IS NULL);
END $$;
GRANT EXECUTE ON FUNCTION stands_for_me(uuid), password_of(uuid), whose_passkey(bytea) TO @office@;

-- Who lets somebody in makes them a link; a password is nobody's to set but its owner's.
CREATE OR REPLACE FUNCTION password_is_ones_own() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF the_door() = 'office' AND NOT stands_for_me(NEW.id) THEN
        RAISE EXCEPTION 'a password is set by its owner' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS own_password ON accounts;
CREATE TRIGGER own_password BEFORE UPDATE ON accounts FOR EACH ROW
    WHEN (NEW.password_hash IS NOT NULL AND OLD.password_hash IS DISTINCT FROM NEW.password_hash) EXECUTE FUNCTION password_is_ones_own();
DROP TRIGGER IF EXISTS no_password_yet ON accounts;
CREATE TRIGGER no_password_yet BEFORE INSERT ON accounts FOR EACH ROW
    WHEN (NEW.password_hash IS NOT NULL) EXECUTE FUNCTION password_is_ones_own();
GRANT EXECUTE ON FUNCTION password_is_ones_own() TO @office@;

GRANT SELECT, INSERT, UPDATE ON passkeys, code_secrets, recovery_codes, ways_back, sign_in_challenges TO @office@;
GRANT DELETE ON sign_in_challenges TO @office@;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['passkeys', 'code_secrets', 'recovery_codes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY machinery ON %I FOR SELECT TO @backup@ USING (true)', t);
        EXECUTE format('CREATE POLICY own ON %I TO @office@ USING (stands_for_me(account_id))', t);
    END LOOP;
END $$;
-- A way back is asked for by one and granted by another of those who may; whoever it is for uses it.
ALTER TABLE ways_back ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON ways_back FOR SELECT TO @backup@ USING (true);
CREATE POLICY known ON ways_back FOR SELECT TO @office@ USING ((SELECT may_i('administration:wayback:give')) OR stands_for_me(account_id));
CREATE POLICY asked ON ways_back FOR INSERT TO @office@
    WITH CHECK (state = 'asked' AND asked_by_id = (SELECT current_account()) AND granted_by_id IS NULL AND (SELECT may_i('administration:wayback:give')));
CREATE POLICY answered ON ways_back FOR UPDATE TO @office@
    USING ((SELECT may_i('administration:wayback:give')) AND state IN ('asked', 'granted'))
    WITH CHECK (state IN ('refused', 'over') OR state = 'granted' AND granted_by_id = (SELECT current_account()));
CREATE POLICY used ON ways_back FOR UPDATE TO @office@
    USING (stands_for_me(account_id) AND state = 'granted') WITH CHECK (stands_for_me(account_id) AND state = 'used');
