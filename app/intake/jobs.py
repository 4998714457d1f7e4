"""What the worker does about filings: tells a filer that something waits, and never what; ends old drafts."""

from uuid import UUID

from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence.letters import filled, say
from app.correspondence.rules import Way
from app.infra.mail import one_address
from app.intake import actions, queries
from app.intake.actions import alike
from app.intake.records import Filing
from app.people import actions as people
from app.people import queries as vault
from app.people.rules import OpeningReason

# Whoever said nothing of it and gave an address gets mail.
BY_MAIL = ("", Way.EMAIL)
NOTICE = "notice"


def tell_filer(work: Work, filing_id: UUID) -> None:
    """Tells a filer by the way they chose that something waits; a text message and a call only who asked for them."""
    filing = queries.get_filing(work, filing_id)
    way = queries.contact_of(work, filing).way
    if way == Way.TEXT:
        send_text(work, filing)
    elif way == Way.PHONE:
        put_on_call_list(work, filing)
    elif way in BY_MAIL:
        send_mail(work, filing_id)


def send_text(work: Work, filing: Filing) -> None:
    """Sends a text message without content, where the office has a gateway and the filer gave a number."""
    person = vault.person_of_filing(work, filing.id)
    if not work.house.texting.is_on or person is None or not vault.has_phone(work, person.id):
        return
    phone = people.open_identity(work, person.id, OpeningReason.LETTER).phone
    _, text = notice_words(work, filing)
    work.house.texting.send(phone, " ".join(text.split()))
    correspondence.note_texted(work, filing.id, filing.case_id)


def put_on_call_list(work: Work, filing: Filing) -> None:
    """Somebody of the office calls; who has no number waits at the page alone."""
    person = vault.person_of_filing(work, filing.id)
    if person is not None and vault.has_phone(work, person.id):
        correspondence.ask_for_call(work, filing.id, filing.case_id)


def send_mail(work: Work, filing_id: UUID) -> None:
    """Mails a notice without content, where the filer gave an address and wants mail; sent twice it does no harm."""
    if not work.house.mail.is_on:
        return
    filing = queries.get_filing(work, filing_id)
    person = vault.person_of_filing(work, filing.id)
    if person is None or queries.contact_of(work, filing).way not in BY_MAIL:
        return
    if not vault.has_email(work, person.id):
        return
    email = one_address(people.open_identity(work, person.id, OpeningReason.LETTER).email)
    if not email:
        return  # what was typed is not one person's address: nobody else is told of a complaint
    work.house.mail.send(email, *notice_words(work, filing))
    correspondence.note_mailed(work, filing.id, filing.case_id)


def notice_words(work: Work, filing: Filing) -> tuple[str, str]:
    """Subject and text: no number, no name, nothing of what it is about; in the rulebook's words if it has some."""
    language, book = filing.language, work.policies.named(filing.policy_id)
    if any(each.code == NOTICE for each in book.letters):
        link = f"{work.house.base_url}/my"
        notice = filled(book, NOTICE, language, {"status_link": link, "tracking_link": link})
        return notice.subject, notice.body
    subject = say(language, "A message is waiting for you")
    text = say(language, "There is something new for you to read. Open this page and type your passphrase:")
    return subject, f"{text}\n\n{work.house.base_url}/my\n"


def compare_filings(work: Work) -> None:
    """Compares what came with what came before, so that the office sees what looks alike."""
    alike.compare_filings(work)


def end_drafts(work: Work) -> None:
    """Every night: what its writer did not come back to is emptied."""
    actions.end_drafts(work)
