"""Which clocks an event starts and stops, which rulebook counts them, and how they are shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.clocks.rules.rounds import is_done_by
from app.kernel.calendar import Calendar
from app.kernel.deadlines import Pause, merged
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import Per, StartBy

# Events by which a case ends, and those of them that leave undone what was owed.
EARLY_ENDS = frozenset({"case_closed_early", "case_referred"})
ENDS_OF_A_CASE = EARLY_ENDS | {"case_closed"}
# Events whose day stands in the case itself.
TOLD_BY_THE_CASE = frozenset({"incident", "filing_received", "case_opened"})
# What a letter to whoever filed tells the clocks.
LETTERS_TO_FILER = frozenset({"acknowledgement_sent", "filer_updated", "closing_letter_sent"})
# What a clock that never began is said to have stopped by.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Subject:
    """What a clock belongs to: the case itself, or one officer in it."""

    is_officer: bool

    def takes(self, rule: ClockRule) -> bool:
        """True where the rule counts for this kind of subject."""
        return rule.per is (Per.OFFICER if self.is_officer else Per.CASE)


@dataclass(frozen=True)
class Ran:
    """A clock that ran: its rule, and the events that began and ended it."""

    rule: str
    started_by: str
    stopped_by: str


def started_by(book: Rulebook, event: str, subject: Subject, begun: Collection[str] = ()) -> tuple[ClockRule, ...]:
    """The clocks that begin with this event; one whose number nobody has found has no date and is not started.

    `begun` are those that count from another event already, or have: only a rule that begins anew begins again.
    """
    found = (rule for rule in book.clocks_started_by(event) if _can_run(rule) and subject.takes(rule))
    return tuple(rule for rule in found if rule.start_by is StartBy.ANEW or rule.code not in begun)


def are_of_reviews(book: Rulebook, found: Collection[ClockRule]) -> bool:
    """True where one of these counts to a review that must be: whether this case needs one is asked first."""
    bound = {rule.clock for rule in book.review.rules if rule.is_mandatory and rule.clock}
    return any(rule.code in bound for rule in found)


def waits_for_a_letter(rule: ClockRule) -> bool:
    """True where nothing but a letter to whoever filed does what the clock waits for, as long as the case goes on."""
    deeds = {*rule.stops, *(rule.repeat.done_by if rule.repeat else ())} - ENDS_OF_A_CASE
    begins_anew = set(rule.starts) & LETTERS_TO_FILER if rule.start_by is StartBy.ANEW else set()
    return bool(deeds or begins_anew) and deeds <= LETTERS_TO_FILER


def begun_by_a_filer(book: Rulebook) -> tuple[ClockRule, ...]:
    """The clocks that begin in a case of the office's own once somebody files what it is about after all."""
    found = (rule for rule in book.deadlines if waits_for_a_letter(rule) and rule.per is Per.CASE)
    return tuple(rule for rule in found if _can_run(rule))


def starts_for_officers(book: Rulebook, event: str) -> bool:
    """True where a clock of each officer begins with this event."""
    return any(rule.per is Per.OFFICER for rule in book.clocks_started_by(event))


def must_be_kept(book: Rulebook, event: str) -> bool:
    """True where no row of the case tells on which day it came to this, and an officer named later asks for it."""
    return event not in TOLD_BY_THE_CASE and event not in {each.code for each in book.milestones}


def asks_what_has_begun(book: Rulebook, event: str) -> bool:
    """True where a clock that this event starts has one start, and what began before must be known."""
    return any(rule.start_by is not StartBy.ANEW for rule in book.clocks_started_by(event))


def _can_run(rule: ClockRule) -> bool:
    """With a number of days, or as a duty that has none in law and counts up."""
    return rule.is_known or rule.counts_up


def is_stopped_by(book: Rulebook, rule: str, event: str) -> bool:
    """True where the event is what the clock waits for, fulfils a round of it, or begins it anew."""
    found = book.clock(rule)
    begins_anew = event in found.starts and found.start_by is StartBy.ANEW
    return event in found.stops or is_done_by(found, event) or begins_anew


