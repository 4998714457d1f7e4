-- What a filer says of themselves for figures. Whoever files or takes a filing down writes it, once; nobody at the office's,
-- the commission's or the department's door reads it, by SQL neither. The worker does, for figures of many alone.

GRANT INSERT ON filing_demographics TO @resident@, @office@;
GRANT SELECT, INSERT ON filing_demographics TO @worker@;
ALTER TABLE filing_demographics ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON filing_demographics TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY filer_adds ON filing_demographics FOR INSERT TO @resident@ WITH CHECK (filing_id = (SELECT my_filing()));
CREATE POLICY scribe_adds ON filing_demographics FOR INSERT TO @office@ WITH CHECK ((SELECT may_i('intake:filing:take-down')));
CREATE POLICY walls ON filing_demographics AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (NOT filing_id = ANY ((SELECT walled_cases())::uuid[]));
