"""A clock must be able to start, to stop, and to say a date, or say openly that it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from app.kernel.deadlines import MAX_AMOUNT, Unit
from app.policy.documents import Path
from app.policy.lint.report import Report
from app.policy.model import Rulebook
from app.policy.model.agency import BodyKind
from app.policy.model.base import Evidence
from app.policy.model.process import Clock, Extension, Owner, Per, Phase, StartBy

# What says something only of a clock that has a date.
_NEED_A_DATE = ("extension", "further_extensions", "repeat", "is_least", "warns_of")


def check_clocks_run(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code)
        if not clock.starts:
            report.error(place, f"nothing starts the clock {clock.code}", "name an event in `starts`")
        if not clock.stops:
            report.error(place, f"nothing stops the clock {clock.code}", "name an event in `stops`")
        if set(clock.starts) & set(clock.stops):
            report.error(place, f"one event both starts and stops the clock {clock.code}", "take one of them out")
        _check_it_can_happen(report, (*place, "starts"), clock.code, clock.starts, "start")
        _check_it_can_happen(report, (*place, "stops"), clock.code, clock.stops, "stop")


def check_amounts(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code)
        if clock.counts_up:
            _check_it_counts_up(report, place, clock)
        elif (clock.amount is None) != (clock.unit is None):
            report.error(place, f"the clock {clock.code} has only half an amount", "give both `amount` and `unit`")
        elif not clock.is_known:
            _check_unknown(report, place, clock)
        if (clock.amount or 0) > MAX_AMOUNT:
            report.error((*place, "amount"), f"no clock can run for {clock.amount} units", f"at most {MAX_AMOUNT}")


def _check_it_counts_up(report: Report, place: Path, clock: Clock) -> None:
    if clock.amount is not None or clock.unit is not None:
        mend = "take out one of them: `counts_up` is for a duty without a number"
        report.error(place, f"the clock {clock.code} counts up and has an amount", mend)
        return
    for key in _NEED_A_DATE:
        if getattr(clock, key):
            mend = f"take `{key}` out, or give `amount` and `unit`"
            report.error((*place, key), f"the clock {clock.code} counts up and has no date: `{key}` says nothing", mend)


def _check_unknown(report: Report, place: Path, clock: Clock) -> None:
    if report.book.evidence_of(clock) is not Evidence.UNKNOWN and "amount" not in clock.unknown:
        mend = "give `amount` and `unit`, say `counts_up: true`, or mark it `evidence: unknown`"
        report.error(place, f"the clock {clock.code} has no amount", mend)
    if clock.per is Per.CASE:
        mend = "find the number, or keep the rulebook a draft"
        report.error_if_active(place, f"no date can be given for {clock.code}", mend)


def check_starts(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code)
        if clock.start_by is not StartBy.ANEW and len(clock.starts) < 2:
            mend = "name the other events in `starts`, or take `start_by` out"
            report.error((*place, "start_by"), f"there is nothing to choose between for {clock.code}", mend)
        missing = [event for event in clock.starts if event not in clock.start_reasons]
        if clock.start_by is StartBy.CHOSEN and missing:
            mend = f"add `start_reasons: {{{missing[0]}: ...}}`: the reason stands beside the date"
            report.error(place, f"it is not said why {missing[0]} would start {clock.code}", mend)


def check_whose_day(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code, "dated_by")
        if clock.dated_by and set(clock.dated_by) == {Owner.AGENCY}:
            mend = "name the other party, or take `dated_by` out"
            report.error(place, f"nobody but the office holds a day for {clock.code}", mend)
        if clock.dated_by and not clock.proof:
            report.warn(place, f"it is not said what proves the day of {clock.code}", "say it in `proof`")


def check_rounds_and_warnings(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code)
        if clock.repeat and set(clock.repeat.done_by) & set(clock.stops):
            mend = "take the event out of `stops` or out of `repeat.done_by`"
            report.error((*place, "repeat"), f"one event both ends {clock.code} and begins its next round", mend)
        if clock.repeat and not (clock.repeat.done_by and clock.repeat.amount):
            mend = "name an event or a milestone in `done_by`, and an `amount` of at least 1"
            report.error((*place, "repeat"), f"nothing fulfils a round of {clock.code}, or it has no length", mend)
        if clock.warns_of == clock.code:
            report.error((*place, "warns_of"), f"{clock.code} warns of itself", "name the other clock")


def check_what_comes_back(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code, "repeat")
        if clock.repeat and clock.repeat.unit is Unit.YEARS_AND_A_DAY:
            mend = "say `years`: a day more in each round is counted by nobody"
            report.error(place, f"the rounds of {clock.code} grow by a day each", mend)
        if clock.repeat and clock.is_least:
            mend = "take out one of them: what comes back is owed, and not merely waited for"
            report.error(place, f"the least time {clock.code} cannot come back", mend)


def check_extensions(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code)
        if clock.extension:
            _check_extension(report, (*place, "extension"), clock.extension)
        for extra in clock.further_extensions:
            _check_extension(report, (*place, "further_extensions", extra.code), extra)


def _check_extension(report: Report, place: Path, extension: Extension) -> None:
    if (extension.amount is None) != (extension.unit is None):
        report.error(place, "the extension has only half an amount", "give both `amount` and `unit`")
    if not extension.granted_by and not extension.agreed_by:
        report.error_if_active(place, "nobody may grant this extension", "name who in `granted_by` or `agreed_by`")


def check_pauses_are_used(report: Report) -> None:
    book = report.book
    used = {code for clock in book.deadlines for code in clock.tolling}
    used |= {book.subpoena.tolling} if book.subpoena and book.subpoena.tolling else set()
    for tolling in book.tolling:
        if tolling.code not in used:
            mend = "name it in the `tolling` of a clock, or take it out"
            report.warn(("tolling", tolling.code), f"no clock stands still for {tolling.code}", mend)


def _check_it_can_happen(report: Report, place: Path, clock: str, events: Iterable[str], verb: str) -> None:
    """One event that can happen is enough; a clock that waits only for what never comes is dead."""
    why = {event: need for event in events if (need := _missing(report.book, event))}
    if why and len(why) == len(set(events)):
        event, need = next(iter(why.items()))
        mend = f"add {need}, or name another event"
        report.error(place, f"nothing can {verb} the clock {clock}: without {need} there is never {event}", mend)


def _missing(book: Rulebook, event: str) -> str | None:
    return next((what for what, (events, has) in _NEEDS.items() if event in events and not has(book)), None)


def _has(phase: Phase) -> Callable[[Rulebook], bool]:
    return lambda book: any(stage.phase is phase for stage in book.stages)


def _votes(book: Rulebook) -> bool:
    return any(body.kind in (BodyKind.BOARD, BodyKind.PANEL) for body in book.bodies)


# What a rulebook must have before these events can ever happen under it.
_NEEDS: Mapping[str, tuple[frozenset[str], Callable[[Rulebook], bool]]] = {
    "a block `subpoena`": (frozenset({"subpoena_served", "subpoena_returned"}), lambda b: b.subpoena is not None),
    "a kind in `demands`": (frozenset({"demand_sent", "demand_answered"}), lambda b: bool(b.demands.kinds)),
    "a `mediation` that is offered": (
        frozenset({"mediation_offered", "mediation_ended"}),
        lambda b: b.mediation is not None and b.mediation.is_offered,
    ),
    "a dispute in `discipline`": (
        frozenset({"dispute_opened", "dispute_decided"}),
        lambda b: bool(b.discipline.disputes),
    ),
    "an appeal in `review`": (frozenset({"appeal_filed", "appeal_decided"}), lambda b: bool(b.review.appeals)),
    "a board or a panel in `bodies`": (
        frozenset({"docketed", "motion_carried", "findings_adopted", "meeting_held", "minutes_adopted"}),
        _votes,
    ),
    "a stage with `phase: investigation`": (frozenset({"investigation_started"}), _has(Phase.INVESTIGATION)),
    "a stage with `phase: review`": (frozenset({"investigation_finished"}), _has(Phase.REVIEW)),
    "a stage with `phase: decision`": (frozenset({"supervisor_approved"}), _has(Phase.DECISION)),
    "a stage with `phase: answer`": (frozenset({"findings_sent", "answer_received"}), _has(Phase.ANSWER)),
}

CHECKS = (
    check_clocks_run,
    check_amounts,
    check_starts,
    check_whose_day,
    check_rounds_and_warnings,
    check_what_comes_back,
    check_extensions,
    check_pauses_are_used,
)
