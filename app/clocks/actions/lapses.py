"""Warnings are answered by somebody with a name; a lapse is explained; what a clock's end makes idle is ended."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.commands import Acknowledge, ExplainLapse
from app.clocks.events import ClockLapsed, LapseExplained, StoppedTooEarly, WarningAcknowledged
from app.clocks.queries import CaseLine
from app.clocks.records import Clock, ClockWarning
from app.clocks.rules import Told, Watched
from app.kernel.errors import Invalid, Refused
from app.policy.model.powers import Act


@stops_with(Act.CASEWORK)
def acknowledge(work: Work, clock_id: UUID, warning_id: UUID, ask: Acknowledge) -> ClockWarning:
    """A named person takes notice, and says what will be done."""
    clock, warning = _answerable(work, clock_id, warning_id)
    if warning.step == rules.LAPSED:
        raise Refused("This clock has lapsed: say why, and who held the file.")
    _answer(work, warning, ask.plan)
    work.happened(
        WarningAcknowledged(
            case_id=clock.case_id,
            clock_id=clock.id,
            warning_id=warning.id,
            rule=clock.rule,
            step=warning.step,
            level=warning.level,
            due_on=warning.due_on,
        )
    )
    return warning


@stops_with(Act.CASEWORK)
def explain_lapse(work: Work, clock_id: UUID, warning_id: UUID, ask: ExplainLapse) -> ClockWarning:
    """Why a clock lapsed, and who held the file."""
    clock, warning = _answerable(work, clock_id, warning_id)
    if warning.step != rules.LAPSED:
        raise Refused("This clock has not lapsed.")
    _check_cause(work, clock, ask.cause)
    if ask.held_by not in {key for key, _ in queries.holders(work)}:
        raise Invalid({"held_by": "Choose somebody of the office."})
    _answer(work, warning, ask.plan)
    warning.cause, warning.held_by_id = ask.cause, ask.held_by
    work.happened(
        LapseExplained(
            case_id=clock.case_id,
            clock_id=clock.id,
            warning_id=warning.id,
            rule=clock.rule,
            due_on=warning.due_on,
            cause=ask.cause,
            held_by_id=ask.held_by,
        )
    )
    return warning


def _answerable(work: Work, clock_id: UUID, warning_id: UUID) -> tuple[Clock, ClockWarning]:
    """The clock and the warning that stands on it, where this person is the one to answer."""
    clock = queries.get_clock(work, clock_id, for_update=True)
    warning = queries.get_warning(work, clock.id, warning_id)
    if warning.ended_on is not None:
        raise Refused("This warning is over: the clock has another date, or came closer to its end.")
    if warning.acknowledged_at is not None:
        raise Refused("Somebody has answered this already.")
    ladder = rules.ladder_of(work.policies.named(clock.policy_id).clock(clock.rule))
    line = queries.case_lines(work, {clock.case_id}).get(clock.case_id, CaseLine())
    holds_it = line.lead_id is not None and line.lead_id in work.actor.places
    rules.check_answer(warning.level, ladder, holds_it=holds_it, roles=work.actor.roles)
    return clock, warning


def _check_cause(work: Work, clock: Clock, cause: str) -> None:
    """Where the rulebook has a list of causes, one of them is counted in public."""
    known = {each.code for each in work.policies.named(clock.policy_id).deadline_defaults.lapse_reasons}
    if (known or cause) and cause not in known:
        raise Invalid({"cause": "Choose one of the reasons that the rulebook counts."})


def _answer(work: Work, warning: ClockWarning, words: str) -> None:
    warning.plan = words
    warning.acknowledged_at, warning.acknowledged_by_id = work.now, work.actor.id


def watched(work: Work, clock: Clock, due_on: date, *, has_holder: bool) -> Watched:
    """What its warnings hang on, by the day the clock has come to."""
    book = work.policies.named(clock.policy_id)
    return Watched(
        book.clock(clock.rule), book.calendar, clock.started_on, due_on, is_paused=False, has_holder=has_holder
    )


@never_stopped("the machinery follows what was done")
def settle_moved(work: Work, clock: Clock) -> None:
    """A clock's date moved: the warning that no longer fits is over. The next one is given at night."""
    standing = queries.warnings_of(work, [clock.id]).get(clock.id)
    if standing is None or clock.due_on is None:
        return
    if rules.step_today(watched(work, clock, clock.due_on, has_holder=True), work.today) != standing.step:
        standing.ended_on = work.today


