"""A filing becomes a case: assigned, planned, on its clocks."""
