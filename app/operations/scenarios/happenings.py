"""What may happen in a scenario, as its author writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, ClassVar

from pydantic import Field, model_validator

from app.kernel.dates import UNKNOWN, ImpreciseDate
from app.operations.scenarios.disputes import Decided
from app.operations.scenarios.expecting import Expect
from app.operations.scenarios.happening import Happening
from app.operations.scenarios.kept import Kept, Sided, Viewed
from app.operations.scenarios.outward import Earlier, Linked, Reported
from app.operations.scenarios.table import Docketed, Meeting, SessionOver, SessionPlanned, SessionWord, Voted
from app.policy.model.base import Block, Code, Day, Flag, Line, Lines, Names, Positive


class Filed(Happening):
    """A complaint arrives; the rulebook in force on this day is the one it is pinned to."""

    as_: Code = Field("first", alias="as")
    """How this filing is named in later steps."""
    anonymity: Code = "named"
    channel: Code = "web"
    language: Line = "en"
    relationship: Code = "self"
    incident: ImpreciseDate = UNKNOWN
    gives: Names = ()
    """What the filer says of themselves: name, email, phone, contact_preference."""
    files: Lines = ()
    """Kinds of file that come with it, such as video/mp4."""


class Added(Happening):
    """The filer comes back with the passphrase and adds something."""

    main: ClassVar[str] = "file"
    filing: Code = "first"
    file: Line | None = None
    """A kind of file, such as video/mp4; words when left out."""


class Translated(Happening):
    """A translation is put beside what the filer said."""

    main: ClassVar[str] = "into"
    into: Line
    filing: Code = "first"
    made_on: Day | None = None
    """The day it was made; today when left out."""


class Named(Happening):
    """Who filed without a name comes back with the passphrase and gives one."""

    main: ClassVar[str] = "as"
    as_: Code = Field(alias="as")
    """The kind of anonymity from then on."""
    filing: Code = "first"
    gives: Names = ("name",)


class Screened(Happening):
    """Intake decides what becomes of a complaint; a case begins, or ends at once."""

    main: ClassVar[str] = "as"
    as_: Code = Field(alias="as")
    """A code of `classification`."""
    filing: Code = "first"
    department: Code | None = None
    """The first of the rulebook when left out."""
    category: Code | None = None
    joins: Flag = False
    """Whether it repeats the case there is already."""


class Opened(Happening):
    """The office opens a case that nobody complained of; why is the step's reason."""

    main: ClassVar[str] = "kind"
    kind: Code
    """A code of `case_kinds`."""
    department: Code | None = None
    """The first of the rulebook when left out."""
    category: Code | None = None
    incident: Day | None = None


class Moved(Happening):
    """Somebody takes the case to another stage."""

    main: ClassVar[str] = "to"
    to: Code
    closure: Code | None = None


class Assigned(Happening):
    """Somebody leads the case from now on."""

    main: ClassVar[str] = "to"
    to: Code = "investigator"


class Alleged(Happening):
    """An allegation is stated."""

    main: ClassVar[str] = "category"
    category: Code
    officer: Code = "officer"
    """A name of your own for the officer."""
    department: Code | None = None
    """The officer's, said with their first allegation; the case's own when left out."""
    is_unknown: Flag = False
    as_: Code | None = Field(None, alias="as")
    """How it is named in later steps; a1, a2 ... when left out."""


class Identified(Happening):
    """An unknown officer has a name now."""

    main: ClassVar[str] = "officer"
    officer: Code
    was: Code = "officer"
    department: Code | None = None
    """That of whoever nobody could name when left out."""


class Withdrawn(Happening):
    """An allegation is no longer pursued."""

    main: ClassVar[str] = "allegation"
    allegation: Code


class Found(Happening):
    """Somebody writes a finding into one life; what a body votes on is `voted`."""

    main: ClassVar[str] = "finding"
    finding: Code | None = None
    life: Code = "investigator"
    allegation: Code | None = None
    """Every standing one when left out."""
    agrees: Flag = False
    """For a supervisor: with the investigator."""


class Demanded(Happening):
    """A department is asked for something."""

    main: ClassVar[str] = "kind"
    kind: Code
    department: Code | None = None
    """The case's own when left out."""
    as_: Code | None = Field(None, alias="as")
    """How it is named in later steps; d1, d2 ... when left out."""


class DemandAnswered(Happening):
    """The department answers a demand."""

    main: ClassVar[str] = "answer"
    answer: Code
    demand: Code | None = None
    """The oldest open one when left out."""


class Recommended(Happening):
    """Discipline is recommended."""

    main: ClassVar[str] = "measure"
    measure: Code
    allegation: Code | None = None
    """The first standing one when left out."""


class Answered(Happening):
    """The department answers what was recommended."""

    main: ClassVar[str] = "answer"
    answer: Code
    imposed: Line = ""
    allegation: Code | None = None
    """Every unanswered one when left out."""
    department: Code | None = None
    """The one that answers; each its own when left out."""


class Written(Happening):
    """The office writes to the filer where the complaint stands, by the letter that the rulebook has for it."""

    filing: Code = "first"


