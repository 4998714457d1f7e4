"""What may be asked of discipline."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kernel.commands import Command
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
