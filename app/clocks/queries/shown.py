"""Clocks as a person reads them: the day and why, whose turn it is, the warning that stands, what may be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.permissions import Permission, Role
from app.access.records import Account, AccountRole
from app.access.work import Work
from app.clocks import rules
from app.clocks.queries import told
from app.clocks.queries.lines import CaseLine, case_lines
from app.clocks.records import Clock, ClockWarning, Extension, Pause
from app.kernel import deadlines
from app.kernel.deadlines import Explanation
from app.people import queries as people
from app.policy.model import Rulebook

HOLDERS = (Role.INTAKE, Role.INVESTIGATOR, Role.SUPERVISOR, Role.COUNSEL, Role.DIRECTOR)


@dataclass(frozen=True)
class ShownClock:
    """A clock as a person reads it: its name, its day and why, whose turn it is, and what follows if it lapses."""

    clock: Clock
    label: str
    about: str
    state: str
    days_left: int
    due_on: date
    why: Explanation | None
    owner: str
    consequence: str
    reasons: tuple[tuple[str, str, str], ...]
    open_pause: Pause | None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    warning: "ShownWarning | None" = field(default=None)


@dataclass(frozen=True)
class ShownWarning:
    """A warning as it stands: how near, with whom it is, and what was answered."""

    warning: ClockWarning
    said: str
    with_whom: str
    answered_by: str = ""
    held_by: str = ""
    cause: str = ""

    @property
    def is_lapse(self) -> bool:
        """True where the clock has run out."""
        return self.warning.step == rules.LAPSED

    @property
    def is_open(self) -> bool:
        """True while nobody has answered."""
        return self.warning.acknowledged_at is None and self.warning.ended_on is None


def shown(
    work: Work,
    found: Iterable[Clock],
    pauses: Mapping[UUID, list[Pause]],
    officers: Mapping[UUID, str],
    warnings: Mapping[UUID, ShownWarning] | None = None,
) -> list[ShownClock]:
    """Clocks with their arithmetic; `officers` names those whom a clock of their own concerns."""
    clocks = list(found)
    extensions = told.extensions_of(work, [clock.id for clock in clocks])
    return [
        _shown(
            work,
            clock,
            pauses.get(clock.id, []),
            extensions.get(clock.id, []),
            officers.get(clock.officer_id, "") if clock.officer_id else "",
            (warnings or {}).get(clock.id),
        )
        for clock in clocks
    ]


def _shown(
    work: Work,
    clock: Clock,
    pauses: list[Pause],
    extensions: list[Extension],
    about: str,
    warning: ShownWarning | None,
) -> ShownClock:
    book = work.policies.named(clock.policy_id)
    rule = book.clock(clock.rule)
    why = told.why_this_date(work, clock, pauses, extensions)
    # With a pause still open the date moves every day: the explanation counts up to today, the row to last night.
    due_on = why.due_on if why is not None and clock.stopped_on is None else clock.due_on
    is_paused = rules.stands_still(told.intervals_by(book, pauses), work.today, book.calendar)
    tolling = [book.toll(code) for code in rule.tolling]
    return ShownClock(
        clock=clock,
        label=rule.label.to("en"),
        about=about,
        state=rules.state_of(due_on, clock.stopped_on, is_paused=is_paused),
        days_left=(due_on - work.today).days,
        due_on=due_on,
        why=why,
        owner=rules.OWNERS.get(rule.owner, ""),
        consequence=rule.consequence.to("en") if rule.consequence else "",
        reasons=tuple(
            (t.code, t.label.to("en"), t.evidence_needed.to("en") if t.evidence_needed else "") for t in tolling
        ),
        open_pause=next((p for p in pauses if p.until_on is None), None),
        pauses=tuple(pauses),
        extensions=tuple(extensions),
        warning=warning,
    )


def shown_many(work: Work, clocks: list[Clock]) -> list[ShownClock]:
    """Clocks of several cases, each with its officer and its warning: five statements, however many there are."""
    ids = [clock.id for clock in clocks]
    officers = people.officers_by_id(work, {clock.officer_id for clock in clocks if clock.officer_id})
    warnings = told.warnings_of(work, ids)
    names = names_of(work, people_in(warnings.values()))
    books = {clock.id: work.policies.named(clock.policy_id) for clock in clocks}
    said = {key: shown_warning(books[key], warning, names) for key, warning in warnings.items()}
    labels = {key: people.label(each) for key, each in officers.items()}
    return shown(work, clocks, told.pauses_of(work, ids), labels, said)


def shown_clock(work: Work, clock: Clock) -> ShownClock:
    """One clock with its arithmetic."""
    return shown_many(work, [clock])[0]


def shown_warning(book: Rulebook, warning: ClockWarning, names: Mapping[UUID, str]) -> ShownWarning:
    """One warning in words."""
    causes = {each.code: each.label.to("en") for each in book.deadline_defaults.lapse_reasons}
    days = "1 day" if warning.step == 1 else f"{warning.step} days"
    return ShownWarning(
        warning,
        "Lapsed" if warning.step == rules.LAPSED else f"{days} before the end",
        rules.said_level(warning.level),
        names.get(warning.acknowledged_by_id, "") if warning.acknowledged_by_id else "",
        names.get(warning.held_by_id, "") if warning.held_by_id else "",
        causes.get(warning.cause, warning.cause),
    )


def people_in(warnings: Iterable[ClockWarning]) -> set[UUID]:
    """Whom to name beside warnings."""
    return {key for each in warnings for key in (each.acknowledged_by_id, each.held_by_id) if key is not None}


def names_of(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    """How people of the office are shown beside what they did."""
    if not ids:
        return {}
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def holders(work: Work) -> list[tuple[UUID, str]]:
    """Who may have held a file: people of the office."""
    query = select(Account.id, Account.display_name).join(AccountRole, AccountRole.account_id == Account.id)
    query = query.where(AccountRole.role.in_(HOLDERS), Account.status == "active").distinct()
    return [
        (row.id, row.display_name) for row in work.session.execute(query.order_by(Account.display_name, Account.id))
    ]


@dataclass(frozen=True)
class ShownRequest:
    """Something that was asked for, with what came of it."""

    request: Pause | Extension
    said: str
    asked_by: str
    decided_by: str
    is_open: bool
    may_decide: bool


def clock_view(work: Work, clock: Clock) -> dict[str, Any]:
    """Everything the page of one clock shows, and what this person can do to it."""
    book = work.policies.named(clock.policy_id)
    one = shown_clock(work, clock)
    line = case_lines(work, {clock.case_id}).get(clock.case_id, CaseLine())
    pauses, extensions = told.requests_of(work, clock.id)
    warnings = told.warnings_ever(work, clock.id)
    changes = told.changes_of(work, clock.id)
    names = names_of(work, people_in(warnings) | _askers(pauses, extensions))
    runs = clock.stopped_on is None
    more = _more_time(book, clock) if runs else []
    return {
        "shown": one,
        "line": line,
        "requests": [_pause_said(work, book, clock, each, names) for each in pauses],
        "extensions": [_extension_said(work, book, clock, each, names) for each in extensions],
        "warnings": [shown_warning(book, each, names) for each in warnings],
        "changes": changes,
        "kinds": [(code, label) for code, label, _ in one.reasons],
        "more": more,
        "more_choices": [(way.code, way.label) for way in more],
        "may_end": runs and work.may(Permission.CLOCK_PAUSE),
        "causes": [(each.code, each.label.to("en")) for each in book.deadline_defaults.lapse_reasons],
        "files": [choice for part in work.parts("clock_evidence") for choice in part(work, clock.case_id)],
        "can": {
            "ask": runs and work.may(Permission.CLOCK_ASK),
            "pause": runs and _may_grant(work, book, Permission.CLOCK_PAUSE, "pause", _approvers(book, clock)),
            "extend": runs and _may_grant(work, book, Permission.CLOCK_EXTEND, "extension", _grantors(book, clock)),
            "answer": _may_answer(work, book, clock, one.warning, line),
        },
    }


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
    holds_it = line.lead_id == work.actor.id
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
    work: Work, book: Rulebook, clock: Clock, extension: Extension, names: Mapping[UUID, str]
) -> ShownRequest:
    granted_by = rules.extension_of(book, clock.rule, extension.kind).granted_by
    is_open, asked_by = extension.state == told.ASKED, extension.asked_by_id
    return ShownRequest(
        extension,
        deadlines.in_words(extension.amount, deadlines.Unit(extension.unit)),
        names.get(asked_by, "") if asked_by else "",
        names.get(extension.decided_by_id, "") if extension.decided_by_id else "",
        is_open,
        is_open and _may_decide(work, book, clock, Permission.CLOCK_EXTEND, "extension", granted_by, asked_by),
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
    return rules.may_decide(book, step, allowed, asked_by_decider=asked_by == work.actor.id, roles=work.actor.roles)


@dataclass(frozen=True)
class MoreTime:
    """One way to have more time, with its limits in words."""

    code: str
    label: str
    needs_days: bool
    limits: str


def _more_time(book: Rulebook, clock: Clock) -> list[MoreTime]:
    rule = book.clock(clock.rule)
    found = [("", "More time", rule.extension)] if rule.extension else []
    ways = [*found, *((each.code, each.label.to("en"), each) for each in rule.further_extensions)]
    return [
        MoreTime(code, label, extension.amount is None, rules.limits_of(extension)) for code, label, extension in ways
    ]
