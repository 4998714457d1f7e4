"""Closed sessions: on which ground of the rulebook, who must be told how long before, and when the case stays open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.cases.rules import law_of
from app.kernel.deadlines import say_day
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.agency import Body, VoteRule
from app.policy.model.decisions import ClosedGround

CLOSE = "closed_session"
HOUR = timedelta(hours=1)
NO_GROUND = "The rulebook in force today names no such ground to meet without the public."
NONE_PLANNED = "No closed session is planned for this case."
ALREADY_PLANNED = "A closed session is planned for this case already."
CLOSED_ON_IT = "The session was closed on what was on file. It stays as it is."
NOT_BEGUN = "This closed session has not begun."
IS_CLOSED = "The session is closed."
ON_FILE = "That is on file already. Strike it first, if it is wrong."
STILL_CLOSED = "The closed session still goes on. Note first when it ended."


class Word(StrEnum):
    """What is kept of one officer spoken of: what they were told, and what they said."""

    TOLD = "told"
    WAIVED = "waived"
    ASKS_OPEN = "asks_open"


WORD_LABELS = {
    Word.TOLD: "Was told of it",
    Word.WAIVED: "Does without the notice",
    Word.ASKS_OPEN: "Asks that it be open",
}


class State(StrEnum):
    """How a closed session stands."""

    PLANNED = "planned"
    CLOSED = "closed"
    ENDED = "ended"
    OPEN = "open"
    DROPPED = "dropped"


STATE_LABELS = {
    State.PLANNED: "Closed session planned",
    State.CLOSED: "In closed session",
    State.ENDED: "Was in closed session",
    State.OPEN: "Open: asked for",
    State.DROPPED: "Open after all",
}


@dataclass(frozen=True)
class Law:
    """One ground as it holds for one meeting."""

    ground: ClosedGround
    label: str
    cited: str
    hours: int
    """How long before the meeting each officer spoken of is told; 0 where the rulebook asks nothing."""
    begins_at: datetime
    zone: ZoneInfo

    def say(self, moment: datetime) -> str:
        """Such as "Monday, March 2, 2026, 6:00 PM", on the agency's clock."""
        local = moment.astimezone(self.zone)
        return f"{say_day(local.date())}, {local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"

    @property
    def law(self) -> str:
        """The citation in brackets, where there is one."""
        return f" ({self.cited})" if self.cited else ""


@dataclass(frozen=True)
class Spoken:
    """One officer spoken of, and what is on file of them."""

    name: str
    told_at: datetime | None = None
    has_waived: bool = False
    asks_open: bool = False


def find_ground(book: Rulebook, code: str) -> ClosedGround | None:
    """The ground of this code, where the rulebook has it."""
    return next((each for each in book.meetings.closed_grounds if each.code == code), None)


def check_ground(book: Rulebook, code: str) -> ClosedGround:
    """A ground that the law in force gives; a rulebook without any leaves everything open."""
    if not book.meetings.closed_grounds:
        raise Refused("The rulebook names no ground to meet without the public: everything is open.")
    found = find_ground(book, code)
    if found is None:
        raise Invalid({"ground": "Choose one of the list."})
    return found


def law_for(book: Rulebook, code: str, held_on: date, starts_at: str) -> Law | None:
    """What this ground asks of a meeting of this day and hour; hours are real ones, also where clocks are changed."""
    ground = find_ground(book, code)
    if ground is None:
        return None
    hours = ground.officer_notice_hours
    return Law(
        ground,
        ground.label.to("en"),
        law_of(book, ground),
        (book.meetings.officer_notice_hours or 0) if hours is None else hours,
        moment_of(held_on, starts_at, book.time_zone),
        book.time_zone,
    )


def moment_of(day: date, hour: str, zone: ZoneInfo) -> datetime:
    """A day and an hour on the agency's clock, as one moment."""
    return datetime.combine(day, time.fromisoformat(hour), zone).astimezone(UTC)


def earliest(law: Law, told_at: datetime) -> datetime:
    """The first hour at which a case may be heard in closed session when the officer was told at this one."""
    return told_at.astimezone(UTC) + law.hours * HOUR


def is_in_time(law: Law, told_at: datetime) -> bool:
    """Whether as many hours as the rulebook asks lie between the notice and the meeting's start."""
    return earliest(law, told_at) <= law.begins_at


