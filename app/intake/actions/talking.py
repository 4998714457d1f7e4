"""Words and files both ways, and what a filer asks: each about the one complaint that they hold the passphrase of."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from app.access import routes
from app.access.acts import never_stopped, stops_with
from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence import queries as correspondence_queries
from app.correspondence.actions.messages import Attach
from app.correspondence.commands import AnswerRequest, AskForReview, AskToTakeBack, ChooseContact, SendMessage
from app.correspondence.records import ContactWish, FilerRequest, Message
from app.correspondence.rules import RequestAnswer, Way
from app.infra.copies import Unstrippable, copy_for
from app.infra.files import stored_of
from app.intake import queries
from app.intake.actions.files import Sent, attach
from app.intake.actions.turns import check_pace_of, wait_for_others
from app.intake.events import FilerFileOpened
from app.intake.queries import OwnFiling
from app.intake.records import Filing, FilingFile
from app.intake.rules import appeals
from app.intake.rules import filing as rules
from app.kernel.errors import Invalid, NotFound
from app.policy.model.powers import Act

NOT_CLEAN = "This file cannot be sent: what it hides, such as place and device, cannot be taken out of it."


@stops_with(Act.LETTERS)
def write_to_office(work: Work, own: OwnFiling, ask: SendMessage, files: Sequence[Sent] = ()) -> Message:
    """The filer writes, with files or without."""
    check_pace_of(work, own.id)
    return correspondence.write_to_office(work, own.id, own.case_id, ask, _attacher(work, own.id, files))


@stops_with(Act.LETTERS)
def write_to_filer(work: Work, filing: Filing, ask: SendMessage, files: Sequence[Sent] = ()) -> Message:
    """The office writes, with files or without; only the filer of this complaint can open them."""
    for file in files:
        _check_may_leave(work, file)
    return correspondence.write_to_filer(work, filing.id, filing.case_id, ask, _attacher(work, filing.id, files))


def _check_may_leave(work: Work, file: Sent) -> None:
    try:
        copy_for(work.storage, file.stored, file.media_type)
    except Unstrippable:
        raise Invalid({"attached": NOT_CLEAN}) from None


def _attacher(work: Work, filing_id: UUID, files: Sequence[Sent]) -> Attach:
    def put(message_id: UUID) -> int:
        for file in files:
            attach(work, filing_id, file, message_id=message_id)
        return len(files)

    return put


@never_stopped("history stays and is read")
def open_own_file(work: Work, own: OwnFiling, file_id: UUID) -> tuple[FilingFile, Iterator[bytes]]:
    """The filer opens a file of their own complaint, or one that the office sent; the office knows that it arrived."""
    file = queries.get_file(work, own.id, file_id)
    stored = stored_of(file)
    # What the office sends leaves the house without place, device and time; a filer's own file is theirs as it is.
    is_theirs = file.message_id is None or correspondence_queries.is_from_filer(work, own.id, file.message_id)
    body = work.storage.open(stored) if is_theirs else copy_for(work.storage, stored, file.media_type)
    work.happened(FilerFileOpened(case_id=own.case_id, filing_id=own.id, file_id=file.id))
    return file, body


@stops_with(Act.LETTERS)
def ask_to_take_back(work: Work, own: OwnFiling, ask: AskToTakeBack) -> FilerRequest:
    """The filer takes back what is not over yet; what is over is not taken back: there may be a review."""
    wait_for_others(work)
    if queries.status_of(work, own).is_over:
        raise NotFound()
    return correspondence.ask_to_take_back(work, own.id, own.case_id, ask)


@stops_with(Act.LETTERS)
def ask_for_review(work: Work, own: OwnFiling, code: str, ask: AskForReview) -> FilerRequest:
    """The filer asks for a review in time, or late where the rulebook lets it be taken."""
    wait_for_others(work)
    standing = queries.status_of(work, own)
    book = queries.book_of_own(work, own, standing)
    way, _ = queries.way_to_appeal(work, own, book, standing, code, own.language)
    appeals.check_may_ask(way, ask.ground)
    return correspondence.ask_for_review(work, own.id, own.case_id, code, ask, last_on=way.last_on)


@stops_with(Act.LETTERS)
def answer_request(work: Work, filing: Filing, request_id: UUID, ask: AnswerRequest) -> FilerRequest:
    """The office answers what a filer asked; a review that came late is taken by whom the rulebook names."""
    request = correspondence_queries.get_request(work, filing.id, request_id)
    if request.is_late and ask.answer is RequestAnswer.ACCEPTED:
        book = queries.book_for(work, filing)
        appeals.check_may_accept(book, request.appeal, routes.acting_as(work, filing.case_id))
    return correspondence.answer_request(work, filing.id, filing.case_id, request_id, ask)


@stops_with(Act.LETTERS)
def choose_contact(work: Work, own: OwnFiling, ask: ChooseContact) -> ContactWish:
    """The filer chooses how to be told, from what the rulebook has."""
    book = work.book
    ways = {code for code, _ in queries.ways_offered(work, book, queries.own_contact(work, own), own.language)}
    if ask.way not in ways:
        raise Invalid({"way": "Choose one of the answers."})
    if not set(ask.rules) <= {code for code, _ in queries.rules_offered(book, own.language)}:
        raise Invalid({"rules": "Choose one of the answers."})
    # Rules are the rulebook's own words; what is typed could name somebody.
    rules.check_reached_by_nothing(
        own.anonymity, {"way": ask.way != Way.PORTAL, "times": bool(ask.times), "safe": bool(ask.safe)}
    )
    return correspondence.choose_contact(work, own.id, own.case_id, ask)
