"""What of a rulebook leans on which source, and by when each source must be read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from app.policy.documents import Path
from app.policy.lint.walking import walk
from app.policy.model import Rulebook
from app.policy.model.base import Cited, Coded, Named
from app.policy.model.law import Source
from app.policy.model.powers import Power
from app.policy.model.process import Move

# Blocks whose name in the file is not the word that people use.
BLOCKS = {
    "allegations": "Kinds of allegations",
    "deadlines": "Clocks",
    "policies": "Department policies",
    "pinning": "Which version a case has",
    "tolling": "Reasons for a pause",
}
KEPT = 64


@dataclass(frozen=True)
class Leaning:
    """One entry of a rulebook that cites a source, itself or in something below it."""

    block: str
    code: str
    label: str
    cited: tuple[str, ...]
    articles: tuple[str, ...]

    @property
    def block_words(self) -> str:
        return BLOCKS.get(self.block) or self.block.replace("_", " ").capitalize()


@dataclass(frozen=True)
class _Kept:
    """A rulebook is named by its bytes, so what leans on what is worked out once for each name."""

    policy_id: str
    book: Rulebook = field(compare=False, repr=False)


def leaning(book: Rulebook) -> Mapping[str, tuple[Leaning, ...]]:
    """By source: every entry that leans on it, in the rulebook's order.

    What names no source leans on `meta.source` where it cites a law; what cites nothing leans on nothing.
    """
    return _leaning(_Kept(book.policy_id, book))


@lru_cache(KEPT)
def _leaning(kept: _Kept) -> Mapping[str, tuple[Leaning, ...]]:
    found: dict[tuple[str, Path], list[Cited]] = {}
    for place, fact in walk(kept.book):
        source = _source_of(kept.book, fact)
        if source is not None:
            found.setdefault((source, _entry_of(place)), []).append(fact)
    values = dict(_upper(kept.book))
    by_source: dict[str, list[Leaning]] = {}
    for (source, entry), facts in found.items():
        by_source.setdefault(source, []).append(_said(kept.book, entry, values.get(entry), facts))
    return MappingProxyType({source: tuple(entries) for source, entries in by_source.items()})


def _source_of(book: Rulebook, fact: Any) -> str | None:
    if not isinstance(fact, Cited):
        return None
    return fact.source or (book.meta.source if fact.authority else None)


def _entry_of(place: Path) -> Path:
    """The block, and the entry in it where it is a list."""
    return place[:2] if len(place) > 1 and place[0] != "calendar" else place[:1]


def _said(book: Rulebook, place: Path, value: Any, known: Sequence[Cited]) -> Leaning:
    return Leaning(
        block=str(place[0]),
        code=str(place[1]) if len(place) > 1 else "",
        label=_label(book, value) or _plain(str(place[-1])),
        cited=tuple(dict.fromkeys(fact.authority for fact in known if fact.authority)),
        articles=tuple(dict.fromkeys(fact.article for fact in known if fact.article)),
    )


def _label(book: Rulebook, value: Any) -> str:
    if isinstance(value, Named):
        return value.label.to("en")
    if isinstance(value, Power):
        return f"{_plain(value.power.value)} ({book.body(value.holder).label.to('en')})"
    if isinstance(value, Move):
        return f"{book.stage(value.from_).label.to('en')} → {book.stage(value.to).label.to('en')}"
    return ""


def _upper(book: Rulebook) -> Iterator[tuple[Path, Any]]:
    """The blocks and their entries, and nothing below."""
    for name, info in type(book).model_fields.items():
        block, value = info.alias or name, getattr(book, name)
        yield (block,), value
        if isinstance(value, tuple):
            yield from (((block, item.code if isinstance(item, Coded) else n), item) for n, item in enumerate(value))
        elif hasattr(type(value), "model_fields"):
            yield from (((block, i.alias or key), getattr(value, key)) for key, i in type(value).model_fields.items())


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize()


def read_by(book: Rulebook, source: Source) -> date | None:
    """The day by which a source must be read again: the rulebook's own, or its last day in force if that is sooner."""
    return min((day for day in (book.reread_on(source), source.to_on) if day is not None), default=None)


def has_expired(source: Source, on: date) -> bool:
    """Whether its last day in force is over."""
    return source.to_on is not None and source.to_on < on
