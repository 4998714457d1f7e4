"""What is done at intake: a filing is received, added to, read, screened."""

import hmac
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from app.access import halves, routes
from app.access.acts import asks_itself, never_stopped, stops_with
from app.access.reading import found
from app.access.work import Work
from app.infra.sniff import sniff
from app.infra.storage import StoredFile, TooLarge
from app.infra.words import wordlist
from app.intake import queries
from app.intake.commands import (
    AddToFiling,
    AddTranslation,
    NameFiler,
    OpenIdentity,
    ScreenFiling,
    SendAnotherWay,
    SubmitFiling,
)
from app.intake.events import (
    FilerNamed,
    FilingAddedTo,
    FilingFileOpened,
    FilingOpened,
    FilingReceived,
    FilingScreened,
    FilingTranslated,
)
from app.intake.records import Amendment, Filing, FilingFile, FilingOfficer, Translation
from app.intake.rules import filing as rules
from app.intake.rules.draft import Kept
from app.intake.rules.passphrase import Passphrase, Wordlist, issue, lookup, lookup_of
from app.intake.rules.receipt import SALT, FiledDocument, Receipt, commitment, filing_bytes
from app.kernel.canonical import canonical_json
from app.kernel.errors import Invalid, Refused, Stale
from app.kernel.numbers import number_from
from app.people import queries as people
from app.people.actions import keep_filer, keep_identity, look_up, note_look_up, open_identity
from app.people.commands import LookUp
from app.people.rules import Who
from app.policy.model.powers import Act

WORDS = Wordlist(wordlist())
HEAD = 4096
# What is known to the hour only still comes after what it followed.
LEAST = timedelta(microseconds=1)


class KeyUsed(Refused):
    """The key of a filing was used before, for other words; nothing is said of what they were."""

    def __init__(self) -> None:
        super().__init__("This key was used for something else. Send the complaint again with a new key.")


@dataclass(frozen=True)
class Acknowledged:
    """What a filer is given: shown after the commit, and the same for a repeat."""

    number: str
    passphrase: Passphrase
    received_at: datetime
    receipt: str


@dataclass(frozen=True)
class Sent:
    """A file that came with the form, stored before the transaction ends."""

    name: str
    media_type: str
    stored: StoredFile


@stops_with(Act.FILINGS)
def submit_filing(
    work: Work, ask: SubmitFiling, *, repeat_key: str, files: Sequence[Sent] = (), channel: str = "web"
) -> Acknowledged:
    """Keeps a complaint as it was said. The same key and body give the same answer, however often they come."""
    rules.check_taken(work.book, ask.anonymity)
    rules.check_against(work.book, ask.against)
    rules.check_anonymous(ask.anonymity, ask.filer.model_dump(mode="json"))
    rules.check_not_in_future(ask.incident.date, work.today)

    # What was left out is not said: so a form that asks more tomorrow still answers a repeat of today's alike.
    said = ask.model_dump(mode="json", exclude={"language"}, exclude_defaults=True)
    body = canonical_json([said, ask.language, [file.stored.sha256.hex() for file in files]])
    passphrase = issue(work.keys.derive("passphrase"), repeat_key, body, WORDS)
    key = lookup_of(work.keys.derive("lookup"), passphrase)
    # It is written without asking the database anything first: a repeat is found by its key.
    work.identify(key, at_once=False)

    kept = _keep_once(work, ask, said, repeat_key, files, channel)
    return Acknowledged(kept.number, passphrase, kept.received_at, kept.receipt)


def keep_upload(work: Work, name: str, source: BinaryIO, *, limit: int) -> Sent:
    """Stores a file sealed before any row names it; what it is, its content says, and the rulebook what is taken."""
    media_type = sniff(source.read(HEAD))
    source.seek(0)
    rules.check_file_type(work.book, media_type)
    try:
        stored = work.storage.put(source, limit=limit)
    except TooLarge:
        raise Invalid({"file": rules.TOO_LARGE}) from None
    return Sent(rules.file_name(name), media_type, stored)


