"""What happened to the journal itself: it was shown, sent and taken."""

from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class CheckpointPublished(Event):
    """Everybody can see from now on what the journal held."""

    tag: ClassVar[str] = "audit:checkpoint:published"
    sentence: ClassVar[str] = "Published checkpoint {number} of the journal, which counts {size} entries."

    number: int
    size: int
    root: str


class CheckpointMailed(Event):
    """A checkpoint went to one address outside; which one, the settings say."""

    tag: ClassVar[str] = "audit:checkpoint:mailed"
    sentence: ClassVar[str] = "Sent checkpoint {number} of the journal outside by mail."

    number: int
    mail_id: UUID


class JournalTaken(Event):
    """Somebody took entries of the journal as a table."""

    tag: ClassVar[str] = "audit:journal:taken"
    sentence: ClassVar[str] = "Took {count} entries of the journal as a table."

    count: int
