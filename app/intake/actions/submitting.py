"""A complaint is received, once, as it was said."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from app.access import routes
from app.access.acts import stops_with
from app.access.work import Work
from app.infra.words import wordlist
from app.intake import queries
from app.intake.actions.files import Sent, attach
from app.intake.commands import (
    SubmitFiling,
)
from app.intake.events import (
    FilingReceived,
)
from app.intake.records import Filing, FilingOfficer
from app.intake.rules import filing as rules
from app.intake.rules.passphrase import Passphrase, Wordlist, issue, lookup_of
from app.intake.rules.receipt import SALT, FiledDocument, Receipt, commitment, filing_bytes
from app.kernel.canonical import canonical_json
from app.kernel.errors import Refused
from app.kernel.numbers import number_from
from app.people.actions import keep_filer
from app.people.rules import Who
from app.policy.model.powers import Act

WORDS = Wordlist(wordlist())


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
        attach(work, filing.id, file)
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
