"""The road of a case: stages, moves between them, and the clocks that run."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from app.kernel.deadlines import Roll, Rule, Unit
from app.kernel.text import LocalText
from app.policy.model.base import Block, Cited, Code, Count, Flag, Keyed, Line, Lines, Named, Names, Positive, Span
from app.policy.model.powers import PowerName


class Phase(StrEnum):
    """What a stage is, whatever the office calls it."""

    INTAKE = "intake"
    SCREENING = "screening"
    INVESTIGATION = "investigation"
    REVIEW = "review"
    DECISION = "decision"
    ANSWER = "answer"
    CLOSED = "closed"


class Owner(StrEnum):
    """Whose duty a clock is, or whose turn."""

    AGENCY = "agency"
    DEPARTMENT = "department"
    CHIEF = "chief"
    BOARD = "board"
    OFFICER = "officer"
    FILER = "filer"
    EXTERNAL = "external"


class Stage(Named):
    """Where a case stands, in the office's word and in plain words for the filer."""

    phase: Phase
    public_label: LocalText
    public_text: LocalText
    """What is happening now."""
    public_next: LocalText | None = None
    """What happens next; nothing at the end."""
    final: Flag = False
    visible_to: Names = ()
    """Bodies that see cases at this stage, where not all do."""
    turn: Owner | None = None
    """Whose turn it is; left out, the office's."""
    renamed_from: Line | None = None


class Move(Cited):
    """One step a case may take."""

    from_: Code = Field(alias="from")
    to: Code
    by: Names
    only_if: Names = ()
    after: Names = ()
    """Milestones that must be on file."""
    power: PowerName | None = None
    """The move can be made only while somebody holds this power."""
    label: LocalText | None = None
    needs_reason: Flag = False


class Per(StrEnum):
    """What one running clock belongs to."""

    CASE = "case"
    OFFICER = "officer"
    ALLEGATION = "allegation"
    DEMAND = "demand"
    MEETING = "meeting"
    RECOMMENDATION = "recommendation"


class Milestone(Named, Cited):
    """Something that happens outside this system, kept by hand with its day and its proof; clocks may wait for it."""

    by: Names
    """Roles that may put it on file."""
    whose: Owner = Owner.DEPARTMENT
    """Whose act it is."""
    per: Per = Per.CASE
    proof: Line | None = None
    """What must lie in the file, such as a stamped copy."""
    filed_with: Code | None = None
    """The external body it is filed with, where filing is what counts."""


class Completion(Cited):
    """Completion under the law can differ from the final disposition; both days are kept."""

    complete_on: Names
    """Events or milestones at which the law holds the investigation complete."""
    final_on: Names
    """Events or milestones at which the outcome can no longer change."""


class Extension(Cited):
    """More time that may be granted."""

    amount: Positive | None = None
    """Left out when the law gives no number, or it is not known."""
    unit: Unit | None = None
    times: Positive = 1
    granted_by: Names = ()
    """Roles, codes of `outsiders` or of `external_bodies`."""
    asked_by: Owner | None = None
    agreed_by: tuple[Owner, ...] = ()
    """Those who may agree on it in writing without anybody granting it."""
    grounds: Lines = ()
    before_lapse: Flag = True
    needs_reason: Flag = True


class FurtherExtension(Named, Extension):
    """Another ground for more time, beside the first."""


class Tolling(Named, Cited):
    """A reason for which a clock may stand still."""

    evidence_needed: LocalText | None = None
    approved_by: Names = ()
    per_officer: Flag = False
    longest: Span | None = None
    """The most it can give."""


class ClockDefaults(Block):
    """What holds for every clock that does not say otherwise."""

    warnings: tuple[Positive, ...] = ()
    """Days before the due date at which somebody must take notice."""
    roll: Roll | None = None
    rises_to: Names = ()
    """Roles to whom an unanswered warning rises, one after the other."""
    rises_after: Positive | None = None
    """Business days without an answer after which it rises."""
    lapse_reasons: Keyed[Named] = ()
    """Why a clock was missed, as it is counted in public."""


class StartBy(StrEnum):
    """Which of several start events counts."""

    ANEW = "anew"  # each begins the clock anew
    FIRST = "first"
    LAST = "last"
    CHOSEN = "chosen"  # a person chooses, and the reason stands beside the date


class CountedFrom(StrEnum):
    """From which day the next round of a repeating clock is counted."""

    DUE = "due"
    DONE = "done"


class Repeat(Span):
    """A duty that comes back until the clock is stopped."""

    counted_from: CountedFrom = CountedFrom.DUE
    done_by: Names
    """Events or milestones that fulfil one round."""


class Clock(Named, Cited):
    """A deadline: so much time from one event to another."""

    amount: Count | None = None
    """Left out when the law's number is not known."""
    unit: Unit | None = None
    counts_up: Flag = False
    """A duty without a number of days, such as "timely": the days that have passed are counted and shown."""
    wording: Line | None = None
    """The law's own word where it gives no number."""
    starts: Names
    start_by: StartBy = StartBy.ANEW
    start_reasons: dict[Code, Line] = Field(default_factory=dict)
    """For each start event, why it counts: shown beside the date."""
    stops: Names
    repeat: Repeat | None = None
    owner: Owner = Owner.AGENCY
    per: Per = Per.CASE
    roll: Roll = Roll.NONE
    is_goal: Flag = False
    """The office's own aim, not a law: it never lapses in public."""
    is_least: Flag = False
    """The least time between the two events, such as notice before a hearing, not the most."""
    warns_of: Code | None = None
    """Another clock, of whose end this one is an earlier warning."""
    dated_by: tuple[Owner, ...] = ()
    """Parties that may hold another start day; each is kept with its proof."""
    proof: Line | None = None
    """What proves the day."""
    warnings: tuple[Positive, ...] = ()
    rises_to: Names = ()
    rises_after: Positive | None = None
    extension: Extension | None = None
    further_extensions: Keyed[FurtherExtension] = ()
    tolling: Names = ()
    is_public: Flag = False
    """Whether the filer is told this date."""
    ends_the_case: Flag = False
    """Whether discipline is lost when it lapses."""
    except_when: LocalText | None = None
    consequence: LocalText | None = None

    @property
    def is_known(self) -> bool:
        return self.amount is not None and self.unit is not None

    @property
    def rule(self) -> Rule | None:
        """The arithmetic of it; nothing while the amount is unknown."""
        if self.amount is None or self.unit is None:
            return None
        consequence = self.consequence.to("en") if self.consequence else None
        return Rule(self.amount, self.unit, self.roll, self.authority, warnings=self.warnings, consequence=consequence)
