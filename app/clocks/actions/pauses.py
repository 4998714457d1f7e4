"""Pauses: tried, asked for, granted by somebody else, ended; each moves the date at once."""

from uuid import UUID, uuid4

from app.access.acts import stops_with
from app.access.routes import acting_as
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.actions import dates
from app.clocks.commands import Decide, EndPause, PauseClock, TryPause
from app.clocks.events import ClockPaused, PauseAsked, PauseEnded, PauseRefused
from app.clocks.queries import ASKED, GRANTED, REFUSED
from app.clocks.records import Clock, Pause
from app.kernel.deadlines import WhatIf
from app.kernel.errors import Invalid, Refused
from app.policy.model.powers import Act

PAUSE = "pause"


@stops_with(Act.CASEWORK)
def pause_clock(work: Work, clock_id: UUID, ask: PauseClock) -> Clock:
    """Lets a clock stand still for a reason the rulebook gives, and moves its date."""
    clock, book = dates.get_running(work, clock_id)
    _check_pause(work, clock, ask)
    rules.check_direct(book, PAUSE)
    rules.check_pause(book, clock.rule, ask.kind, acting_as(work, clock.case_id))
    pause = _pause(work, clock, ask)
    pause.state, pause.granted_by_id = GRANTED, work.actor.id
    return _paused(work, clock, pause)


@stops_with(Act.CASEWORK)
def ask_pause(work: Work, clock_id: UUID, ask: PauseClock) -> Pause:
    """Asks for a pause; the date stays until somebody else has granted it."""
    clock, _ = dates.get_running(work, clock_id)
    _check_pause(work, clock, ask)
    pause = _pause(work, clock, ask)
    pause.state, pause.asked_by_id = ASKED, work.actor.id
    work.happened(
        PauseAsked(
            case_id=clock.case_id,
            clock_id=clock.id,
            pause_id=pause.id,
            rule=clock.rule,
            kind=pause.kind,
            from_on=pause.from_on,
            until_on=pause.until_on,
        )
    )
    return pause


@stops_with(Act.CASEWORK)
def decide_pause(work: Work, clock_id: UUID, pause_id: UUID, ask: Decide) -> Pause:
    """Grants or refuses a pause that somebody else asked for."""
    clock, book = dates.get_running(work, clock_id)
    pause = queries.get_pause(work, clock.id, pause_id)
    _check_asked(pause.state)
    rules.check_grantor(book.toll(pause.kind).approved_by, acting_as(work, clock.case_id), PAUSE)
    asked_by_decider = pause.asked_by_id in work.actor.places
    rules.check_decider(book, PAUSE, asked_by_decider=asked_by_decider, roles=acting_as(work, clock.case_id))
    pause.state = GRANTED if ask.answer == "grant" else REFUSED
    pause.granted_by_id, pause.decision = work.actor.id, ask.words
    if pause.state == GRANTED:
        _paused(work, clock, pause)
    else:
        work.happened(
            PauseRefused(case_id=clock.case_id, clock_id=clock.id, pause_id=pause.id, rule=clock.rule, kind=pause.kind)
        )
    return pause


def try_pause(work: Work, clock_id: UUID, ask: TryPause) -> WhatIf | None:
    """What the date would be with this pause; checked as the real one is, and nothing is changed."""
    clock = queries.get_clock(work, clock_id)
    _check_pause(work, clock, ask)
    toll = work.policies.named(clock.policy_id).toll(ask.kind)
    return queries.what_if(work, clock, rules.interval(toll, ask.from_on, ask.until_on))


@stops_with(Act.CASEWORK)
def end_pause(work: Work, clock_id: UUID, ask: EndPause) -> Clock:
    """Gives an open pause its last day; from the next day the clock runs again."""
    clock = queries.get_clock(work, clock_id, for_update=True)
    pauses = queries.pauses_of(work, [clock.id]).get(clock.id, [])
    pause = next((each for each in pauses if each.until_on is None), None)
    if pause is None:
        raise Refused("No pause of this clock is open.")
    if not pause.from_on <= ask.until_on <= work.today:
        raise Invalid({"until_on": "Choose a day between the beginning of the pause and today."})
    book = work.policies.named(clock.policy_id)
    rules.check_grantor(book.toll(pause.kind).approved_by, acting_as(work, clock.case_id), PAUSE)

    pause.until_on = ask.until_on
    dates.move(work, clock, pauses, queries.extensions_of(work, [clock.id]).get(clock.id, []))
    work.happened(
        PauseEnded(
            case_id=clock.case_id, clock_id=clock.id, rule=clock.rule, until_on=ask.until_on, due_on=clock.due_on
        )
    )
    return clock


def _check_pause(work: Work, clock: Clock, ask: PauseClock | TryPause) -> None:
    if clock.stopped_on is not None:
        raise Refused("This clock has stopped already.")
    rules.check_span(ask.from_on, ask.until_on, clock.started_on, work.today)
    rules.check_kind(work.policies.named(clock.policy_id), clock.rule, ask.kind)


def _pause(work: Work, clock: Clock, ask: PauseClock) -> Pause:
    files = {key for part in work.parts("clock_evidence") for key, _ in part(work, clock.case_id)}
    if ask.evidence_id is not None and ask.evidence_id not in files:
        raise Invalid({"evidence_id": "Choose a file of this case."})
    return work.add(
        Pause(
            id=uuid4(),
            clock_id=clock.id,
            kind=ask.kind,
            reason=ask.reason,
            from_on=ask.from_on,
            until_on=ask.until_on,
            evidence_id=ask.evidence_id,
        )
    )


def _paused(work: Work, clock: Clock, pause: Pause) -> Clock:
    before = [each for each in queries.pauses_of(work, [clock.id]).get(clock.id, []) if each.id != pause.id]
    dates.move(work, clock, [*before, pause], queries.extensions_of(work, [clock.id]).get(clock.id, []))
    work.happened(
        ClockPaused(
            case_id=clock.case_id,
            clock_id=clock.id,
            rule=clock.rule,
            kind=pause.kind,
            from_on=pause.from_on,
            until_on=pause.until_on,
            due_on=clock.due_on,
        )
    )
    return clock


def _check_asked(state: str) -> None:
    if state != ASKED:
        raise Refused("This was decided already.")
