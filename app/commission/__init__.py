"""Meetings, dockets, packets, motions, votes and recusals."""