class Contacted(Happening):
    """Attempts to reach the person are logged."""

    main: ClassVar[str] = "times"
    times: Positive = 1
    result: Code = "no_answer"


class Paused(Happening):
    """A clock stands still."""

    clock: Code
    officer: Code | None = None
    reason: Code
    """A code of `tolling`."""
    asked_by: Code | None = None
    """The role that asked, where the rulebook wants two people."""
    from_: Day | None = Field(None, alias="from")
    """Today when left out."""
    until: Day | None = None


class PauseEnded(Happening):
    """An open pause gets its last day."""

    main: ClassVar[str] = "clock"
    clock: Code
    officer: Code | None = None
    until: Day | None = None
    """Today when left out."""


class Extended(Happening):
    """More time is granted on a clock."""

    main: ClassVar[str] = "clock"
    clock: Code
    officer: Code | None = None
    kind: Code | None = None
    """A code of `further_extensions`; the first extension when left out."""
    days: Positive | None = None
    """Where the law gives no number."""
    asked_by: Code | None = None
    """The role that asked, where the rulebook wants two people."""
    asked_on: Day | None = None
    """Today when left out."""
    agreed_by: Names = ()
    """Those who agreed on it today, where the rulebook lets them."""


class Chosen(Happening):
    """Somebody chooses the day from which a clock counts; why is the step's reason."""

    main: ClassVar[str] = "clock"
    clock: Code
    officer: Code | None = None
    start: Code | None = None
    """The event from which it counts."""
    party: Code | None = None
    """Or the party whose day holds; `office` for the office's own."""


class Dated(Happening):
    """A party holds another day than the office."""

    clock: Code
    officer: Code | None = None
    party: Code
    day: Day


class Acknowledged(Happening):
    """Somebody takes notice of a warning, and says what will be done."""

    main: ClassVar[str] = "clock"
    clock: Code
    officer: Code | None = None


class Happened(Happening):
    """Something else that clocks wait for: any event of the vocabulary."""

    main: ClassVar[str] = "event"
    event: Code
    officer: Code | None = None


class Step(Block):
    """One day: at most one thing that happens, and what must then hold."""

    on: Day
    by: Code | None = None
    """The role of whoever does it; or a name that `sided` gave."""
    reason: str = ""
    refused: Line | None = None
    """Words of the refusal that must come."""
    expect: Expect = Expect()

    filed: Filed | None = None
    added: Added | None = None
    named: Named | None = None
    translated: Translated | None = None
    screened: Screened | None = None
    opened: Opened | None = None
    moved: Moved | None = None
    assigned: Assigned | None = None
    alleged: Alleged | None = None
    identified: Identified | None = None
    withdrawn: Withdrawn | None = None
    found: Found | None = None
    docketed: Docketed | None = None
    meeting: Meeting | None = None
    voted: Voted | None = None
    session_planned: SessionPlanned | None = None
    session_word: SessionWord | None = None
    session_over: SessionOver | None = None
    demanded: Demanded | None = None
    demand_answered: DemandAnswered | None = None
    recommended: Recommended | None = None
    answered: Answered | None = None
    decided: Decided | None = None
    written: Written | None = None
    contacted: Contacted | None = None
    paused: Paused | None = None
    pause_ended: PauseEnded | None = None
    extended: Extended | None = None
    chosen: Chosen | None = None
    dated: Dated | None = None
    acknowledged: Acknowledged | None = None
    happened: Happened | None = None
    reported: Reported | None = None
    earlier: Earlier | None = None
    linked: Linked | None = None
    kept: Kept | None = None
    sided: Sided | None = None
    viewed: Viewed | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_key_alone_happens(cls, said: Any) -> Any:
        if not isinstance(said, Mapping):
            return said
        return {key: {} if value is None and key in HAPPENINGS else value for key, value in said.items()}

    @model_validator(mode="after")
    def _one_thing_at_a_time(self) -> Step:
        names = [name for name in HAPPENINGS if getattr(self, name) is not None]
        if len(names) > 1:
            raise ValueError(f"one thing happens in a step; {names[1]} belongs into the next one, on the same day")
        if self.refused is not None and not names:
            raise ValueError("nothing happens here that could be refused")
        return self

    @property
    def what(self) -> tuple[str, Happening] | None:
        """The thing that happens, with its name; time alone passes where there is none."""
        return next(((name, told) for name in HAPPENINGS if (told := getattr(self, name)) is not None), None)


HAPPENINGS = tuple(name for name in Step.model_fields if name not in ("on", "by", "reason", "refused", "expect"))


class Scenario(Block):
    """A small story of one case."""

    title: Line
    about: Line
    """What it proves, and where that is written: a hard case, a section of law, a source."""
    proves: Names = ()
    """The hard cases and traps of docs/hard-cases.md that it tells to the end, by their codes there."""
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _forward_in_time(self) -> Scenario:
        for before, after in pairwise(self.steps):
            if after.on < before.on:
                raise ValueError(f"a step on {after.on} stands after one on {before.on}: time does not go back")
        return self
