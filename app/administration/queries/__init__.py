"""Selects of accounts, sessions, the journal and the installation's health."""
