-- Which filings look alike. The worker compares all of them; whoever may not know of one of two finds neither the pair
-- nor the campaign it would stand in, and no count of it.

GRANT SELECT, INSERT ON filing_sketches, filing_likenesses TO @worker@;
GRANT SELECT ON filing_likenesses, filing_links, campaigns, campaign_filings TO @office@, @worker@;
GRANT INSERT ON filing_links, campaigns, campaign_filings TO @office@;
GRANT UPDATE (kind, linked_by_id, linked_at, last_entry_id) ON filing_links TO @office@;
GRANT UPDATE (left_at, last_entry_id) ON campaign_filings TO @office@;
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['filing_sketches', 'filing_likenesses', 'filing_links', 'campaigns', 'campaign_filings'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY machinery ON %I TO @worker@, @backup@ USING (true) WITH CHECK (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['filing_likenesses', 'filing_links', 'campaigns', 'campaign_filings'] LOOP
        EXECUTE format('CREATE POLICY office ON %I TO @office@ USING (true) WITH CHECK (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['filing_likenesses', 'filing_links'] LOOP
        EXECUTE format('CREATE POLICY walls ON %1$I AS RESTRICTIVE TO @office@, @commission@, @department@
                        USING (NOT (SELECT walled_cases(true))::uuid[] && ARRAY[filing_id, other_id]
                               OR (SELECT my_scope()) IS NOT NULL AND EXISTS (SELECT FROM filings f WHERE f.id = %1$I.filing_id)
                                                                  AND EXISTS (SELECT FROM filings f WHERE f.id = %1$I.other_id))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['filing_sketches', 'campaign_filings'] LOOP
        EXECUTE format('CREATE POLICY walls ON %1$I AS RESTRICTIVE TO @office@, @commission@, @department@
                        USING (NOT filing_id = ANY ((SELECT walled_cases(true))::uuid[])
                               OR (SELECT my_scope()) IS NOT NULL AND EXISTS (SELECT FROM filings f WHERE f.id = %1$I.filing_id))', t);
    END LOOP;
END $$;
-- A campaign is known to whoever knows of one filing in it; it is written before its filings are.
CREATE POLICY walls ON campaigns AS RESTRICTIVE FOR SELECT TO @office@, @commission@, @department@
    USING (EXISTS (SELECT FROM campaign_filings f WHERE f.campaign_id = campaigns.id));
CREATE POLICY own_name ON campaigns AS RESTRICTIVE FOR INSERT TO @office@ WITH CHECK (marked_by_id = (SELECT current_account()));
