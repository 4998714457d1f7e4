-- Every table that hangs on a case. The office is stopped by walls; the commission and the department see only
-- what was put before them; a filer sees one filing and what followed from it.

GRANT SELECT, INSERT, UPDATE ON filings TO @office@, @worker@;
GRANT SELECT, INSERT ON filing_officers, filing_witnesses, filing_files, amendments TO @office@, @worker@;
GRANT INSERT ON filings, filing_officers, filing_witnesses, filing_files, amendments, persons, identities, identity_keys, messages TO @resident@;
GRANT SELECT (id, number, lookup, language, anonymity, canonical, salt, receipt, received_at, screened_at, outcome, case_id, policy_id, last_entry_id, narrative, location, relationship) ON filings TO @resident@;
GRANT SELECT ON filing_files, amendments TO @resident@;

GRANT SELECT, INSERT, UPDATE ON cases, assignments, tasks, clocks, pauses, extensions, clock_warnings, clock_changes, recounts, messages, demands, allegations, findings, recommendations, officers, postings TO @office@, @worker@;
GRANT SELECT, INSERT ON start_choices, agreements TO @office@, @worker@;
GRANT SELECT, INSERT, UPDATE ON clock_starts TO @office@, @worker@;
GRANT SELECT, INSERT ON notes, contact_attempts, case_links, other_numbers, letters, evidence_items, custody_events, demographics TO @office@, @worker@;
-- What was reported to others is never changed: a correction takes its place, or that of the milestone with its day.
GRANT SELECT, INSERT ON reports_to_others TO @office@, @worker@;
GRANT UPDATE (superseded_at, last_entry_id) ON reports_to_others TO @office@, @worker@;
-- A dispute is opened by the machinery that carries out an answer; how it ended is put on file by the office, and
-- neither it nor whose answer it is about is ever exchanged.
GRANT SELECT, INSERT ON disputes TO @office@, @worker@;
GRANT UPDATE (outcome, decided_on, deciders, member_ids, proof, evidence_id, milestone_id, recorded_by_id, recorded_at, last_entry_id) ON disputes TO @office@;
GRANT SELECT (id, case_id, recommendation_id, dispute, opened_on, outcome, decided_on, deciders) ON disputes TO @commission@, @department@;
-- The words stay as they were said; a better translation hangs beside the first.
GRANT SELECT, INSERT ON translations TO @office@;
GRANT SELECT ON translations TO @worker@;
-- A milestone is never changed: a correction takes its place, or it is withdrawn. A link is withdrawn too.
GRANT UPDATE (withdrawn_at, withdrawn_by_id, withdrawal, last_entry_id) ON case_links TO @office@, @worker@;
GRANT SELECT, INSERT ON milestones TO @office@, @worker@;
GRANT UPDATE (superseded_at, withdrawn_by_id, withdrawal, last_entry_id) ON milestones TO @office@, @worker@;
GRANT SELECT (case_id, code, officer_id, happened_on, superseded_at, compartments) ON milestones TO @commission@;
GRANT SELECT (case_id, happened_on, makes_formal, superseded_at) ON milestones TO @resident@;
GRANT SELECT, INSERT, UPDATE ON persons, identities, identity_keys TO @office@, @worker@;

GRANT SELECT (id, number, stage, policy_id, department_id, received_on, opened_on, closed_on, due_on, lead_id, classification) ON cases TO @resident@;
GRANT SELECT ON messages, letters TO @resident@;
GRANT UPDATE (read_at, last_entry_id) ON messages TO @resident@;
GRANT SELECT (id, case_id, position, category, subcategory, officer_id, withdrawn_at, compartments) ON allegations TO @resident@;
GRANT SELECT (id, allegation_id, case_id, life, disposition, finding_class, found_on, superseded_at) ON findings TO @resident@;
GRANT SELECT (id, case_id, kind, sent_on, due_on, answered_on) ON demands TO @resident@;
GRANT SELECT (id, case_id, rule, policy_id, due_on, stopped_on, started_on) ON clocks TO @resident@;
GRANT SELECT (id, title) ON accounts TO @resident@;

