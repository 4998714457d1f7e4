"""The facts of letters about a complaint: the receipt, the acknowledgement, an update, the end."""

import base64
import threading
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence.letters import filled, office_facts, say, say_day, say_moment, say_protected
from app.infra.codes import picture_of
from app.infra.pdf import PdfError, render_pdf
from app.infra.pictures import card_of
from app.intake import queries
from app.intake.records import Filing
from app.intake.rules import appeals
from app.intake.rules.appeals import WayToAppeal
from app.intake.rules.status import FilerStatus
from app.kernel.dates import ImpreciseDate, Precision
from app.kernel.errors import Refused
from app.policy.acting import Stop
from app.policy.model import Rulebook
from app.policy.model.letters import FilledLetter

MOST_WAITING = 8.0
PAPER_SECONDS = 20.0
_ONE_AT_A_TIME = threading.Lock()
# Whoever waits holds a thread and a connection: the next one is told at once to come back.
_IN_LINE = threading.BoundedSemaphore(4)
HALTED = "Your case stands still"
NO_CASE = "No case can be opened now"


def receipt_text(work: Work, language: str, number: str, words: str, received_at: datetime, *, is_exact: bool) -> str:
    """The receipt as plain text, in the rulebook's words; of what is known to the hour alone it says the day."""
    book = work.book
    received_on = say_day(language, received_at.astimezone(book.time_zone).date())
    facts = office_facts(work, book, language) | {
        "filing_number": number,
        "passphrase": words,
        "received_at": say_moment(language, received_at, book.time_zone) if is_exact else received_on,
        "received_on": received_on,
        "incident_date": "",
    }
    letter = filled(book, "receipt", language, facts)
    return f"{letter.subject}\n\n{letter.body}"


def receipt_picture(number: str, words: str, digits: str) -> bytes:
    """A picture to keep: the number, the passphrase in both ways, and a code that holds the digits and no address."""
    six, groups = words.split(), digits.split()
    lines = [
        (26, number),
        (40, " ".join(six[:3])),
        (40, " ".join(six[3:])),
        (32, "  ".join(groups[:3])),
        (32, "  ".join(groups[3:])),
    ]
    return card_of(lines, digits.replace(" ", ""))


def code_of(address: str) -> str:
    """A code that a phone reads, as a page or a paper holds it."""
    return picture_of(address)


def as_address(picture: bytes) -> str:
    """The picture as a page holds it: nothing has to be fetched, so no address tells of it."""
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def paper_now(html: str, title: str, language: str) -> bytes | None:
    """A paper made while somebody waits, one at a time in each process; nothing where too many wait or none can be."""
    if not _IN_LINE.acquire(blocking=False):
        return None
    try:
        return _in_turn(html, title, language)
    finally:
        _IN_LINE.release()


def _in_turn(html: str, title: str, language: str) -> bytes | None:
    if not _ONE_AT_A_TIME.acquire(timeout=MOST_WAITING):
        return None
    try:
        return render_pdf(html, title=title, language=language, seconds=PAPER_SECONDS)
    except PdfError:
        return None
    finally:
        _ONE_AT_A_TIME.release()


def filing_facts(work: Work, book: Rulebook, filing: Filing, status: FilerStatus) -> dict[str, str]:
    """What a letter to a filer may say of the complaint and where it stands."""
    language = filing.language
    return office_facts(work, book, language) | {
        "filing_number": filing.number,
        "case_number": status.case_number,
        "received_on": say_day(language, filing.received_at.astimezone(book.time_zone).date()),
        "incident_date": say_day(language, ImpreciseDate(filing.incident_date, Precision(filing.incident_precision))),
        "stage_text": status.text,
        "next_step": status.next or status.text,
        "next_by": say_day(language, status.next_by) if status.next_by else say(language, "We do not have a date yet"),
        "contact_name": say(language, status.lead_title) if status.lead_title else _office(work, book, language),
    }


