"""Who asks: a person with an account, the holder of a passphrase, anyone, or the system itself."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from app.access.permissions import Permission, Role
from app.infra.db import Door


@dataclass(frozen=True)
class Absent:
    """Somebody who is away, for whom the actor stands in today with these roles of theirs."""

    id: UUID
    name: str
    display_name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """The one who acts, as the journal and the queries know them."""

    kind: str
    door: Door
    id: UUID | None = None
    name: str = ""
    display_name: str = ""
    title: str = ""
    # In the rulebook's words: roles of the office, and of somebody from outside also the name it calls them by.
    roles: frozenset[str] = frozenset()
    # Of these roles, those that are lent to them by whoever they stand in for, and for whom that is.
    lent: frozenset[str] = frozenset()
    stands_for: tuple[Absent, ...] = ()
    permissions: frozenset[Permission] = frozenset()
    sees_all_cases: bool = False
    department_id: str | None = None
    outsider: str | None = None
    session_hash: bytes | None = field(default=None, repr=False)
    # When this person last proved, in this session, to be themselves.
    proved_at: datetime | None = None
    # True where a role of theirs needs a second factor and this session was opened without: it opens nothing else.
    lacks_factor: bool = False
    lookup: bytes | None = field(default=None, repr=False)
    # True for another system with a token: it holds no role, so it is outside of every compartment.
    is_machine: bool = False

    @classmethod
    def anyone(cls, door: Door, permissions: frozenset[Permission]) -> Self:
        """Somebody of whom nothing is known and nothing is asked."""
        return cls(kind="anyone", door=door, roles=frozenset({Role.ANYONE}), permissions=permissions)

    @classmethod
    def filer(cls, lookup: bytes, permissions: frozenset[Permission]) -> Self:
        """Whoever holds the passphrase with this keyed hash."""
        return cls(
            kind="filer",
            door=Door.RESIDENT,
            roles=frozenset({Role.FILER}),
            permissions=permissions,
            lookup=lookup,
        )

    @classmethod
    def system(cls, name: str, door: Door = Door.WORKER) -> Self:
        """The office's own machinery: a job, a command, an import."""
        return cls(
            kind=f"system:{name}",
            door=door,
            name=name,
            permissions=frozenset(Permission),
            sees_all_cases=True,
        )

    @property
    def is_machinery(self) -> bool:
        """True for a job, a command or an import: nobody sits there."""
        return self.kind.startswith("system:")

    def may(self, permission: Permission) -> bool:
        """True where a role of this person allows it."""
        return permission in self.permissions

    def has(self, *roles: Role) -> bool:
        """True where the person holds one of these roles."""
        return bool(self.roles.intersection(roles))

    @property
    def own_roles(self) -> frozenset[str]:
        """Without what is lent to them."""
        return self.roles - self.lent

    @property
    def places(self) -> tuple[UUID, ...]:
        """In whose place this person is: their own, and theirs for whom they stand in."""
        own = () if self.id is None else (self.id,)
        return (*own, *(absent.id for absent in self.stands_for))
