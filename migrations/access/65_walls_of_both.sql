-- A deputy is kept from what they are kept from themselves, and from what the one is kept from for whom they stand in.
-- What the files before say of one person stays as it is, and theirs for whom the person stands in is added to it.

DROP FUNCTION IF EXISTS far_from_one(uuid, text);
ALTER FUNCTION far_from(uuid, text) RENAME TO far_from_one;
CREATE FUNCTION far_from(account uuid, of_side text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    away uuid[] := stands_in_for(account);
BEGIN
    IF away = '{}' THEN
        RETURN far_from_one(account, of_side);
    END IF;
    RETURN far_from_one(account, of_side) || ARRAY(SELECT unnest(far_from_one(absent, of_side)) FROM unnest(away) AS each(absent));
END $$;
REVOKE ALL ON FUNCTION far_from(uuid, text) FROM PUBLIC;

-- In the cases of whoever is away, the deputy leads.
CREATE OR REPLACE FUNCTION led_by_me() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT id FROM cases WHERE lead_id = ANY (current_account() || stands_in_for(current_account()))) $$;
