-- The vault: who may seal, read, erase, and what is kept of each use. No policy lets the commission or the department near.

REVOKE UPDATE ON identities, identity_keys FROM @office@;

GRANT SELECT, INSERT ON vault_uses TO @office@;
GRANT UPDATE (looked_by_id, looked_at, last_entry_id) ON vault_uses TO @office@;
GRANT SELECT (filing_id, kind, role, used_at, unusual) ON vault_uses TO @resident@;
GRANT SELECT, INSERT ON holds TO @office@;
GRANT UPDATE (lift_asked_by_id, lifted_by_id, lifted_at, last_entry_id) ON holds TO @office@;
-- To lock a row is to update it; nothing of a person is ever changed but the case it belongs to.
GRANT SELECT ON holds TO @worker@;
GRANT SELECT ON erasures TO @office@;
GRANT SELECT, INSERT ON erasures TO @worker@;

ALTER TABLE vault_uses ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON vault_uses FOR SELECT TO @worker@, @backup@ USING (true);
CREATE POLICY office ON vault_uses TO @office@
    USING ((SELECT my_scope()) IS NULL OR case_id = ANY ((SELECT my_scope())::uuid[]) OR filing_id = ANY ((SELECT my_scope())::uuid[]))
    WITH CHECK (account_id = (SELECT current_account()) OR looked_by_id = (SELECT current_account()));
CREATE POLICY walls ON vault_uses AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (NOT (SELECT walled_cases())::uuid[] && ARRAY[case_id, filing_id]);
-- Whether somebody is on a side of the case that this complaint is part of, or of one that shares with it.
CREATE OR REPLACE FUNCTION is_on_a_side_of_mine(reader uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM case_sides x WHERE x.account_id = reader AND x.case_id IN
                   (SELECT cases_sharing((SELECT case_id FROM filings WHERE lookup = current_lookup())))) $$;
GRANT EXECUTE ON FUNCTION is_on_a_side_of_mine(uuid) TO @resident@;
-- A filer reads by which role and on which day their own name was read; never by whom, and never of somebody on a side:
-- as with the openings of the file, that would tell of an inquiry that must not be known.
CREATE POLICY filer_reads ON vault_uses FOR SELECT TO @resident@
    USING (kind = 'opened' AND filing_id = (SELECT my_filing()) AND NOT is_on_a_side_of_mine(account_id)
           AND EXISTS (SELECT FROM persons p WHERE p.id = vault_uses.person_id AND p.role = 'filer'));

ALTER TABLE holds ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON holds FOR SELECT TO @worker@, @backup@ USING (true);
CREATE POLICY office ON holds TO @office@
    USING (person_id IN (SELECT id FROM persons) OR case_id IN (SELECT id FROM cases));
CREATE POLICY walls ON holds AS RESTRICTIVE TO @office@, @commission@, @department@ USING (NOT coalesce(case_id, '00000000-0000-0000-0000-000000000000') = ANY ((SELECT walled_cases())::uuid[]));

ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON erasures TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON erasures FOR SELECT TO @office@ USING (person_id IN (SELECT id FROM persons));
CREATE POLICY walls ON erasures AS RESTRICTIVE TO @office@, @commission@, @department@ USING (NOT coalesce(case_id, '00000000-0000-0000-0000-000000000000') = ANY ((SELECT walled_cases())::uuid[]));

-- How often this account used the vault in the last hour, today, and on the middle one of its days of the last thirty.
-- Its requests wait for each other here, so that many at once are counted as many. Counts pass no wall: they are one's own.
CREATE OR REPLACE FUNCTION my_vault_pace(what text, at timestamptz) RETURNS TABLE (hour int, today int, usual int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_account()::text, 70));
    RETURN QUERY
        WITH mine AS (SELECT used_at FROM vault_uses
                      WHERE account_id = current_account() AND kind = what AND used_at > at - interval '30 days' AND used_at <= at),
             days AS (SELECT count(*) AS n FROM mine WHERE used_at::date < at::date GROUP BY used_at::date)
        SELECT (SELECT count(*) FROM mine WHERE used_at > at - interval '1 hour')::int,
               (SELECT count(*) FROM mine WHERE used_at::date = at::date)::int,
               (SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY n), 0) FROM days)::int;
END $$;
GRANT EXECUTE ON FUNCTION my_vault_pace(text, timestamptz) TO @office@;

-- A key is destroyed only where two people said so and nothing says that it must be kept; what was destroyed never comes back.
CREATE OR REPLACE FUNCTION key_goes_by_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.person_id <> OLD.person_id OR (OLD.wrapped_key IS NULL AND NEW.wrapped_key IS NOT NULL) THEN
        RAISE EXCEPTION 'what was erased stays erased';
    END IF;
    IF OLD.wrapped_key IS NOT NULL AND NEW.wrapped_key IS NULL THEN
        IF NOT EXISTS (SELECT FROM second_halves h WHERE h.step = 'destruction' AND h.subject_id = OLD.person_id
                       AND h.state IN ('granted', 'used') AND h.first_by_id <> h.second_by_id) THEN
            RAISE EXCEPTION 'an identity is erased by two people';
        END IF;
        IF EXISTS (SELECT FROM holds x JOIN persons p ON p.id = OLD.person_id
                   WHERE x.lifted_at IS NULL AND (x.person_id = p.id OR x.case_id = p.case_id)) THEN
            RAISE EXCEPTION 'a hold stands: this identity must be kept';
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS by_two ON identity_keys;
CREATE TRIGGER by_two BEFORE UPDATE ON identity_keys FOR EACH ROW EXECUTE FUNCTION key_goes_by_two();
