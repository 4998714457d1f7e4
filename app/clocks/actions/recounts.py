"""All running clocks counted again in batches: every night, and when a rulebook was corrected.

Each batch is one transaction with a handful of round trips, however many clocks are in it; the next batch is queued
by the entry of the one before, so that a worker that is killed loses at most one of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.commands import AskRecount, NoteSeen
from app.clocks.events import (
    ChangesSeen,
    ClockLapsed,
    ClockRecounted,
    ClocksCounted,
    ClockStoodStill,
    RecountBegun,
    RecountFinished,
    RecountTakenUp,
    WarningRaised,
    WarningRose,
)
from app.clocks.queries import BY_HAND, NIGHT, RULEBOOK, CaseLine, Counted
from app.clocks.records import Clock, ClockChange, ClockWarning, Extension, Pause, Recount
from app.clocks.rules import Told, Watched
from app.infra.db import hidden_key
from app.kernel import deadlines
from app.kernel.deadlines import Rule
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule

AT_ONCE = 2000
# Longer than any batch takes: a recount that did not go on for so long has lost its job.
ABANDONED = timedelta(minutes=30)


@never_stopped("counting again changes no case")
def ask_recount(work: Work, ask: AskRecount) -> Recount:
    """Somebody wants all running clocks counted again, such as after the table of holidays was renewed."""
    if queries.unfinished(work, BY_HAND):
        raise Refused("The clocks are being counted again at this moment.")
    return _begin(work, BY_HAND, ask.reason)


@never_stopped("the machinery follows what was done")
def begin_night(work: Work) -> Recount | None:
    """Once in each local day: open pauses move their dates, warnings are given and rise, lapses are noted.

    Asked every hour, so that a worker that was down at midnight makes up for it; takes up what had stopped half-way.
    """
    for left in queries.unfinished(work):
        if work.now - left.went_on_at > ABANDONED:
            left.went_on_at = work.now
            work.happened(RecountTakenUp(recount_id=left.id))
    return None if queries.is_night_counted(work, work.today) else _begin(work, NIGHT)


@never_stopped("the machinery follows what was done")
def begin_for_rulebook(work: Work) -> Recount | None:
    """A rulebook was stored: one that corrects another gives open clocks their new dates."""
    waits = any(each.counted == 0 for each in queries.unfinished(work, RULEBOOK))
    if waits or queries.count_running(work) == 0:
        return None
    return _begin(work, RULEBOOK)


def _begin(work: Work, kind: str, reason: str = "") -> Recount:
    recount = work.add(
        Recount(
            id=uuid4(),
            kind=kind,
            day=work.today,
            reason=reason,
            asked_by_id=work.actor.id,
            asked_at=work.now,
            went_on_at=work.now,
            total=queries.count_running(work),
            counted=0,
            moved=0,
            warned=0,
        )
    )
    work.happened(RecountBegun(recount_id=recount.id, kind=kind, total=recount.total))
    return recount


@dataclass
class Ledger:
    """What one batch comes to: the events, and the rows that name them."""

    work: Work
    recount: Recount
    today: date
    events: list[Event] = field(default_factory=list)
    # For each row its place among the events; none where the entry of the whole batch names it.
    clocks: list[tuple[dict[str, Any], int | None]] = field(default_factory=list)
    changes: list[tuple[dict[str, Any], int | None]] = field(default_factory=list)
    endings: list[tuple[dict[str, Any], int | None]] = field(default_factory=list)
    rises: list[tuple[dict[str, Any], int | None]] = field(default_factory=list)
    warnings: list[tuple[dict[str, Any], int | None]] = field(default_factory=list)

    def happens(self, event: Event) -> int:
        """The event's place."""
        self.events.append(event)
        return len(self.events) - 1


@dataclass(frozen=True)
class Law:
    """The rule one clock is counted by today."""

    book: Rulebook
    clock: ClockRule
    rule: Rule | None
    tolls: frozenset[str]


@dataclass(frozen=True)
class Facts:
    """Everything a batch hangs on, read in a handful of statements."""

    pauses: dict[UUID, list[Pause]]
    extensions: dict[UUID, list[Extension]]
    warnings: dict[UUID, ClockWarning]
    lines: dict[UUID, CaseLine]
    standstills: list[deadlines.Pause]


