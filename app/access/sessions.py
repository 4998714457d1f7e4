"""Looks up who a session's secret belongs to, in the statement that also starts the transaction."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Absent, Actor
from app.access.machine_tokens import is_machine_token
from app.access.permissions import STANDS_FOR, AccessRules, Permission, Role
from app.infra.db import Door

REFRESH = timedelta(minutes=5)
MACHINE = "machine"

# All that somebody may do who still owes a second factor.
OWN = frozenset({Permission.SESSION_OPEN, Permission.SESSION_OWN})

_BEGIN = text(
    "SELECT now() AS now, set_config('candor.session', :hex, true), set_config('candor.lookup', '', true), a.*, "
    "deputy_of(a.account_id) AS stands_for "
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


def begin_signed_in(
    session: Session, door: Door, secret: str, rules: AccessRules, *, demonstration: bool = False
) -> Begun:
    """Starts the transaction for whoever holds this secret; an idle or revoked session is nobody's."""
    hashed = hash_of(secret)
    row = session.execute(_BEGIN, {"hex": hashed.hex(), "hash": hashed}).one()
    if (row.kind == MACHINE) != is_machine_token(secret):
        return Begun(row.now, None)
    if row.kind == MACHINE:
        return Begun(row.now, _machine(row, door, hashed, rules))
    own, stands_for = frozenset(Role(name) for name in row.roles or ()), _stands_for(row.stands_for)
    roles = own | {Role(name) for absent in stands_for for name in absent.roles}
    if row.account_id is None or row.now - row.seen_at > rules.session_limits(roles)[0]:
        return Begun(row.now, None)
    if row.now - row.seen_at > REFRESH:
        session.execute(_SEEN, {"hash": hashed})
    needed = rules.kinds_needed(roles, demonstration=demonstration or row.is_demonstration)
    lacks = bool(needed) and row.factor not in needed | STANDS_FOR
    actor = Actor(
        kind="account",
        door=door,
        id=row.account_id,
        name=row.name,
        display_name=row.display_name,
        title=row.title,
        roles=roles | {row.outsider} if row.outsider else roles,
        lent=roles - own,
        stands_for=stands_for,
        permissions=rules.of(roles) & OWN if lacks else rules.of(roles),
        lacks_factor=lacks,
        sees_all_cases=rules.sees_all_cases(roles),
        department_id=row.department_id,
        outsider=row.outsider,
        session_hash=hashed,
        proved_at=row.proved_at,
    )
    return Begun(row.now, actor)


def _machine(row: Any, door: Door, hashed: bytes, rules: AccessRules) -> Actor | None:
    """Another system: it comes by the office's door alone, and has no role of its own."""
    if door is not Door.OFFICE:
        return None
    owner = frozenset(Role(name) for name in row.owner_roles)
    return Actor(
        kind="account",
        door=door,
        id=row.account_id,
        name=row.name,
        display_name=row.display_name,
        title=row.title,
        permissions=rules.of_machine(frozenset(Permission(scope) for scope in row.scopes), owner),
        sees_all_cases=rules.sees_all_cases(owner),
        session_hash=hashed,
        is_machine=True,
    )


def _stands_for(found: list[dict[str, Any]] | None) -> tuple[Absent, ...]:
    return tuple(
        Absent(UUID(each["id"]), each["name"], each["display_name"], frozenset(each["roles"])) for each in found or ()
    )
