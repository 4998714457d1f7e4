"""The page of one clock: everything it shows, and what this person may do to it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import not_, or_

from app.access.permissions import Permission
from app.access.routes import acting_as
from app.access.work import Work
from app.clocks import rules
from app.clocks.queries import starts, told
from app.clocks.queries.lines import CaseLine, case_lines, is_without_filer
from app.clocks.queries.running import visible_clocks
from app.clocks.queries.shown import ShownClock, ShownWarning, names_of, people_in, shown_clock, shown_warning
from app.clocks.queries.starts import dated
from app.clocks.records import Agreement, Clock, ClockStart, Extension, Pause, StartChoice
from app.kernel import deadlines
from app.policy.model import Rulebook
from app.policy.model.process import Extension as ExtensionRule


@dataclass(frozen=True)
class ShownRequest:
    """Something that was asked for, with what came of it."""

    request: Pause | Extension
    said: str
    asked_by: str
    decided_by: str
    is_open: bool
    may_decide: bool
    agreements: tuple[Agreement, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    """Parties that have not agreed yet."""


def clock_view(work: Work, clock: Clock) -> dict[str, Any]:
    """Everything the page of one clock shows, and what this person can do to it."""
    book = work.policies.named(clock.policy_id)
    one = shown_clock(work, clock)
    line = case_lines(work, {clock.case_id}).get(clock.case_id, CaseLine())
    pauses, extensions = told.requests_of(work, clock.id)
    warnings = told.warnings_ever(work, clock.id)
    changes = told.changes_of(work, clock.id)
    begun = starts.begun(work, [clock])
    choices = begun.choices.get(clock.id, [])
    names = names_of(work, people_in(warnings) | _askers(pauses, extensions) | {each.chosen_by_id for each in choices})
    agreed = told.agreements_of(work, clock.id) if extensions else {}
    runs = clock.stopped_on is None
    more = _more_time(book, clock, extensions) if runs else []
    return {
        "shown": one,
        "line": line,
        "to_nobody": rules.waits_for_a_letter(book.clock(clock.rule)) and is_without_filer(work, clock.case_id),
        "requests": [_pause_said(work, book, clock, each, names) for each in pauses],
        "extensions": [_extension_said(work, book, clock, each, names, agreed.get(each.id, [])) for each in extensions],
        "rises": _rises(work, book, clock, one, line),
        "warnings": [shown_warning(book, each, names, is_least=clock.is_least) for each in warnings],
        "starts": _starts_said(work, clock, begun.starts.get(clock.id, []), choices),
        "start_choices": _start_choices(begun.starts.get(clock.id, []), clock),
        "owners": rules.OWNERS,
        "choices": [(each, names.get(each.chosen_by_id, "")) for each in choices],
        "parties": [(str(each), rules.OWNERS[each]) for each in rules.other_parties(book.clock(clock.rule))],
        "rounds": rounds_of(work, clock),
        "changes": changes,
        "kinds": [(code, label) for code, label, _ in one.reasons],
        "more": more,
        "is_used_up": runs and not more and bool(extensions),
        "more_choices": [(way.code, way.label) for way in more],
        "may_end": runs and work.may(Permission.CLOCK_PAUSE),
        "causes": [(each.code, each.label.to("en")) for each in book.deadline_defaults.lapse_reasons],
        "files": [choice for part in work.parts("clock_evidence") for choice in part(work, clock.case_id)],
        "can": {
            "ask": runs and work.may(Permission.CLOCK_ASK),
            "pause": runs and _may_grant(work, book, Permission.CLOCK_PAUSE, "pause", _approvers(book, clock)),
            "extend": runs and _may_grant(work, book, Permission.CLOCK_EXTEND, "extension", _grantors(book, clock)),
            "choose": runs and _may_choose(work, book, clock),
            "answer": _may_answer(work, book, clock, one.warning, line),
        },
    }


def _rises(work: Work, book: Rulebook, clock: Clock, one: ShownClock, line: CaseLine) -> tuple[date, str] | None:
    """The day on which the warning that nobody has answered goes to somebody else, and to whom."""
    if one.warning is None or not one.warning.is_open or one.due_on is None:
        return None
    warning = one.warning.warning
    watched = rules.Watched(
        book.clock(clock.rule),
        book.calendar,
        clock.started_on,
        one.due_on,
        is_paused=one.state == "paused",
        has_holder=line.lead_id is not None,
    )
    rise = rules.next_rise(watched, rules.Told(warning.step, warning.raised_on, warning.level), work.today)
    return (rise.day, rules.said_level(rise.level)) if rise else None


@dataclass(frozen=True)
class ShownStart:
    """A day from which a clock may count, and the date it would give."""

    id: UUID
    said: str
    party: str
    proof: str
    why: str
    day: date
    due_on: date | None
    holds: bool
    is_new: bool
    """It came after somebody had chosen."""


def _starts_said(work: Work, clock: Clock, found: list[ClockStart], choices: list[StartChoice]) -> list[ShownStart]:
    """Every day that is known, each with the date that it alone would give; the one that counts is marked."""
    holds = starts.holding_start(clock, found)
    return [_start_said(work, clock, each, holds, choices) for each in found]


def _start_said(
    work: Work, clock: Clock, start: ClockStart, holds: ClockStart | None, choices: list[StartChoice]
) -> ShownStart:
    book = work.policies.named(clock.policy_id)
    rule = book.clock(clock.rule)
    is_it = holds is not None and holds.id == start.id
    return ShownStart(
        id=start.id,
        said=starts.event_said(book, start.event),
        party=rules.OWNERS.get(start.party or "agency", start.party),
        proof=start.proof,
        why=str(rule.start_reasons.get(start.event, "")),
        day=start.day,
        due_on=clock.due_on if is_it else book.due_on(clock.rule, start.day),
        holds=is_it,
        is_new=bool(choices) and not is_it and start.last_entry_id > choices[-1].last_entry_id,
    )


def _start_choices(found: list[ClockStart], clock: Clock) -> list[tuple[UUID, str]]:
    """For a form; a clock that began before its days were kept stands for the one day it has."""
    if not found:
        return [(clock.id, f"{clock.started_by.replace('_', ' ')}, {clock.started_on}")]
    return [
        (each.id, f"{rules.OWNERS.get(each.party or 'agency', '')}: {each.event.replace('_', ' ')}, {each.day}")
        for each in found
    ]


def _may_choose(work: Work, book: Rulebook, clock: Clock) -> bool:
    rule = book.clock(clock.rule)
    return work.may(Permission.START_CHOOSE) and (rules.must_be_chosen(rule) or bool(rule.dated_by))


def rounds_of(work: Work, clock: Clock) -> list[tuple[Clock, str, str]]:
    """Every round of a duty that comes back, the first one first, each with its state and what ended it."""
    first = clock.first_round_id or clock.id
    query = visible_clocks(work).where(or_(Clock.id == first, Clock.first_round_id == first), not_(Clock.is_void))
    found = list(work.session.scalars(query.order_by(Clock.round)))
    book = work.policies.named(clock.policy_id)
    if len(found) == 1 and book.clock(clock.rule).repeat is None:
        return []
    return [(each, rules.state_of(dated(each), work.today), starts.ended_by(book, each.stopped_by)) for each in found]


def _may_grant(work: Work, book: Rulebook, permission: Permission, step: str, named: set[str]) -> bool:
    """At once, with nobody asking: where the rulebook does not want two, and names one of this person's roles."""
    return work.may(permission) and not rules.wants_two(book, step) and bool(named & set(work.actor.roles))


