"""`rulebook explain`: when something is due and why, with pauses, more time, and a pause tried before it is granted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import typer

from app.cli.terminal import print_json
from app.kernel import deadlines
from app.kernel.calendar import local_day
from app.kernel.deadlines import Beginning, Elapsed, Explanation, Extension, Pause, Round, Rule, WhatIf, say_day
from app.kernel.errors import NotFound, Refused
from app.policy.model import Rulebook, UnknownName
from app.policy.model import process as law

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Spans = list[str] | None
T = TypeVar("T")

_SPAN = re.compile(r"(?:([a-z0-9_]+):)?(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})?", re.ASCII)
_PAUSE_HELP = (
    "FROM..TO, both days paused; FROM.. for one that has not ended; KIND:FROM..TO by a reason of the rulebook."
)


@dataclass(frozen=True)
class Asked:
    """One clock of one rulebook, and what it is told."""

    book: Rulebook
    clock: law.Clock
    start: date
    today: date
    pauses: tuple[Pause, ...]
    extended: tuple[Extension, ...]
    beginning: Beginning

    @property
    def rule(self) -> Rule | None:
        """With its warnings and what follows if it lapses."""
        if self.clock.rule is None:
            return None
        consequence = self.clock.consequence.to("en") if self.clock.consequence else None
        return replace(self.clock.rule, warnings=self.clock.warnings, consequence=consequence)


def explainer(find: Callable[[str, date], Rulebook]) -> Callable[..., None]:
    """The command; `find` gives the rulebook of an agency that a clock of this day ran under."""

    def explain_clock(
        book_id: Annotated[str, typer.Argument(metavar="ID", help="An agency, or agency@date#digest.")],
        clock: Annotated[str, typer.Argument(help="The clock, such as finish_investigation.")],
        start: Annotated[str, typer.Option(help="The day of the event that starts it, or its moment with an offset.")],
        event: Annotated[str | None, typer.Option(help="Which of its start events that was.")] = None,
        whose: Annotated[str, typer.Option(help="Whose date that is, where parties hold different ones.")] = "",
        proof: Annotated[str, typer.Option(help="What shows that day.")] = "",
        toll: Annotated[Spans, typer.Option(help=_PAUSE_HELP)] = None,
        extend: Annotated[
            Spans, typer.Option(help="ASKED..GRANTED, or ASKED.. while nothing is decided; CODE:… for a further one.")
        ] = None,
        what_if: Annotated[Spans, typer.Option(help="A pause that is only tried, written as --toll.")] = None,
        today: Annotated[str | None, typer.Option(help="The day on which an open pause is counted.")] = None,
        as_json: Json = False,
    ) -> None:
        """Say when something is due, and show how that date is arrived at."""
        begins = _moment_or_day(start)
        book = find(book_id, _written_day(begins))
        rule = _clock(book, clock)
        asked = Asked(
            book,
            rule,
            _local(begins, book),
            _day(today, "--today") if today else machine_day(),
            tuple(_pause(text, "--toll", book, rule) for text in toll or ()),
            tuple(_extension(text, rule) for text in extend or ()),
            _beginning(rule, event, whose, proof),
        )
        tried = tuple(_pause(text, "--what-if", book, rule) for text in what_if or ())
        _answer(asked, tried, as_json=as_json)

    return explain_clock


def _answer(asked: Asked, tried: tuple[Pause, ...], *, as_json: bool) -> None:
    rule = asked.rule
    if rule is None:
        _count_up(asked, as_json=as_json)
        return
    found = _reckoned(lambda: _what_if(asked, rule, tried))
    again = _reckoned(lambda: _next_round(asked, rule))
    if as_json:
        print_json(_as_json(asked, found.now, again) | ({"what_if": _tried_as_json(found)} if tried else {}))
        return
    _print(_lines(found.now, again))
    if tried:
        _print(("", "With the pause that is tried:", *found.then.sentences(), found.sentence()))


def _what_if(asked: Asked, rule: Rule, tried: Iterable[Pause]) -> WhatIf:
    return deadlines.what_if(
        rule,
        asked.start,
        asked.book.calendar,
        asked.pauses,
        pauses=tried,
        today=asked.today,
        extended=asked.extended,
        beginning=asked.beginning,
    )


def _next_round(asked: Asked, rule: Rule) -> Round | None:
    """When a duty that repeats comes back next; one that counts from its being done begins anew then."""
    repeat = asked.clock.repeat
    if repeat is None or repeat.counted_from is not law.CountedFrom.DUE:
        return None
    every = Rule(repeat.amount, repeat.unit)
    return deadlines.next_round(
        asked.today, rule, asked.start, asked.book.calendar, asked.pauses, every=every, today=asked.today
    )


def _count_up(asked: Asked, *, as_json: bool) -> None:
    """A duty for which the law gives no number of days has no date; the days that have passed are told."""
    clock = asked.clock
    if not clock.counts_up:
        raise Refused(f"The law's number for {clock.code} is not known, so no date can be given.")
    found = _reckoned(lambda: _elapsed(asked))
    if as_json:
        counted = {**asdict(found), "running_days": found.running_days}
        about = {"policy_id": asked.book.policy_id, "clock": clock.code, "label": str(clock.label)}
        print_json({**about, "wording": clock.wording, "elapsed": counted, "sentences": found.sentences()})
        return
    _print((f"The law's word: {clock.wording}.", *found.sentences()) if clock.wording else found.sentences())


def _elapsed(asked: Asked) -> Elapsed:
    return deadlines.elapsed(
        asked.start,
        asked.today,
        asked.book.calendar,
        asked.pauses,
        authority=asked.clock.authority,
        beginning=asked.beginning,
    )


def _reckoned(compute: Callable[[], T]) -> T:
    try:
        return compute()
    except ValueError as error:
        raise Refused(str(error)) from error


# -- what was typed -------------------------------------------------------------------------------


def machine_day() -> date:
    """The way in has no Work to ask."""
    return datetime.fromtimestamp(time.time()).astimezone().date()


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a day such as 2026-03-05.", param_hint=option) from error


def _moment_or_day(text: str) -> date | datetime:
    if "T" not in text:
        return _day(text, "--start")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text} is not a moment such as 2026-03-05T23:30-05:00.", param_hint="--start"
        ) from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text} needs its offset, such as 2026-03-05T23:30-05:00.", param_hint="--start")
    return moment


def _written_day(begins: date | datetime) -> date:
    """The day as it was typed, which finds the rulebook; the rulebook then says which day it was there."""
    return begins.date() if isinstance(begins, datetime) else begins


def _local(begins: date | datetime, book: Rulebook) -> date:
    return local_day(begins, book.time_zone) if isinstance(begins, datetime) else begins


def _span(text: str, option: str) -> tuple[str, date, date | None]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise typer.BadParameter(f"{text} is not FROM..TO, such as 2026-03-01..2026-03-10.", param_hint=option)
    first, last = _day(match[2], option), _day(match[3], option) if match[3] else None
    if last is not None and last < first:
        raise typer.BadParameter(f"{text} ends before it begins.", param_hint=option)
    return match[1] or "", first, last


def _pause(text: str, option: str, book: Rulebook, clock: law.Clock) -> Pause:
    kind, first, last = _span(text, option)
    if not kind:
        return Pause("given", "given on the command line", first, last)
    if kind not in clock.tolling:
        known = ", ".join(clock.tolling) or "none"
        raise Refused(f"The rulebook does not let {clock.code} stand still for {kind}. Its reasons: {known}.")
    toll = book.toll(kind)
    longest = Rule(toll.longest.amount, toll.longest.unit) if toll.longest else None
    return Pause(kind, toll.label.to("en"), first, last, authority=toll.authority, longest=longest)


def _extension(text: str, clock: law.Clock) -> Extension:
    code, asked_on, granted_on = _span(text, "--extend")
    given = _given(code, clock)
    if given is None or given.amount is None or given.unit is None:
        what = f"extension {code}" if code else "extension"
        raise Refused(f"The rulebook gives {clock.code} no {what} with a number of days.")
    more = Rule(given.amount, given.unit, clock.roll, given.authority)
    return Extension(more, asked_on, granted_on, may_be_late=not given.before_lapse)


def _given(code: str, clock: law.Clock) -> law.Extension | None:
    if not code:
        return clock.extension
    return next((each for each in clock.further_extensions if each.code == code), None)


def _beginning(clock: law.Clock, event: str | None, whose: str, proof: str) -> Beginning:
    if event is None:
        return Beginning(whose=whose, proof=proof)
    if event not in clock.starts:
        raise Refused(f"{event} does not start {clock.code}. It starts with: {', '.join(clock.starts)}.")
    return Beginning(event.replace("_", " "), str(clock.start_reasons.get(event, "")), whose, proof)


def _clock(book: Rulebook, code: str) -> law.Clock:
    try:
        return book.clock(code)
    except UnknownName as error:
        known = ", ".join(clock.code for clock in book.deadlines)
        raise NotFound(f"{book.id} has no clock {code}. Its clocks: {known}.") from error


# -- what is printed ------------------------------------------------------------------------------


def _lines(found: Explanation, again: Round | None) -> tuple[str, ...]:
    warnings = (f"{deadlines.in_words(w.days, deadlines.Unit.DAYS)} before: {say_day(w.on)}." for w in found.warnings)
    rounds = (f"It comes back: number {again.number} is due on {say_day(again.due_on)}.",) if again else ()
    return (*found.sentences(), *rounds, *warnings)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _as_json(asked: Asked, found: Explanation, again: Round | None) -> dict[str, Any]:
    return {
        "policy_id": asked.book.policy_id,
        "clock": asked.clock.code,
        "label": str(asked.clock.label),
        "start": asked.start.isoformat(),
        "beginning": asdict(found.beginning),
        "due_on": found.due_on.isoformat(),
        "provisional": found.is_provisional,
        "authority": found.authority,
        "consequence": found.consequence,
        "warnings": [asdict(warning) for warning in found.warnings],
        "next_round": asdict(again) if again else None,
        "steps": _steps(found),
    }


def _tried_as_json(found: WhatIf) -> dict[str, Any]:
    return {
        "due_on": found.then.due_on.isoformat(),
        "days": found.days,
        "provisional": found.then.is_provisional,
        "sentence": found.sentence(),
        "steps": _steps(found.then),
    }


def _steps(found: Explanation) -> list[dict[str, Any]]:
    return [{**asdict(step), "sentence": step.sentence()} for step in found.steps]
