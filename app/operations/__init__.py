"""Serving, set-up, backup, restore, export, doctor and benchmarks."""
