"""What must hold after a step of a scenario, as its author writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.operations.scenarios.disputes import DisputeSeen
from app.operations.scenarios.outward import ReportSeen
from app.operations.scenarios.table import SessionSeen
from app.policy.model.base import Block, Code, Count, Day, Flag, Line, Lines, Names
from app.policy.model.powers import Act, PowerName

ClockState = Literal[
    "running",
    "paused",
    "lapsed",
    "met",
    "stopped",
    "ended",
    "counting",
    "counted",
    "not_before",
    "free",
    "too_early",
    "none",
]
PowerState = Literal["held", "not_held"]


class Seen(Block):
    """Something looked at; a day or a word alone stands for its most important key."""

    @model_validator(mode="before")
    @classmethod
    def _from_a_word(cls, said: Any) -> Any:
        return said if isinstance(said, Mapping) else cls.short(said)

    @classmethod
    def short(cls, said: Any) -> Any:
        """What one word alone means."""
        return said

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "string"}]}


class ClockSeen(Seen):
    """One clock: a day alone is when it is due, a word alone how it stands."""

    due: Day | Literal["none"] | None = None
    """None of a duty without a number of days."""
    state: ClockState | None = None
    """`lapsed` still runs after its day; `met` was stopped in time, `stopped` after its day, `ended` by the end of the
    case; `counting` and `counted` have no number of days; `not_before`, `free` and `too_early` are those of a least
    time; `none` never started."""
    days_left: int | None = None
    started: Day | None = None
    started_by: Code | None = None
    stopped: Day | None = None
    stopped_by: Code | None = None
    days_run: Count | None = None
    """Days from its start to its end, or to today."""
    days_paused: Count | None = None
    warning: Count | Literal["none"] | None = None
    """The step of the warning that stands, in days before the end; 0 of a lapse."""
    round: Count | None = None
    """Of a duty that comes back, which time this is."""
    waits_for_choice: Flag | None = None
    """Whether somebody has still to choose the day it counts from."""
    whose: Code | None = None
    """By whose day it counts: office, or one of `dated_by`."""
    with_: Code | None = Field(None, alias="with")
    """With whom that warning is: holder, or a role to which it rose."""
    why: Lines = ()
    """Words that its explanation must hold."""

    @classmethod
    def short(cls, said: Any) -> Any:
        return {"state": said} if isinstance(said, str) and said[:1].isalpha() else {"due": said}


class PowerSeen(Seen):
    """One power on this day, under the rulebook in force today."""

    state: PowerState | None = None
    since: Day | None = None
    """The first day without it."""
    why: Line | None = None
    """Words of who ended or suspended it, or of the reason."""

    @classmethod
    def short(cls, said: Any) -> Any:
        return {"state": said}


class VoteSeen(Block):
    """The last vote, or the quorum of the meeting where nothing was voted yet."""

    quorum: Flag | None = None
    quorum_needs: Count | None = None
    carried: Flag | None = None
    needed: Count | None = None
    of: Count | None = None
    """The number that the share was taken of."""
    says: Lines = ()


class AnswerSeen(Block):
    """What the department owes, or has answered, on the recommendation sent last."""

    due: Day | Literal["none"] | None = None
    lapsed: Flag | None = None
    days: Count | None = None
    """How long the answer took, or has taken so far."""
    received: Flag | None = None


class FilerSeen(Block):
    """What the person who filed reads on their page."""

    says: Lines = ()
    """Words that stand in the stage's public label, text or next step."""
    next_by: Day | Literal["none"] | None = None
    found: Lines = ()
    """What was found, once the case is closed: exactly these findings, in order."""


class DemandSeen(Seen):
    """One demand: a day alone is when it is due."""

    due: Day | None = None
    days: Count | None = None
    """How long it waits, or had to wait."""
    answered: Flag | None = None

    @classmethod
    def short(cls, said: Any) -> Any:
        return {"due": said}


class DepartmentSeen(Block):
    """All that one department reads of the case, each list whole."""

    demands: Names | None = None
    recommended: Names | None = None
    """The allegations on which something was recommended to it."""
    letters: Lines | None = None
    officers: Names | None = None


class ReviewSeen(Block):
    """The rules of review that bind the case, each list whole."""

    must: Names | None = None
    once_found: Names | None = None
    """Binding once the department finds what the rule names."""
    by_lot: Names | None = None
    """Binding where the lot falls on the case: a story has no number to draw from."""
    may: Names | None = None


class Rights(Block):
    """What the rules of access let a role do at all."""

    may: Lines = ()
    may_not: Lines = ()


class Expect(Block):
    """Everything here must hold at the end of the step; what is left out is not looked at."""

    stage: Code | None = None
    closure: Code | None = None
    """`none` where it has none."""
    classification: Code | None = None
    pinned: Day | None = None
    """The day on which the case's own rulebook took effect."""
    in_force: Day | None = None
    """The day on which the rulebook in force today took effect."""
    opens_cases: Flag | None = None
    """Whether the rulebook in force today is settled, so that cases may open under it."""
    overall: Code | None = None
    """The finding that names the case; `none` while there is none."""
    findings: dict[str, dict[str, Code]] = Field(default_factory=dict)
    """By allegation and life; `none` where that life has not spoken."""
    clocks: dict[str, ClockSeen] = Field(default_factory=dict)
    """By clock, or "clock of officer"."""
    running: Lines | None = None
    """Exactly the clocks that run, standing still or not."""
    moves: dict[str, Names] = Field(default_factory=dict)
    """By role: exactly the stages to which it may take the case from here."""
    waits_for: dict[str, Lines] = Field(default_factory=dict)
    """By stage: exactly what is still missing before the case can go there; empty where nothing is."""
    writes: dict[str, Names] = Field(default_factory=dict)
    """By role: exactly the lives it may write at this stage."""
    rights: dict[str, Rights] = Field(default_factory=dict)
    """By role."""
    sees: dict[str, Rights] = Field(default_factory=dict)
    """By file or note that is kept: roles, and people named on a side, who find it there, and who find nothing."""
    tried: Lines | None = None
    """Exactly who tried to open which file from the side it is kept from, as the journal has it."""
    reviews: ReviewSeen | None = None
    """What must and what may be reviewed."""
    powers: dict[PowerName, PowerSeen] = Field(default_factory=dict)
    stopped: dict[Act, Line] = Field(default_factory=dict)
    """By act, such as demands or votes: words of why it cannot be done today; `none` where it can."""
    letters: Lines | None = None
    """Exactly the letters that this step sent, such as `closing`, or `closing in es`."""
    demands: dict[str, DemandSeen] = Field(default_factory=dict)
    departments: dict[str, DepartmentSeen] = Field(default_factory=dict)
    """By department of the rulebook."""
    vote: VoteSeen | None = None
    session: SessionSeen | None = None
    """The closed session of the docket on which the case stands."""
    answer: AnswerSeen | None = None
    dispute: DisputeSeen | None = None
    reports: dict[str, ReportSeen] = Field(default_factory=dict)
    """By report to others."""
    links: dict[str, Lines] = Field(default_factory=dict)
    """By role: exactly the links it may know of, such as `retaliation earlier`."""
    finds: dict[str, Names] = Field(default_factory=dict)
    """By role: exactly the other cases it finds that name the same officers."""
    filer: FilerSeen | None = None
