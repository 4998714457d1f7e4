"""Candor, the open case-management system for civilian oversight of police."""
