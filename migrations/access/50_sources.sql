-- Sources of the rulebook that were read again. A reading stands for ever; a later one follows it.
GRANT SELECT, INSERT ON source_readings, source_changes_seen TO @office@;

-- Nobody records or takes notice in another's name.
ALTER TABLE source_readings ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON source_readings FOR SELECT TO @backup@ USING (true);
CREATE POLICY office ON source_readings FOR SELECT TO @office@ USING (true);
CREATE POLICY own_reading ON source_readings FOR INSERT TO @office@ WITH CHECK (read_by_id = (SELECT current_account()));
ALTER TABLE source_changes_seen ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON source_changes_seen FOR SELECT TO @backup@ USING (true);
CREATE POLICY own_notice ON source_changes_seen TO @office@
    USING (account_id = (SELECT current_account())) WITH CHECK (account_id = (SELECT current_account()));
