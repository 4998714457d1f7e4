"""What a release is made of, as pure functions: tables, measures, protection, the attacker, and periods."""