def sent_of(kept: Kept) -> Sent:
    """The file that a draft names."""
    return Sent(kept.name, kept.media_type, StoredFile(kept.object_name, kept.size, kept.sha256, kept.wrapped_key))


def own_by_passphrase(work: Work, text: str) -> queries.OwnFiling:
    """From here on this Work is that of the holder of this passphrase; 404 where it opens nothing."""
    work.identify(lookup(work.keys.derive("lookup"), text, WORDS))
    return found(own(work))


def own(work: Work) -> queries.OwnFiling | None:
    """The complaint of whoever this Work was opened for, if there is one; who has no name was here within the hour."""
    filing = queries.own_filing(work) if work.actor.lookup else None
    if filing is not None and filing.anonymity == rules.AnonymityKind.ANONYMOUS:
        work.blur()
    return filing


def _keep_once(
    work: Work,
    ask: SubmitFiling,
    said: dict[str, Any],
    repeat_key: str,
    files: Sequence[Sent],
    channel: str,
) -> Filing | queries.OwnFiling:
    """Two numbers may meet by chance, once in a million millions: then another is drawn."""
    for _ in range(2):
        filing = _keep(work, ask, said, repeat_key, files, channel)
        if work.written_or_there():
            return filing
        before = queries.own_filing(work)
        if before is not None:
            return before
    raise KeyUsed()


def _keep(
    work: Work,
    ask: SubmitFiling,
    said: dict[str, Any],
    repeat_key: str,
    files: Sequence[Sent],
    channel: str,
) -> Filing:
    if ask.anonymity is rules.AnonymityKind.ANONYMOUS:
        work.blur()
    documents = [FiledDocument(file.stored.sha256, file.stored.size) for file in files]
    # The receipt proves the words, not the name: who filed stands in the vault alone, and can be erased there.
    canonical = filing_bytes(rules.without_identity(said), ask.language, work.now, documents)
    salt = secrets.token_bytes(SALT)
    filing = work.put(
        Filing(
            id=uuid4(),
            number=number_from(work.book.filing_mask, work.today.year),
            lookup=work.actor.lookup,
            repeat_key=_repeat_key(work, repeat_key),
            policy_id=work.book.policy_id,
            channel=channel,
            language=ask.language,
            anonymity=ask.anonymity,
            relationship_=ask.filer.relationship,
            incident_date=ask.incident.date.first_day,
            incident_precision=ask.incident.date.precision,
            incident_time=ask.incident.time,
            location=ask.incident.location,
            narrative=ask.incident.narrative,
            answers=rules.other_answers(said),
            canonical=canonical,
            salt=salt,
            receipt="",
            received_at=work.now,
        )
    )
    for position, officer in enumerate(ask.officers, 1):
        work.put(FilingOfficer(filing_id=filing.id, position=position, **officer.model_dump()))
    for file in files:
        _attach(work, filing.id, file)
    who = Who(ask.filer.name, ask.filer.email, ask.filer.phone)
    if not who.is_empty:
        keep_filer(work, filing.id, who)
    entry_id = work.happened(
        FilingReceived(
            filing_id=filing.id,
            number=filing.number,
            commitment=commitment(salt, canonical).hex(),
            anonymity=ask.anonymity,
            channel=channel,
            language=ask.language,
            has_identity=not who.is_empty,
        )
    )
    filing.receipt = Receipt(entry_id, work.last_leaf).text
    route = routes.rule_of(work.book, ask.against)
    if route is not None:
        routes.file_another_way(work, work.book, route, filing.id)
    return filing


def _repeat_key(work: Work, key: str) -> bytes:
    return hmac.digest(work.keys.derive("idempotency"), key.encode(), "sha256")


