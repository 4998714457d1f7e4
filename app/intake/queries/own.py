"""The one filing that a passphrase opens, and where it stands."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.access import routes
from app.access.work import Work
from app.audit import proofs
from app.audit.checkpoints import Signer
from app.clocks import queries as clocks
from app.intake.records import Filing
from app.intake.rules import status
from app.intake.rules.receipt import Receipt
from app.intake.rules.status import Asked, FilerStatus, Found, MadeFormal, Standing
from app.policy.model import Rulebook

OWN = (
    Filing.id,
    Filing.number,
    Filing.lookup,
    Filing.repeat_key,
    Filing.language,
    Filing.anonymity,
    Filing.receipt,
    Filing.received_at,
    Filing.screened_at,
    Filing.outcome,
    Filing.case_id,
    Filing.policy_id,
    Filing.narrative,
    Filing.location,
    Filing.relationship_,
)


class OwnFiling:
    """The columns of a filing that its filer may read back."""

    id: UUID
    number: str
    repeat_key: bytes | None
    language: str
    anonymity: str
    receipt: str
    received_at: datetime
    screened_at: datetime | None
    outcome: str | None
    case_id: UUID | None
    policy_id: str
    narrative: str
    location: str
    relationship_: str


def own_filing(work: Work, lookup: bytes | None = None, *, for_update: bool = False) -> OwnFiling | None:
    """The filing whose passphrase this Work was opened with, or was just told; row security shows no other."""
    query = select(*OWN).where(Filing.lookup == (lookup or work.actor.lookup))
    return work.session.execute(query.with_for_update() if for_update else query).one_or_none()  # type: ignore[return-value]


def is_own_name_kept(work: Work) -> bool:
    """Whether the office said that whoever filed works for the department."""
    return bool(work.session.scalar(select(func.my_name_is_kept())))


def place_of_own(work: Work, own: OwnFiling) -> proofs.Place | None:
    """Where the entry of this complaint stands under the last published checkpoint; nothing in the first hour."""
    receipt = Receipt.parse(own.receipt) if own.receipt else None
    return proofs.place_of(work.session, receipt.entry_id, receipt.leaf, published=True) if receipt else None


def proof_of_own(work: Work, own: OwnFiling) -> dict[str, Any] | None:
    """The proof as a file, with the words that were filed: whoever holds the passphrase may have them."""
    place = place_of_own(work, own)
    if place is None:
        return None
    canonical, salt = work.session.execute(select(Filing.canonical, Filing.salt).where(Filing.id == own.id)).one()
    entry: bytes = work.session.scalars(select(func.my_filing_entry())).one()
    key = Signer(f"candor/{work.house.agency}", work.keys.checkpoint_key).verifier_key
    filing = {"canonical": canonical.decode(), "salt": salt.hex()}
    return proofs.proof_document(place, key, receipt=own.receipt, entry=entry.decode(), filing=filing)


def way_of(work: Work, own: OwnFiling, language: str) -> str:
    """What the rulebook tells a filer whose complaint goes another way."""
    rule = routes.way_said(work, own.case_id, own.id)
    return rule.public_text.to(language) if rule else ""


def status_of(work: Work, own: OwnFiling | Filing, language: str = "") -> FilerStatus:
    """Where a complaint stands, in its filer's language: what the rulebook says of its stage, and the next date."""
    language = language or own.language
    parts = work.parts("filer_status") if own.case_id else ()
    said = [fact for part in parts for fact in part(work, own.case_id, language)]
    standing = next((fact for fact in said if isinstance(fact, Standing)), None)
    book = work.policies.named(standing.policy_id if standing else own.policy_id)
    stage = book.stage(standing.stage) if standing else book.first_stage
    halted = None if stage.final else work.stop_of(status.halting(has_case=standing is not None))
    is_going = not stage.final and halted is None
    return FilerStatus(
        number=own.number,
        stage=stage.public_label.to(language),
        text=stage.public_text.to(language),
        next=stage.public_next.to(language) if stage.public_next and halted is None else None,
        next_by=_next_date(work, own, book) if is_going else None,
        is_over=stage.final,
        closed_on=standing.closed_on if standing else None,
        policy_id=book.policy_id,
        case_number=standing.number if standing else "",
        lead_title=standing.lead_title if standing else "",
        asked=tuple(fact for fact in said if isinstance(fact, Asked)),
        found=tuple(fact for fact in said if isinstance(fact, Found)) if stage.final else (),
        formal=status.formal_standing(
            book, own.anonymity, next((each.on for each in said if isinstance(each, MadeFormal)), None), language
        ),
        halted=halted,
    )


def book_of_own(work: Work, own: OwnFiling, standing: FilerStatus) -> Rulebook:
    """The rulebook by which the complaint goes: that of its case, once there is one."""
    return work.policies.named(standing.policy_id or own.policy_id)


def _next_date(work: Work, own: OwnFiling | Filing, book: Rulebook) -> date | None:
    if own.case_id is not None:
        return status.next_date(book, clocks.running_dates(work, own.case_id))
    return status.first_date(book, own.received_at.astimezone(work.house.zone).date())