def told_status(work: Work, filing: queries.OwnFiling | Filing, language: str = "") -> FilerStatus:
    """Where the complaint stands; where the law of today stops it, that in place of what its stage says."""
    language = language or filing.language
    status = queries.status_of(work, filing, language)
    if status.halted is None:
        return status
    heading = HALTED if status.case_number else NO_CASE
    return replace(status, stage=say(language, heading), text=_halted_text(work, status.halted, language))


def _halted_text(work: Work, stop: Stop, language: str) -> str:
    """What happened, since when, who took over, and what becomes of what was told, in the rulebook's words and ours."""
    notice = work.book.meta.public_notice.to(language) if work.book.meta.public_notice else ""
    reason = stop.reason(language)
    parts = [
        reason,
        say(language, "Since %(day)s.") % {"day": say_day(language, stop.since)} if stop.since else "",
        notice if notice != reason else "",
        say(language, "Who took over: %(who)s") % {"who": stop.follower(language)} if stop.follower() else "",
        say(language, "Nothing that you told us is lost. It is kept here, and you can read it with your passphrase."),
    ]
    return " ".join(part for part in parts if part)


def write_update(work: Work, filing: Filing) -> None:
    """Writes to the filer where the complaint stands, by whichever letter the rulebook sends on an update."""
    book = work.policies.named(filing.policy_id)
    kind = next((each.code for each in book.letters if each.on == "filer_updated"), None)
    if kind is None:
        raise Refused("The rulebook has no letter for an update. Write a message instead.")
    filled_in = standing_letter(work, filing, kind)
    correspondence.write_letter(work, filing.id, filing.case_id, kind, filing.language, filled_in)


def standing_letter(work: Work, filing: Filing, kind: str) -> FilledLetter:
    """The acknowledgement or an update: what the stage says in plain words, and what comes next by when."""
    status = told_status(work, filing)
    book = work.policies.named(filing.policy_id)
    return filled(book, kind, filing.language, filing_facts(work, book, filing, status))


def closing_letter(work: Work, filing: Filing, case_id: UUID, kind: str) -> FilledLetter:
    """How it ended. Each stage adds what it knows: a list of lines, one for each finding, or facts by name."""
    status = queries.status_of(work, filing)
    book = work.policies.named(filing.policy_id)
    language = filing.language
    facts = filing_facts(work, book, filing, status) | {
        "findings": say(language, "There is no finding to report."),
        "outcome": say(language, "We have no answer of the department to report."),
        "reason": "",
        "review_text": _review_text(work, book, filing),
        "reopen_text": say(language, "Write to us with your passphrase and ask us to look at it again."),
        "closed_on": say_day(language, work.today),
        "referred_to": "",
    }
    said = [part(work, case_id, language) for part in work.parts("closing_letter")]
    findings = [line for lines in said if isinstance(lines, list) for line in lines]
    for known in said:
        facts |= known if isinstance(known, dict) else {}
    if findings:
        facts["findings"] = "\n".join(f"- {line}" for line in findings)
    return filled(book, kind, language, facts)


def _review_text(work: Work, book: Rulebook, filing: Filing) -> str:
    """Ways to have the decision looked at again that are open to a filer, each with its last day."""
    language = filing.language
    # Whoever reads this has the letter of this day, by which the case is closed.
    days = dict.fromkeys(("closing_letter_sent", "case_closed", "case_closed_early", "case_referred"), work.today)
    days["filing_received"] = filing.received_at.astimezone(work.house.zone).date()
    ways = appeals.ways_to_appeal(book, days, work.today, language)
    if not ways:
        return say(language, "Tell us what you think we missed. Write to us with your passphrase.")
    said = [_said_of(way, language) for way in ways]
    return "\n".join([*said, *(f"- {label}" for way in ways for _, label in way.grounds)])


def _said_of(way: WayToAppeal, language: str) -> str:
    if way.last_on is None:
        return f"{way.label}."
    last = say_protected(language, "The last day to ask is %(day)s.") % {"day": say_day(language, way.last_on)}
    return f"{way.label}. {last}"


def _office(work: Work, book: Rulebook, language: str) -> str:
    return office_facts(work, book, language)["signed_by"]
