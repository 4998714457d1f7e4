"""The public list of words, and a new passphrase of it."""

from app.infra.words import wordlist
from app.intake.rules.passphrase import Passphrase, Wordlist, draw, read

WORDS = Wordlist(wordlist())


def fresh_passphrase() -> Passphrase:
    """Six words by chance: for a draft, or for a complaint that somebody of the office takes down."""
    return draw(WORDS)


def passphrase_of(text: str) -> Passphrase | None:
    """The passphrase, however it was typed; nothing where it cannot be one."""
    return read(text, WORDS)
