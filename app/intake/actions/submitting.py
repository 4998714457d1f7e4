"""A complaint is received, once, as it was said."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

from app.access import routes
from app.access.acts import stops_with
from app.access.work import Work
from app.intake import queries
from app.intake.actions import parts
from app.intake.actions.drafts import drop_saved
from app.intake.actions.files import Sent, attach
from app.intake.actions.words import WORDS
from app.intake.commands import SubmitFiling
from app.intake.events import FilingReceived, FilingTakenDown
from app.intake.records import Filing, Scribing
from app.intake.rules import filing as rules
from app.intake.rules.passphrase import Passphrase, issue, lookup_of
from app.intake.rules.receipt import SALT, FiledDocument, Receipt, commitment, filing_bytes
from app.kernel.canonical import canonical_json
from app.kernel.errors import Refused
from app.kernel.numbers import number_from
from app.policy.model.powers import Act

NOON = time(12)


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
class Arrival:
    """How a complaint came: by what, under which keys it is found again, and who wrote it down, if somebody did."""

    channel: str
    lookup: bytes
    repeat_key: bytes
    scribing: Scribing | None


@stops_with(Act.FILINGS)
def submit_filing(
    work: Work,
    ask: SubmitFiling,
    *,
    repeat_key: str = "",
    passphrase: Passphrase | None = None,
    files: Sequence[Sent] = (),
    channel: str = "web",
    scribing: Scribing | None = None,
) -> Acknowledged:
    """Keeps a complaint as it was said. The same key and body give the same answer, however often they come.

    Where the passphrase is there already, of a draft or drawn for a scribe, it is the key.
    """
    rules.check_taken(work.book, ask.anonymity)
    rules.check_against(work.book, ask.against)
    # What was left out is not said: so a form that asks more tomorrow still answers a repeat of today's alike.
    said = ask.model_dump(mode="json", exclude={"language"}, exclude_defaults=True)
    rules.check_listed(work.book, said)
    rules.check_anonymous(ask.anonymity, said)
    rules.check_not_in_future(ask.incident.date, work.today)

    body = canonical_json([said, ask.language, [file.stored.sha256.hex() for file in files]])
    if passphrase is None:
        passphrase = issue(work.keys.derive("passphrase"), repeat_key, body, WORDS)
    else:
        # Under the same words the same complaint is the same, and another one is refused.
        repeat_key = f"words|{passphrase.digits}|{hashlib.sha256(body).hexdigest()}"
    key = lookup_of(work.keys.derive("lookup"), passphrase)
    # Whoever writes it down for somebody else stays who they are: the journal names them.
    if scribing is None:
        # It is written without asking the database anything first: a repeat is found by its key.
        work.identify(key, at_once=False)

    arrival = Arrival(channel, key, _repeat_key(work, repeat_key), scribing)
    kept = _keep_once(work, ask, said, files, arrival)
    drop_saved(work, key)
    return Acknowledged(kept.number, passphrase, kept.received_at, kept.receipt)


def _keep_once(
    work: Work,
    ask: SubmitFiling,
    said: dict[str, Any],
    files: Sequence[Sent],
    arrival: Arrival,
) -> Filing | queries.OwnFiling:
    """Two numbers may meet by chance, once in a million millions: then another is drawn."""
    for _ in range(2):
        filing = _keep(work, ask, said, files, arrival)
        if work.written_or_there():
            return filing
        before = queries.own_filing(work, arrival.lookup)
        if before is not None and before.repeat_key == arrival.repeat_key:
            return before
    raise KeyUsed()


def _keep(
    work: Work,
    ask: SubmitFiling,
    said: dict[str, Any],
    files: Sequence[Sent],
    arrival: Arrival,
) -> Filing:
    if ask.anonymity is rules.AnonymityKind.ANONYMOUS:
        work.blur()
    documents = [FiledDocument(file.stored.sha256, file.stored.size) for file in files]
    # The receipt proves the words, not the name: who filed stands in the vault alone, and can be erased there.
    received_at = _received_at(work, arrival)
    canonical = filing_bytes(rules.without_identity(said), ask.language, received_at, documents)
    salt = secrets.token_bytes(SALT)
    filing = work.put(
        Filing(
            id=uuid4(),
            number=number_from(work.book.filing_mask, work.today.year),
            lookup=arrival.lookup,
            repeat_key=arrival.repeat_key,
            policy_id=work.book.policy_id,
            channel=arrival.channel,
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
            received_at=received_at,
        )
    )
    _put_parts(work, ask, filing.id, files)
    has_identity = parts.keep_who_files(work, ask, filing.id)
    entry_id = work.happened(
        FilingReceived(
            filing_id=filing.id,
            number=filing.number,
            commitment=commitment(salt, canonical).hex(),
            anonymity=ask.anonymity,
            channel=arrival.channel,
            language=ask.language,
            has_identity=has_identity,
        ),
        # It stands on the receipt, and does not tell the moment as our other ids do.
        entry_id=uuid4(),
    )
    filing.receipt = Receipt(entry_id, work.last_leaf).text
    if arrival.scribing is not None:
        _note_scribe(work, filing.id, arrival.scribing)
    route = routes.rule_of(work.book, ask.against)
    if route is not None:
        routes.file_another_way(work, work.book, route, filing.id)
    return filing


def _put_parts(work: Work, ask: SubmitFiling, filing_id: UUID, files: Sequence[Sent]) -> None:
    """What hangs on the complaint: its officers and its files."""
    parts.keep_officers(work, ask, filing_id)
    parts.keep_people(work, ask, filing_id)
    parts.keep_apart(work, ask, filing_id)
    for file in files:
        attach(work, filing_id, file)


def _note_scribe(work: Work, filing_id: UUID, scribing: Scribing) -> None:
    """Who wrote it down is the actor of the entry."""
    scribing.filing_id, scribing.entered_at = filing_id, work.now
    work.put(scribing)
    work.happened(
        FilingTakenDown(
            filing_id=filing_id,
            channel=scribing.channel,
            arrived_on=scribing.arrived_on,
            is_summary=scribing.is_summary,
            spoken=scribing.spoken,
            read_back=scribing.read_back,
            handed=scribing.handed,
        ),
        entry_id=uuid4(),
    )


def _received_at(work: Work, arrival: Arrival) -> datetime:
    """Now, or the noon of an earlier day on which it reached the office: of that day nobody knows the hour."""
    arrived_on = arrival.scribing.arrived_on if arrival.scribing else work.today
    if arrived_on == work.today:
        return work.now
    return datetime.combine(arrived_on, NOON, work.house.zone).astimezone(UTC)


def _repeat_key(work: Work, key: str) -> bytes:
    return hmac.digest(work.keys.derive("idempotency"), key.encode(), "sha256")
