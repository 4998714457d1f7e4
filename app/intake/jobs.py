"""What the worker does about filings: tells a filer by mail that something waits, never what; ends old drafts."""

from uuid import UUID

from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence.letters import say
from app.intake import actions, queries
from app.intake.actions import alike
from app.intake.records import Filing
from app.people import actions as people
from app.people import queries as vault
from app.people.rules import OpeningReason

BY_MAIL = ("", "email")


def send_mail(work: Work, filing_id: UUID) -> None:
    """Mails a notice without content, where the filer gave an address and wants mail; sent twice it does no harm."""
    if not work.house.mail.is_on:
        return
    filing = queries.get_filing(work, filing_id)
    person = vault.person_of_filing(work, filing.id)
    if person is None or filing.answers.get("contact_preference", "") not in BY_MAIL:
        return
    if not vault.has_email(work, person.id):
        return
    email = people.open_identity(work, person.id, OpeningReason.LETTER).email
    work.house.mail.send(email, *notice_words(work, filing))
    correspondence.note_mailed(work, filing.id, filing.case_id)


def notice_words(work: Work, filing: Filing) -> tuple[str, str]:
    """Subject and text: no number, no name, nothing that says what it is about."""
    language = filing.language
    subject = say(language, "A message is waiting for you")
    text = say(language, "There is something new for you to read. Open this page and type your passphrase:")
    agency = work.book.name.to(language)
    return subject, f"{text}\n\n{work.house.base_url}/my\n\n{agency}\n"


def end_drafts(work: Work) -> None:
    """Every night: what its writer did not come back to is emptied."""
    actions.end_drafts(work)


def compare_filings(work: Work) -> None:
    """Compares what came with what came before, so that the office sees what looks alike."""
    alike.compare_filings(work)
