"""What may be asked of the commission's meetings, motions and votes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.commission.rules.closed import Word
from app.kernel.commands import Command, Day
from app.kernel.text import SafeLine, SafeText

Code = Annotated[SafeLine, Field(min_length=1, max_length=80)]
Version = Annotated[int, Field(ge=0, lt=2**31)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class ScheduleMeeting(Command):
    """A meeting of a body of the rulebook."""

    body: Code
    held_on: Day
    starts_at: Clock
    place: Annotated[SafeLine, Field(min_length=1, max_length=300)]


class PutOnDocket(Command):
    """A case for a meeting."""

    case_id: UUID


class OpenMeeting(Command):
    """The meeting begins."""

    version: Version


class CallRoll(Command):
    """Who is here now; whoever was here and is not named has left."""

    present: tuple[UUID, ...] = ()


class EndMeeting(Command):
    """The meeting is over."""

    version: Version


class DeclareRecusal(Command):
    """A member's step back from a case."""

    ground: Annotated[SafeLine, Field(max_length=80)] = ""
    sure: Literal["yes"]


class PutMotion(Command):
    """That the finding on a subject be this word; the secretary names the member who moved it."""

    subject_id: UUID
    proposal: Code
    moved_by: UUID | None = None


class MoveToSendBack(Command):
    """That the case go back for more work; the secretary names the member who moved it."""

    more_work: Annotated[SafeText, Field(min_length=1, max_length=2000)]
    back_moved_by: UUID | None = None


class CastVote(Command):
    """One member's word in the roll call."""

    choice: Literal["yes", "no", "abstain"]


class CloseMotion(Command):
    """The roll call is over."""

    version: Version


class WithdrawMotion(Command):
    """The motion is taken back before it is decided."""

    version: Version


class SendOn(Command):
    """Where the case goes after the vote."""

    to: Code
    reason: Annotated[SafeText, Field(max_length=4000)] = ""


class SeatMember(Command):
    """Somebody takes a seat."""

    of_body: Code
    position: Annotated[int, Field(ge=1, le=99)]
    account_id: UUID | None = None


class PlanClosedSession(Command):
    """That a docketed case is to be heard without the public, on a ground of the rulebook."""

    ground: Code


class RecordWord(Command):
    """What an officer spoken of was told or said, on the agency's clock, and how that is known."""

    officer_id: UUID
    kind: Word
    told_on: Day
    told_at: Clock
    proof: Annotated[SafeLine, Field(min_length=1, max_length=500)]


class MoveToClose(Command):
    """The motion to close, with the ground that was planned; the secretary names the member who moved it."""

    close_moved_by: UUID | None = None
