"""Numbers that people read out: by the rulebook's mask, random, never in sequence, never telling the hour."""

import secrets

# Crockford's alphabet: no I, L, O or U, so that a number read over the telephone comes back as it was.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LETTERS = 8


def number_from(mask: str, year: int) -> str:
    """`{year}-{random}` becomes `2026-7K3MX94T`: 40 random bits, unique by the table's constraint."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS))
    return mask.format(year=year, random=drawn)
