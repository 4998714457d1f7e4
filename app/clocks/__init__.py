"""Running clocks with their arithmetic, and the lapse list."""
