-- Compartments: what only some of those who may know of a case may know. The rules are those of policies/access.yaml,
-- under `compartments:`; a test holds both together. Whoever is outside one finds nothing there: no row, no count, no entry.

-- Of each kind: whose it is; whose it is in cases that they lead; who never, whatever else they are; and on which side never.
CREATE OR REPLACE FUNCTION compartment_rules()
RETURNS TABLE (kind text, inside text[], if_leading text[], never_roles text[], never_side text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    VALUES ('compelled', ARRAY['investigator', 'supervisor', 'counsel', 'director', 'commissioner', 'secretary', 'outsider'], '{}'::text[], '{}'::text[], 'criminal'),
           ('juvenile', ARRAY['intake', 'supervisor', 'counsel', 'director', 'commissioner', 'secretary', 'outsider', 'liaison'], '{investigator}', '{}', NULL),
           ('court_sealed', ARRAY['counsel', 'director'], '{investigator}', '{}', NULL),
           ('whistleblower', ARRAY['director'], '{}', '{}', NULL),
           ('mediation', ARRAY['mediator'], '{}', '{investigator,supervisor,commissioner,secretary}', NULL),
           ('defending_counsel', ARRAY['counsel', 'director'], '{}', '{}', 'defending') $$;

-- The kinds that somebody may be inside of by what they are; `as_lead` counts what they may in cases that they lead.
CREATE OR REPLACE FUNCTION compartments_as(roles text[], as_lead boolean) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN ARRAY(SELECT r.kind FROM compartment_rules() r
                 WHERE (r.inside && roles OR (as_lead AND r.if_leading && roles)) AND NOT r.never_roles && roles);
END $$;
CREATE OR REPLACE FUNCTION compartments_of(account uuid, as_lead boolean) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN compartments_as(capacities_of(account), as_lead);
END $$;

-- Cases that share an officer or the incident with this one, by its allegations, its links, or its day and place.
CREATE OR REPLACE FUNCTION cases_sharing(with_case uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT b.case_id FROM allegations a JOIN allegations b ON b.officer_id = a.officer_id WHERE a.case_id = with_case
    UNION SELECT other_id FROM case_links WHERE case_id = with_case
    UNION SELECT case_id FROM case_links WHERE other_id = with_case
    UNION SELECT b.id FROM cases a JOIN cases b ON b.incident_date = a.incident_date AND b.department_id = a.department_id
                                               AND b.place <> '' AND lower(btrim(b.place)) = lower(btrim(a.place))
          WHERE a.id = with_case AND a.incident_precision = 'day'
    UNION SELECT with_case $$;

-- The cases whose matter is kept from somebody because of the side they are on, there or in a case that shares with it.
CREATE OR REPLACE FUNCTION far_from(account uuid, of_side text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT DISTINCT near.id FROM case_sides s, cases_sharing(s.case_id) AS near(id)
                 WHERE s.account_id = account AND s.side = of_side AND s.ended_at IS NULL) $$;

CREATE OR REPLACE FUNCTION my_compartments(as_lead boolean) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN RETURN compartments_of(current_account(), as_lead); END $$;
CREATE OR REPLACE FUNCTION far_from_me(of_side text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT far_from(current_account(), of_side) $$;
CREATE OR REPLACE FUNCTION led_by_me() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT id FROM cases WHERE lead_id = current_account()) $$;

-- A file that is there, that this person's role might open, and that is kept from them because of their side: so that
-- their trying is known, while they are told no more than of what does not exist.
CREATE OR REPLACE FUNCTION kept_by_side(item uuid, in_case uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT k.kind FROM evidence_items i, compartment_rules() k
                 WHERE i.id = item AND i.case_id = in_case AND k.kind = ANY (i.compartments)
                   AND i.case_id = ANY (far_from(current_account(), k.never_side))
                   AND NOT i.case_id = ANY (walled_cases())) $$;

-- Whether somebody has read what this side must never read, in this case or one that shares with it: as what, and when.
-- Told to whoever names a side, of a case that they may know of; the trigger below asks it of every one.
CREATE OR REPLACE FUNCTION read_before(account uuid, of_side text, in_case uuid)
RETURNS TABLE (kind text, role text, read_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT r.kind, r.role, r.read_at FROM compartment_readings r JOIN compartment_rules() k ON k.kind = r.kind AND k.never_side = of_side
    WHERE r.account_id = account AND r.case_id IN (SELECT cases_sharing(in_case))
      AND (pg_trigger_depth() > 0 OR may_i('cases:case:assign') AND NOT in_case = ANY (walled_cases(true)))
    ORDER BY r.read_at LIMIT 1 $$;

GRANT EXECUTE ON FUNCTION my_compartments(boolean), far_from_me(text), led_by_me() TO @office@, @commission@;
GRANT EXECUTE ON FUNCTION kept_by_side(uuid, uuid), read_before(uuid, text, uuid) TO @office@;

-- The people whose names are kept from this person.
CREATE OR REPLACE FUNCTION persons_kept_from_me() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT person_id FROM identities WHERE compartments <> '{}' AND NOT compartments <@ my_compartments(false)) $$;
GRANT EXECUTE ON FUNCTION persons_kept_from_me() TO @office@;

-- What was kept is never given free: how it came about cannot be undone.
CREATE OR REPLACE FUNCTION stays_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.compartments <> OLD.compartments THEN
        RAISE EXCEPTION 'what is kept in a compartment stays there';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION reads_the_journal() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT 'auditor' = ANY (capacities_of(current_account())) $$;
GRANT EXECUTE ON FUNCTION reads_the_journal() TO @office@;

-- The same for rows that can be kept one by one: the kinds, the cases that they lead, and from which their side keeps them.
CREATE OR REPLACE FUNCTION my_insight() RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF current_account() IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('kinds', my_compartments(false), 'if_leading', my_compartments(true), 'leads', led_by_me(),
        'far', (SELECT jsonb_object_agg(kind, to_jsonb(far_from_me(never_side))) FROM compartment_rules() WHERE never_side IS NOT NULL));
END $$;
CREATE OR REPLACE FUNCTION knows_item(marks text[], in_case uuid, insight jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 1 SET search_path = pg_catalog AS $$
DECLARE
    mark text;
BEGIN
    FOREACH mark IN ARRAY marks LOOP
        IF coalesce(insight->'far'->mark ? in_case::text, false) THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN coalesce(to_jsonb(marks) <@ (insight->'if_leading') AND (to_jsonb(marks) <@ (insight->'kinds') OR insight->'leads' ? in_case::text), false);
END $$;
GRANT EXECUTE ON FUNCTION my_insight(), knows_item(text[], uuid, jsonb) TO @office@, @commission@;

-- Every table whose rows can be kept one by one.
DO $$
DECLARE
    t text;
    held text[] := ARRAY['evidence_items', 'custody_events', 'notes', 'contact_attempts', 'tasks', 'allegations',
                         'findings', 'packets', 'milestones', 'case_links'];
    may_know text := 'compartments = ''{}'' OR knows_item(compartments, case_id, (SELECT my_insight()))';
BEGIN
    FOREACH t IN ARRAY held LOOP
        EXECUTE format('CREATE POLICY compartments ON %I AS RESTRICTIVE TO @office@, @commission@ USING (%s)', t, may_know);
        EXECUTE format('CREATE OR REPLACE TRIGGER stays_kept BEFORE UPDATE OF compartments ON %I
                        FOR EACH ROW EXECUTE FUNCTION stays_kept()', t);
    END LOOP;
    -- Entries tell of it too. The journal's own reader sees them: they hold ids and codes, and trying must be seen.
    EXECUTE format('CREATE POLICY compartments ON journal_entries AS RESTRICTIVE FOR SELECT TO @office@
                    USING (%s OR (SELECT reads_the_journal()))', may_know);
    -- Who somebody is: kept from everybody but those inside, and with it the keyed hashes by which they might be found.
    EXECUTE 'CREATE POLICY compartments ON identities AS RESTRICTIVE TO @office@
             USING (compartments <@ (SELECT my_compartments(false))::text[])';
    FOREACH t IN ARRAY ARRAY['identity_keys', 'vault_uses'] LOOP
        EXECUTE format('CREATE POLICY compartments ON %I AS RESTRICTIVE FOR SELECT TO @office@
                        USING (person_id IS NULL OR NOT person_id = ANY ((SELECT persons_kept_from_me())::uuid[]))', t);
    END LOOP;
END $$;
GRANT INSERT (compartments) ON journal_entries TO @resident@, @office@, @commission@, @department@, @worker@, @publisher@;

-- Who has read what in which case, once each, and who is on which side of a case.
GRANT SELECT, INSERT ON compartment_readings TO @office@, @commission@;
GRANT SELECT ON compartment_readings, case_sides TO @worker@;
GRANT SELECT, INSERT ON case_sides TO @office@;
GRANT UPDATE (ended_at, last_entry_id) ON case_sides TO @office@;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['compartment_readings', 'case_sides'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY machinery ON %I TO @worker@, @backup@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY office ON %I TO @office@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY walls ON %I AS RESTRICTIVE TO @office@, @commission@, @department@
                        USING (%s OR handled_by_me(case_id))', t, open_to_readers(false, 'case_id'));
    END LOOP;
END $$;
-- Who has read something says so in their own name. A side is named and ended by whoever assigns cases, and nobody ends
-- their own: what is kept from it would be theirs to read by their own word alone.
CREATE POLICY own_name ON compartment_readings AS RESTRICTIVE FOR INSERT TO @office@ WITH CHECK (account_id = (SELECT current_account()));
CREATE POLICY named ON case_sides AS RESTRICTIVE FOR INSERT TO @office@
    WITH CHECK (named_by_id = (SELECT current_account()) AND (SELECT may_i('cases:case:assign')));
CREATE POLICY ended ON case_sides AS RESTRICTIVE FOR UPDATE TO @office@
    USING (account_id <> (SELECT current_account()) AND (SELECT may_i('cases:case:assign')));
CREATE POLICY own_readings ON compartment_readings TO @commission@
    USING (account_id = (SELECT current_account())) WITH CHECK (account_id = (SELECT current_account()));

-- Whoever has read it can never be put on the far side, and whoever is there never reads it: asked again here, one
-- account at a time, so that both cannot happen at the same moment.
CREATE OR REPLACE FUNCTION reads_from_no_far_side() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.account_id::text, 13));
    IF EXISTS (SELECT FROM compartment_rules() k
               WHERE k.kind = NEW.kind AND NEW.case_id = ANY (far_from(NEW.account_id, k.never_side))) THEN
        RAISE EXCEPTION 'row-level security: read from the side it is kept from' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER reads_from_no_far_side BEFORE INSERT ON compartment_readings
    FOR EACH ROW EXECUTE FUNCTION reads_from_no_far_side();

CREATE OR REPLACE FUNCTION sides_have_not_read() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.account_id::text, 13));
    IF EXISTS (SELECT FROM read_before(NEW.account_id, NEW.side, NEW.case_id)) THEN
        RAISE EXCEPTION 'row-level security: whoever has read it is never on this side' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER sides_have_not_read BEFORE INSERT ON case_sides
    FOR EACH ROW EXECUTE FUNCTION sides_have_not_read();

-- To lead a case opens what a court sealed in it: whoever assigns cases says who leads one, and nobody takes it.
CREATE OR REPLACE FUNCTION lead_is_given() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF the_door() = 'office' AND NOT may_i('cases:case:assign') THEN
        RAISE EXCEPTION 'row-level security: a case is given by whoever assigns it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER lead_is_given BEFORE UPDATE OF lead_id ON cases
    FOR EACH ROW WHEN (NEW.lead_id IS NOT NULL AND NEW.lead_id IS DISTINCT FROM OLD.lead_id) EXECUTE FUNCTION lead_is_given();
