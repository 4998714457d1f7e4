-- Machines: who manages users makes and ends them, and each notes for itself on which day it was here. And whom the
-- provider of single sign-on means.

GRANT SELECT, INSERT, UPDATE ON machines TO @office@;
-- The worker notes that a machine's time is over, or its owner gone, and tells the owner beforehand.
GRANT SELECT, UPDATE (warned_at, ended_at, ended_why, last_entry_id) ON machines TO @worker@;
ALTER TABLE machines ENABLE ROW LEVEL SECURITY;
CREATE POLICY managed ON machines TO @office@ USING ((SELECT manages_users())) WITH CHECK ((SELECT manages_users()));
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
