"""`rulebook show` and `rulebook diff`: a rulebook in plain language, and what changed between two, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.explain import machine_day
from app.cli.terminal import print_json
from app.kernel.errors import NotFound, Refused
from app.policy.loader import NoRulebook, Rulebooks, read_rulebook
from app.policy.model import Rulebook
from app.policy.plain import Change, Entry, Kind, Said, differences, open_questions, sections, sources
from app.policy.plain.words import spoken
from app.policy.problems import RulebookError

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Load = Callable[[], Rulebooks]
_WHICH = "A folder, an agency, agency@date, or agency@date#digest."


def shower(load: Load) -> Callable[..., None]:
    """The command; `load` gives the rulebooks of this installation."""

    def show_rulebook(
        which: Annotated[str, typer.Argument(metavar="FOLDER", help=_WHICH)],
        on: Annotated[str | None, typer.Option(help="The day it must be in force; today when left out.")] = None,
        as_json: Json = False,
    ) -> None:
        """Say one rulebook in plain language: open questions first, every sentence with its law, sources last."""
        book = found(load, which, _day(on) if on else machine_day())
        if as_json:
            print_json({"policy_id": book.policy_id, **book.model_dump(mode="json", by_alias=True), **_plain(book)})
            return
        for line in _text(book):
            print(line)

    return show_rulebook


def differ(load: Load) -> Callable[..., None]:
    """The command; `load` gives the rulebooks of this installation."""

    def compare_rulebooks(
        old: Annotated[str, typer.Argument(help=_WHICH)],
        new: Annotated[str, typer.Argument(help="The other one, written the same way.")],
        as_json: Json = False,
    ) -> None:
        """Say what changed between two rulebooks, as sentences with the law of both."""
        first, second = (found(load, which, machine_day()) for which in (old, new))
        changes = differences(first, second)
        if as_json:
            rows = [{**asdict(change), "kind": change.kind.value} for change in changes]
            print_json({"old": first.policy_id, "new": second.policy_id, "changes": rows})
            return
        for line in _changes(first, second, changes):
            print(line)

    return compare_rulebooks


def found(load: Load, which: str, on: date) -> Rulebook:
    """One rulebook by its folder, or by its name among those of this installation."""
    folder = Path(which)
    try:
        if (folder / "rulebook.yaml").is_file():
            return read_rulebook(folder)
        return _named(load(), which, on)
    except RulebookError as error:
        raise Refused(str(error)) from error


def _named(books: Rulebooks, which: str, on: date) -> Rulebook:
    agency, _, rest = which.partition("@")
    try:
        if "#" in rest:
            return books.named(which)
        if rest:
            return _of_day(books, agency, _day(rest))
        return books.in_force(agency, on)
    except NoRulebook as error:
        raise NotFound(f"{error} There are: {', '.join(books.agencies())}.") from error


def _of_day(books: Rulebooks, agency: str, day: date) -> Rulebook:
    volume = next((volume for volume in books.versions(agency) if volume.effective_from == day), None)
    if volume is None:
        raise NoRulebook(f"No rulebook of {agency} takes effect on {day.isoformat()}.")
    return volume.book


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a day such as 2026-03-05.") from error


# -- what is printed ------------------------------------------------------------------------------


def _text(book: Rulebook) -> Iterator[str]:
    yield from (f"# {book.name}", "", f"{book.policy_id}")
    asked = open_questions(book)
    if asked:
        yield from ("", "## Open questions", "")
        for question in asked:
            waits = " ".join(part for part in (question.stops, _STOPS if question.stops_cases else "") if part)
            yield f"- {question.question} ({question.about}.){f' {waits}' if waits else ''}"
    numbers = {source.code: source.number for source in sources(book)}
    for section in sections(book):
        yield from ("", f"## {section.title}", "")
        for entry in section.entries:
            yield f"- {_entry(entry, numbers)}"
    yield from _sources(book)


_STOPS = "Cases cannot be handled without the answer."


def _entry(entry: Entry, numbers: dict[str, int]) -> str:
    said = " ".join(f"{run.text} [{law(run.law, numbers)}]" if run.law else run.text for run in entry.runs)
    notes = "".join(f" Note: {note}" for note in entry.notes)
    return f"**{entry.name}**: {said}{notes}" if entry.name else f"{said}{notes}"


def law(said: Said, numbers: dict[str, int]) -> str:
    """Where it is written, which source that is, and how it is known."""
    number = numbers.get(said.source)
    parts = (said.law, said.basis, f"source {number}" if number else "", spoken(said.mark))
    return "; ".join(part for part in parts if part)


def _sources(book: Rulebook) -> Iterator[str]:
    listed = sources(book)
    if listed:
        yield from ("", "## Sources", "")
    for source in listed:
        address = f" {source.address}" if source.address else ""
        yield f"{source.number}. {source.title}.{address}{f' {source.text}' if source.text else ''}"


def _changes(old: Rulebook, new: Rulebook, changes: tuple[Change, ...]) -> Iterator[str]:
    yield f"# From {old.policy_id} to {new.policy_id}"
    if not changes:
        yield from ("", "They are the same.")
    for title, block in groupby(changes, key=lambda change: change.block):
        yield from ("", f"## {title}", "")
        for change in block:
            yield f"- {change.text}{_laws(change)}"


def _laws(change: Change) -> str:
    """The law of both, where it is the change of a rule."""
    was, now = (said.law if said else "" for said in (change.was, change.now))
    if change.kind is Kind.CITED or not (was or now):
        return ""
    return f" [{now or was}]" if was == now or not (was and now) else f" [before: {was}; now: {now}]"


def _plain(book: Rulebook) -> dict[str, Any]:
    """What the text says, for a program."""
    return {
        "plain": {
            "open_questions": [asdict(question) for question in open_questions(book)],
            "sections": [asdict(section) for section in sections(book)],
            "sources": [asdict(source) for source in sources(book)],
        }
    }
