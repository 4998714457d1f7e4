"""What may be asked of evidence and demands."""

from typing import Annotated

from pydantic import Field

from app.access.keeping import MayBeKept
from app.kernel.commands import Command
from app.kernel.text import SafeLine, SafeText

Version = Annotated[int, Field(ge=0, lt=2**31)]


class AddFile(MayBeKept):
    """What a file is and from whom it came, and who alone may see it."""

    label: Annotated[SafeLine, Field(min_length=1, max_length=300)]
    received_from: Annotated[SafeLine, Field(min_length=1, max_length=300)]


class SendDemand(Command):
    """What the department is asked for; it reads these words."""

    department_id: Annotated[SafeLine, Field(max_length=80)] = ""
    """Another department than the case's own."""
    kind: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    wording: Annotated[SafeText, Field(min_length=1, max_length=8000)]


class AnswerDemand(Command):
    """What the department answers."""

    version: Version
    answer: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    words: Annotated[SafeText, Field(max_length=8000)] = ""


class ContradictDemand(Command):
    """The answer has turned out not to be true."""

    version: Version
