"""What may be asked of correspondence."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.correspondence.rules import CallResult, RequestAnswer
from app.kernel.commands import Command
from app.kernel.text import SafeLine, SafeText


class SendMessage(Command):
    """A few words, from the filer to the office or back; `last` is the last message that the page showed."""

    body: Annotated[SafeText, Field(min_length=1, max_length=10_000)]
    last: UUID | None = None


class ReadMessages(Command):
    """Everything up to this message, the last that the page showed, was read."""

    last: UUID


Code = Annotated[SafeLine, Field(max_length=80)]


class AskToTakeBack(Command):
    """The filer takes the complaint back; nobody has to say why."""

    reason: Annotated[SafeText, Field(max_length=4000)] = ""


class AskForReview(Command):
    """What the filer thinks is wrong with the decision, and on which ground of the rulebook."""

    ground: Code = ""
    reason: Annotated[SafeText, Field(min_length=1, max_length=10_000)]


class AnswerRequest(Command):
    """What comes of a request, and the words that the filer reads about it."""

    answer: RequestAnswer
    body: Annotated[SafeText, Field(min_length=1, max_length=10_000)]


class ChooseContact(Command):
    """How the filer wants to be told, by the rulebook's codes, and what makes it safe."""

    way: Annotated[Code, Field(min_length=1)]
    rules: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    times: Annotated[SafeLine, Field(max_length=200)] = ""
    safe: Annotated[SafeText, Field(max_length=1000)] = ""


class LogCall(Command):
    """What came of one try to call."""

    version: int
    result: CallResult
