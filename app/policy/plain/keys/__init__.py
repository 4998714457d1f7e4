"""What each key of a rulebook is called in a sentence; `Class.key` where two blocks mean different things by one."""

from __future__ import annotations

from app.policy.plain.keys.flags import FLAGS
from app.policy.plain.keys.kinds import KINDS
from app.policy.plain.keys.nouns import NOUNS

__all__ = ["FLAGS", "KINDS", "NOUNS", "flag", "flag_noun", "kinds", "noun"]


def noun(owner: str, key: str) -> str:
    """What this key of this block is called."""
    return NOUNS.get(f"{owner}.{key}") or NOUNS.get(key) or flag_noun(owner, key) or f"the {key.replace('_', ' ')}"


def flag_noun(owner: str, key: str) -> str | None:
    """A flag that nobody knows: whether what it says holds."""
    words = flag(owner, key)
    return f"whether {words[0]}" if words else None


def flag(owner: str, key: str) -> tuple[str, str] | None:
    return FLAGS.get(f"{owner}.{key}") or FLAGS.get(key)


def kinds(owner: str, key: str) -> tuple[str, ...]:
    return KINDS.get(f"{owner}.{key}") or KINDS.get(key) or ()
