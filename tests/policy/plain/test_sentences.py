"""Every rulebook of the project in plain language: whole sentences, in the rulebook's own words, with their law."""

import re
import time
from functools import cache
from pathlib import Path

import pytest

from app.config import PROJECT
from app.kernel.text import LocalText
from app.policy.loader import folders, read_rulebook
from app.policy.model import Rulebook
from app.policy.model.base import Block, Evidence
from app.policy.plain import open_questions, sections, sources

FOLDERS = folders(PROJECT / "policies")
NAMES = [f"{folder.parent.name}/{folder.name}" for folder in FOLDERS]
BLOCKS = {
    *("who", "bodies", "powers", "reach", "intake", "classification", "road", "clocks", "findings", "closures"),
    *("evidence", "discipline", "mediation", "review", "rights", "reports", "publication", "meetings", "retention"),
    *("letters", "form", "calendar", "outside"),
}
every_rulebook = pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
read = cache(read_rulebook)

BEGINS = re.compile(r"[A-Z“0-9]")
ENDS = re.compile(r"[.!?][”)]?$")
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
BROKEN = re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|  |\.\.|“”|\(\)|[,;:]\.|, ,|<|>")


def texts_of(book: Rulebook) -> list[str]:
    return [said.text for section in sections(book) for entry in section.entries for said in entry.said]


@every_rulebook
def test_every_sentence_is_whole_and_speaks_no_code(folder: Path) -> None:
    book = read(folder)
    texts = texts_of(book)
    assert len(texts) > 80
    assert [text for text in texts if not BEGINS.match(text) or not ENDS.search(text) or "\n\n" in text] == []
    assert [text for text in texts if CODE.search(re.sub(r"https?://\S+|\{\w+\}", "", text))] == []
    assert [text for text in texts if BROKEN.search(text)] == []


@every_rulebook
def test_every_word_of_the_rulebook_that_a_reader_may_see_is_said(folder: Path) -> None:
    """Names, definitions and rules are all there: nothing of the law is left out of the page."""
    book = read(folder)
    page = "\n".join(
        "\n".join((section.title, *(f"{entry.name}\n{entry.text}" for entry in section.entries)))
        for section in sections(book)
    )
    assert [text for text in words_in(book) if text.rstrip(". ;:,") not in page] == []


def words_in(block: Block) -> list[str]:
    """The English texts of a block, the questions of the form and their hints left out."""
    found: list[str] = []
    waiting: list[object] = [getattr(block, key) for key in type(block).model_fields if key != "form"]
    while waiting:
        item = waiting.pop()
        if isinstance(item, LocalText):
            found.append(item.to("en"))
        elif isinstance(item, tuple):
            waiting.extend(item)
        elif isinstance(item, Block):
            waiting.extend(getattr(item, key) for key in type(item).model_fields)
    return found


@every_rulebook
def test_every_citation_stands_beside_its_sentence(folder: Path) -> None:
    book = read(folder)
    said = [said for section in sections(book) for entry in section.entries for said in entry.said]
    laws = {each.law for each in said}
    listed = {line.code for line in sources(book)}
    assert {clock.authority for clock in book.deadlines if clock.authority} <= laws
    assert {finding.authority for finding in book.findings if finding.authority} <= laws
    assert {power.authority for power in book.powers if power.authority} <= laws
    assert {move.authority for move in book.moves if move.authority} <= laws
    assert {each.source for each in said if each.source} <= listed
    assert all(isinstance(each.mark, Evidence) for each in said)


@every_rulebook
def test_every_open_question_says_what_it_is_about_in_words(folder: Path) -> None:
    book = read(folder)
    asked = open_questions(book)
    assert len(asked) == len(book.meta.open_questions)
    assert [q.about for q in asked if not q.about or CODE.search(q.about) or "None" in q.about] == []
    stopping = [question.stops_cases for question in asked]
    assert stopping == sorted(stopping, reverse=True)


@every_rulebook
def test_notes_and_doubts_are_kept_with_their_entries(folder: Path) -> None:
    book = read(folder)
    entries = [entry for section in sections(book) for entry in section.entries]
    notes = {note for entry in entries for note in entry.notes}
    assert {clock.note for clock in book.deadlines if clock.note and not CODE.search(clock.note)} <= notes
    assert {power.note for power in book.powers if power.note and not CODE.search(power.note)} <= notes
    assert [note for note in notes if CODE.search(re.sub(r"https?://\S+", "", note))] == []
    doubted = [clock for clock in book.deadlines if clock.unknown]
    said = {entry.place: entry.text for entry in entries}
    assert all("Looked for and not found: " in said[f"deadlines.{clock.code}"] for clock in doubted)


def test_between_them_they_say_every_block() -> None:
    assert {section.code for folder in FOLDERS for section in sections(read(folder))} == BLOCKS


def test_each_entry_has_a_place_of_its_own() -> None:
    for folder in FOLDERS:
        places = [entry.place for section in sections(read(folder)) for entry in section.entries]
        assert len(places) == len(set(places)), folder


def test_all_of_them_take_less_than_a_second() -> None:
    books = [read(folder) for folder in FOLDERS]
    started = time.process_time()
    for book in books:
        sections(book)
        sources(book)
    assert time.process_time() - started < 1
