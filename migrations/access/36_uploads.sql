-- What the malware scanner said of a stored file. The worker writes it once; whoever may see a file reads what was said
-- of it. A stored file's name is random and tells nothing of whose it is.

GRANT SELECT ON file_scans TO @office@;
GRANT SELECT, INSERT ON file_scans TO @worker@;

ALTER TABLE file_scans ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON file_scans TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY office ON file_scans FOR SELECT TO @office@ USING (true);

-- What a stored file says of place, time and device: sealed under the file's own key, and there for whoever may see the
-- row that names the file. Walls and compartments of that row are asked with it.
GRANT SELECT ON hidden_facts TO @office@;
GRANT SELECT, INSERT ON hidden_facts TO @worker@;

ALTER TABLE hidden_facts ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON hidden_facts TO @worker@, @backup@ USING (true) WITH CHECK (true);
CREATE POLICY with_its_file ON hidden_facts FOR SELECT TO @office@
    USING (EXISTS (SELECT FROM filing_files f WHERE f.object_name = stored_name)
        OR EXISTS (SELECT FROM evidence_items i WHERE i.object_name = stored_name));
