"""A place in a rulebook, such as "deadlines.decide.amount", in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from app.policy.model import Rulebook
from app.policy.model.base import Coded
from app.policy.model.powers import Power
from app.policy.model.process import Move
from app.policy.plain.grammar import capital, quoted
from app.policy.plain.keys import noun
from app.policy.plain.names import Speaker
from app.policy.plain.words import power_of

_KEYS = {"calendar": "calendar_block", "from": "from_"}


def about(book: Rulebook, place: str) -> str:
    """What it is about: the names of the entries on the way, and the key at the end."""
    here: Any = book
    words: list[str] = []
    for part in place.split("."):
        key = _KEYS.get(part, part)
        if isinstance(here, BaseModel) and key in type(here).model_fields:
            words.append(noun(type(here).__name__, key))
            here = getattr(here, key)
        else:
            here = _inside(here, part)
            words.append(_called(book, here, part))
    return capital(", ".join(words))


def _inside(here: Any, part: str) -> Any:
    if not isinstance(here, Sequence) or isinstance(here, str):
        return None
    if part.isdigit():
        return here[int(part)] if int(part) < len(here) else None
    return next((item for item in here if isinstance(item, Coded) and item.code == part), None)


def _called(book: Rulebook, item: Any, part: str) -> str:
    speaker = Speaker(book)
    if isinstance(item, Power):
        return power_of(item.power, speaker.name(item.holder, "bodies"))
    if isinstance(item, Move):
        return f"from {speaker.name(item.from_, 'stages')} to {speaker.name(item.to, 'stages')}"
    label = getattr(item, "label", None) or getattr(item, "title", None)
    if label:
        return quoted(str(label))
    return f"number {int(part) + 1}" if part.isdigit() else part.replace("_", " ")
