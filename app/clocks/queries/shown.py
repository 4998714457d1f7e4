"""Clocks as a person reads them: the day and why, whose turn it is, the warning that stands, what may be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.access.permissions import Role
from app.access.records import Account, AccountRole
from app.access.work import Work
from app.clocks import rules
from app.clocks.queries import reckoned, starts, told
from app.clocks.queries.starts import Begun
from app.clocks.records import Clock, ClockWarning, Extension, Pause
from app.kernel import deadlines
from app.kernel.deadlines import Elapsed, Explanation
from app.people import queries as people
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule

HOLDERS = (Role.INTAKE, Role.INVESTIGATOR, Role.SUPERVISOR, Role.COUNSEL, Role.DIRECTOR)


@dataclass(frozen=True)
class ShownClock:
    """A clock as a person reads it: its name, its day and why, whose turn it is, and what follows if it lapses."""

    clock: Clock
    label: str
    about: str
    state: str
    # Of a duty without a number of days, the days that have passed.
    days_left: int
    due_on: date | None
    why: Explanation | Elapsed | None
    note: str
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


@dataclass(frozen=True)
class OnFile:
    """What several clocks are shown with."""

    pauses: Mapping[UUID, list[Pause]]
    extensions: Mapping[UUID, list[Extension]]
    officers: Mapping[UUID, str]
    warnings: Mapping[UUID, "ShownWarning"]
    begun: Begun


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
    on_file = OnFile(pauses, extensions, officers, warnings or {}, starts.begun(work, clocks))
    return [_shown(work, clock, on_file) for clock in clocks]


def _shown(work: Work, clock: Clock, on_file: OnFile) -> ShownClock:
    book = work.policies.named(clock.policy_id)
    rule = book.clock(clock.rule)
    pauses, extensions = on_file.pauses.get(clock.id, []), on_file.extensions.get(clock.id, [])
    why = reckoned.why_this_date(work, clock, pauses, extensions, on_file.begun)
    passed = reckoned.passed(work, clock, pauses, on_file.begun)
    # With a pause still open the date moves every day: the explanation counts up to today, the row to last night.
    due_on = why.due_on if why is not None and clock.stopped_on is None else clock.due_on
    is_paused = rules.stands_still(told.tolled(work, book, pauses), work.today, book.calendar)
    tolling = [book.toll(code) for code in rule.tolling]
    return ShownClock(
        clock=clock,
        label=label_of(rule, clock),
        about=on_file.officers.get(clock.officer_id, "") if clock.officer_id else "",
        state=rules.WITHDRAWN
        if clock.is_void
        else rules.state_of(replace(starts.dated(clock), due_on=due_on), work.today, is_paused=is_paused),
        days_left=(due_on - work.today).days if due_on is not None else passed.days if passed else 0,
        due_on=due_on,
        why=why or passed,
        note=_note(book, clock, passed),
        owner=rules.OWNERS.get(rule.owner, ""),
        consequence=rule.consequence.to("en") if rule.consequence else "",
        reasons=tuple(
            (t.code, t.label.to("en"), t.evidence_needed.to("en") if t.evidence_needed else "") for t in tolling
        ),
        open_pause=next((p for p in pauses if p.until_on is None), None),
        pauses=tuple(pauses),
        extensions=tuple(extensions),
        warning=on_file.warnings.get(clock.id),
    )


def label_of(rule: ClockRule, clock: Clock) -> str:
    """The clock's name; of a duty that comes back with its number."""
    label = rule.label.to("en")
    return f"{label}, round {clock.round}" if rule.repeat is not None else label


def _note(book: Rulebook, clock: Clock, passed: Elapsed | None) -> str:
    """What else is to be known of this date, in a few words."""
    rule = book.clock(clock.rule)
    notes = [
        f"{deadlines.in_words(passed.business_days, deadlines.Unit.BUSINESS_DAYS)} of them" if passed else "",
        "the start is to be chosen" if clock.waits_for_choice and clock.stopped_on is None else "",
        f"by the day of {rules.OWNERS.get(clock.whose_date, '').lower()}" if clock.whose_date != rules.OFFICE else "",
        _warned_of(book, rule),
    ]
    return "; ".join(note for note in notes if note)


def _warned_of(book: Rulebook, rule: ClockRule) -> str:
    if rule.warns_of is None or not book.has_clock(rule.warns_of):
        return ""
    return f"an earlier warning of: {book.clock(rule.warns_of).label.to('en')}"


def shown_many(work: Work, clocks: list[Clock]) -> list[ShownClock]:
    """Clocks of several cases, each with its officer and its warning: five statements, or seven."""
    ids = [clock.id for clock in clocks]
    officers = people.officers_by_id(work, {clock.officer_id for clock in clocks if clock.officer_id})
    warnings = told.warnings_of(work, ids)
    names = names_of(work, people_in(warnings.values()))
    books = {clock.id: work.policies.named(clock.policy_id) for clock in clocks}
    least = {clock.id for clock in clocks if clock.is_least}
    said = {key: shown_warning(books[key], warning, names, is_least=key in least) for key, warning in warnings.items()}
    labels = {key: people.label(each) for key, each in officers.items()}
    return shown(work, clocks, told.pauses_of(work, ids), labels, said)


def shown_clock(work: Work, clock: Clock) -> ShownClock:
    """One clock with its arithmetic."""
    return shown_many(work, [clock])[0]


def shown_warning(
    book: Rulebook, warning: ClockWarning, names: Mapping[UUID, str], *, is_least: bool = False
) -> ShownWarning:
    """One warning in words; a least time is not missed by being late."""
    missed = "Too early" if is_least else "Lapsed"
    causes = {each.code: each.label.to("en") for each in book.deadline_defaults.lapse_reasons}
    days = "1 day" if warning.step == 1 else f"{warning.step} days"
    return ShownWarning(
        warning,
        missed if warning.step == rules.LAPSED else f"{days} before the end",
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
