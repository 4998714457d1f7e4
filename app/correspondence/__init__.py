"""Letters, messages and notices."""
