-- Which source rows were imported: the worker alone adds to it and looks there, so that none is imported twice.

GRANT SELECT, INSERT ON imported_rows TO @worker@;