def _attach(work: Work, filing_id: UUID, file: Sent) -> FilingFile:
    stored = file.stored
    return work.put(
        FilingFile(
            id=uuid4(),
            filing_id=filing_id,
            file_name=file.name,
            media_type=file.media_type,
            size=stored.size,
            sha256=stored.sha256,
            object_name=stored.name,
            wrapped_key=stored.wrapped_key,
            stored_at=work.now,
        )
    )


@stops_with(Act.LETTERS)
def add_to_filing(work: Work, filing_id: UUID, ask: AddToFiling, *, case_id: UUID | None = None) -> Amendment:
    """The filer adds words; the filing itself stays as it was."""
    before = queries.amendments_of(work, filing_id)
    added_at = max([work.now, *(each.added_at + LEAST for each in before)])
    amendment = work.add(Amendment(id=uuid4(), filing_id=filing_id, body=ask.body, added_at=added_at))
    work.happened(FilingAddedTo(case_id=case_id, filing_id=filing_id, kind="words"))
    return amendment


@stops_with(Act.LETTERS)
def add_file_to_filing(work: Work, filing_id: UUID, file: Sent, *, case_id: UUID | None = None) -> FilingFile:
    """The filer adds a photo or document."""
    added = _attach(work, filing_id, file)
    work.happened(FilingAddedTo(case_id=case_id, filing_id=filing_id, kind="file"))
    return added


@never_stopped("what was said may always be understood")
def add_translation(work: Work, filing_id: UUID, ask: AddTranslation) -> Translation:
    """Puts a translation beside what the filer said; the words themselves stay the record."""
    filing = queries.get_filing(work, filing_id)
    said_at = found(queries.said_by_filer(work, filing).get(ask.of_id))
    said_on = said_at.astimezone(work.house.zone).date()
    rules.check_translation(filing.language, ask.language, ask.translated_on, said_on, work.today)
    added = work.add(
        Translation(
            id=uuid4(),
            filing_id=filing.id,
            **ask.model_dump(),
            added_by_id=work.actor.id,
            added_at=work.now,
        )
    )
    work.happened(FilingTranslated(case_id=filing.case_id, filing_id=filing.id, of_id=ask.of_id, language=ask.language))
    return added


@stops_with(Act.LETTERS)
def name_filer(work: Work, ask: NameFiler) -> None:
    """Who filed without a name gives one: it goes into the vault, and the complaint stays as it was said."""
    # Pressed twice at once, the second waits and then finds the name there.
    filing = found(queries.own_filing(work, for_update=True))
    who = Who(ask.name, ask.email, ask.phone)
    book = work.policies.named(filing.policy_id)
    rules.check_named_later(book, filing.anonymity, ask.anonymity, asdict(who).values())
    named = FilerNamed(case_id=filing.case_id, filing_id=filing.id, anonymity=ask.anonymity)
    person_id = people.own_person_id(work, filing.id)
    if person_id is None:
        keep_filer(work, filing.id, who)
    else:
        keep_identity(work, person_id, who)
    entry_id = work.happened(named)
    work.change_many(Filing, [{"id": filing.id, "anonymity": ask.anonymity, "last_entry_id": entry_id}])


@never_stopped("history stays and is read")
def open_filing(work: Work, filing_id: UUID) -> Filing:
    """Reads a filing; each reading of what a resident said is journalled."""
    filing = queries.get_filing(work, filing_id)
    work.happened(FilingOpened(case_id=filing.case_id, filing_id=filing.id))
    return filing


