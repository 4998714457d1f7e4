"""What happened in the commission's room."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class SeatFilled(Event):
    """Somebody holds a seat, or it stands empty, from now on."""

    tag: ClassVar[str] = "commission:seat:filled"
    sentence: ClassVar[str] = "Changed who holds seat {position} of {body}."

    seat_id: UUID
    body: str
    position: int
    account_id: UUID | None = None


class MeetingScheduled(Event):
    """A meeting has a day."""

    tag: ClassVar[str] = "commission:meeting:scheduled"
    sentence: ClassVar[str] = "Planned a meeting of {body} on {held_on}."

    meeting_id: UUID
    body: str
    held_on: date


class CaseDocketed(Event):
    """A case stands on a docket; its packet is made next."""

    tag: ClassVar[str] = "commission:case:docketed"
    sentence: ClassVar[str] = "Put the case on the docket of a meeting."

    docket_item_id: UUID
    meeting_id: UUID


class CaseTakenOff(Event):
    """A case stands on the docket no longer."""

    tag: ClassVar[str] = "commission:case:taken_off"
    sentence: ClassVar[str] = "Took the case off the docket of a meeting."

    docket_item_id: UUID
    meeting_id: UUID


class PacketRequested(Event):
    """The packet is to be made anew, because the file has changed."""

    tag: ClassVar[str] = "commission:packet:requested"
    sentence: ClassVar[str] = "Asked for a new packet."

    docket_item_id: UUID


class PacketFrozen(Event):
    """What the members read, as one file that never changes."""

    tag: ClassVar[str] = "commission:packet:frozen"
    sentence: ClassVar[str] = "Froze the packet; its SHA-256 is {sha256}."

    packet_id: UUID
    docket_item_id: UUID
    sha256: str
    size: int


class PacketOpened(Event):
    """Somebody opened a packet."""

    tag: ClassVar[str] = "commission:packet:opened"
    sentence: ClassVar[str] = "Opened the packet of the case."

    packet_id: UUID


class RecusalDeclared(Event):
    """A member stepped back from a case, and knows it no longer."""

    tag: ClassVar[str] = "commission:recusal:declared"
    sentence: ClassVar[str] = "Declared a recusal on the ground {ground}."

    recusal_id: UUID
    account_id: UUID
    ground: str


class MeetingOpened(Event):
    """The meeting began."""

    tag: ClassVar[str] = "commission:meeting:opened"
    sentence: ClassVar[str] = "Opened the meeting."

    meeting_id: UUID


class RollCalled(Event):
    """Who is here."""

    tag: ClassVar[str] = "commission:roll:called"
    sentence: ClassVar[str] = "Called the roll."

    meeting_id: UUID
    present: tuple[UUID, ...]


class MeetingEnded(Event):
    """The meeting is over."""

    tag: ClassVar[str] = "commission:meeting:ended"
    sentence: ClassVar[str] = "Ended the meeting."

    meeting_id: UUID


class MotionPut(Event):
    """A question stands before the body."""

    tag: ClassVar[str] = "commission:motion:put"
    sentence: ClassVar[str] = "Put a motion: {proposal}."

    motion_id: UUID
    docket_item_id: UUID
    kind: str
    subject_id: UUID | None
    proposal: str
    moved_by_id: UUID


class VoteCast(Event):
    """One member voted."""

    tag: ClassVar[str] = "commission:vote:cast"
    sentence: ClassVar[str] = "Voted {choice}."

    motion_id: UUID
    choice: str


class MotionCarried(Event):
    """Enough members said yes."""

    tag: ClassVar[str] = "commission:motion:carried"
    sentence: ClassVar[str] = "The motion carried: {yes} yes, {no} no, {abstain} abstained, {needed} needed."

    motion_id: UUID
    kind: str
    subject_id: UUID | None
    proposal: str
    yes: int
    no: int
    abstain: int
    needed: int


class MotionFailed(Event):
    """Not enough members said yes."""

    tag: ClassVar[str] = "commission:motion:failed"
    sentence: ClassVar[str] = "The motion failed: {yes} yes, {no} no, {abstain} abstained, {needed} needed."

    motion_id: UUID
    kind: str
    subject_id: UUID | None
    proposal: str
    yes: int
    no: int
    abstain: int
    needed: int


class MotionWithdrawn(Event):
    """The motion was taken back before it was decided."""

    tag: ClassVar[str] = "commission:motion:withdrawn"
    sentence: ClassVar[str] = "Withdrew the motion."

    motion_id: UUID


class CaseSentOn(Event):
    """The body is done with the case; the office's road takes it on."""

    tag: ClassVar[str] = "commission:case:sent_on"
    sentence: ClassVar[str] = "Sent the case on to {to_stage}."

    docket_item_id: UUID
    to_stage: str


class ClosedSessionPlanned(Event):
    """A case is to be heard without the public, if the body agrees."""

    tag: ClassVar[str] = "commission:closed_session:planned"
    sentence: ClassVar[str] = "Planned to hear the case in closed session on the ground {ground}."

    session_id: UUID
    docket_item_id: UUID
    ground: str


class ClosedSessionDropped(Event):
    """The case is heard in the open after all."""

    tag: ClassVar[str] = "commission:closed_session:dropped"
    sentence: ClassVar[str] = "Gave up the plan of a closed session."

    session_id: UUID


class SessionWordRecorded(Event):
    """An officer spoken of was told, does without the notice, or asks for an open session."""

    tag: ClassVar[str] = "commission:closed_session:word_recorded"
    sentence: ClassVar[str] = "Recorded for a closed session: {kind}, {happened_at}."

    word_id: UUID
    session_id: UUID
    officer_id: UUID
    kind: str
    happened_at: datetime


class SessionWordStruck(Event):
    """What was recorded by mistake counts no longer; it stays on file."""

    tag: ClassVar[str] = "commission:closed_session:word_struck"
    sentence: ClassVar[str] = "Struck what was recorded for a closed session."

    word_id: UUID
    session_id: UUID


class SessionClosed(Event):
    """The public left: the body agreed by roll call."""

    tag: ClassVar[str] = "commission:closed_session:began"
    sentence: ClassVar[str] = "Went into closed session on the ground {ground}."

    session_id: UUID
    motion_id: UUID
    ground: str


class ClosedSessionEnded(Event):
    """The meeting is open again."""

    tag: ClassVar[str] = "commission:closed_session:ended"
    sentence: ClassVar[str] = "Ended the closed session."

    session_id: UUID
