"""What happened to evidence and demands."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class EvidenceAdded(Event):
    """A file came into the case."""

    tag: ClassVar[str] = "evidence:file:added"
    sentence: ClassVar[str] = "Added a file of {size} bytes; its SHA-256 is {sha256}."

    item_id: UUID
    sha256: str
    size: int
    demand_id: UUID | None = None


class FileScanned(Event):
    """The malware scanner looked at a stored file."""

    tag: ClassVar[str] = "evidence:file:scanned"
    sentence: ClassVar[str] = "Scanned a stored file for malware: {verdict}."

    scan_id: UUID
    verdict: str


class HiddenFactsRead(Event):
    """What a stored file says of place, time and device was read out of it, and sealed beside it."""

    tag: ClassVar[str] = "evidence:hidden_facts:read"
    sentence: ClassVar[str] = "Read what a stored file says of place, time and device; it is sealed with the file."

    facts_id: UUID


class EvidenceOpened(Event):
    """Somebody took a copy of a file out."""

    tag: ClassVar[str] = "evidence:file:opened"
    sentence: ClassVar[str] = "Opened a file of the case."

    item_id: UUID


class FilingFileOpened(Event):
    """Somebody opened a file that came with a filing."""

    tag: ClassVar[str] = "evidence:filing_file:opened"
    sentence: ClassVar[str] = "Opened a file that came with the complaint."

    file_id: UUID


class DemandSent(Event):
    """The department was asked for something."""

    tag: ClassVar[str] = "evidence:demand:sent"
    sentence: ClassVar[str] = "Sent a demand to {department_id} ({kind}), due {due_on}."

    demand_id: UUID
    kind: str
    department_id: str
    due_on: date


class DemandAnswered(Event):
    """The department answered."""

    tag: ClassVar[str] = "evidence:demand:answered"
    sentence: ClassVar[str] = "The department answered a demand: {answer}."

    demand_id: UUID
    answer: str
    with_file: bool = False


class DemandContradicted(Event):
    """The department's answer has turned out not to be true."""

    tag: ClassVar[str] = "evidence:demand:contradicted"
    sentence: ClassVar[str] = "Noted that the answer {answer} was not true."

    demand_id: UUID
    answer: str