@never_stopped("the machinery follows what was done")
def settle_stopped(work: Work, clocks: Sequence[Clock], event: str, on: date) -> None:
    """What waited for is done: warnings are over; a clock that was stopped after its end has lapsed all the same."""
    standing = queries.warnings_of(work, [clock.id for clock in clocks]) if clocks else {}
    for clock in clocks:
        warning = standing.get(clock.id)
        if warning is not None and warning.step != rules.LAPSED:
            warning.ended_on = work.today
    late = [clock for clock in clocks if not clock.is_least and clock.due_on is not None and on > clock.due_on]
    _note_lapses(work, [clock for clock in late if not _is_noted(standing.get(clock.id))], on)
    _note_too_early(work, [clock for clock in clocks if _is_too_early(work, clock, event, on)])


def _is_too_early(work: Work, clock: Clock, event: str, on: date) -> bool:
    return rules.is_too_early(work.policies.named(clock.policy_id).clock(clock.rule), event, on, clock.due_on)


def _is_noted(warning: ClockWarning | None) -> bool:
    return warning is not None and warning.step == rules.LAPSED


def _note_lapses(work: Work, clocks: Sequence[Clock], on: date) -> None:
    """No night lay between the end of these clocks and what stopped them. An open pause may have moved the end."""
    if not clocks:
        return
    ids = [clock.id for clock in clocks]
    pauses, extensions = queries.pauses_of(work, ids), queries.extensions_of(work, ids)
    lines = queries.case_lines(work, {clock.case_id for clock in clocks})
    for clock in clocks:
        clock.due_on = queries.due_now(work, clock, pauses.get(clock.id, []), extensions.get(clock.id, []))
        if clock.due_on is not None and on > clock.due_on:
            _note_lapse(work, clock, clock.due_on, lines.get(clock.case_id, CaseLine()).lead_id)


def _note_lapse(work: Work, clock: Clock, due_on: date, lead_id: UUID | None) -> None:
    held = watched(work, clock, due_on, has_holder=lead_id is not None)
    lapse = rules.warned(held, None, due_on + rules.ONE_DAY)
    if lapse is None:
        return
    warning = work.add(warning_row(uuid4(), clock.id, clock.case_id, due_on, lapse, work.today, lead_id))
    work.happened(
        ClockLapsed(
            case_id=clock.case_id,
            clock_id=clock.id,
            warning_id=warning.id,
            rule=clock.rule,
            due_on=due_on,
            level=lapse.level,
            held_by_id=lead_id,
        )
    )


def _note_too_early(work: Work, clocks: Sequence[Clock]) -> None:
    """Less time lay between than the law wants: somebody says why, as of a lapse."""
    lines = queries.case_lines(work, {clock.case_id for clock in clocks})
    for clock in clocks:
        if clock.due_on is None:
            continue
        lead_id = lines.get(clock.case_id, CaseLine()).lead_id
        ladder = rules.ladder_of(work.policies.named(clock.policy_id).clock(clock.rule))
        told = Told(rules.LAPSED, work.today, ladder[0] if lead_id is not None else ladder[1])
        warning = work.add(warning_row(uuid4(), clock.id, clock.case_id, clock.due_on, told, work.today, lead_id))
        work.happened(
            StoppedTooEarly(
                case_id=clock.case_id,
                clock_id=clock.id,
                warning_id=warning.id,
                rule=clock.rule,
                due_on=clock.due_on,
                level=told.level,
                held_by_id=lead_id,
            )
        )


def warning_row(
    warning_id: UUID, clock_id: UUID, case_id: UUID, due_on: date, told: Told, today: date, held_by_id: UUID | None
) -> ClockWarning:
    """A new warning; of a lapse, with whoever leads the case now."""
    return ClockWarning(
        id=warning_id,
        clock_id=clock_id,
        case_id=case_id,
        step=told.step,
        due_on=due_on,
        raised_on=today,
        level=told.level,
        held_by_id=held_by_id,
    )
