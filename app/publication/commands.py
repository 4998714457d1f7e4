"""What may be asked of releases."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.kernel.commands import Command, Day
from app.kernel.text import SafeLine


class AskForRelease(Command):
    """The day up to which a release counts."""

    through: Day


class BuildRelease(Command):
    """The same with all that the command line may give."""

    through: date
    unprotected: bool = False
    windows: tuple[tuple[int, int], ...] = ()
    population: bytes | None = None
    source: Annotated[SafeLine, Field(max_length=80)] = ""
    population_name: Annotated[SafeLine, Field(max_length=200)] = ""
    city: Annotated[SafeLine, Field(max_length=200)] = ""
