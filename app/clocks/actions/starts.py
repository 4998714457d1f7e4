"""Days from which a clock may count: kept as they come, chosen among with a reason, or held by another party."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.actions import dates
from app.clocks.commands import ChooseStart, NoteStart
from app.clocks.events import StartChosen, StartMoved, StartNoted
from app.clocks.records import Clock, ClockStart, StartChoice
from app.kernel.errors import NotFound, Refused
from app.policy.model.powers import Act


@never_stopped("the machinery follows what was done")
def note_more(work: Work, clocks: Sequence[Clock], event: str, on: date) -> None:
    """One more event came from which these clocks may count; by the rulebook the date moves or stays."""
    for clock in clocks:
        _keep_first(work, clock)
        start = _noted(work, clock, event, on)
        if start is not None:
            _take(work, clock, start)


def _noted(work: Work, clock: Clock, event: str, day: date, party: str = "", proof: str = "") -> ClockStart | None:
    """The row and its entry; nothing where the same stands there already."""
    known = queries.starts_of(work, [clock.id]).get(clock.id, [])
    if (event, day, party, proof) in {(each.event, each.day, each.party, each.proof) for each in known}:
        return None
    start = keep_start(work, clock, event, day, party, proof)
    _say(work, clock, start)
    return start


def _say(work: Work, clock: Clock, start: ClockStart) -> None:
    work.happened(
        StartNoted(
            case_id=clock.case_id,
            clock_id=clock.id,
            start_id=start.id,
            rule=clock.rule,
            event=start.event,
            day=start.day,
            party=start.party,
        )
    )
    work.flush()


@never_stopped("the machinery follows what was done")
def keep_start(work: Work, clock: Clock, event: str, day: date, party: str = "", proof: str = "") -> ClockStart:
    """The row alone; the event that names it is the caller's."""
    return work.add(
        ClockStart(
            id=uuid4(),
            clock_id=clock.id,
            case_id=clock.case_id,
            event=event,
            day=day,
            party=party,
            proof=proof,
            noted_on=work.today,
            noted_by_id=work.actor.id,
        )
    )


def _keep_first(work: Work, clock: Clock) -> None:
    """A clock that began before its days were kept has at least the one it counts from."""
    if not queries.starts_of(work, [clock.id]):
        _noted(work, clock, clock.started_by, clock.started_on)


def _take(work: Work, clock: Clock, latest: ClockStart) -> None:
    """What the rulebook takes; once somebody has chosen, only somebody moves it."""
    rule = work.policies.named(clock.policy_id).clock(clock.rule)
    if queries.choices_of(work, [clock.id]):
        return
    taken = rules.taken(rule, queries.as_starts(queries.starts_of(work, [clock.id])[clock.id]))
    if (taken.event, taken.day) == (clock.started_by, clock.started_on):
        return
    clock.started_by, clock.started_on = taken.event, taken.day
    dates.follow(work, clock)
    work.happened(
        StartMoved(
            case_id=clock.case_id,
            clock_id=clock.id,
            start_id=latest.id,
            rule=clock.rule,
            event=taken.event,
            started_on=taken.day,
            due_on=clock.due_on,
        )
    )


@never_stopped("the machinery follows what was done")
def correct(work: Work, clock: Clock, event: str, was_on: date, on: date) -> tuple[str, date]:
    """The day of an event was put on file wrong: by which event, and from which day, the clock counts now."""
    found = queries.starts_of(work, [clock.id]).get(clock.id, [])
    wrong = next((each for each in found if (each.event, each.day, each.party) == (event, was_on, "")), None)
    now = (clock.started_by, clock.started_on)
    if wrong is None:
        return (event, on) if (*now, clock.whose_date) == (event, was_on, rules.OFFICE) else now
    holds = queries.holding_start(clock, found)
    wrong.day = on
    _say(work, clock, wrong)
    if queries.choices_of(work, [clock.id]):
        return (event, on) if wrong is holds else now
    taken = rules.taken(work.policies.named(clock.policy_id).clock(clock.rule), queries.as_starts(found))
    return taken.event, taken.day


@stops_with(Act.CASEWORK)
def note_start(work: Work, clock_id: UUID, ask: NoteStart) -> ClockStart:
    """Another party holds another day; both stand side by side, and the date stays until somebody chooses."""
    work.need(Permission.CLOCK_ASK)
    clock, book = dates.get_running(work, clock_id)
    rules.check_party(book.clock(clock.rule), ask.party, ask.day, work.today)
    _keep_first(work, clock)
    start = _noted(work, clock, clock.started_by, ask.day, ask.party, ask.proof)
    if start is None:
        raise Refused("This day is noted already.")
    return start


@stops_with(Act.CASEWORK)
def choose_start(work: Work, clock_id: UUID, ask: ChooseStart) -> Clock:
    """Somebody says from which day the clock counts and why; a later choice is a change with its own reason."""
    work.need(Permission.START_CHOOSE)
    clock, book = dates.get_running(work, clock_id)
    _keep_first(work, clock)
    chosen = _chosen(work, clock, ask.start_id)
    holds = queries.holding_start(clock, queries.starts_of(work, [clock.id])[clock.id])
    is_holding = holds is not None and holds.id == chosen.id
    rules.check_choice(book.clock(clock.rule), holds_already=is_holding and not clock.waits_for_choice)
    before = clock.due_on
    clock.started_by, clock.started_on = chosen.event, chosen.day
    clock.whose_date, clock.waits_for_choice = rules.whose(chosen.party), False
    dates.follow(work, clock)
    work.add(
        StartChoice(
            id=uuid4(),
            clock_id=clock.id,
            case_id=clock.case_id,
            start_id=chosen.id,
            reason=ask.reason,
            from_on=before,
            to_on=clock.due_on,
            chosen_at=work.now,
            chosen_by_id=work.actor.id,
        )
    )
    work.happened(
        StartChosen(
            case_id=clock.case_id,
            clock_id=clock.id,
            start_id=chosen.id,
            rule=clock.rule,
            event=chosen.event,
            party=chosen.party,
            started_on=chosen.day,
            from_on=before,
            due_on=clock.due_on,
        )
    )
    return clock


def _chosen(work: Work, clock: Clock, start_id: UUID) -> ClockStart:
    known = queries.starts_of(work, [clock.id])[clock.id]
    wanted = known[0].id if start_id == clock.id else start_id
    found = next((each for each in known if each.id == wanted), None)
    if found is None:
        raise NotFound()
    return found