def _approvers(book: Rulebook, clock: Clock) -> set[str]:
    return {role for code in book.clock(clock.rule).tolling for role in book.toll(code).approved_by}


def _grantors(book: Rulebook, clock: Clock) -> set[str]:
    rule = book.clock(clock.rule)
    ways = (*filter(None, [rule.extension]), *rule.further_extensions)
    return {role for way in ways for role in way.granted_by}


def _askers(pauses: list[Pause], extensions: list[Extension]) -> set[UUID]:
    asked = {key for each in pauses for key in (each.asked_by_id, each.granted_by_id)}
    return {key for key in asked | {key for e in extensions for key in (e.asked_by_id, e.decided_by_id)} if key}


def _may_answer(work: Work, book: Rulebook, clock: Clock, warning: ShownWarning | None, line: CaseLine) -> bool:
    if warning is None or not work.may(Permission.WARNING_ACKNOWLEDGE):
        return False
    ladder = rules.ladder_of(book.clock(clock.rule))
    holds_it = line.lead_id in work.actor.places
    return warning.is_open and rules.may_answer(
        warning.warning.level, ladder, holds_it=holds_it, roles=work.actor.roles
    )


def _pause_said(work: Work, book: Rulebook, clock: Clock, pause: Pause, names: Mapping[UUID, str]) -> ShownRequest:
    toll = book.toll(pause.kind)
    is_open = pause.state == told.ASKED
    return ShownRequest(
        pause,
        toll.label.to("en"),
        names.get(pause.asked_by_id, "") if pause.asked_by_id else "",
        names.get(pause.granted_by_id, "") if pause.granted_by_id else "",
        is_open,
        is_open
        and _may_decide(work, book, clock, Permission.CLOCK_PAUSE, "pause", toll.approved_by, pause.asked_by_id),
    )


