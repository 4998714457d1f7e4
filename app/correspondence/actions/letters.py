"""Letters to filers: written once, their words frozen, and opened."""

from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.work import Work
from app.correspondence import queries
from app.correspondence.events import LetterOpened, LetterWritten
from app.correspondence.records import Letter
from app.policy.model.letters import FilledLetter
from app.policy.model.powers import Act


@stops_with(Act.LETTERS)
def write_letter(
    work: Work, filing_id: UUID, case_id: UUID | None, kind: str, language: str, filled: FilledLetter
) -> Letter:
    """Keeps a letter to a filer; its words are frozen from now on."""
    letter = work.add(
        Letter(
            id=uuid4(),
            case_id=case_id,
            filing_id=filing_id,
            kind=kind,
            language=language,
            addressee=queries.FILER,
            subject=filled.subject,
            body=filled.body,
            written_at=work.now,
            written_by_id=work.actor.id,
        )
    )
    work.happened(LetterWritten(case_id=case_id, filing_id=filing_id, letter_id=letter.id, kind=kind))
    return letter


@never_stopped("history stays and is read")
def open_letter(work: Work, filing_id: UUID, case_id: UUID | None, letter_id: UUID) -> Letter:
    """The filer reads a letter; from then on the office knows that it arrived."""
    letter = queries.get_letter(work, filing_id, letter_id)
    work.happened(LetterOpened(case_id=case_id, filing_id=filing_id, letter_id=letter.id))
    return letter
