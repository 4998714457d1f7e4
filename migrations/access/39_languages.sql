-- Which translations people stand for: the residents' door and the worker ask for it now and then; the office alone writes it, in its own name.
GRANT SELECT (text_hash, withdrawn_at) ON translation_approvals TO @resident@, @worker@;
GRANT SELECT, INSERT ON translation_approvals TO @office@;
GRANT UPDATE (withdrawn_at, withdrawn_by_id, last_entry_id) ON translation_approvals TO @office@;

ALTER TABLE translation_approvals ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON translation_approvals FOR SELECT TO @backup@ USING (true);
CREATE POLICY readers ON translation_approvals FOR SELECT TO @resident@, @worker@, @office@ USING (true);
CREATE POLICY own_approval ON translation_approvals FOR INSERT TO @office@
    WITH CHECK (approved_by_id = (SELECT current_account()) AND withdrawn_at IS NULL AND may_i('administration:translation:approve'));
CREATE POLICY own_withdrawal ON translation_approvals FOR UPDATE TO @office@
    USING (withdrawn_at IS NULL AND may_i('administration:translation:approve'))
    WITH CHECK (withdrawn_by_id = (SELECT current_account()));
