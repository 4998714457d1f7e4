"""The difference between two rulebooks: every change is said, in sentences, with the law of both."""

import re
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import PROJECT
from app.policy.loader import folders, read_rulebook
from app.policy.model import Rulebook
from app.policy.model.base import Block
from app.policy.plain import Change, Kind, differences
from tests.policy.plain.changing import Leaf, filled, leaves, others, with_value

POLICIES = PROJECT / "policies"
FOLDERS = folders(POLICIES)
read = cache(read_rulebook)
NOTHING = re.compile(r"\bNone\b(?! of)")
LOWER = re.compile(r"\b[a-z]+_[a-z_]+\b")


def book_of(name: str) -> Rulebook:
    return read(POLICIES / name)


def said(changes: tuple[Change, ...]) -> list[str]:
    return [change.text for change in changes]


@cache
def every_leaf() -> dict[tuple[str, str], list[tuple[Path, Leaf]]]:
    """The leaves of all rulebooks, by the key they are."""
    found: dict[tuple[str, str], list[tuple[Path, Leaf]]] = {}
    for folder in FOLDERS:
        for leaf in leaves(read(folder)):
            found.setdefault((leaf.owner, leaf.key), []).append((folder, leaf))
    return found


def unsaid(folder: Path, leaf: Leaf, value: Any) -> str | None:
    """Why the change of one value is not said as it must be; nothing where it is."""
    old = read(folder)
    new = with_value(old, leaf.path, value)
    if new == old:
        return None
    texts = said(differences(old, new))
    whole = all(text[0].isupper() or text[0] in "“0123456789" for text in texts) and all(
        text[-1] in ".!?”)" for text in texts
    )
    return (
        None
        if texts and whole and not any(NOTHING.search(text) for text in texts)
        else f"{leaf.path}: {value!r} {texts}"
    )


def test_whatever_key_changes_is_said() -> None:
    """One place for each key of each block, in whichever rulebook has it: each of the values it could have instead."""
    keys = every_leaf()
    assert len(keys) > 400
    firsts = [places[0] for places in keys.values()]
    tried = [(folder, leaf, value) for folder, leaf in firsts for value in (*others(leaf.value), *filled(leaf))]
    assert len(tried) > 1000
    assert [why for folder, leaf, value in tried if (why := unsaid(folder, leaf, value))] == []


def test_whatever_is_taken_out_is_said() -> None:
    """What may be left out, left out where it was said; and said where it was left out."""
    tried = 0
    for places in every_leaf().values():
        filled = next(((f, leaf) for f, leaf in places if leaf.value is not None), None)
        if filled is None or not _may_be_empty(filled[1]):
            continue
        folder, leaf = filled
        old = read(folder)
        new = with_value(old, leaf.path, None)
        assert differences(old, new), leaf.path
        assert differences(new, old), leaf.path
        tried += 1
    assert tried > 100


def _may_be_empty(leaf: Leaf) -> bool:
    if isinstance(leaf.value, (tuple, dict)):
        return False
    fields = {block.__name__: block for block in _blocks(Block)}
    field = fields[leaf.owner].model_fields[leaf.key]
    return field.default is None


def _blocks(kind: type[Block]) -> list[type[Block]]:
    below = [block for each in kind.__subclasses__() for block in (each, *_blocks(each))]
    return [block for block in below if block.__module__.startswith("app.policy.model")]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_change_anywhere_is_said(data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from(FOLDERS))
    leaf = data.draw(st.sampled_from(_leaves_of(folder)))
    values = list(others(leaf.value))
    if values:
        assert unsaid(folder, leaf, data.draw(st.sampled_from(values))) is None


@cache
def _leaves_of(folder: Path) -> list[Leaf]:
    return list(leaves(read(folder)))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_rulebook_does_not_differ_from_itself(folder: Path) -> None:
    assert differences(read(folder), read_rulebook(folder)) == ()


@pytest.mark.parametrize(("first", "second"), list(pairwise(FOLDERS)), ids=lambda folder: f"{folder.parent.name}")
def test_between_any_two_of_them_no_sentence_speaks_a_code(first: Path, second: Path) -> None:
    texts = said(differences(read(first), read(second)))
    assert len(texts) >= 3
    plain = [re.sub(r"https?://\S+|\{\w+\}", "it", text) for text in texts]
    assert [text for text in plain if LOWER.search(text) or NOTHING.search(text) or "  " in text] == []


def test_other_bytes_with_the_same_rules_are_said_too() -> None:
    old = book_of("riverbend/2025-01-01")
    new = old.model_copy(update={"digest": "0" * 64})
    assert said(differences(old, new)) == [
        "The files differ only in what no rule reads, such as comments, spacing or the order of keys."
    ]


