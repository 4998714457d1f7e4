"""Complainants, officers, departments and the identity vault."""