GRANT SELECT ON cases, allegations, findings, officers, docket_items, meetings, seats, packets, motions, votes, attendances, recusals, clocks TO @commission@;
GRANT SELECT ON docket_items, meetings, seats, packets, motions, votes, attendances, recusals TO @office@, @worker@;
GRANT UPDATE (state, version, last_entry_id) ON meetings TO @commission@;
GRANT INSERT ON motions TO @commission@;
GRANT UPDATE (decided_at, outcome, arithmetic, version, last_entry_id) ON motions TO @commission@;
GRANT INSERT, UPDATE ON meetings, docket_items TO @office@;
GRANT INSERT ON packets TO @worker@;
GRANT INSERT ON votes, attendances, recusals TO @commission@;
GRANT UPDATE (arrived_at, left_at, last_entry_id) ON attendances TO @commission@;
GRANT UPDATE (sent_to, sent_reason, sent_by_id, last_entry_id) ON docket_items TO @commission@;
-- What the secretary keeps of a closed session: planned once, then only its hours; a word is struck, never changed.
GRANT SELECT ON closed_sessions, session_words TO @office@, @commission@, @worker@;
GRANT INSERT ON closed_sessions, session_words TO @commission@;
GRANT UPDATE (policy_id, motion_id, began_at, ended_at, dropped_at, last_entry_id) ON closed_sessions TO @commission@;
GRANT UPDATE (struck_at, struck_by_id, last_entry_id) ON session_words TO @commission@;
-- A case that was sent back has gone: the vote that sent it sends it once.
GRANT UPDATE (sent_to, last_entry_id) ON docket_items TO @worker@;
GRANT INSERT, UPDATE ON seats TO @office@, @worker@;
GRANT SELECT, INSERT ON recommendations TO @commission@;

GRANT SELECT (id, case_id, department_id, number, kind, wording, sent_on, due_on, answer, answer_wording, answered_on, answered_by_id, version, last_entry_id) ON demands TO @department@;
GRANT UPDATE (answer, answer_wording, answered_on, answered_by_id, version, last_entry_id) ON demands TO @department@;
GRANT SELECT ON recommendations TO @department@;
GRANT UPDATE (answer, answer_reasons, imposed, answered_on, answered_by_id, version, last_entry_id) ON recommendations TO @department@;
-- Not which department the case was screened to: that may be another one.
GRANT SELECT (id, number, policy_id, stage) ON cases TO @department@;
GRANT SELECT (id, case_id, position, category, subcategory, officer_id) ON allegations TO @department@;
GRANT SELECT (id, case_id, allegation_id, life, disposition, superseded_at) ON findings TO @department@;
GRANT SELECT ON letters TO @department@;
GRANT SELECT ON officers TO @department@;
GRANT INSERT ON evidence_items, custody_events TO @department@;

DO $$
DECLARE
    t text;
    on_case text[] := ARRAY['cases', 'assignments', 'notes', 'tasks', 'contact_attempts', 'milestones', 'reports_to_others', 'disputes', 'other_numbers', 'clocks', 'extensions', 'clock_warnings', 'clock_changes', 'clock_starts', 'start_choices', 'agreements', 'letters',
                            'allegations', 'findings', 'demands', 'evidence_items', 'custody_events', 'docket_items', 'packets',
                            'motions', 'votes', 'recusals', 'closed_sessions', 'session_words', 'recommendations', 'demographics', 'persons', 'filings'];
    -- Of these a row may name no case.
    perhaps text[] := ARRAY['recommendations', 'demographics'];
    key text;
    filing text;
    handled text;