@never_stopped("history stays and is read")
def open_filer(work: Work, filing_id: UUID, ask: OpenIdentity) -> Who | None:
    """Reads who filed; the opening and its reason stand in the journal. Where the rulebook wants two, asks first."""
    filing = queries.get_filing(work, filing_id)
    routes.check_handles(work, case_id=filing.case_id, filing_id=filing.id)
    person = found(people.person_of_filing(work, filing.id))
    if halves.wants_two(work.book, halves.IDENTITY):
        half = halves.granted_half(work, halves.IDENTITY, person.id)
        if half is None:
            what = {"reason": ask.reason.value, "refers_to": ask.refers_to, "number": filing.number}
            of = {"case_id": filing.case_id, "filing_id": filing.id, "what": what}
            halves.ask_second(work, work.book, halves.IDENTITY, person.id, **of)
            return None
        half.state = halves.USED
        # The second person agreed to this reason, and to no other.
        ask = OpenIdentity(reason=half.what["reason"], refers_to=half.what.get("refers_to", ""))
    is_theirs = queries.is_theirs(work, filing)
    return open_identity(work, person.id, ask.reason, refers_to=ask.refers_to, is_theirs=is_theirs)


@never_stopped("history stays and is read")
def look_up_filer(work: Work, ask: LookUp) -> list[queries.FoundFiling]:
    """What somebody with this name or contact has filed, as far as this person may know of it."""
    shown = queries.found_filings(work, look_up(work, ask))
    note_look_up(work, ask, len(shown))
    return shown


@never_stopped("history stays and is read")
def open_filing_file(work: Work, filing_id: UUID, file_id: UUID) -> tuple[FilingFile, Iterator[bytes]]:
    """A file of a filing, piece by piece; the opening stands in the journal."""
    filing = queries.get_filing(work, filing_id)
    file = queries.get_file(work, filing.id, file_id)
    work.happened(FilingFileOpened(case_id=filing.case_id, filing_id=filing.id, file_id=file.id))
    return file, work.storage.open(StoredFile(file.object_name, file.size, file.sha256, file.wrapped_key))


@never_stopped("whoever must not know of a case may always step back")
def send_another_way(work: Work, filing_id: UUID, ask: SendAnotherWay) -> None:
    """The filing, and its case where it has one, goes the way that the rulebook names for whom it is against."""
    filing = queries.get_filing(work, filing_id, for_update=True)
    if filing.case_id is not None:
        raise Refused("This complaint is a case already: send the case another way, on its page.")
    book = queries.book_for(work, filing)
    rule = routes.rule_of(book, ask.route)
    if rule is None:
        raise Invalid({"route": "Choose one of the list."})
    routes.send_another_way(work, book, rule, filing_id=filing.id, person_id=ask.person_id)


@never_stopped("what cannot be decided can be taken back")
def send_usual_way(work: Work, filing_id: UUID) -> None:
    """Whoever handles it sends it the usual way again."""
    filing = queries.get_filing(work, filing_id)
    routes.take_back(work, found(routes.standing_route(work, filing_id=filing.id)))


@asks_itself(Act.CASES)
def screen_filing(work: Work, filing_id: UUID, ask: ScreenFiling) -> Filing:
    """Decides by the rulebook what becomes of a filing; what follows from it is in `stages.py`."""
    filing = queries.get_filing(work, filing_id, for_update=True)
    book = queries.book_for(work, filing)
    if filing.version != ask.version:
        raise Stale()
    rules.check_unscreened(is_screened=filing.screened_at is not None)
    if ask.duplicate_of is None:
        work.check_act(Act.CASES)
    acts_as = routes.acting_as(work, None, filing_id=filing.id)
    rules.check_classification(book, ask.classification, ask.reason, acts_as)
    rules.check_department(book, ask.department_id)
    rules.check_category(book, ask.category)
    if ask.duplicate_of is not None:
        rules.check_duplicate(ask.duplicate_of, [case_id for case_id, *_ in queries.possible_duplicates(work, filing)])

    filing.screened_at = work.now
    filing.screened_by_id = work.actor.id
    filing.outcome = ask.classification
    work.happened(
        FilingScreened(
            filing_id=filing.id,
            classification=ask.classification,
            department_id=ask.department_id,
            category=ask.category,
            duplicate_of=ask.duplicate_of,
        )
    )
    return filing
