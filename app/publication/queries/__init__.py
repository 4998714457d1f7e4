"""Selects of publication: the counts a release is made of, what is published, and what is being built."""