def stays_open(law: Law, who: Iterable[Spoken]) -> bool:
    """Whether somebody asks for an open session to whom the law gives it."""
    return law.ground.open_on_request and any(one.asks_open for one in who)


def hindrance(law: Law, one: Spoken, now: datetime) -> str | None:
    """Why this officer's case may not be heard in closed session now, in the words of the rule; None where it may."""
    if one.asks_open and law.ground.open_on_request:
        return f"{law.label}: {one.name} asks for an open session, and the law gives it{law.law}. This item is open."
    if not law.hours or one.has_waived or (one.told_at is not None and is_in_time(law, one.told_at)):
        return None
    asked = f"{law.label}: {one.name} must be told at least {law.hours} hours before the meeting{law.law}."
    told = _told_too_late(law, one.told_at) if one.told_at else f"Nothing says that {one.name} was told."
    first = law.say(earliest(law, one.told_at or now))
    way = f" Or {one.name} does without the notice, and that is noted." if law.ground.officer_may_waive else ""
    since = "" if one.told_at else ", if told now"
    return f"{asked} {told} The earliest hour for a closed session is {first}{since}.{way}"


def how_it_stands(law: Law, one: Spoken, now: datetime) -> str:
    """What a page says of one officer: why it may be closed, or why not."""
    stopped = hindrance(law, one, now)
    if stopped is not None:
        return stopped
    if one.has_waived and law.hours:
        return f"{one.name} does without the notice of {law.hours} hours."
    if not law.hours:
        return "The rulebook asks for no notice on this ground."
    return f"Told {_hours_before(law, one.told_at)} before the meeting; {law.hours} are needed."


def check_may_close(law: Law | None, who: Sequence[Spoken], now: datetime) -> Law:
    """Nothing may hinder it: whoever asks for an open session comes first."""
    if law is None:
        raise Refused(NO_GROUND)
    for one in sorted(who, key=lambda each: not each.asks_open):
        stopped = hindrance(law, one, now)
        if stopped is not None:
            raise Refused(stopped)
    return law


def check_word(law: Law, kind: Word, *, is_closed: bool = False) -> None:
    """An officer does without the notice, or has the session open, only where the law says so; closed, it is late."""
    if is_closed and kind is not Word.ASKS_OPEN:
        raise Refused(CLOSED_ON_IT)
    if kind is Word.WAIVED and not law.ground.officer_may_waive:
        raise Refused(f"{law.label}: the rulebook lets nobody do without the notice{law.law}.")
    if kind is Word.ASKS_OPEN and not law.ground.open_on_request:
        raise Refused(f"{law.label}: the rulebook gives nobody an open session for asking{law.law}.")


def vote_rule(ground: ClosedGround, body: Body) -> VoteRule | None:
    """How many must agree to close: what the ground says, or else the body's own rule for its motions."""
    return ground.vote or body.vote_rule(CLOSE)


def wording(law: Law) -> str:
    """The motion, with its ground."""
    return f"That this case be heard in closed session. Ground: {law.label}{law.law}."


def state_of(*, began: bool, ended: bool, dropped: bool, is_asked_open: bool) -> State:
    """How a closed session stands; one that was asked open before it began is open."""
    if ended:
        return State.ENDED
    if began:
        return State.CLOSED
    if dropped:
        return State.DROPPED
    return State.OPEN if is_asked_open else State.PLANNED


def is_behind_doors(
    moved_at: datetime, decided_at: datetime | None, spans: Iterable[tuple[datetime, datetime]]
) -> bool:
    """Whether a motion was put or decided while a session was closed; the vote that closed one was still open."""
    return any(
        began <= moved_at <= ended or (decided_at is not None and began < decided_at <= ended) for began, ended in spans
    )


def _told_too_late(law: Law, told_at: datetime) -> str:
    return f"Told on {law.say(told_at)}, {_hours_before(law, told_at)} before: that is too late."


def _hours_before(law: Law, told_at: datetime | None) -> str:
    """Whole hours and minutes, as they really pass."""
    minutes = max(0, int((law.begins_at - told_at).total_seconds() // 60)) if told_at else 0
    hours, rest = divmod(minutes, 60)
    said = f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{said} and {rest} minute{'' if rest == 1 else 's'}" if rest else said
