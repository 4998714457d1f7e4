"""What may be asked of the roster."""

from typing import Annotated

from pydantic import Field

from app.kernel.commands import Command
from app.kernel.text import SafeLine
from app.people.rules import ErasingReason, LookUpReason


class RosterView(Command):
    """The beginning of a name or a whole badge number, and where the page begins."""

    q: Annotated[SafeLine, Field(max_length=100)] = ""
    cursor: Annotated[SafeLine, Field(max_length=600)] = ""


class LookUp(Command):
    """Has somebody with exactly this name, e-mail or telephone complained before? And why it is asked."""

    reason: LookUpReason
    name: Annotated[SafeLine, Field(max_length=200)] = ""
    email: Annotated[SafeLine, Field(max_length=254)] = ""
    phone: Annotated[SafeLine, Field(max_length=40)] = ""


class AskErasing(Command):
    """Why an identity is to be made unreadable, and what shows it."""

    reason: ErasingReason
    refers_to: Annotated[SafeLine, Field(min_length=1, max_length=200)]


class SetHold(Command):
    """Who wants an identity kept, and why; of this person or of everybody in the case."""

    issuer: Annotated[SafeLine, Field(min_length=1, max_length=200)]
    reason: Annotated[SafeLine, Field(min_length=1, max_length=200)]
    whole_case: bool = False
