"""The project's own benchmarks: a small load client, the servers it is let loose on, and what it measures."""
