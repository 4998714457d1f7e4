"""Selects of the vault: one identity for whoever may open it, exact look-up by keyed hashes."""

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app.access.permissions import Permission
from app.access.work import Work
from app.infra.keyholder import Wrapped
from app.infra.sealing import Kind, aad, blind_index, open_sealed
from app.kernel.errors import NotAllowed
from app.people.records import Identity, IdentityKey, Person
from app.people.rules import Who

# The version of the blind index that is written; rows of an older one are found too until the job has made them new.
INDEX = 2
COLUMNS: Mapping[Kind, InstrumentedAttribute[bytes | None]] = {
    "email": Identity.email_index,
    "phone": Identity.phone_index,
    "name": Identity.name_index,
}
SAME: Mapping[Kind, str] = {"email": "email address", "phone": "telephone", "name": "name, and perhaps another person"}
FEW = 100


def index_of(work: Work, kind: Kind, value: str) -> bytes | None:
    """The keyed hash of one value, under a key of this column's own."""
    return blind_index(work.keys.derive(f"index:{kind}"), kind, value) if value else None


def read_identity(work: Work, person_id: UUID) -> Who:
    """Opens the vault for one person; who calls this journals it: `actions.open_identity` and the letters' job."""
    if not work.may(Permission.IDENTITY_OPEN):
        raise NotAllowed("Your role does not open identities.")
    kept = work.session.scalar(select(Identity).where(Identity.person_id == person_id))
    own = work.session.scalar(select(IdentityKey).where(IdentityKey.person_id == person_id))
    if kept is None or own is None or own.wrapped_key is None:
        return Who()
    key = work.keys.holder.unwrap(Wrapped(own.key_id, own.wrapped_key), person_id)
    opened = open_sealed(key, kept.sealed, aad("identities", "sealed", person_id, kept.key_id))
    return Who(**json.loads(opened))


def kept_in(work: Work, person_id: UUID) -> list[str]:
    """The compartments in which who somebody is, is kept: an entry that tells of it is kept there too."""
    return work.session.scalar(select(Identity.compartments).where(Identity.person_id == person_id)) or []


def has_email(work: Work, person_id: UUID) -> bool:
    """True where an address is kept; asked by its keyed hash, without opening the vault."""
    return _is_kept(work, person_id, Identity.email_index.is_not(None))


def has_phone(work: Work, person_id: UUID) -> bool:
    """The same of a telephone number."""
    return _is_kept(work, person_id, Identity.phone_index.is_not(None))


def has_identity(work: Work, person_id: UUID) -> bool:
    """True where the vault holds somebody's name or contact that was not erased."""
    return _is_kept(work, person_id)


def _is_kept(work: Work, person_id: UUID, *also: ColumnElement[bool]) -> bool:
    query = select(Identity.person_id).join(IdentityKey, IdentityKey.person_id == Identity.person_id)
    query = query.where(Identity.person_id == person_id, IdentityKey.wrapped_key.is_not(None), *also)
    return work.session.scalar(query) is not None


def filings_of_same_person(work: Work, filing_ids: list[UUID]) -> dict[UUID, str]:
    """Other filings by whoever made these, with what is the same; by keyed hashes, without opening the vault."""
    work.need(Permission.IDENTITY_OPEN)
    own = select(Identity.email_index, Identity.phone_index, Identity.name_index)
    own = own.join(Person, Person.id == Identity.person_id).where(Person.filing_id.in_(filing_ids))
    known = list(work.session.execute(own.where(Person.role == "filer")))
    sought = {kind: {getattr(row, column.key) for row in known} - {None} for kind, column in COLUMNS.items()}
    return {key: words for key, words in _filings_with(work, sought).items() if key not in filing_ids}


def filings_of_person(work: Work, given: Mapping[Kind, str]) -> dict[UUID, str]:
    """Filings by somebody with exactly this e-mail, telephone or name, and what is the same."""
    work.need(Permission.IDENTITY_LOOK_UP)
    sought = {kind: _hashes(work, kind, value) for kind, value in given.items() if value}
    return _filings_with(work, sought)


def _hashes(work: Work, kind: Kind, value: str) -> set[bytes]:
    """As it is written now and as it was written before the columns had keys of their own."""
    return {blind_index(work.keys.derive(purpose), kind, value) for purpose in (f"index:{kind}", "index")}


def _filings_with(work: Work, sought: Mapping[Kind, set[bytes]]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for kind, hashes in sought.items():
        query = select(Person.filing_id).join(Identity, Identity.person_id == Person.id)
        query = query.where(COLUMNS[kind].in_(hashes), Person.role == "filer", Person.filing_id.is_not(None))
        for filing_id in work.session.scalars(query.order_by(Person.filing_id).limit(FEW)):
            if filing_id is not None:
                found.setdefault(filing_id, SAME[kind])
    return found
