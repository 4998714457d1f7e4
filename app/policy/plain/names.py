"""Says the codes and values of one rulebook in its own words, and with the law they rest on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from app.kernel.deadlines import Unit, in_words
from app.kernel.text import LocalText
from app.policy.model import Rulebook
from app.policy.model.base import Block, Cited, Evidence, Named, Span
from app.policy.model.duties import ReportDue
from app.policy.model.law import Source
from app.policy.plain import words
from app.policy.plain.grammar import (
    capital,
    clause,
    ended,
    in_year,
    listed,
    on_day,
    quoted,
    sentence,
    series,
    the,
    weekday,
)
from app.policy.plain.keys import flag, kinds, noun
from app.policy.plain.said import Entry, Said

# Keys that say where something is written, and no rule.
CITATION = ("authority", "basis", "source", "article", "evidence", "unknown", "general", "note")
_UNSAID = frozenset({*CITATION, "code", "label"})


class Speaker:
    """One rulebook, ready to be spoken of."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    # -- names ------------------------------------------------------------------------------------

    @cached_property
    def _lists(self) -> Mapping[str, Callable[[str], str | None]]:
        book = self.book
        listed_blocks: Mapping[str, Sequence[Named]] = {
            **{name: getattr(book, name) for name in _LISTS},
            "departments": book.jurisdiction.departments,
            "refer_to": book.jurisdiction.refer_to,
            "disputes": book.discipline.disputes,
            "anonymity": book.intake.anonymity,
            "notices": book.intake.notices,
            "contact_kinds": book.intake.contact_kinds,
            "matters": book.intake.matters,
            "questions": tuple(field for page in book.form.pages for field in page.fields),
            "choices": self._choices,
        }
        labels = {kind: {item.code: str(item.label) for item in items} for kind, items in listed_blocks.items()}
        labels["sources"] = {source.code: source.title for source in book.meta.sources}
        labels["articles"] = {a.code: a.title for source in book.meta.sources for a in source.articles}
        fixed = {"roles": words.ROLES, "events": words.EVENTS, "guards": words.GUARDS, "things": words.THINGS}
        found = {kind: names.get for kind, names in {**labels, **fixed}.items()}
        return {
            **found,
            "bodies": lambda code: _the(labels["bodies"].get(code)),
            "external_bodies": lambda code: _the(labels["external_bodies"].get(code)),
            "outsiders": lambda code: _the(labels["outsiders"].get(code)),
            "departments": lambda code: _the(labels["departments"].get(code)),
            "milestones": lambda code: _on_file(labels["milestones"].get(code)),
            "keys": lambda code: noun("", code),
            **{kind: _quoter(labels[kind]) for kind in _QUOTED},
        }

    @cached_property
    def _sources(self) -> Mapping[str, Source]:
        return {source.code: source for source in self.book.meta.sources}

    @property
    def _choices(self) -> tuple[Named, ...]:
        book = self.book
        fields = [field for page in book.form.pages for field in page.fields]
        return (
            *book.intake.anonymity,
            *book.intake.relationships,
            *book.intake.contact_kinds,
            *book.intake.matters,
            *book.departments,
            *(c for field in fields for c in field.choices),
        )

    def name(self, code: str, *among: str) -> str:
        """In the words of the rulebook, looked for in these lists; else the code without its underscores."""
        found = (self._lists[kind](code) for kind in among)
        return next((name for name in found if name), code.replace("_", " "))

    def without_codes(self, text: str) -> str:
        """A note of the author, who may speak of an entry by its code."""
        return _CODE.sub(lambda found: ", ".join(self.name(part, *self._lists) for part in found[0].split(".")), text)

    def names(self, codes: Iterable[str], *among: str, last: str = "and") -> str:
        return listed((self.name(code, *among) for code in codes), last)

    def who(self, codes: Iterable[str]) -> str:
        """Those of them who may: one is enough."""
        return self.names(codes, "outsiders", "external_bodies", "bodies", "roles", last="or")

    def language(self, code: str) -> str:
        """What a language is called, in itself where the rulebook has it."""
        return next((str(each.label) for each in self.book.languages if each.code == code), code)

    def when(self, codes: Iterable[str], last: str = "or") -> str:
        """Happenings, as what follows "the day" or "until"."""
        return self.names(codes, "milestones", "events", last=last)

    # -- values -----------------------------------------------------------------------------------

    def value(self, owner: Block, key: str) -> str:
        """What a key of a block says, in words; nothing where it says nothing."""
        return self.said_value(type(owner).__name__, key, getattr(owner, key))

    def said_value(self, owner: str, key: str, value: Any) -> str:
        if value is None:
            return ""
        say = next((say for kind, say in self._SAYERS if isinstance(value, kind)), None)
        return say(self, owner, key, value) if say else str(value)

    def _said_text(self, owner: str, key: str, value: str) -> str:
        if kinds(owner, key):
            return self.name(value, *kinds(owner, key))
        if key == "note":
            return self.without_codes(value)
        return value.replace("_", " ").strip() if key in _CODE_LIKE else value.strip()

    def _said_number(self, owner: str, key: str, value: int) -> str:
        return weekday(value) if key == "weekend" and value < len(_WEEK) else str(value)

    def _said_flag(self, owner: str, key: str, value: Any) -> str:
        words_of_it = flag(owner, key)
        return words_of_it[not value] if words_of_it else ("yes" if value else "no")

    def _said_list(self, owner: str, key: str, value: Sequence[Any]) -> str:
        return listed(clause(self.said_value(owner, key, item)) for item in value)

    def _said_mapping(self, owner: str, key: str, value: Mapping[str, str]) -> str:
        return "; ".join(f"{self.name(k, *kinds(owner, key))}: {clause(text)}" for k, text in value.items())

    def _said_block(self, owner: str, key: str, block: Block) -> str:
        """A block in one clause: its name, and what it says besides."""
        if isinstance(block, Span):
            return in_words(block.amount, block.unit)
        if isinstance(block, ReportDue):
            return in_year(block.month, block.day)
        inside = series(self.rest(block))
        name = quoted(str(block.label)) if isinstance(block, Named) else ""
        return f"{name} ({inside})" if name and inside else name or inside

    _SAYERS: ClassVar[tuple[tuple[type | tuple[type, ...], Callable[..., str]], ...]] = (
        (bool, _said_flag),
        (StrEnum, lambda _s, _o, _k, value: words.spoken(value)),
        (LocalText, lambda _s, _o, _k, value: text_of(value)),
        (date, lambda _s, _o, _k, value: on_day(value)),
        (int, _said_number),
        (str, _said_text),
        (tuple, _said_list),
        (Mapping, _said_mapping),
        (Block, _said_block),
    )

    # -- sentences --------------------------------------------------------------------------------

    def rest(self, block: Block, *spoken: str) -> Iterator[str]:
        """Every key that nothing has been said of yet, each as a sentence."""
        for key, field in type(block).model_fields.items():
            if key in _UNSAID or key in spoken:
                continue
            value = getattr(block, key)
            if value is not None and value != field.get_default(call_default_factory=True):
                yield from self._sentence(block, key)

    def _sentence(self, block: Block, key: str) -> Iterator[str]:
        owner, text = type(block).__name__, self.value(block, key)
        if isinstance(getattr(block, key), bool):
            yield sentence(text)
        elif text:
            yield f"{capital(noun(owner, key))}: {ended(text)}"

    def law(self, fact: Block | None) -> Said:
        """The law of a fact, with no text yet."""
        if not isinstance(fact, Cited):
            return Said("", mark=self.book.meta.evidence)
        mark = self.book.evidence_of(fact)
        if mark is Evidence.GENERAL and not (fact.authority or fact.source or fact.basis or fact.article):
            # A lead that names no law of its own: the common source does not say it.
            return Said("", mark=mark)
        source = self._sources.get(fact.source or self.book.meta.source or "")
        basis = fact.basis or (source.basis if source else None)
        kind = words.spoken(basis) if basis else ""
        return Said("", fact.authority or "", kind, source.code if source else "", mark)

    def say(self, fact: Block | None, *texts: str) -> tuple[Said, ...]:
        law = self.law(fact)
        return tuple(Said(text, law.law, law.basis, law.source, law.mark) for text in texts if text)

    def doubts(self, fact: Block | None) -> Iterator[Said]:
        """What of an entry was looked for and not found, and what of it nobody read."""
        if not isinstance(fact, Cited):
            return
        owner = type(fact).__name__
        if fact.unknown:
            yield Said(
                f"Looked for and not found: {self._keys(owner, fact.unknown)}.", mark=Evidence.UNKNOWN, is_doubt=True
            )
        if fact.general:
            yield Said(
                f"General knowledge only: {self._keys(owner, fact.general)}.", mark=Evidence.GENERAL, is_doubt=True
            )

    def _keys(self, owner: str, keys: Iterable[str]) -> str:
        return listed(noun(owner, key) for key in keys)

    def entry(self, name: str, place: str, fact: Block | None, texts: Iterable[str], *more: Said) -> Entry:
        """An entry of sentences that rest on one fact, with others after them."""
        said = (*self.say(fact, *texts), *more, *self.doubts(fact))
        note = fact.note if isinstance(fact, Cited) else None
        return Entry(name, place, said, (self.without_codes(note),) if note else ())

    def part(self, name: str, place: str, fact: Block | None, texts: Iterable[str]) -> Entry:
        """A part of an entry that has no law of its own: its doubts and notes are said of the whole."""
        return Entry(name, place, self.say(fact, *texts))

    def whole(self, name: str, place: str, fact: Block, *spoken: str) -> Entry:
        """An entry that is said key by key."""
        return self.entry(name, place, fact, self.rest(fact, *spoken))


