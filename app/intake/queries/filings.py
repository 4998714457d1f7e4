"""The filings that one may see, and what belongs to each."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.walls import may_know_filing
from app.access.work import Work
from app.correspondence import queries as correspondence
from app.intake.records import Amendment, Filing, FilingFile, FilingOfficer, FilingWitness, Translation
from app.kernel.dates import Precision
from app.policy.model import Rulebook


def visible_filings(work: Work) -> Select[Filing]:
    """Filings, for those who screen or work on complaints, less those that go another way."""
    work.need(Permission.FILING_READ)
    return select(Filing).where(may_know_filing(work, Filing.id, Filing.case_id))


def get_filing(work: Work, filing_id: UUID, *, for_update: bool = False) -> Filing:
    """One filing, or 404."""
    query = visible_filings(work).where(Filing.id == filing_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def filings_of_case(work: Work, case_id: UUID) -> list[Filing]:
    """The filings of one case, the first first."""
    return list(
        work.session.scalars(visible_filings(work).where(Filing.case_id == case_id).order_by(Filing.received_at))
    )


def said_by_filer(work: Work, filing: Filing) -> dict[UUID, datetime]:
    """Everything that the filer said, and when: the complaint, what was added to it, the messages."""
    messages = [each for each in correspondence.messages_of(work, filing.id) if each.is_from_filer]
    return (
        {filing.id: filing.received_at}
        | {each.id: each.added_at for each in amendments_of(work, filing.id)}
        | {each.id: each.sent_at for each in messages}
    )


def translations_of(work: Work, filing_ids: Iterable[UUID]) -> dict[UUID, list[Translation]]:
    """Translations by what they are of, the first first."""
    query = select(Translation).where(Translation.filing_id.in_(list(filing_ids)))
    by_words: dict[UUID, list[Translation]] = {}
    for each in work.session.scalars(query.order_by(Translation.added_at, Translation.id)):
        by_words.setdefault(each.of_id, []).append(each)
    return by_words


def officers_of(work: Work, filing_id: UUID) -> list[FilingOfficer]:
    """The officers as the filer knows them."""
    query = select(FilingOfficer).where(FilingOfficer.filing_id == filing_id).order_by(FilingOfficer.position)
    return list(work.session.scalars(query))


def witnesses_of(work: Work, filing_id: UUID) -> list[FilingWitness]:
    """Who saw it, as the filer tells it; who that is is asked of the vault."""
    query = select(FilingWitness).where(FilingWitness.filing_id == filing_id).order_by(FilingWitness.position)
    return list(work.session.scalars(query))


def files_of(work: Work, filing_id: UUID) -> list[FilingFile]:
    """The files that came with a filing or were added to it; those of messages stand with their message."""
    query = select(FilingFile).where(FilingFile.filing_id == filing_id, FilingFile.message_id.is_(None))
    return list(work.session.scalars(query.order_by(FilingFile.stored_at)))


def file_kept_as(work: Work, filing_id: UUID, object_name: str) -> FilingFile | None:
    """The file of a filing that is stored under this name, where it was added already."""
    query = select(FilingFile).where(FilingFile.filing_id == filing_id, FilingFile.object_name == object_name)
    return work.session.scalars(query.limit(1)).one_or_none()


def files_of_messages(work: Work, filing_id: UUID) -> dict[UUID, list[FilingFile]]:
    """The files of each message about one filing, in the order they were sent."""
    query = select(FilingFile).where(FilingFile.filing_id == filing_id, FilingFile.message_id.is_not(None))
    by_message: dict[UUID, list[FilingFile]] = {}
    for each in work.session.scalars(query.order_by(FilingFile.stored_at, FilingFile.file_name, FilingFile.id)):
        by_message.setdefault(each.message_id or each.id, []).append(each)
    return by_message


def get_file(work: Work, filing_id: UUID, file_id: UUID) -> FilingFile:
    """One file of one filing, or 404."""
    return one_or_not_found(work, select(FilingFile).where(FilingFile.filing_id == filing_id, FilingFile.id == file_id))


def book_for(work: Work, filing: Filing) -> Rulebook:
    """The rulebook that the case of this filing has: which day decides, the one in force when it is opened says."""
    zone = work.house.zone
    return work.policies.for_case(
        work.house.agency,
        (filing.screened_at or work.now).astimezone(zone).date(),
        filed_on=filing.received_at.astimezone(zone).date(),
        incident_on=filing.incident_date if filing.incident_precision == Precision.DAY else None,
    )


def amendments_of(work: Work, filing_id: UUID) -> list[Amendment]:
    """What the filer added later."""
    return list(
        work.session.scalars(select(Amendment).where(Amendment.filing_id == filing_id).order_by(Amendment.added_at))
    )
