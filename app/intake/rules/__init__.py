"""What the intake stage may decide, as pure functions."""
