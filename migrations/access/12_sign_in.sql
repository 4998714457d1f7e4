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
      -- A machine stands as long as whoever answers for it.
      AND (a.kind = 'person' OR EXISTS (SELECT FROM accounts o WHERE o.id = m.owner_id AND o.status = 'active')) $$;
REVOKE ALL ON FUNCTION session_account(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_account(bytea) TO @office@, @commission@, @department@;

-- One's own ways of signing in, and those who let people in, are behind the office's door for everybody.
GRANT SELECT, INSERT, UPDATE ON passkeys, code_secrets, recovery_codes, ways_back, sign_in_challenges TO @office@;
GRANT DELETE ON sign_in_challenges TO @office@;
