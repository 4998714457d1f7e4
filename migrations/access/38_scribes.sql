-- Who of the office wrote down what somebody said: it hangs on the filing and goes with it. The office adds it once and
-- changes nothing of it; the filer reads how it came, never who wrote it or why something could not be read back.

GRANT SELECT, INSERT ON scribings TO @office@;
GRANT SELECT, INSERT, UPDATE ON scribings TO @worker@;
GRANT SELECT (filing_id, channel, arrived_on, entered_at, spoken, written, is_summary, read_back) ON scribings TO @resident@;

ALTER TABLE scribings ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON scribings TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON scribings TO @office@ USING (true) WITH CHECK (true);
CREATE POLICY walls ON scribings AS RESTRICTIVE TO @office@, @commission@, @department@
    USING (NOT filing_id = ANY ((SELECT walled_cases(true))::uuid[])
           OR (SELECT my_scope()) IS NOT NULL AND EXISTS (SELECT FROM filings f WHERE f.id = scribings.filing_id));
-- Whoever writes it down signs it, with the role for it.
CREATE POLICY own_name ON scribings AS RESTRICTIVE FOR INSERT TO @office@
    WITH CHECK (scribe_id = (SELECT current_account()) AND (SELECT may_i('intake:filing:take-down')));
CREATE POLICY filer_reads ON scribings FOR SELECT TO @resident@ USING (filing_id = (SELECT my_filing()));

-- A scribe keeps the name that was told, also where the role may open none.
CREATE POLICY scribe_keeps ON identities FOR INSERT TO @office@ WITH CHECK ((SELECT may_i('intake:filing:take-down')));
CREATE POLICY scribe_keeps ON identity_keys FOR INSERT TO @office@ WITH CHECK ((SELECT may_i('intake:filing:take-down')));
