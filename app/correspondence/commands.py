"""What may be asked of correspondence."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kernel.commands import Command
from app.kernel.text import SafeText


class SendMessage(Command):
    """A few words, from the filer to the office or back; `last` is the last message that the page showed."""

    body: Annotated[SafeText, Field(min_length=1, max_length=10_000)]
    last: UUID | None = None


class ReadMessages(Command):
    """Everything up to this message, the last that the page showed, was read."""

    last: UUID
