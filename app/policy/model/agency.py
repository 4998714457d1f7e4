"""Who the agency is: its sources, model, bodies, reach, languages and calendar."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from app.kernel.calendar import Calendar, is_known_place
from app.kernel.deadlines import Roll
from app.kernel.text import LocalText
from app.policy.model.base import (
    Block,
    Cited,
    Code,
    Coded,
    Count,
    Day,
    Evidence,
    Flag,
    Keyed,
    Line,
    Lines,
    Named,
    Names,
    Positive,
)
from app.policy.model.law import OpenQuestion, Source, SourceDefaults


class Status(StrEnum):
    """How far a rulebook may be trusted."""

    DRAFT = "draft"  # open questions stop a case from being handled
    ACTIVE = "active"
    HISTORICAL = "historical"
    PROPOSAL = "proposal"  # never in force


class Contact(Block):
    """Where people reach the office."""

    address: LocalText | None = None
    phone: Line | None = None
    email: Line | None = None
    web: Line | None = None
    hours: LocalText | None = None
    addressed_as: LocalText | None = None
    """Who signs letters, such as "Intake desk"."""


class Meta(Block):
    """What this rulebook is."""

    name: LocalText
    short_name: Line | None = None
    city: LocalText | None = None
    state: Line | None = None
    country: Line = "US"
    status: Status
    is_demonstration: Flag = False
    evidence: Evidence = Evidence.GENERAL
    source: Code | None = None
    written_by: Line | None = None
    verified_by: Line | None = None
    to_on: Day | None = None
    """The first day without this agency, where it was ended."""
    successor: LocalText | None = None
    """Who took over from an agency that was ended."""
    public_notice: LocalText | None = None
    """What the public pages say when an agency was ended or lost its powers."""
    number_mask: Line = "{year}-{random}"
    """Case numbers; {random} is never a sequence."""
    filing_mask: Line = "F-{random}"
    contact: Contact = Contact()
    sources: Keyed[Source] = ()
    source_defaults: SourceDefaults = SourceDefaults()
    open_questions: tuple[OpenQuestion, ...] = ()


class OversightModel(StrEnum):
    """NACOLE's families."""

    REVIEW = "review"
    INVESTIGATION = "investigation"
    AUDITOR_MONITOR = "auditor_monitor"
    HYBRID = "hybrid"


class Models(Cited):
    """Which road of the process this agency walks."""

    primary: OversightModel
    also: tuple[OversightModel, ...] = ()


class Share(StrEnum):
    """How many must be there, or agree."""

    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    THREE_QUARTERS = "three_quarters"
    ALL = "all"
    NUMBER = "number"


class CountedOn(StrEnum):
    """Of whom the share is taken."""

    SEATS = "seats"  # every seat the law makes, filled or not
    SERVING = "serving"  # members now in office
    PRESENT = "present"
    VOTING = "voting"  # those who said yes or no


class Quorum(Cited):
    """How many must be present."""

    share: Share
    of: CountedOn = CountedOn.SEATS
    number: Positive | None = None
    recused_count: Flag = False
    """Whether a recused member counts as present."""


class VoteRule(Cited):
    """How many must say yes."""

    share: Share
    of: CountedOn = CountedOn.PRESENT
    number: Positive | None = None
    recused_are_members: Flag = False
    """Whether a recused member stays in the number the share is taken of."""
    tie_fails: Flag = True
    by_roll_call: Flag = False


class Votes(Coded, VoteRule):
    """The rule for one kind of motion."""


class Seats(Block):
    """How many members the law gives a body."""

    least: Positive
    most: Positive
    alternates: Count = 0
    alternates_fill_quorum: Flag = False
    """Whether an alternate may be raised to make a quorum."""


class BodyKind(StrEnum):
    """What a body is."""

    BOARD = "board"
    PANEL = "panel"
    OFFICE = "office"
    COUNSEL = "counsel"