@never_stopped("the machinery follows what was done")
def count_batch(work: Work, recount_id: UUID) -> Recount:
    """The next clocks of a recount; safe to run again, for what is counted stays counted."""
    recount = queries.get_recount(work, recount_id, for_update=True)
    if recount.finished_at is not None:
        return recount
    batch = queries.next_running(work, recount, AT_ONCE)
    if not batch:
        return _finish(work, recount)
    ids = [clock.id for clock in batch]
    facts = Facts(
        queries.pauses_of(work, ids),
        queries.extensions_of(work, ids),
        queries.warnings_of(work, ids),
        queries.case_lines(work, {clock.case_id for clock in batch}),
        rules.standstills(work.book),
    )
    ledger = Ledger(work, recount, work.today)
    law = _laws(work)
    for clock in batch:
        _count(ledger, clock, facts, law)
    recount.after_case, recount.after_clock = batch[-1].case_id, batch[-1].id
    recount.went_on_at = work.now
    _write(ledger, counted=len(batch), cases={clock.case_id for clock in batch})
    return recount


def _laws(work: Work) -> Callable[[Counted, list[Pause]], Law]:
    """Each rule is looked up once a batch; a correction that does not know a pause's kind leaves that clock alone."""
    known: dict[tuple[str, str, int, int], Law] = {}

    def law(clock: Counted, pauses: list[Pause]) -> Law:
        key = (clock.policy_id, clock.rule, clock.round, clock.laps)
        if key not in known:
            known[key] = _law(rules.book_of(work.policies, clock.policy_id, clock.rule), clock)
        if pauses and not {each.kind for each in pauses} <= known[key].tolls:
            return _law(work.policies.named(clock.policy_id), clock)
        return known[key]

    return law


def _law(book: Rulebook, clock: Counted) -> Law:
    rule = book.clock(clock.rule)
    tolls = frozenset(each.code for each in book.tolling)
    return Law(book, rule, rules.rule_of(rule, clock.round, clock.laps), tolls)


def _count(ledger: Ledger, clock: Counted, facts: Facts, law_of: Callable[[Counted, list[Pause]], Law]) -> None:
    """One clock: its date, and the warning that should stand on it."""
    pauses, today = facts.pauses.get(clock.id, []), ledger.today
    law = law_of(clock, pauses)
    tolled = [*(queries.intervals_by(law.book, pauses) if pauses else ()), *facts.standstills]
    extras = queries.extras_by(law.book, clock.rule, facts.extensions.get(clock.id, []))
    due_on = clock.due_on
    if law.rule is not None:
        due_on = deadlines.due_on(law.rule, clock.started_on, law.book.calendar, tolled, extended=extras, today=today)
    stands_still = bool(tolled) and rules.stands_still(tolled, today, law.book.calendar)
    if (due_on, law.book.policy_id) != (clock.due_on, clock.policy_id):
        _move(ledger, clock, due_on, law.book.policy_id, stands_still=stands_still)
    lead_id = facts.lines.get(clock.case_id, CaseLine()).lead_id
    watched = Watched(
        law.clock, law.book.calendar, clock.started_on, due_on, is_paused=stands_still, has_holder=lead_id is not None
    )
    _warn(ledger, clock, watched, facts.warnings.get(clock.id), lead_id)


def _move(ledger: Ledger, clock: Counted, due_on: Any, policy_id: str, *, stands_still: bool) -> None:
    place = None
    subject = {"case_id": clock.case_id, "clock_id": clock.id, "recount_id": ledger.recount.id}
    if due_on != clock.due_on:
        dates = {"rule": clock.rule, "from_on": clock.due_on, "due_on": due_on}
        if stands_still and policy_id == clock.policy_id:
            place = ledger.happens(ClockStoodStill(**subject, **dates))
        else:
            place = ledger.happens(ClockRecounted(**subject, **dates, policy_id=policy_id))
            change = {"id": hidden_key(), **subject, "from_on": clock.due_on, "to_on": due_on}
            ledger.changes.append((change | {"policy_id": policy_id, "changed_on": ledger.today}, place))
    ledger.clocks.append(({"id": clock.id, "due_on": due_on, "policy_id": policy_id}, place))


def _warn(
    ledger: Ledger, clock: Counted, watched: Watched, standing: ClockWarning | None, lead_id: UUID | None
) -> None:
    today = ledger.today
    told = _told(standing)
    should = rules.warned(watched, told, today)
    if should == told:
        return
    if standing is not None and should is not None and should.step == standing.step:
        _rise(ledger, clock, standing, should)
        return
    place = _raise(ledger, clock, watched, should, lead_id) if should is not None else None
    if standing is not None:
        ledger.endings.append(({"id": standing.id, "ended_on": today}, place))