def test_a_letter_that_was_rewritten_is_said() -> None:
    whole = book_of("riverbend/2025-01-01")
    spoken = tuple(each for each in whole.letter_texts if each.language in {"en", "es"})
    old = whole.model_copy(update={"letter_texts": spoken})
    first = spoken[0]
    changed = type(first)(first.kind, first.language, f"{first.subject}!", f"{first.body}\nMore.\n")
    new = old.model_copy(update={"letter_texts": (changed, *spoken[2:])})
    texts = said(differences(old, new))
    assert len(texts) == 3
    assert texts[0].startswith("The text of the letter “Acknowledgement” in English has a new subject: “")
    assert texts[1] == "The text of the letter “Acknowledgement” in English was rewritten."
    assert texts[2] == "The text of the letter “Acknowledgement” in Español is no longer there."


class TestRochester:
    """The ruling of April 29, 2025 between its two versions."""

    def changes(self) -> tuple[Change, ...]:
        return differences(book_of("rochester-pab/2022-06-20"), book_of("rochester-pab/2025-04-29"))

    def test_the_power_that_ended_says_when_by_whom_and_why(self) -> None:
        found = next(c for c in self.changes() if c.text.startswith("The subpoena power"))
        assert found.text == (
            "The subpoena power of the Police Accountability Board ended on April 29, 2025: The State Supreme Court, "
            "in its ruling of April 29, 2025: The board may no longer issue subpoenas. "
            "Without it no subpoena can be issued."
        )
        assert found.was is not None
        assert found.now is not None
        assert (found.kind, found.was.law, found.now.law) == (
            Kind.CHANGED,
            "Charter art. XVIII",
            "Ruling of April 29, 2025",
        )

    def test_it_takes_effect_on_another_day(self) -> None:
        assert self.changes()[0].text == "The day it takes effect changed from June 20, 2022 to April 29, 2025."

    def test_a_question_that_came_and_one_that_went(self) -> None:
        texts = said(self.changes())
        assert (
            "A new open question: Was the ruling of April 29, 2025 appealed, and what came of it? It is about this: "
            "The powers. Nobody can say whether a power came back. Cases cannot be handled without the answer."
        ) in texts
        assert any(text.startswith("No longer an open question: By when did an investigation") for text in texts)


class TestNewOrleans:
    """Act 451 of 2021 between its two versions."""

    def changes(self) -> tuple[Change, ...]:
        return differences(book_of("new-orleans-oipm/2018-03-18"), book_of("new-orleans-oipm/2021-08-01"))

    def test_the_time_changed_with_the_law_of_both(self) -> None:
        text = "The time of the clock “Complete the investigation” changed from 60 calendar days to 75 calendar days."
        found = next(change for change in self.changes() if change.text == text)
        assert found.was is not None
        assert found.now is not None
        assert "before Act 451 of 2021" in found.was.law
        assert "as amended by Act 451 of 2021" in found.now.law

    def test_what_is_only_cited_anew_is_told_apart(self) -> None:
        cited = [change.text for change in self.changes() if change.kind is Kind.CITED]
        assert any(
            text.startswith("For the milestone “Appeals are over”, the section of law was not") for text in cited
        )

    def test_a_clock_that_came_says_what_it_is(self) -> None:
        text = next(change.text for change in self.changes() if "officer in hospital” is new" in change.text)
        assert text.startswith(
            "The clock “Time to get counsel for an officer in hospital” is new. The officer has 30 calendar days from "
            "the day “The officer is in a medical facility or incapacitated after an officer-involved incident” is on "
            "file until “The officer has counsel or a representative” is on file, the interview is held"
        )


def changed(path: tuple[str | int, ...], value: Any) -> list[str]:
    old = book_of("riverbend/2025-01-01")
    return said(differences(old, with_value(old, path, value)))


def test_what_holds_for_every_clock_is_said_once() -> None:
    old = book_of("riverbend/2025-01-01")
    common = old.deadline_defaults.model_copy(update={"warnings": (60, 30)})
    clocks = tuple(
        clock.model_copy(update={"warnings": (60, 30)}) if clock.warnings == old.deadline_defaults.warnings else clock
        for clock in old.deadlines
    )
    new = old.model_copy(update={"deadline_defaults": common, "deadlines": clocks})
    assert said(differences(old, new)) == [
        "For every clock, the warnings ahead, in days changed: 90, 14 and 7 went out."
    ]


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (
            ("intake", "filing_limit", "amount"),
            2,
            "The time of the time limit for a complaint changed from 1 year to 2 years.",
        ),
        (
            ("publication", "small_cell_threshold"),
            10,
            "For publication, the smallest number that is published changed from 5 to 10.",
        ),
        (
            ("publication", "officers_are_named"),
            True,
            "For publication, officers are named in public; before, officers are not named in public.",
        ),
        (
            ("meta", "to_on"),
            date(2027, 8, 16),
            "The first day without it was not said before and is now August 16, 2027.",
        ),
    ],
)
def test_a_change_is_one_plain_sentence(path: tuple[str | int, ...], value: Any, text: str) -> None:
    assert changed(path, value) == [text]
