"""What may be asked of the roster."""

from typing import Annotated

from pydantic import Field

from app.kernel.commands import Command
from app.kernel.text import SafeLine


class RosterView(Command):
    """The beginning of a name or a whole badge number, and where the page begins."""

    q: Annotated[SafeLine, Field(max_length=100)] = ""
    cursor: Annotated[SafeLine, Field(max_length=600)] = ""
