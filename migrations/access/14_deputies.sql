-- Deputies: during the days that somebody is away, who stands in for them has their roles in addition. What is lent ends
-- with its last day, when it is ended, when either account is disabled, and when the role is taken from either.

-- For whom somebody stands in at this moment, and with which roles of theirs.
CREATE OR REPLACE FUNCTION stood_in_for(account uuid) RETURNS TABLE (absent uuid, lent text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY
    SELECT b.account_id, ARRAY(SELECT r.role FROM account_roles r WHERE r.account_id = b.account_id AND r.role = ANY (b.roles))
    FROM absences b JOIN accounts a ON a.id = b.account_id
    WHERE b.deputy_id = account AND b.ended_at IS NULL AND b.starts_at <= now() AND now() < b.ends_at AND a.status = 'active'
      AND EXISTS (SELECT FROM account_roles own WHERE own.account_id = account AND own.role = ANY (b.by_roles));
END $$;

CREATE OR REPLACE FUNCTION stands_in_for(account uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN ARRAY(SELECT absent FROM stood_in_for(account));
END $$;

-- The same with their names, for the start of a request: nothing for almost everybody.
CREATE OR REPLACE FUNCTION deputy_of(account uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'display_name', a.display_name, 'roles', s.lent) ORDER BY a.name)
    FROM stood_in_for(account) s JOIN accounts a ON a.id = s.absent $$;

-- What 00_base says of a person's own capacities stays as it is, and what is lent to them is added to it.
DROP FUNCTION IF EXISTS own_capacities(uuid);
ALTER FUNCTION capacities_of(uuid) RENAME TO own_capacities;
CREATE FUNCTION capacities_of(account uuid) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN own_capacities(account) || ARRAY(SELECT unnest(lent) FROM stood_in_for(account));
END $$;
REVOKE EXECUTE ON FUNCTION own_capacities(uuid) FROM @office@;
REVOKE ALL ON FUNCTION capacities_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION capacities_of(uuid) TO @office@;

-- What somebody may is by what they act as, whether it is their own or lent.
CREATE OR REPLACE FUNCTION may_i(what text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN EXISTS (SELECT FROM role_permissions p WHERE p.role = ANY (capacities_of(current_account())) AND p.permission = what);
END $$;

-- Whose case it is, of those for whom this person stands in.
CREATE OR REPLACE FUNCTION led_for_absent(in_case uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT lead_id FROM cases WHERE id = in_case AND lead_id = ANY (stands_in_for(current_account())) $$;

GRANT EXECUTE ON FUNCTION deputy_of(uuid) TO @office@, @commission@, @department@;
GRANT EXECUTE ON FUNCTION led_for_absent(uuid) TO @office@;
GRANT EXECUTE ON FUNCTION stood_in_for(uuid) TO @worker@;

-- Whoever is away, or answers for them, says so by the office's door; an absence is ended, and never changed otherwise.
GRANT SELECT, INSERT ON absences TO @office@;
GRANT UPDATE (ended_at, ended_by_id, last_entry_id) ON absences TO @office@;
GRANT SELECT ON absences TO @worker@;
ALTER TABLE absences ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON absences TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY who_is_away ON absences FOR SELECT TO @office@ USING ((SELECT current_account()) IS NOT NULL);
-- Whoever says it for somebody else assigns cases, and lends no role that stands above that; nobody names themselves.
CREATE POLICY said ON absences FOR INSERT TO @office@
    WITH CHECK (said_by_id = (SELECT current_account()) AND deputy_id <> (SELECT current_account()) AND ended_at IS NULL
                AND (account_id = (SELECT current_account())
                     OR ((SELECT may_i('cases:case:assign')) AND NOT roles && ARRAY['director', 'administrator', 'liaison'])));
CREATE POLICY ended_once ON absences FOR UPDATE TO @office@
    USING (ended_at IS NULL) WITH CHECK (ended_by_id = (SELECT current_account()));