def _extension_said(
    work: Work,
    book: Rulebook,
    clock: Clock,
    extension: Extension,
    names: Mapping[UUID, str],
    agreed: list[Agreement],
) -> ShownRequest:
    rule = rules.extension_of(book, clock.rule, extension.kind)
    granted_by, have = rule.granted_by, {each.party for each in agreed}
    is_open, asked_by = extension.state == told.ASKED, extension.asked_by_id
    return ShownRequest(
        extension,
        deadlines.in_words(extension.amount, deadlines.Unit(extension.unit)),
        names.get(asked_by, "") if asked_by else "",
        names.get(extension.decided_by_id, "") if extension.decided_by_id else "",
        is_open,
        is_open and _may_decide(work, book, clock, Permission.CLOCK_EXTEND, "extension", granted_by, asked_by),
        tuple(agreed),
        tuple((str(each), rules.OWNERS[each]) for each in rule.agreed_by if each not in have) if is_open else (),
    )


def _may_decide(
    work: Work,
    book: Rulebook,
    clock: Clock,
    permission: Permission,
    step: str,
    allowed: tuple[str, ...],
    asked_by: UUID | None,
) -> bool:
    if clock.stopped_on is not None or not work.may(permission):
        return False
    acts_as = acting_as(work, clock.case_id)
    return rules.may_decide(book, step, allowed, asked_by_decider=asked_by in work.actor.places, roles=acts_as)


@dataclass(frozen=True)
class MoreTime:
    """One way to have more time, with its limits in words."""

    code: str
    label: str
    needs_days: bool
    limits: str
    is_agreed: bool
    """By agreement alone: nobody grants it."""


def _more_time(book: Rulebook, clock: Clock, extensions: Iterable[Extension]) -> list[MoreTime]:
    """What is left of it: each way as often as the rulebook gives it."""
    rule = book.clock(clock.rule)
    granted = Counter(each.kind for each in extensions if each.state == told.GRANTED)
    found = [("", "More time", rule.extension)] if rule.extension else []
    ways = [*found, *((each.code, each.label.to("en"), each) for each in rule.further_extensions)]
    return [_way(code, label, extension) for code, label, extension in ways if granted[code] < extension.times]


def _way(code: str, label: str, extension: ExtensionRule) -> MoreTime:
    is_agreed = bool(extension.agreed_by)
    return MoreTime(code, label, extension.amount is None, rules.limits_of(extension), is_agreed)
