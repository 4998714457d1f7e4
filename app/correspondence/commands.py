"""What may be asked of correspondence."""

from typing import Annotated

from pydantic import Field

from app.kernel.commands import Command
from app.kernel.text import SafeText


class SendMessage(Command):
    """A few words, from the filer to the office or back."""

    body: Annotated[SafeText, Field(min_length=1, max_length=10_000)]