def text_of(text: LocalText | None) -> str:
    return text.to("en").strip() if text else ""


def time_of(amount: int | None, unit: Unit | None) -> str:
    return in_words(amount, unit) if amount is not None and unit else ""


def _the(name: str | None) -> str | None:
    return the(name) if name else None


def _on_file(label: str | None) -> str | None:
    return f"{quoted(label)} is on file" if label else None


def _quoter(labels: Mapping[str, str]) -> Callable[[str], str | None]:
    return lambda code: quoted(labels[code]) if code in labels else None


# A code, or a place in the rulebook, in what somebody wrote: with an underscore, and no part of an address.
_CODE = re.compile(r"(?<![/\w.@-])(?=[a-z.]*_)[a-z]\w*(?:\.[a-z]\w*)*(?![/\w@-])")

# Lines that are written for the machine: a place in the rulebook, a place in a filing, a time zone.
_CODE_LIKE = frozenset({"place", "fills", "time_zone"})
_WEEK = range(7)
_LISTS = (
    "bodies",
    "external_bodies",
    "outsiders",
    "policies",
    "classification",
    "allegations",
    "stages",
    "milestones",
    "deadlines",
    "tolling",
    "findings",
    "closures",
    "external_reports",
    "letters",
)
_QUOTED = (
    "policies",
    "classification",
    "allegations",
    "stages",
    "deadlines",
    "tolling",
    "findings",
    "closures",
    "external_reports",
    "letters",
    "sources",
    "articles",
    "refer_to",
    "disputes",
    "anonymity",
    "contact_kinds",
    "matters",
    "notices",
    "questions",
    "choices",
)