def has_another_start(book: Rulebook, rule: str, event: str) -> bool:
    """True where the event is one more day from which a running clock may count."""
    found = book.clock(rule)
    return found.start_by is not StartBy.ANEW and event in found.starts


def ends_early(rule: ClockRule, event: str) -> bool:
    """True where the case ended first, and what the clock waited for was never done.

    A clock that waits for nothing but the end of the case is done by each end of it.
    """
    if rule.repeat is not None and event in rule.stops:
        return True
    has_a_deed = any(each not in ENDS_OF_A_CASE for each in rule.stops)
    return has_a_deed and event in (ENDS_OF_A_CASE if rule.is_least else EARLY_ENDS)


def is_too_early(rule: ClockRule, event: str, on: date, due_on: date | None) -> bool:
    """True where the law wants so much time to lie between, and less did."""
    return rule.is_least and due_on is not None and on < due_on and not ends_early(rule, event)


def as_corrected(policies: Rulebooks, policy_id: str) -> Rulebook:
    """The rulebook a clock is counted by: the same version as it reads today, where it was corrected since.

    A new version is another law and leaves open clocks alone; a holiday added to this one, or a rule put right, moves
    them.
    """
    version, _, _ = policy_id.partition("#")
    same = (volume for volume in policies.volumes if f"{volume.agency}@{volume.effective_from}" == version)
    found = next(same, None)
    return found.book if found is not None else policies.named(policy_id)


def book_of(policies: Rulebooks, policy_id: str, rule: str) -> Rulebook:
    """The same for one running clock; a correction that no longer knows the clock leaves it as it was."""
    book = as_corrected(policies, policy_id)
    return book if book.has_clock(rule) else policies.named(policy_id)


@dataclass(frozen=True)
class Dated:
    """A clock as far as it has a place among dates."""

    due_on: date | None
    stopped_on: date | None = None
    is_least: bool = False
    ended_early: bool = False


def earliest(clocks: Iterable[Dated]) -> date | None:
    """The date that comes first, which puts a case in its place in the queue.

    A duty without a number has none, and a least time is nothing that one can be late with.
    """
    return min((each.due_on for each in clocks if each.due_on is not None and not each.is_least), default=None)


def state_of(clock: Dated, today: date, *, is_paused: bool = False) -> str:
    """How a clock is shown: running, standing still, met in time, stopped after its day; and what has no such day."""
    if clock.due_on is None:
        return _state_without_a_day(clock, is_paused=is_paused)
    if clock.stopped_on is None:
        return "paused" if is_paused else _state_ahead(clock.is_least, clock.due_on, today)
    if clock.is_least:
        return _state_of_least(clock, clock.stopped_on >= clock.due_on)
    if clock.stopped_on > clock.due_on:
        return "stopped"
    return "ended" if clock.ended_early else "met"


def _state_without_a_day(clock: Dated, *, is_paused: bool) -> str:
    if clock.stopped_on is None:
        return "paused" if is_paused else "counting"
    return "ended" if clock.ended_early else "counted"


def _state_ahead(is_least: bool, due_on: date, today: date) -> str:  # noqa: FBT001 - read beside its call
    if not is_least:
        return "running"
    return "not_before" if today < due_on else "free"


def _state_of_least(clock: Dated, lasted: bool) -> str:  # noqa: FBT001 - read beside its call
    if clock.ended_early:
        return "ended"
    return "met" if lasted else "too_early"


def is_paused_on(pauses: Iterable[tuple[date, date | None]], day: date) -> bool:
    """True where one of the pauses holds this day; both of its ends are paused too."""
    return any(start <= day and (end is None or day <= end) for start, end in pauses)


def stands_still(tolled: Iterable[Pause], day: date, calendar: Calendar) -> bool:
    """The same, where a pause may be longer than the law lets it last."""
    return is_paused_on(merged(tolled, day, calendar=calendar), day)


def runs_again(book: Rulebook, ran: Ran, *, undone: Iterable[str], begins: str | None) -> bool:
    """True for a clock whose ending is taken back; not where its beginning is too, or the return begins it anew."""
    taken_back = set(undone)
    is_undone = ran.stopped_by in taken_back and ran.started_by not in taken_back
    return is_undone and begins not in book.clock(ran.rule).starts
