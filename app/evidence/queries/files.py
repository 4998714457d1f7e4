"""The files of a case, who held each, and what is known of their content."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, select

from app.access.keeping import Matter
from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.work import Work
from app.cases import queries as cases
from app.cases.records import Case
from app.evidence.records import CustodyEvent, EvidenceItem, FileScan, HiddenFactsKept
from app.infra.copies import can_be_copied
from app.infra.files import FileColumns, stored_of
from app.infra.hidden import READ, HiddenFacts, opened
from app.infra.storage import StoredFile
from app.intake import queries as intake
from app.intake.records import Filing, FilingFile

HELD = {"received": "Received", "opened": "Copy opened"}


def visible_items(work: Work) -> Select[EvidenceItem]:
    """The files of the cases this person may know of."""
    return select(EvidenceItem).where(EvidenceItem.case_id.in_(cases.visible_cases(work).with_only_columns(Case.id)))


def get_item(work: Work, item_id: UUID) -> EvidenceItem:
    """One file, or 404."""
    return one_or_not_found(work, visible_items(work).where(EvidenceItem.id == item_id))


def get_filing_file(work: Work, case_id: UUID, file_id: UUID) -> FilingFile:
    """A file that came with a filing of this case, or 404."""
    filings = {filing.id for filing in cases.filings_of(work, case_id)}
    query = select(FilingFile).where(FilingFile.id == file_id, FilingFile.filing_id.in_(filings))
    return one_or_not_found(work, query)


def list_items(work: Work, case_id: UUID) -> list[EvidenceItem]:
    """The files of one case, the latest first."""
    query = visible_items(work).where(EvidenceItem.case_id == case_id)
    return list(work.session.scalars(query.order_by(EvidenceItem.stored_at.desc(), EvidenceItem.id)))


def is_from_department(file: EvidenceItem | FilingFile) -> bool:
    """True for what the department handed over: it came with the answer to a demand."""
    return isinstance(file, EvidenceItem) and file.demand_id is not None


def clock_files(work: Work, case_id: UUID) -> list[tuple[UUID, str]]:
    """For a pause of a clock: the files that may show why."""
    return [(item.id, item.label) for item in list_items(work, case_id)] if work.may(Permission.FILE_OPEN) else []


def kept_matter(work: Work, case_id: UUID) -> list[Matter]:
    """The files of a case that are kept, with the names by which a text may name them.

    What is shown of one is its day: its label says part of what it says, and is read on the page of files.
    """
    named = (EvidenceItem.label, EvidenceItem.file_name, EvidenceItem.stored_at)
    query = select(EvidenceItem.id, EvidenceItem.compartments, *named)
    query = query.where(EvidenceItem.case_id == case_id, EvidenceItem.compartments != [])
    rows = work.session.execute(query.order_by(EvidenceItem.stored_at, EvidenceItem.id)).all()
    days = [f"{row.stored_at.astimezone(work.house.zone):%Y-%m-%d %H:%M}" for row in rows]
    return [
        Matter(row.id, f"Kept file {number}, of {day}", row.compartments, (row.label, row.file_name))
        for number, (row, day) in enumerate(zip(rows, days, strict=True), 1)
    ]


def custody_of(work: Work, case_id: UUID) -> dict[UUID, list[CustodyEvent]]:
    """Who held each file of one case, in order."""
    query = select(CustodyEvent).where(CustodyEvent.case_id == case_id).order_by(CustodyEvent.at, CustodyEvent.id)
    held: dict[UUID, list[CustodyEvent]] = {}
    for event in work.session.scalars(query):
        held.setdefault(event.item_id, []).append(event)
    return held


def files_to_scan(work: Work, most: int) -> list[StoredFile]:
    """Stored files of which the malware scanner has not said anything yet."""
    return [stored_of(row) for row in _files_without(work, FileScan, most)]


def files_to_read(work: Work, most: int) -> list[tuple[StoredFile, str]]:
    """Stored files, of kinds that may say where and with what they were made, that were not read for it yet."""
    return [(stored_of(row), row.media_type) for row in _files_without(work, HiddenFactsKept, most, READ)]


def _files_without(
    work: Work, known: type[FileScan | HiddenFactsKept], most: int, kinds: Collection[str] = ()
) -> list[Row[Any]]:
    """The oldest files of which nothing of this is known, whichever row names them."""
    found: list[Row[Any]] = []
    for table in (FilingFile, EvidenceItem):
        columns = (table.object_name, table.size, table.sha256, table.wrapped_key, table.media_type)
        wanted = [~exists().where(known.stored_name == table.object_name), table.wrapped_key.is_not(None)]
        wanted += [table.media_type.in_(kinds)] if kinds else []
        found += work.session.execute(select(*columns).where(*wanted).order_by(table.stored_at).limit(most))
    return found[:most]


def hidden_facts_of(work: Work, file: FileColumns) -> HiddenFacts | None:
    """What was read out of a file that somebody has opened; nothing where it is still to be read, or cannot be."""
    stored = stored_of(file)
    query = select(HiddenFactsKept.sealed).where(HiddenFactsKept.stored_name == stored.name)
    text = work.session.scalar(query)
    return opened(work.storage, stored, text) if text else None


def scans_of(work: Work, names: Sequence[str]) -> dict[str, FileScan]:
    """What the malware scanner said of these files."""
    query = select(FileScan).where(FileScan.stored_name.in_(names))
    return {scan.stored_name: scan for scan in work.session.scalars(query)}


@dataclass(frozen=True)
class FileShown:
    """A file as its case shows it: with its digest and everybody who held it."""

    file: EvidenceItem | FilingFile
    href: str
    label: str
    source: str
    added_by: str
    digest: str
    custody: tuple[tuple[str, str, Any], ...]

    @property
    def can_copy(self) -> bool:
        """Whether a copy of it may leave; the content may still say no."""
        return can_be_copied(self.file.media_type, self.file.size)


def file_shown(item: EvidenceItem, href: str, custody: list[CustodyEvent], names: dict[UUID, str]) -> FileShown:
    """One file as its case shows it."""
    held = tuple((HELD.get(e.kind, e.kind), names.get(e.by_id, "") if e.by_id else "", e.at) for e in custody)
    added_by = names.get(item.added_by_id, "") if item.added_by_id else ""
    return FileShown(item, href, item.label, item.received_from, added_by, item.sha256.hex(), held)


def filing_files_shown(work: Work, case_id: UUID, home: str) -> list[FileShown]:
    """What came with the complaint itself."""
    found_in: list[tuple[Filing, FilingFile]] = [
        (filing, file) for filing in cases.filings_of(work, case_id) for file in intake.files_of(work, filing.id)
    ]
    return [
        FileShown(file, f"{home}/filing-files/{file.id}/download", label, "the filer", "", file.sha256.hex(), ())
        for label, file in ((f"Came with filing {filing.number}", file) for filing, file in found_in)
    ]
