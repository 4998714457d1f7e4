-- Which source rows were imported: the worker alone adds to it and looks there, so that none is imported twice.

GRANT SELECT, INSERT ON imported_rows TO @worker@;

-- How large the tables are that rows refer to. In one long transaction nobody else can tell: automatic analysis sees
-- no row of it, says that the table is empty, and then each check of a reference reads a whole index.
CREATE OR REPLACE FUNCTION measure_imported() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    ANALYZE public.officers;
    ANALYZE public.cases;
    ANALYZE public.allegations;
END $$;
GRANT EXECUTE ON FUNCTION measure_imported() TO @worker@;
