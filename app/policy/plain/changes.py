"""The difference between two rulebooks as sentences: everything that was added, removed or changed is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.policy.model import Rulebook
from app.policy.model.base import Block, Cited, Named
from app.policy.model.law import OpenQuestion
from app.policy.model.letters import Letter
from app.policy.model.powers import Power
from app.policy.model.process import Clock
from app.policy.model.text import FROM_DEFAULTS, RulebookText
from app.policy.plain.bodies import carried, lost
from app.policy.plain.grammar import capital, ended, listed, quoted, sentence
from app.policy.plain.keys import noun
from app.policy.plain.leaves import leaf, time_changed
from app.policy.plain.names import CITATION, Speaker, text_of
from app.policy.plain.said import Said
from app.policy.plain.subjects import called, identity, told, within

_IDENTITY = ("id", "effective_from")
_LOSS = ("stops", "to_on", "suspended_on", "resumed_on", "suspended_by", "reason")


class Kind(StrEnum):
    """What happened to a part of the rulebook."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    CITED = "cited"  # only where it is written, or how that is known


@dataclass(frozen=True)
class Change:
    """One difference, with the law of both versions."""

    kind: Kind
    block: str
    """The title of the block it stands in."""
    text: str
    was: Said | None = None
    now: Said | None = None


@dataclass(frozen=True)
class _Pair:
    """The same part in two versions, what it is called, and the law it rests on in each."""

    old: Any
    new: Any
    subject: str
    was: Said
    now: Said
    is_block: bool = False
    """A block of its own, whose parts need not name it."""

    @property
    def whole(self) -> str:
        return "" if self.is_block else self.subject


