"""Plausible but wholly invented cases, drawn by a seeded generator from the words of a rulebook."""
