"""Accounts, sessions, walls, permissions and the Work that every action is handed."""
