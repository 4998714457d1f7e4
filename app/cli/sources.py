"""`rulebook sources`: every source of the rulebooks, by when and by whom it is to be read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from app.cli.explain import machine_day
from app.cli.terminal import print_json
from app.kernel.errors import NotFound
from app.policy.lint import expired_by
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.agency import Status
from app.policy.model.law import Source
from app.policy.problems import Problem
from app.policy.sources import leaning, read_by

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

# The law of an agency that is gone, or of one that is not there yet, binds nobody: nobody reads it again.
READ_AGAIN = (Status.ACTIVE, Status.DRAFT)


@dataclass(frozen=True)
class Line:
    """One source of one rulebook."""

    policy_id: str
    source: str
    title: str
    basis: str | None
    is_weak: bool
    text_as_of: str | None
    read_on: date | None
    read_by: date | None
    owner: str | None
    expires: date | None
    is_due: bool
    leaning: int


def lister(load: Callable[[], Rulebooks]) -> Callable[..., None]:
    """The command; `load` gives every rulebook of the folder."""

    def list_sources(
        agency: Annotated[str | None, typer.Argument(help="One agency; all of them when left out.")] = None,
        due: Annotated[
            bool, typer.Option("--due", help="Only those whose day has come, or that have expired.")
        ] = False,
        on: Annotated[str | None, typer.Option(help="The day on which this is asked; today when left out.")] = None,
        as_json: Json = False,
    ) -> None:
        """List what the rulebooks lean on, and by when each source is to be read again.

        What the office recorded as read since then stands in its database, and is shown on its page of sources.
        """
        day = _day(on) if on else machine_day()
        found = sorted(_lines(load(), agency, day), key=lambda line: (line.read_by or date.max, line.policy_id))
        chosen = [line for line in found if line.is_due or not due]
        if as_json:
            print_json({"on": day, "sources": [asdict(line) for line in chosen]})
            return
        for line in chosen:
            print(_said(line, day))
        print(f"{len(chosen)} source{'' if len(chosen) == 1 else 's'}, {sum(line.is_due for line in chosen)} due.")

    return list_sources


def expired_in(folder: Path, book: Rulebook) -> list[Problem]:
    """What has expired by now, of the last version of an agency that is at work."""
    is_last = not any(other.is_dir() and other.name > folder.name for other in folder.parent.iterdir())
    return expired_by(book, machine_day(), str(folder)) if is_last and book.status in READ_AGAIN else []


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a day such as 2026-03-05.", param_hint="--on") from error


def _lines(books: Rulebooks, agency: str | None, day: date) -> Iterator[Line]:
    if agency is not None and agency not in books.agencies():
        raise NotFound(f"There is no rulebook of {agency}. There are: {', '.join(books.agencies())}.")
    for each in [agency] if agency else books.agencies():
        book = books.versions(each)[-1].book
        yield from (_line(book, source, day) for source in book.meta.sources)


def _line(book: Rulebook, source: Source, day: date) -> Line:
    by = read_by(book, source)
    return Line(
        policy_id=book.policy_id,
        source=source.code,
        title=source.title,
        basis=source.basis.value if source.basis else None,
        is_weak=source.is_weak,
        text_as_of=source.text_as_of,
        read_on=source.read_on,
        read_by=by,
        owner=book.owner_of(source),
        expires=source.to_on,
        is_due=book.status in READ_AGAIN and (by or date.max) <= day,
        leaning=len(leaning(book).get(source.code, ())),
    )


def _said(line: Line, day: date) -> str:
    agency = line.policy_id.split("@")[0]
    by = f"read again by {line.read_by}" if line.read_by else "nobody is told to read it again"
    ended = line.expires is not None and line.expires < day
    expires = f", {'expired' if ended else 'expires'} {line.expires}" if line.expires else ""
    marks = f"{'DUE  ' if line.is_due else '     '}{agency}/{line.source}"
    entries = "entry leans" if line.leaning == 1 else "entries lean"
    return f"{marks}  {by} ({line.owner or 'no owner'}){expires}, {line.leaning} {entries} on it: {line.title}"