BEGIN
    FOREACH t IN ARRAY on_case LOOP
        key := CASE t WHEN 'cases' THEN 'id' ELSE 'case_id' END;
        filing := CASE WHEN t IN ('persons', 'letters') THEN 'filing_id' END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY machinery ON %I TO @worker@, @backup@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY office ON %I TO @office@ USING (true) WITH CHECK (true)', t);
        -- Nothing is read or written behind a wall; without a session that stands, everything is behind one. Somebody
        -- from outside the office: what they handle; of a case where they only decide, that and its clocks.
        handled := (t = ANY (ARRAY['cases', 'clocks', 'extensions', 'clock_warnings', 'clock_changes']))::text;
        EXECUTE format('CREATE POLICY walls ON %I AS RESTRICTIVE TO @office@, @commission@, @department@ USING (%s)', t, CASE
            -- What is kept as a whole says so itself. Whoever keeps it may lose it by that: as the statement found it, they
            -- knew it, and only then is the row that they leave behind theirs to write.
            WHEN t = 'cases' THEN format(
                'NOT id = ANY ((SELECT walled_to_me())::uuid[]) AND (compartments = ''{}'' OR stands_inside(compartments, lead_id, (SELECT my_standing())) OR knows_whole(id, (SELECT my_standing()))) OR handled_by_me(id, %s)', handled)
            WHEN t = 'filings' THEN format(
                'NOT (SELECT walled_to_me())::uuid[] && ARRAY[case_id, id] AND (compartments = ''{}'' OR to_jsonb(compartments) <@ ((SELECT my_standing())->''if_leading'') OR knows_whole(id, (SELECT my_standing()))) AND %s
                 OR (handled_by_me(case_id) OR handled_by_me(id)) AND NOT (SELECT walled_cases())::uuid[] && ARRAY[case_id, id]', marked_open('case_id'))
            WHEN filing IS NOT NULL THEN format(
                '%1$s OR (handled_by_me(%2$I) OR handled_by_me(%3$I)) AND NOT (SELECT walled_cases())::uuid[] && ARRAY[%2$I, %3$I]', open_to_readers(true, key, filing), key, filing)
            ELSE format('%s OR handled_by_me(%I, %s)', open_to_readers(t = ANY (perhaps), key), key, handled) END);
    END LOOP;
    -- Whoever is only asked about a step of a case adds nothing else to it.
    FOREACH t IN ARRAY ARRAY['assignments', 'notes', 'tasks', 'contact_attempts', 'reports_to_others', 'disputes', 'other_numbers', 'letters', 'allegations',
                             'demands', 'evidence_items', 'docket_items', 'recommendations'] LOOP
        EXECUTE format('CREATE POLICY only_what_they_handle ON %I AS RESTRICTIVE FOR INSERT TO @office@
                        WITH CHECK ((SELECT my_handled()) IS NULL OR case_id IS NULL OR case_id = ANY ((SELECT my_handled())::uuid[]))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['tasks', 'demands', 'allegations', 'recommendations', 'disputes'] LOOP
        EXECUTE format('CREATE POLICY changes_what_they_handle ON %I AS RESTRICTIVE FOR UPDATE TO @office@
                        USING ((SELECT my_handled()) IS NULL OR case_id = ANY ((SELECT my_handled())::uuid[]))', t);
    END LOOP;
    -- What hangs on a filing goes with it: with a walled case all its filings are named among the walled.
    FOREACH t IN ARRAY ARRAY['filing_officers', 'filing_witnesses', 'filing_files', 'amendments', 'messages', 'translations'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY machinery ON %I TO @worker@, @backup@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY office ON %I TO @office@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY walls ON %I AS RESTRICTIVE TO @office@, @commission@, @department@
                        USING (%s OR filing_id = ANY ((SELECT handled_filings())::uuid[]))', t, open_to_readers(false, 'filing_id'));
        EXECUTE format('CREATE POLICY filer_adds ON %I FOR INSERT TO @resident@ WITH CHECK (filing_id = (SELECT my_filing()))', t);
        EXECUTE format('CREATE POLICY filer_reads ON %I FOR SELECT TO @resident@ USING (filing_id = (SELECT my_filing()))', t);
    END LOOP;
    -- What hangs on no case is there for whoever is signed in.
    FOREACH t IN ARRAY ARRAY['officers', 'postings', 'meetings', 'seats', 'attendances', 'recounts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY machinery ON %I TO @worker@, @backup@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY office ON %I TO @office@ USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY signed_in ON %I AS RESTRICTIVE TO @office@, @commission@, @department@ USING ((SELECT current_account()) IS NOT NULL)', t);
    END LOOP;
END $$;

-- What hangs on a case by way of something else: a pause by its clock, a link by both its cases.
ALTER TABLE pauses ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON pauses TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON pauses TO @office@ USING (true) WITH CHECK (true);
CREATE POLICY walls ON pauses AS RESTRICTIVE TO @office@, @commission@, @department@ USING (EXISTS (SELECT FROM clocks WHERE clocks.id = clock_id));
ALTER TABLE case_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON case_links TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON case_links TO @office@ USING (true) WITH CHECK (true);
DO $$ BEGIN EXECUTE format('CREATE POLICY walls ON case_links AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (%s OR handled_by_me(case_id) AND handled_by_me(other_id))', open_to_readers(false, 'case_id', 'other_id')); END $$;

-- Which way a complaint goes, and what waits for a second person: as far as one may know of the case itself.
GRANT SELECT, INSERT ON special_routes, second_halves TO @office@, @worker@;
GRANT UPDATE (case_id, lifted_at, referred_on, referred_by_id, last_entry_id) ON special_routes TO @office@, @worker@;
GRANT UPDATE (state, second_by_id, second_at, words, last_entry_id) ON second_halves TO @office@, @worker@;
ALTER TABLE special_routes ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON special_routes TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON special_routes TO @office@ USING (true) WITH CHECK (true);
-- Whoever sends a complaint another way may lose it by that: the walls are those before the row stands.
DO $$ BEGIN EXECUTE format('CREATE POLICY walls ON special_routes AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (%s OR (handled_by_me(case_id) OR handled_by_me(filing_id)) AND NOT (SELECT walled_cases())::uuid[] && ARRAY[case_id, filing_id])', open_to_readers(true, 'case_id', 'filing_id')); END $$;
CREATE POLICY own_name ON special_routes AS RESTRICTIVE FOR INSERT TO @office@ WITH CHECK (set_by_id = (SELECT current_account()) AND lifted_at IS NULL);
-- The filer says it, and reads of it which way it is: never from whom it is kept.
GRANT INSERT ON special_routes TO @resident@;
GRANT SELECT (case_id, filing_id, route, policy_id, lifted_at) ON special_routes TO @resident@;
CREATE POLICY filer_says ON special_routes FOR INSERT TO @resident@
    WITH CHECK (filing_id = (SELECT my_filing()) AND case_id IS NULL AND set_by_id IS NULL);
CREATE POLICY filer_reads ON special_routes FOR SELECT TO @resident@
    USING (filing_id = (SELECT my_filing()) OR case_id = (SELECT my_filing_case()));
ALTER TABLE second_halves ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON second_halves TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON second_halves TO @office@ USING (true) WITH CHECK (true);
DO $$ BEGIN EXECUTE format('CREATE POLICY walls ON second_halves AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (%s OR NOT (SELECT walled_cases())::uuid[] && ARRAY[case_id, filing_id]
           AND (case_id = ANY ((SELECT my_decisions())::uuid[]) OR filing_id = ANY ((SELECT my_scope())::uuid[])
                OR (SELECT my_outsider()) = ANY ("by")))', open_to_readers(true, 'case_id', 'filing_id')); END $$;

-- Each half is done in one's own name: nobody asks or agrees in somebody else's, and what is used was granted.
CREATE POLICY first_half ON second_halves AS RESTRICTIVE FOR INSERT TO @office@
    WITH CHECK (state = 'asked' AND second_by_id IS NULL AND first_by_id = (SELECT current_account()));
CREATE OR REPLACE FUNCTION half_is_ones_own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF the_door() = 'office' AND NOT coalesce(
       CASE WHEN NEW.second_by_id IS DISTINCT FROM OLD.second_by_id OR NEW.state = 'granted' THEN OLD.state = 'asked' AND NEW.state <> 'used' AND NEW.second_by_id = current_account()
            ELSE NEW.state = OLD.state OR NEW.state = 'used' AND OLD.state = 'granted' END, false) THEN
        RAISE EXCEPTION 'row-level security: each half is done in one''s own name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER half_is_ones_own BEFORE UPDATE OF state, second_by_id ON second_halves
    FOR EACH ROW EXECUTE FUNCTION half_is_ones_own();

-- The filer.
-- Whoever files may always name the passphrase: it is their own. What hangs on a filing needs it told.
-- What becomes of it is said by the office alone: a filing that came with a case would open that case to its filer.
CREATE POLICY filer_files ON filings FOR INSERT TO @resident@
    WITH CHECK (lookup IS NOT NULL AND case_id IS NULL AND screened_at IS NULL AND outcome IS NULL);
CREATE POLICY filer_reads ON filings FOR SELECT TO @resident@ USING (lookup = current_lookup());
-- Who filed without a name may give one; nothing else of a filing is ever changed by its filer.
GRANT UPDATE (anonymity, last_entry_id) ON filings TO @resident@;
CREATE POLICY filer_is_named ON filings FOR UPDATE TO @resident@ USING (lookup = current_lookup()) WITH CHECK (lookup = current_lookup());
GRANT SELECT (id, filing_id, role) ON persons TO @resident@;
CREATE POLICY filer_knows_which ON persons FOR SELECT TO @resident@ USING (filing_id = (SELECT my_filing()));
-- Nobody speaks here in the office's name.
CREATE POLICY own_words ON messages AS RESTRICTIVE FOR INSERT TO @resident@
    WITH CHECK (is_from_filer AND sent_by_id IS NULL AND sender_title = '');
CREATE POLICY filer_marks_read ON messages FOR UPDATE TO @resident@ USING (filing_id = (SELECT my_filing()));
CREATE POLICY filer_is_a_person ON persons FOR INSERT TO @resident@ WITH CHECK (filing_id = (SELECT my_filing()) AND case_id IS NULL);
-- Of a case a filer notes what they did in their own, and nothing in anybody else's.
CREATE POLICY own_case ON journal_entries AS RESTRICTIVE FOR INSERT TO @resident@
    WITH CHECK (case_id IS NULL OR case_id = (SELECT my_filing_case()));
CREATE POLICY filer_reads ON cases FOR SELECT TO @resident@ USING (id = (SELECT my_filing_case()));
CREATE POLICY filer_reads ON letters FOR SELECT TO @resident@ USING (filing_id = (SELECT my_filing()) AND addressee = 'filer');
-- An allegation that is kept is not there for whoever filed, nor what was found on it. Of a finding of which only the
-- reasons are kept they read the word alone, as the law tells it: no other column of it is theirs.
CREATE POLICY filer_reads ON allegations FOR SELECT TO @resident@ USING (case_id = (SELECT my_filing_case()) AND compartments = '{}');
CREATE POLICY filer_reads ON findings FOR SELECT TO @resident@
    USING (case_id = (SELECT my_filing_case()) AND allegation_id IN (SELECT id FROM allegations));
CREATE POLICY filer_reads ON demands FOR SELECT TO @resident@ USING (case_id = (SELECT my_filing_case()));
-- Of milestones a filer may know the day on which the complaint became formal, and no other.
CREATE POLICY filer_reads ON milestones FOR SELECT TO @resident@ USING (makes_formal AND case_id = (SELECT my_filing_case()));
CREATE POLICY filer_reads ON clocks FOR SELECT TO @resident@ USING (case_id = (SELECT my_filing_case()));

-- A note for its author's eyes only is for its author's eyes only.
CREATE POLICY own_notes ON notes AS RESTRICTIVE FOR SELECT TO @office@ USING (reader <> 'mine' OR written_by_id = (SELECT current_account()));

-- Identities: whoever may open one, of a person whom they may know of. No policy lets the commission or the department near.
ALTER TABLE identities ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON identities TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON identities TO @office@ USING ((SELECT may_i('people:identity:open')));
CREATE POLICY walls ON identities AS RESTRICTIVE TO @office@, @commission@, @department@ USING (EXISTS (SELECT FROM persons p WHERE p.id = identities.person_id));
CREATE POLICY filer_adds ON identities FOR INSERT TO @resident@
    WITH CHECK (EXISTS (SELECT FROM persons p WHERE p.id = identities.person_id AND p.filing_id = (SELECT my_filing())));
ALTER TABLE identity_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON identity_keys TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON identity_keys TO @office@ USING ((SELECT may_i('people:identity:open')));
CREATE POLICY walls ON identity_keys AS RESTRICTIVE TO @office@, @commission@, @department@ USING (EXISTS (SELECT FROM persons p WHERE p.id = identity_keys.person_id));
CREATE POLICY filer_adds ON identity_keys FOR INSERT TO @resident@
    WITH CHECK (EXISTS (SELECT FROM persons p WHERE p.id = identity_keys.person_id AND p.filing_id = (SELECT my_filing())));

-- The commission: cases that stand on a docket, less those from which the member is recused (the walls above).
CREATE POLICY docket ON docket_items FOR SELECT TO @commission@ USING (taken_off_at IS NULL);
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['cases', 'packets', 'motions', 'votes', 'recusals', 'allegations', 'findings', 'milestones', 'clocks', 'recommendations', 'disputes',
                             'closed_sessions', 'session_words'] LOOP
        EXECUTE format('CREATE POLICY docket ON %I FOR SELECT TO @commission@ USING (%I IN (SELECT case_id FROM docket_items))', t,
                       CASE t WHEN 'cases' THEN 'id' ELSE 'case_id' END);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['meetings', 'seats', 'attendances'] LOOP
        EXECUTE format('CREATE POLICY room ON %I FOR SELECT TO @commission@ USING (true)', t);
    END LOOP;
END $$;
-- At a meeting members speak in their own name, one who prepares it says what was so; and only while it lasts. Whoever
-- votes holds meeting and motion meanwhile, which needs the right to change the row but changes nothing.
CREATE POLICY opened_and_ended ON meetings FOR UPDATE TO @commission@ USING (state <> 'ended') WITH CHECK ((SELECT may_i('commission:docket:prepare')));
CREATE POLICY roll ON attendances FOR INSERT TO @commission@
    WITH CHECK ((SELECT may_i('commission:docket:prepare')) AND meeting_id IN (SELECT id FROM meetings WHERE state = 'in_session'));
CREATE POLICY roll_again ON attendances FOR UPDATE TO @commission@
    USING ((SELECT may_i('commission:docket:prepare')) AND meeting_id IN (SELECT id FROM meetings WHERE state = 'in_session'));
CREATE POLICY sent_on ON docket_items FOR UPDATE TO @commission@ USING (taken_off_at IS NULL)
    WITH CHECK (sent_by_id = (SELECT current_account()) AND (SELECT may_i('commission:docket:prepare')));
CREATE POLICY put ON motions FOR INSERT TO @commission@
    WITH CHECK ((SELECT may_i('commission:motion:put')) AND decided_at IS NULL AND EXISTS (
        SELECT FROM docket_items i JOIN meetings m ON m.id = i.meeting_id
        WHERE i.id = docket_item_id AND i.case_id = motions.case_id AND m.state = 'in_session'));
CREATE POLICY closed ON motions FOR UPDATE TO @commission@
    USING (docket_item_id IN (SELECT i.id FROM docket_items i JOIN meetings m ON m.id = i.meeting_id WHERE m.state = 'in_session'))
    WITH CHECK ((SELECT may_i('commission:docket:prepare')) AND decided_at IS NOT NULL);
CREATE POLICY own_vote ON votes FOR INSERT TO @commission@
    WITH CHECK (account_id = (SELECT current_account()) AND (SELECT may_i('commission:vote:cast')) AND EXISTS (
        SELECT FROM motions o JOIN docket_items i ON i.id = o.docket_item_id JOIN meetings m ON m.id = i.meeting_id
        JOIN attendances a ON a.meeting_id = m.id AND a.account_id = (SELECT current_account()) AND a.left_at IS NULL
        WHERE o.id = motion_id AND o.case_id = votes.case_id AND o.decided_at IS NULL AND m.state = 'in_session'));
CREATE POLICY own_recusal ON recusals FOR INSERT TO @commission@
    WITH CHECK (account_id = (SELECT current_account()) AND case_id IN (SELECT case_id FROM docket_items));
CREATE POLICY own_plan ON closed_sessions FOR INSERT TO @commission@
    WITH CHECK (planned_by_id = (SELECT current_account()) AND began_at IS NULL AND case_id IN (SELECT case_id FROM docket_items WHERE id = docket_item_id));
-- What is over stays as it was.
CREATE POLICY while_it_stands ON closed_sessions FOR UPDATE TO @commission@ USING (ended_at IS NULL AND dropped_at IS NULL) WITH CHECK (true);
CREATE POLICY own_record ON session_words FOR INSERT TO @commission@
    WITH CHECK (recorded_by_id = (SELECT current_account()) AND struck_at IS NULL AND case_id IN (SELECT case_id FROM closed_sessions WHERE id = session_id));
CREATE POLICY once ON session_words FOR UPDATE TO @commission@ USING (struck_at IS NULL) WITH CHECK (struck_by_id = (SELECT current_account()));
CREATE POLICY secretary ON recommendations FOR INSERT TO @commission@
    WITH CHECK ((SELECT may_i('discipline:recommendation:send')) AND case_id IN (SELECT case_id FROM docket_items));
-- What was decided stays so, behind every door.
CREATE OR REPLACE FUNCTION decided_is_for_ever() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'what was decided stays so' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER IF EXISTS decided ON motions;
CREATE TRIGGER decided BEFORE UPDATE ON motions FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION decided_is_for_ever();
DROP TRIGGER IF EXISTS ended ON meetings;
CREATE TRIGGER ended BEFORE UPDATE ON meetings FOR EACH ROW WHEN (OLD.state = 'ended') EXECUTE FUNCTION decided_is_for_ever();

-- The department: only what is addressed to it.
CREATE POLICY addressed ON demands TO @department@ USING (department_id = (SELECT current_department()));
-- What is only drafted is not yet addressed to anybody.
CREATE POLICY addressed ON recommendations TO @department@ USING (department_id = (SELECT current_department()) AND sent_on IS NOT NULL);
CREATE POLICY addressed ON disputes FOR SELECT TO @department@ USING (recommendation_id IN (SELECT id FROM recommendations));
CREATE POLICY addressed ON cases FOR SELECT TO @department@ USING (id IN (SELECT case_id FROM demands UNION ALL SELECT case_id FROM recommendations));
CREATE POLICY addressed ON allegations FOR SELECT TO @department@ USING (id IN (SELECT allegation_id FROM recommendations));
CREATE POLICY addressed ON findings FOR SELECT TO @department@ USING (life = 'board' AND allegation_id IN (SELECT allegation_id FROM recommendations));
CREATE POLICY addressed ON letters FOR SELECT TO @department@ USING (filing_id IS NULL AND addressee = (SELECT current_department()));
CREATE POLICY addressed ON evidence_items FOR INSERT TO @department@
    WITH CHECK (EXISTS (SELECT FROM demands d WHERE d.id = demand_id AND d.case_id = evidence_items.case_id));
CREATE POLICY addressed ON custody_events FOR INSERT TO @department@
    WITH CHECK (by_id = (SELECT current_account()) AND case_id IN (SELECT case_id FROM demands));
-- Of the roster it reads whom its recommendations name; an unknown officer stands there in a complainant's own words.
CREATE POLICY roster ON officers FOR SELECT TO @commission@ USING (true);
CREATE POLICY from_outside ON officers AS RESTRICTIVE FOR SELECT TO @office@
    USING (coalesce(id = ANY ((SELECT my_officers())::uuid[]), true));
CREATE POLICY addressed ON officers FOR SELECT TO @department@ USING (department_id = (SELECT current_department()) AND EXISTS (SELECT FROM allegations a WHERE a.officer_id = officers.id));

-- The queue searched in narratives: row security would keep the full-text index from being used (its operators are
-- not leakproof), so this function applies the same walls inside and gives back ids only, in order, never a count.
CREATE OR REPLACE FUNCTION search_cases(words text, in_stage text, with_lead uuid, due_before date, by text, after_day date, after_id uuid, most int)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    day text := CASE WHEN by IN ('opened_on', '-opened_on') THEN 'opened_on' ELSE 'queue_on' END;
    falling boolean := by = '-opened_on';
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT id FROM cases WHERE NOT id = ANY ($1) AND ($9 IS NULL OR id = ANY ($9)) AND search @@ websearch_to_tsquery(''simple'', $2)
         AND ($3 IS NULL OR stage = $3) AND ($4 IS NULL OR lead_id = $4 OR ($4 = %4$L AND lead_id IS NULL AND closed_on IS NULL)) AND ($5 IS NULL OR queue_on < $5)
         AND ($6 IS NULL OR (%1$I, id) %2$s ($6, $7)) ORDER BY %1$I %3$s, id %3$s LIMIT $8',
        day, CASE WHEN falling THEN '<' ELSE '>' END, CASE WHEN falling THEN 'DESC' ELSE 'ASC' END,
        '00000000-0000-0000-0000-000000000000')
    -- Whoever reads no case learns from it neither which there are nor what they say.
    USING CASE WHEN my_scope() IS NULL THEN walled_cases(true) ELSE walled_cases() END, words, in_stage, with_lead, due_before, after_day, after_id, least(most, 500), my_scope();
END $$;
GRANT EXECUTE ON FUNCTION search_cases(text, text, uuid, date, text, date, uuid, int) TO @office@;

-- Whoever reads the journal opens no case, and finds entries by a case's number: they are told numbers, and nothing else.
CREATE OR REPLACE FUNCTION cases_in_journal(ids uuid[], numbered text) RETURNS TABLE (id uuid, number text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    kept uuid[] := walled_cases();
BEGIN
    IF may_i('administration:journal:read') THEN
        RETURN QUERY SELECT c.id, c.number FROM cases c WHERE (c.id = ANY (ids) OR c.number = numbered) AND NOT c.id = ANY (kept);
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION cases_in_journal(uuid[], text) TO @office@;
