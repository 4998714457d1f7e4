"""Reads policies/ into frozen, dated rulebooks."""
