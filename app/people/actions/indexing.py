"""Work of the machinery on the vault: new look-up marks for old rows, and new wrapping for every person's key."""

from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.infra.keyholder import KeysAway, Wrapped
from app.people import queries
from app.people.events import IdentitiesIndexed, KeysRewrapped

INDEXED_AT_ONCE = 200
REWRAPPED_AT_ONCE = 500


@never_stopped("the machinery keeps what is kept")
def index_identities(work: Work) -> int:
    """Makes some look-up marks new, each identity opened by itself; stops where the keeper of the keys says so."""
    count = 0
    for person_id in queries.not_indexed(work, INDEXED_AT_ONCE):
        try:
            who = queries.read_identity(work, person_id)
        except KeysAway:
            break
        identity = queries.lock_identity(work, person_id)
        if identity is None or who.is_empty:
            continue
        identity.email_index = queries.index_of(work, "email", who.email)
        identity.phone_index = queries.index_of(work, "phone", who.phone)
        identity.name_index = queries.index_of(work, "name", who.name)
        identity.index_version = queries.INDEX
        count += 1
    if count:
        work.happened(IdentitiesIndexed(count=count))
    return count


@never_stopped("the machinery keeps what is kept")
def rewrap_keys(work: Work, key_id: str, after: UUID) -> tuple[int, UUID | None]:
    """Wraps the next keys with the newest identity key; how many, and the last one, or None where there was none."""
    rows = queries.keys_to_rewrap(work, key_id, after, REWRAPPED_AT_ONCE)
    if not rows:
        return 0, None
    fresh = work.keys.holder.rewrap([(row.person_id, Wrapped(row.key_id, row.wrapped_key or b"")) for row in rows])
    for row, wrapped in zip(rows, fresh, strict=True):
        row.key_id, row.wrapped_key = wrapped
    work.happened(KeysRewrapped(count=len(rows), key_id=key_id))
    return len(rows), rows[-1].person_id
