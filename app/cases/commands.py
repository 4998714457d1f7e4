"""What may be asked of cases."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, field_validator

from app.access.keeping import MayBeKept
from app.kernel.commands import Command, Day
from app.kernel.text import SafeLine, SafeText

Words = Annotated[SafeText, Field(min_length=1, max_length=30_000)]
Version = Annotated[int, Field(ge=0, lt=2**31)]
NOBODY = "-"


class AssignCase(Command):
    """Who leads the case."""

    version: Version
    account_id: UUID


class OpenOwnCase(Command):
    """A case that nobody complained of: its kind, where and when it happened, what is known, why it is opened."""

    kind: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    department_id: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    category: Annotated[SafeLine, Field(max_length=80)] = ""
    incident_on: Day | None = None
    place: Annotated[SafeLine, Field(max_length=300)] = ""
    narrative: Words
    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]


class MoveCase(Command):
    """Which stage the case goes to, and why where the rulebook asks."""

    version: Version
    to: Annotated[SafeLine, Field(max_length=80)]
    reason: Annotated[SafeText, Field(max_length=4000)] = ""
    closure: Annotated[SafeLine, Field(max_length=80)] = ""


class DecideHalf(Command):
    """The second person's answer, and why."""

    answer: Literal["agree", "refuse"]
    words: Annotated[SafeText, Field(max_length=4000)] = ""


class WriteNote(MayBeKept):
    """A note and its readers; a note to the filer is a message, and is sent as one."""

    reader: Literal["team", "mine"]
    body: Words


class KeepCase(Command):
    """In which compartment a whole case is kept, or no longer, and why."""

    keep: Literal["juvenile", "court_sealed"]
    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]


class NameSide(Command):
    """Who is on which side of a case, and why."""

    account_id: UUID
    side: Literal["criminal", "defending"]
    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]


class AddTask(Command):
    """Something to do."""

    title: Annotated[SafeLine, Field(min_length=1, max_length=300)]
    due_on: Day | None = None


class FinishTask(Command):
    """A task is done."""

    version: Version


class LogContact(Command):
    """One attempt to reach somebody."""

    channel: Literal["phone", "email", "mail", "portal", "visit"]
    result: Literal["reached", "left_message", "no_answer", "wrong_address", "refused"]
    remark: Annotated[SafeText, Field(max_length=4000)] = ""


class RecordMilestone(Command):
    """What happened outside, on which day, and what proves it; a correction says what was wrong, and why."""

    milestone: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    officer_id: UUID | None = None
    happened_on: Day
    proof: Annotated[SafeText, Field(min_length=1, max_length=4000)]
    evidence_id: UUID | None = None
    corrects_id: UUID | None = None
    reason: Annotated[SafeText, Field(max_length=4000)] = ""


class WithdrawMilestone(Command):
    """Why what is on file never happened."""

    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]


class WithdrawLink(Command):
    """Which link, and why the two cases do not belong together like this."""

    other_id: UUID
    relation: Annotated[SafeLine, Field(min_length=1, max_length=40)]
    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]


class LinkCase(Command):
    """Which other case belongs to this one, how, and why."""

    number: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    relation: Annotated[SafeLine, Field(min_length=1, max_length=40)]
    reason: Annotated[SafeText, Field(min_length=1, max_length=4000)]


class QueueView(Command):
    """How the queue is filtered and ordered, and where the page begins."""

    q: Annotated[SafeLine, Field(max_length=200)] = ""
    stage: Annotated[SafeLine, Field(max_length=80)] = ""
    assignee: Annotated[SafeLine, Field(max_length=80)] = ""
    due_before: Day | None = None
    sort: Literal["due_on", "opened_on", "-opened_on"] = "due_on"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[SafeLine, Field(max_length=200)] = ""


class QueueForm(QueueView):
    """The same from a page's own form, where a filter left empty is no filter."""

    # What was just done, as other pages say it: no filter, and on no link of the queue.
    done: Annotated[SafeLine, Field(max_length=40, exclude=True)] = ""

    @field_validator("due_before", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value
