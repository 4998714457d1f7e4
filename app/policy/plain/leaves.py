"""What changed in one key, as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.kernel.text import DEFAULT_LANGUAGE, LocalText
from app.policy.model.base import Block
from app.policy.plain.grammar import clause, listed, quoted, sentence
from app.policy.plain.keys import flag, kinds, noun
from app.policy.plain.names import Speaker, time_of

_PAIRED = {"amount": "unit", "limit_amount": "limit_unit"}


def leaf(old: Speaker, new: Speaker, was: Block, now: Block, key: str, subject: str) -> Iterator[str]:
    """At least one sentence, if the two differ."""
    before, after = getattr(was, key), getattr(now, key)
    if isinstance(before, LocalText) or isinstance(after, LocalText):
        yield from _texts(new, type(now).__name__, key, before, after, subject)
    elif isinstance(before, bool) or isinstance(after, bool):
        yield _flag(type(now).__name__, key, before, after, subject)
    elif isinstance(before, tuple) and isinstance(after, tuple):
        yield _list(old, new, was, now, key, subject)
    else:
        yield _from_to(noun(type(now).__name__, key), _value(old, was, key), _value(new, now, key), subject)


def time_changed(was: Block, now: Block, subject: str) -> Iterator[tuple[str, set[str]]]:
    """An amount of time is one thing, though it stands in two keys."""
    for amount, unit in _PAIRED.items():
        if not hasattr(now, amount) or not hasattr(was, unit):
            continue
        before, after = _span(was, amount, unit), _span(now, amount, unit)
        if before != after:
            yield _from_to("the time", before or "not known", after or "not known", subject, of=True), {amount, unit}


def _span(block: Block, amount: str, unit: str) -> str:
    number, counted_in = getattr(block, amount), getattr(block, unit)
    if number is None and counted_in is not None:
        return f"an unknown number of {counted_in.value.replace('_', ' ')}"
    if counted_in is None:
        return "" if number is None else str(number)
    return time_of(number, counted_in)


def _about(subject: str) -> str:
    return f"for {subject}, " if subject else ""


def _from_to(what: str, before: str, after: str, subject: str, *, of: bool = False) -> str:
    if before and after:
        whose = f"{what} of {subject}" if of and subject else f"{_about(subject)}{what}"
        return sentence(f"{whose} changed from {before} to {after}")
    if after:
        return sentence(f"{_about(subject)}{what} was not said before and is now {after}")
    return sentence(f"{_about(subject)}{what} was {before} and is no longer said")


def _value(speaker: Speaker, block: Block, key: str) -> str:
    value = getattr(block, key)
    text = speaker.value(block, key).strip()
    is_free = isinstance(value, str) and type(value) is str and not kinds(type(block).__name__, key)
    return quoted(text) if text and is_free else clause(text) or ("" if value is None else "none")


def _flag(owner: str, key: str, before: Any, after: Any, subject: str) -> str:
    holds, fails = flag(owner, key) or ("it holds", "it does not hold")
    said = {True: holds, False: fails}
    if after is None:
        return sentence(f"{_about(subject)}it is no longer said whether {holds}; before, {said[bool(before)]}")
    then = "this was not said" if before is None else said[before]
    return sentence(f"{_about(subject)}{said[after]}; before, {then}")


def _texts(
    new: Speaker, owner: str, key: str, before: LocalText | None, after: LocalText | None, subject: str
) -> Iterator[str]:
    """In each language in which it changed: English first."""
    languages = dict.fromkeys([*(before.languages if before else ()), *(after.languages if after else ())])
    for language in sorted(languages, key=lambda code: code != DEFAULT_LANGUAGE):
        then, now = _in(before, language), _in(after, language)
        if then != now:
            what = noun(owner, key)
            said = what if language == DEFAULT_LANGUAGE else f"{what}, in {new.language(language)},"
            yield _from_to(said, then, now, subject)


def _in(text: LocalText | None, language: str) -> str:
    return quoted(text.to(language)) if text and text.has(language) else ""


def _list(old: Speaker, new: Speaker, was: Block, now: Block, key: str, subject: str) -> str:
    """What came and what went; else the new order."""
    what = f"{_about(subject)}{noun(type(now).__name__, key)}"
    before, after = _items(old, was, key), _items(new, now, key)
    gone = listed(item for item in before if item not in after)
    come = listed(item for item in after if item not in before)
    if come and gone:
        return sentence(f"{what} changed: {come} came in, and {gone} went out")
    if come:
        return sentence(f"{what} changed: {come} came in")
    if gone:
        return sentence(f"{what} changed: {gone} went out")
    return sentence(f"{what} changed in order or number: now {', '.join(after)}")


def _items(speaker: Speaker, block: Block, key: str) -> list[str]:
    values: Sequence[Any] = getattr(block, key)
    owner = type(block).__name__
    is_free = not kinds(owner, key)
    said = (clause(speaker.said_value(owner, key, value)) for value in values)
    return [
        quoted(text) if is_free and isinstance(value, (str, LocalText)) and not hasattr(value, "value") else text
        for text, value in zip(said, values, strict=True)
    ]
