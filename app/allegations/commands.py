"""What may be asked of allegations and findings."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.access.keeping import MayBeKept
from app.kernel.commands import Command
from app.kernel.text import SafeLine, SafeText

Code = Annotated[SafeLine, Field(min_length=1, max_length=80)]
Reasons = Annotated[SafeText, Field(min_length=1, max_length=20_000)]
Version = Annotated[int, Field(ge=0, lt=2**31)]


class StateAllegation(MayBeKept):
    """One thing one officer is said to have done; the officer is known, or described."""

    category: Code
    officer_id: UUID | None = None
    description: Annotated[SafeLine, Field(max_length=1000)] = ""
    department_id: Annotated[SafeLine, Field(max_length=80)] = ""
    """Of an officer without a name; the case's own when left out."""
    person_id: UUID | None = None
    wording: Annotated[SafeText, Field(max_length=4000)] = ""


class WithdrawAllegation(Command):
    """An allegation that is not pursued; it stays on file."""

    version: Version
    reason: Reasons


class IdentifyOfficer(Command):
    """Who an unknown officer was."""

    officer_id: UUID


class RecommendFinding(MayBeKept):
    """What the investigator found, and why."""

    disposition: Code
    reasons: Reasons


class ReviewFinding(MayBeKept):
    """The supervisor agrees with the investigator, or writes another word and says why."""

    agrees: bool
    disposition: Annotated[SafeLine, Field(max_length=80)] = ""
    reasons: Annotated[SafeText, Field(max_length=20_000)] = ""
