"""One mapping for each source over a shared importer; generated and demonstration cases."""
