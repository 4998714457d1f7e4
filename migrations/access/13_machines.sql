-- Machines: who manages users makes and ends them, and each notes for itself on which day it was here. And whom the
-- provider of single sign-on means.

GRANT SELECT, INSERT, UPDATE ON machines TO @office@;
-- The worker notes that a machine's time is over, or its owner gone, and tells the owner beforehand.
GRANT SELECT, UPDATE (warned_at, ended_at, ended_why, last_entry_id) ON machines TO @worker@;
ALTER TABLE machines ENABLE ROW LEVEL SECURITY;
CREATE POLICY managed ON machines TO @office@ USING ((SELECT manages_users())) WITH CHECK ((SELECT manages_users()));
-- A second person agrees to it, or not: of those who may let people in, and never whoever made it.
CREATE POLICY waits ON machines FOR SELECT TO @office@ USING ((SELECT may_i('administration:wayback:give')));
CREATE POLICY agreed ON machines FOR UPDATE TO @office@
    USING (agreed_by_id IS NULL AND ended_at IS NULL AND (SELECT may_i('administration:wayback:give')))
    WITH CHECK ((SELECT may_i('administration:wayback:give')));
CREATE OR REPLACE FUNCTION machine_opens_by_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF the_door() = 'office' AND (NEW.agreed_by_id IS NOT NULL OR NEW.made_by_id IS DISTINCT FROM current_account()) THEN
            RAISE EXCEPTION 'a token is made in one''s own name' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF (NEW.account_id, NEW.owner_id, NEW.made_by_id, NEW.scopes, NEW.made_at, NEW.expires_at)
          IS DISTINCT FROM (OLD.account_id, OLD.owner_id, OLD.made_by_id, OLD.scopes, OLD.made_at, OLD.expires_at)
       OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL
       OR NEW.agreed_by_id IS DISTINCT FROM OLD.agreed_by_id AND NOT coalesce(
          OLD.agreed_by_id IS NULL AND NEW.agreed_by_id = current_account() AND may_i('administration:wayback:give'), false) THEN
        RAISE EXCEPTION 'a token is agreed to in one''s own name, as it was made' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS opens_by_two ON machines;
CREATE TRIGGER opens_by_two BEFORE INSERT OR UPDATE ON machines FOR EACH ROW EXECUTE FUNCTION machine_opens_by_two();
CREATE POLICY machinery ON machines TO @worker@, @backup@ USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE ON machine_uses TO @office@;
ALTER TABLE machine_uses ENABLE ROW LEVEL SECURITY;
CREATE POLICY shown ON machine_uses FOR SELECT TO @office@ USING ((SELECT manages_users()) OR account_id = (SELECT current_account()));
CREATE POLICY noted ON machine_uses FOR INSERT TO @office@ WITH CHECK (account_id = (SELECT current_account()));
CREATE POLICY noted_again ON machine_uses FOR UPDATE TO @office@ USING (account_id = (SELECT current_account()));
CREATE POLICY machinery ON machine_uses FOR SELECT TO @backup@ USING (true);

GRANT SELECT, INSERT ON provider_subjects TO @office@;
ALTER TABLE provider_subjects ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON provider_subjects FOR SELECT TO @office@, @backup@ USING (true);
-- For oneself, when one has just shown both ends: the link or the account here, and the subject there.
CREATE POLICY linked ON provider_subjects FOR INSERT TO @office@ WITH CHECK ((SELECT is_machinery()));
