"""Looks up who a session's secret belongs to, in the statement that also starts the transaction."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import AccessRules, Role
from app.infra.db import Door

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
REFRESH = timedelta(minutes=5)

_BEGIN = text(
    "SELECT now() AS now, set_config('candor.session', :hex, true), set_config('candor.lookup', '', true), a.* "
    "FROM (VALUES (1)) one LEFT JOIN session_account(:hash) a ON true"
)
_SEEN = text("UPDATE sessions SET seen_at = now() WHERE secret_hash = :hash")


@dataclass(frozen=True)
class Begun:
    """The transaction's time, and the person if the session stands."""

    now: datetime
    actor: Actor | None


def new_secret() -> str:
    """256 random bits, as text for a cookie or a token."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """What is kept of a session's secret."""
    return hashlib.sha256(secret.encode()).digest()


def begin_signed_in(session: Session, door: Door, secret: str, rules: AccessRules) -> Begun:
    """Starts the transaction for whoever holds this secret; an idle or revoked session is nobody's."""
    hashed = hash_of(secret)
    row = session.execute(_BEGIN, {"hex": hashed.hex(), "hash": hashed}).one()
    if row.account_id is None or row.now - row.seen_at > IDLE:
        return Begun(row.now, None)
    if row.now - row.seen_at > REFRESH:
        session.execute(_SEEN, {"hash": hashed})
    roles = frozenset(Role(name) for name in row.roles)
    actor = Actor(
        kind="account",
        door=door,
        id=row.account_id,
        name=row.name,
        display_name=row.display_name,
        title=row.title,
        roles=roles | {row.outsider} if row.outsider else roles,
        permissions=rules.of(roles),
        sees_all_cases=rules.sees_all_cases(roles),
        department_id=row.department_id,
        outsider=row.outsider,
        session_hash=hashed,
        proved_at=row.proved_at,
    )
    return Begun(row.now, actor)
