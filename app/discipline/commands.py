"""What may be asked of discipline."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kernel.commands import Command, Day
from app.kernel.text import SafeLine, SafeText

Code = Annotated[SafeLine, Field(min_length=1, max_length=80)]


class RecommendDiscipline(Command):
    """A measure for one allegation on which the body found."""

    allegation_id: UUID
    measure: Code
    reasons: Annotated[SafeText, Field(max_length=20_000)] = ""


class GiveAnswer(Command):
    """What the department answers."""

    version: Annotated[int, Field(ge=0, lt=2**31)]
    answer: Code
    reasons: Annotated[SafeText, Field(max_length=20_000)] = ""
    imposed: Annotated[SafeLine, Field(max_length=80)] = ""


class DecideDispute(Command):
    """How a dispute ended, who decided it, and what shows it."""

    outcome: Code
    happened_on: Day
    proof: Annotated[SafeText, Field(min_length=1, max_length=4000)]
    deciders: Annotated[SafeText, Field(max_length=2000)] = ""
    """Of a body outside the office: name and title, one to a line."""
    members: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    """Of a body of the office: those with a seat who decided."""
    holds: Annotated[SafeLine, Field(max_length=80)] = ""
    """What bars whoever decided; `none` where nothing does."""
    evidence_id: UUID | None = None


class CorrectReport(Command):
    """The right day of a report that is on file, what shows it, and why the day there was wrong."""

    happened_on: Day
    proof: Annotated[SafeText, Field(min_length=1, max_length=4000)]
    evidence_id: UUID | None = None
    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]


class RecordReport(Command):
    """That a report to others was sent, published or filed, or that the matter is kept as a minor one."""

    report: Code
    how: Literal["sending", "publishing", "filing", "minor"]
    happened_on: Day
    proof: Annotated[SafeText, Field(min_length=1, max_length=4000)]
    evidence_id: UUID | None = None
    holds: Annotated[SafeLine, Field(max_length=80)] = ""
    """What takes away that it is minor; `none` where nothing does."""
