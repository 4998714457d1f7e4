"""Writes a city's first rulebook from what somebody answered: plain questions, one at a time."""
