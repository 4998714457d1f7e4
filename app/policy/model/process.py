"""The road of a case: stages, moves between them, and the clocks that run."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from app.kernel.deadlines import Roll, Rule, Unit
from app.kernel.text import LocalText
from app.policy.model.base import Block, Cited, Code, Count, Flag, Named, Names, Positive


class Phase(StrEnum):
    """What a stage is, whatever the office calls it."""

    INTAKE = "intake"
    SCREENING = "screening"
    INVESTIGATION = "investigation"
    REVIEW = "review"
    DECISION = "decision"
    ANSWER = "answer"
    CLOSED = "closed"


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


class Move(Cited):
    """One step a case may take."""

    from_: Code = Field(alias="from")
    to: Code
    by: Names
    only_if: Names = ()
    label: LocalText | None = None
    needs_reason: Flag = False


class Owner(StrEnum):
    """Whose duty a clock is."""

    AGENCY = "agency"
    DEPARTMENT = "department"
    CHIEF = "chief"
    BOARD = "board"
    OFFICER = "officer"
    FILER = "filer"


class Per(StrEnum):
    """What one running clock belongs to."""

    CASE = "case"
    OFFICER = "officer"
    ALLEGATION = "allegation"
    DEMAND = "demand"
    MEETING = "meeting"
    RECOMMENDATION = "recommendation"


class Extension(Cited):
    """More time that may be granted."""

    amount: Positive
    unit: Unit
    times: Positive = 1
    granted_by: Names = ()
    asked_by: Owner | None = None
    before_lapse: Flag = True
    needs_reason: Flag = True


class Tolling(Named, Cited):
    """A reason for which a clock may stand still."""

    evidence_needed: LocalText | None = None
    approved_by: Names = ()
    per_officer: Flag = False


class ClockDefaults(Block):
    """What holds for every clock that does not say otherwise."""

    warnings: tuple[Positive, ...] = ()
    """Days before the due date at which somebody must take notice."""
    roll: Roll | None = None


class Clock(Named, Cited):
    """A deadline: so much time from one event to another."""

    amount: Count | None = None
    """Left out when the law's number is not known."""
    unit: Unit | None = None
    starts: Names
    stops: Names
    owner: Owner = Owner.AGENCY
    per: Per = Per.CASE
    roll: Roll = Roll.NONE
    warnings: tuple[Positive, ...] = ()
    extension: Extension | None = None
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
        return Rule(self.amount, self.unit, self.roll, self.authority)
