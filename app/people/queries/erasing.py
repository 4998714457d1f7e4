"""Selects of what ends an identity and of what keeps it: holds, erasures, and rows that a job has still to do."""

from uuid import UUID

from sqlalchemy import func, or_, select, text

from app.access.reading import one_or_not_found
from app.access.records import SecondHalf
from app.access.work import Work
from app.people.queries.vault import INDEX
from app.people.records import Erasure, Hold, Identity, IdentityKey, Person


def standing_hold(work: Work, person_id: UUID, case_id: UUID | None) -> Hold | None:
    """Why this identity must be kept, if something says so: of the person, or of the whole case."""
    of = or_(Hold.person_id == person_id, Hold.case_id == case_id) if case_id else Hold.person_id == person_id
    return work.session.scalars(select(Hold).where(of, Hold.lifted_at.is_(None)).order_by(Hold.set_at).limit(1)).first()


def get_hold(work: Work, hold_id: UUID) -> Hold:
    """One hold that stands, locked; or 404."""
    return one_or_not_found(work, select(Hold).where(Hold.id == hold_id, Hold.lifted_at.is_(None)).with_for_update())


def erasure_of(work: Work, person_id: UUID) -> Erasure | None:
    """The certificate of an erased identity."""
    return work.session.scalar(select(Erasure).where(Erasure.person_id == person_id))


def agreed_erasure(work: Work, half_id: UUID, step: str) -> SecondHalf | None:
    """What a second person agreed to and is not done yet, for the job that does it."""
    query = select(SecondHalf).where(SecondHalf.id == half_id, SecondHalf.step == step, SecondHalf.state == "granted")
    return work.session.scalars(query.with_for_update()).one_or_none()


def lock_key(work: Work, person_id: UUID) -> IdentityKey | None:
    """The person's key; a rotation waits meanwhile."""
    return work.session.scalars(select(IdentityKey).where(IdentityKey.person_id == person_id).with_for_update()).first()


def lock_identity(work: Work, person_id: UUID) -> Identity | None:
    """The sealed identity and its hashes."""
    return work.session.scalars(select(Identity).where(Identity.person_id == person_id).with_for_update()).first()


def lock_person(work: Work, person_id: UUID) -> Person:
    """The person, locked: a hold and an erasure do not pass each other."""
    return one_or_not_found(work, select(Person).where(Person.id == person_id).with_for_update())


def not_indexed(work: Work, most: int) -> list[UUID]:
    """Identities whose keyed hashes are of an older kind."""
    query = select(Identity.person_id).join(IdentityKey, IdentityKey.person_id == Identity.person_id)
    query = query.where(Identity.index_version < INDEX, IdentityKey.wrapped_key.is_not(None))
    return list(work.session.scalars(query.order_by(Identity.person_id).limit(most)))


def keys_to_rewrap(work: Work, key_id: str, after: UUID, most: int) -> list[IdentityKey]:
    """The next persons' keys that another key wrapped, locked; what is held just now comes next round."""
    query = select(IdentityKey).where(
        IdentityKey.person_id > after, IdentityKey.key_id != key_id, IdentityKey.wrapped_key.is_not(None)
    )
    query = query.order_by(IdentityKey.person_id).limit(most).with_for_update(skip_locked=True)
    return list(work.session.scalars(query))


def keys_by_holder(work: Work) -> dict[str, int]:
    """How many persons' keys each identity key wraps."""
    query = select(IdentityKey.key_id, func.count().label("n")).where(IdentityKey.wrapped_key.is_not(None))
    return {row.key_id: int(row.n) for row in work.session.execute(query.group_by(IdentityKey.key_id))}


def hold_keys_still(work: Work) -> None:
    """Until this Work ends nobody writes a person's key; whoever was writing one has ended."""
    work.session.execute(text("LOCK TABLE identity_keys IN SHARE MODE"))