def _told(standing: ClockWarning | None) -> Told | None:
    if standing is None:
        return None
    return Told(standing.step, standing.raised_on, standing.level, standing.acknowledged_at is not None)


def _rise(ledger: Ledger, clock: Counted | Clock, standing: ClockWarning, should: Told) -> None:
    place = ledger.happens(
        WarningRose(
            case_id=clock.case_id,
            clock_id=clock.id,
            warning_id=standing.id,
            rule=clock.rule,
            step=should.step,
            level=should.level,
        )
    )
    ledger.rises.append(({"id": standing.id, "level": should.level}, place))


def _raise(ledger: Ledger, clock: Counted, watched: Watched, should: Told, lead_id: UUID | None) -> int:
    is_lapse = should.step == rules.LAPSED
    row = {
        "id": uuid4(),
        "clock_id": clock.id,
        "case_id": clock.case_id,
        "step": should.step,
        "due_on": watched.due_on,
        "raised_on": should.raised_on,
        "level": should.level,
        "held_by_id": lead_id if is_lapse else None,
    }
    facts = {
        "case_id": clock.case_id,
        "clock_id": clock.id,
        "warning_id": row["id"],
        "rule": clock.rule,
        "due_on": watched.due_on,
        "level": should.level,
    }
    event = ClockLapsed(**facts, held_by_id=lead_id) if is_lapse else WarningRaised(**facts, step=should.step)
    place = ledger.happens(event)
    ledger.warnings.append((row, place))
    return place


def _write(ledger: Ledger, *, counted: int, cases: set[UUID]) -> None:
    """Entries first, then the rows that name them, all in one round trip; then the cases take their places."""
    work, recount = ledger.work, ledger.recount
    moved, warned = len(ledger.changes), len(ledger.warnings) + len(ledger.rises)
    recount.counted += counted
    recount.moved += moved
    recount.warned += warned
    entries = work.happened_often(ledger.events)
    batch = work.happened(ClocksCounted(recount_id=recount.id, counted=counted, moved=moved, warned=warned))

    def named(rows: Sequence[tuple[dict[str, Any], int | None]]) -> list[dict[str, Any]]:
        return [row | {"last_entry_id": batch if at is None else entries[at]} for row, at in rows]

    work.change_many(Clock, named(ledger.clocks))
    work.put_many(ClockChange, named(ledger.changes))
    work.change_many(ClockWarning, named(ledger.endings))
    work.change_many(ClockWarning, named(ledger.rises))
    work.put_many(ClockWarning, named(ledger.warnings))
    work.flush()
    for part in work.parts("cases_moved"):
        part(work, cases, batch)


def _finish(work: Work, recount: Recount) -> Recount:
    """The last thing: what lapsed and was stopped since, and nobody has explained, rises too."""
    ledger = Ledger(work, recount, work.today)
    for warning, clock in queries.unexplained(work, AT_ONCE):
        book = work.policies.named(clock.policy_id)
        watched = Watched(
            book.clock(clock.rule), book.calendar, clock.started_on, warning.due_on, is_paused=False, has_holder=True
        )
        should = rules.warned(watched, _told(warning), work.today)
        if should is not None and should.level != warning.level:
            _rise(ledger, clock, warning, should)
    recount.warned += len(ledger.rises)
    recount.finished_at = recount.went_on_at = work.now
    entries = work.happened_often(ledger.events)
    work.happened(
        RecountFinished(recount_id=recount.id, counted=recount.counted, moved=recount.moved, warned=recount.warned)
    )
    work.change_many(ClockWarning, [row | {"last_entry_id": entries[at or 0]} for row, at in ledger.rises])
    return recount


@never_stopped("history stays and is read")
def note_seen(work: Work, ask: NoteSeen) -> int:
    """Whoever leads the cases has seen these dates; what moved since the page was shown is still new."""
    seen = [each.change for each in queries.unseen_changes(work) if each.change.id <= ask.last_id]
    for change in seen:
        change.seen_at, change.seen_by_id = work.now, work.actor.id
    if seen:
        work.happened(ChangesSeen(changes=len(seen)))
    return len(seen)
