"""The anonymised, signed release and the bulletins."""
