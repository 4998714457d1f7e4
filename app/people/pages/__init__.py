"""The office's pages of people: the roster, and who used the vault."""
