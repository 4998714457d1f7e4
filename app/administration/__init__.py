"""Sign-in, users, rulebook, journal and health pages."""
