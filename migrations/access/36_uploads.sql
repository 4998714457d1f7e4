-- What the malware scanner said of a stored file. The worker writes it once; whoever may see a file reads what was said
-- of it. A stored file's name is random and tells nothing of whose it is.

GRANT SELECT ON file_scans TO @office@;
GRANT SELECT, INSERT ON file_scans TO @worker@;

ALTER TABLE file_scans ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON file_scans TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON file_scans FOR SELECT TO @office@ USING (true);
