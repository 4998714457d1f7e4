"""Pages of evidence and demands, for the office and for the department."""