class Body(Named, Cited):
    """A board, panel or office with a part in the process."""

    kind: BodyKind
    functions: Names = ()
    seats: Seats | None = None
    appointed_by: Lines = ()
    composition: LocalText | None = None
    term: Line | None = None
    eligibility: LocalText | None = None
    training: LocalText | None = None
    quorum: Quorum | None = None
    votes: Keyed[Votes] = ()
    """One entry for each kind of motion; `default` for all others."""
    recusal_grounds: Keyed[Named] = ()
    part_of: Code | None = None
    """The body of which this is a panel or a committee."""
    renamed_from: Line | None = None
    from_on: Day | None = None
    to_on: Day | None = None
    """The first day without it."""
    ended_by: LocalText | None = None
    reason: LocalText | None = None
    successor: LocalText | None = None

    def exists(self, on: date) -> bool:
        return (self.from_on or date.min) <= on < (self.to_on or date.max)

    def vote_rule(self, motion_kind: str) -> Votes | None:
        """The rule for this kind of motion, else the default one."""
        rules = {rule.code: rule for rule in self.votes}
        return rules.get(motion_kind) or rules.get("default")


class Department(Named):
    """An overseen law-enforcement department."""

    short_label: LocalText | None = None
    head_title: LocalText | None = None
    contact: Contact = Contact()
    direct_records_access: Flag = False
    from_on: Day | None = None
    to_on: Day | None = None


class Jurisdiction(Cited):
    """Whom and what the agency may look at."""

    departments: Keyed[Department]
    employee_kinds: Keyed[Named] = ()
    places: Lines = ()
    on_duty_only: Flag = False
    excluded: Keyed[Named] = ()
    is_exclusive: Flag | None = None
    """Whether the department may not investigate the same matter beside it."""
    refer_to: Keyed[Named] = ()


class Language(Named):
    """A language the agency works in, named in itself."""

    code: SkipJsonSchema[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]]
    """As the web names it: es, or zh-Hant where the script matters."""
    is_complete: Flag = False
    """Everything in the rulebook must exist in it, letters included."""
    right_to_left: Flag = False
    checked_by: Line | None = None
    """Who read the translation and stands for it; without it the words are a machine's."""

    @property
    def own_name(self) -> str:
        """As it is called in itself, whatever the reader reads."""
        return self.label.texts.get(self.code, str(self.label))


class ClosedDay(Block):
    """A day the agency itself is closed."""

    day: Day
    name: Line


def _is_time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name} is not a time zone; write one such as America/Chicago") from error


class OpenDays(Cited):
    """Which days count as open, beside the public holidays of the place."""

    not_holidays: Lines = ()
    """Names in the public table that do not close this office."""
    weekend: tuple[Annotated[Count, Field(le=6)], ...] = (5, 6)
    """0 is Monday."""
    closed_on: tuple[ClosedDay, ...] = ()
    open_on: tuple[Day, ...] = ()


class CalendarBlock(OpenDays):
    """The agency's days."""

    time_zone: Annotated[Line, AfterValidator(_is_time_zone)]
    holidays_country: Line | None = None
    holidays_subdivision: Line | None = None
    working_days: OpenDays | None = None
    """Where the law tells working days apart from business days."""
    roll: Roll = Roll.NONE
    """What happens to a last day that is closed, where a clock does not say."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_known_place(self) -> bool:
        return self.holidays_country is None or is_known_place(self.holidays_country, self.holidays_subdivision)

    def build(self) -> Calendar:
        working = self._calendar(self.working_days) if self.working_days else None
        return self._calendar(self, working)

    def _calendar(self, days: OpenDays, working: Calendar | None = None) -> Calendar:
        return Calendar(
            country=self.holidays_country,
            subdivision=self.holidays_subdivision,
            weekend=frozenset(days.weekend),
            closed={entry.day: entry.name for entry in days.closed_on},
            opened=frozenset(days.open_on),
            ignored=frozenset(days.not_holidays),
            working=working,
        )