class _Comparison:
    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        self.old, self.new = Speaker(old), Speaker(new)

    def whole(self) -> Iterator[Change]:
        old, new = self.old.book, self.new.book
        pair = _Pair(old, new, "", self.old.law(None), self.new.law(None))
        for key in (*_IDENTITY, *RulebookText.model_fields, "form"):
            if getattr(old, key) != getattr(new, key):
                block = _title(key)
                yield from (replace(change, block=block) for change in self._key(pair, key))
        yield from (replace(each, block="The text of the letters") for each in self._letters(old, new))

    def _block(self, pair: _Pair) -> Iterator[Change]:
        """Two blocks of one kind, key by key."""
        spoken: set[str] = set()
        if isinstance(pair.new, Power):
            yield from self._loss(pair, spoken)
        for text, keys in time_changed(pair.old, pair.new, pair.subject):
            spoken |= keys
            yield self._changed(pair, text)
        cited = CITATION if isinstance(pair.new, Cited) else ()
        for key in (key for key in type(pair.new).model_fields if key not in spoken and key not in cited):
            if getattr(pair.old, key) != getattr(pair.new, key):
                yield from self._key(pair, key)
        yield from self._citation(pair, cited)

    def _citation(self, pair: _Pair, keys: Sequence[str]) -> Iterator[Change]:
        """Where it is written and how that is known, in one sentence."""
        changed = [key for key in keys if getattr(pair.old, key) != getattr(pair.new, key)]
        texts = [text for key in changed for text in leaf(self.old, self.new, pair.old, pair.new, key, "")]
        if texts:
            about = f"for {pair.subject}, " if pair.subject else ""
            said = "; ".join(f"{text[:1].lower()}{text[1:].removesuffix('.')}" for text in texts)
            yield replace(self._changed(pair, sentence(about + said)), kind=Kind.CITED)

    def _loss(self, pair: _Pair, spoken: set[str]) -> Iterator[Change]:
        """A power that was suspended or ended says so in one sentence."""
        ends = [(each.to_on, each.suspended_on) for each in (pair.old, pair.new)]
        if ends[0] == (None, None) and ends[0] != ends[1]:
            spoken.update(_LOSS)
            yield self._changed(pair, " ".join((lost(self.new, pair.new), *carried(pair.new))))

    def _key(self, pair: _Pair, key: str) -> Iterator[Change]:
        before, after = getattr(pair.old, key), getattr(pair.new, key)
        if _is_blocks(before) and _is_blocks(after):
            yield from self._entries(pair, key, before, after)
        elif isinstance(before, Block) or isinstance(after, Block):
            yield from self._part(pair, key, before, after)
        elif key == "label" and isinstance(pair.old, Named):
            yield from self._renamed(pair)
        elif not self._follows_defaults(pair, key):
            texts = leaf(self.old, self.new, pair.old, pair.new, key, pair.subject)
            yield from (self._changed(pair, text) for text in texts)

    def _renamed(self, pair: _Pair) -> Iterator[Change]:
        before, after = text_of(pair.old.label), text_of(pair.new.label)
        if before != after:
            yield self._changed(pair, sentence(f"{pair.subject} is now called {quoted(after)}"))
        else:
            texts = leaf(self.old, self.new, pair.old, pair.new, "label", pair.subject)
            yield from (self._changed(pair, text) for text in texts)

    def _part(self, pair: _Pair, key: str, before: Block | None, after: Block | None) -> Iterator[Change]:
        subject = within(noun(type(pair.new).__name__, key), pair.whole)
        if before is None and after is not None:
            yield self._added(pair, after, subject)
        elif after is None and before is not None:
            yield self._removed(pair, before, subject)
        else:
            is_block = isinstance(pair.new, Rulebook)
            inner = self._inner(pair, before, after, "" if key == "meta" else subject)
            yield from self._block(replace(inner, is_block=is_block))

    def _entries(self, pair: _Pair, key: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
        """Entries with the same code are the same entry; what is left is new, or gone."""
        among = within(noun(type(pair.new).__name__, key), pair.whole)
        old, new = _keyed(before), _keyed(after)
        for name, item in old.items():
            if name not in new:
                yield self._removed(pair, item, _of(called(self.old, item, among), item, pair))
        for name, item in new.items():
            if name not in old:
                yield self._added(pair, item, _of(called(self.new, item, among), item, pair))
            elif old[name] != item:
                subject = _of(called(self.old, old[name], among), item, pair)
                yield from self._block(self._inner(pair, old[name], item, subject))
        yield from self._reordered(pair, among, old, new)

    def _reordered(self, pair: _Pair, among: str, old: dict[Any, Any], new: dict[Any, Any]) -> Iterator[Change]:
        kept = [name for name in new if name in old]
        if kept != [name for name in old if name in new]:
            names = listed(called(self.new, new[name], among).removesuffix(f" among {among}") for name in kept)
            yield self._changed(pair, sentence(f"the order of {among} changed; it is now {names}"))

    def _letters(self, old: Rulebook, new: Rulebook) -> Iterator[Change]:
        before, after = _keyed(old.letter_texts), _keyed(new.letter_texts)
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                yield from _letter(self.old, self.new, before.get(name), after.get(name))

    def _follows_defaults(self, pair: _Pair, key: str) -> bool:
        """What a clock only takes from what holds for all is said there, once."""
        if not isinstance(pair.new, Clock) or key not in FROM_DEFAULTS:
            return False
        then, now = _default(self.old.book, key), _default(self.new.book, key)
        return bool(then != now and (getattr(pair.old, key), getattr(pair.new, key)) == (then, now))

    # -- one change -------------------------------------------------------------------------------

    def _inner(self, pair: _Pair, old: Any, new: Any, subject: str) -> _Pair:
        was = self.old.law(old) if isinstance(old, Cited) else pair.was
        now = self.new.law(new) if isinstance(new, Cited) else pair.now
        return _Pair(old, new, subject, was, now)

    def _changed(self, pair: _Pair, text: str) -> Change:
        return Change(Kind.CHANGED, "", text, pair.was, pair.now)

    def _added(self, pair: _Pair, item: Any, subject: str) -> Change:
        law = self.new.law(item) if isinstance(item, Cited) else pair.now
        return Change(Kind.ADDED, "", _come(self.new, item, subject), None, law)

    def _removed(self, pair: _Pair, item: Any, subject: str) -> Change:
        law = self.old.law(item) if isinstance(item, Cited) else pair.was
        return Change(Kind.REMOVED, "", _gone(self.old, item, subject), law, None)


def differences(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Everything that differs, block by block; nothing only if the two are the same byte for byte."""
    found = tuple(_Comparison(old, new).whole())
    if not found and old.digest != new.digest:
        text = "The files differ only in what no rule reads, such as comments, spacing or the order of keys."
        return (Change(Kind.CITED, "The rulebook", text),)
    return found


def _letter(old: Speaker, new: Speaker, before: Letter | None, after: Letter | None) -> Iterator[Change]:
    letter = after or before
    if letter is None:
        return
    speaker = old if after is None else new
    name = f"the text of the letter {speaker.name(letter.kind, 'letters')} in {speaker.language(letter.language)}"
    if before is None:
        yield Change(Kind.ADDED, "", sentence(f"{name} is new"))
    elif after is None:
        yield Change(Kind.REMOVED, "", sentence(f"{name} is no longer there"))
    else:
        yield from _letter_changed(name, before, after)


def _letter_changed(name: str, before: Letter, after: Letter) -> Iterator[Change]:
    if before.subject != after.subject:
        subject = f"{name} has a new subject: {quoted(after.subject)} instead of {quoted(before.subject)}"
        yield Change(Kind.CHANGED, "", sentence(subject))
    if before.body != after.body:
        yield Change(Kind.CHANGED, "", sentence(f"{name} was rewritten"))


def _come(speaker: Speaker, item: Any, subject: str) -> str:
    if isinstance(item, OpenQuestion):
        return f"A new open question: {ended(item.question)} {told(speaker, item)}"
    return f"{sentence(f'{subject} {_is(subject)} new')} {told(speaker, item)}".strip()


def _gone(speaker: Speaker, item: Any, subject: str) -> str:
    if isinstance(item, OpenQuestion):
        return f"No longer an open question: {ended(item.question)} {told(speaker, item)}"
    said = told(speaker, item)
    gone = sentence(f"{subject} {_is(subject)} no longer there")
    return f"{gone} It said: {said}" if said else gone


def _title(key: str) -> str:
    return "The rulebook" if key in (*_IDENTITY, "meta") else capital(noun("Rulebook", key).removeprefix("the "))


def _is_blocks(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, Block) for item in value)


def _keyed(items: Sequence[Any]) -> dict[Any, Any]:
    """By what makes an entry itself; the same again is counted."""
    seen: dict[Any, int] = {}
    found = {}
    for item in items:
        name = identity(item)
        seen[name] = seen.get(name, 0) + 1
        found[(name, seen[name])] = item
    return found


def _default(book: Rulebook, key: str) -> Any:
    own = getattr(book.deadline_defaults, key)
    return book.calendar_block.roll if key == "roll" and own is None else own


def _of(name: str, item: Any, pair: _Pair) -> str:
    """An entry of an entry names its owner; one that stands in a block of its own need not."""
    owner = pair.whole
    return f"{name} of {owner}" if owner and owner not in name and not isinstance(item, Named) else name


def _is(subject: str) -> str:
    """Some keys are called by what they hold: "the seats are new"."""
    return "are" if subject.split(" of ")[0].split(" ")[-1].endswith("s") and "“" not in subject else "is"
