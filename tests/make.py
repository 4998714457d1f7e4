"""Builds rows for tests: only what matters is said, the rest is filled in."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Role, home_door
from app.access.records import Account, AccountRole, SignedIn, Wall
from app.access.sessions import hash_of, new_secret
from app.access.work import House
from app.allegations.records import Allegation, Finding
from app.cases.records import NO_DATE, Case
from app.clocks.records import Clock
from app.infra.db import Door, Table, hidden_key
from app.intake.records import Filing
from app.people.records import Officer
from app.web.limits import Limiter

ENTRY = UUID(int=0)
T = TypeVar("T")


def in_one_minute(most: int) -> Limiter:
    """A limit of which a test sees the running minute alone, however slow the machine: 45 seconds of it are left."""
    return Limiter(most, clock=lambda: 15.0)


class Make:
    """`make.case(stage="screening")`: one row, written as the owner of the tables."""

    def __init__(self, house: House, now: datetime) -> None:
        self.house = house
        self.databases: Any = house.databases
        self.now = now
        self.today = now.astimezone(house.zone).date()
        self._actors: dict[str, Actor] = {}
        self._secrets: dict[UUID, str] = {}

    @contextmanager
    def owner(self) -> Iterator[Session]:
        """A session that may see and write everything."""
        with self.databases.as_owner() as session:
            yield session

    def row(self, row: T) -> T:
        """Writes one row and gives it back."""
        if hasattr(row, "last_entry_id") and row.last_entry_id is None:
            row.last_entry_id = ENTRY
        with self.owner() as session:
            session.add(row)
            session.commit()
        return row

    def all(self, kind: type[Table], **where: Any) -> list[Any]:
        """Every row of a table, as the owner sees it."""
        with self.owner() as session:
            return list(session.query(kind).filter_by(**where))

    def tags(self) -> list[str]:
        """The tags of every journal entry so far, in order."""
        from app.audit.records import JournalEntry

        with self.owner() as session:
            return [entry.tag for entry in session.query(JournalEntry).order_by(JournalEntry.seq)]

    def account(self, role: str, name: str | None = None, **given: Any) -> Account:
        """Somebody with one role, and no password."""
        name = name or f"{role}-{secrets.token_hex(3)}"
        department = self.book.departments[0].code if role == Role.LIAISON else None
        account = self.row(
            Account(
                **{
                    "id": uuid4(),
                    "name": name,
                    "display_name": name.title(),
                    "title": role.title(),
                    "status": "active",
                    "department_id": department,
                    "password_hash": None,
                    "created_at": self.now,
                }
                | given
            )
        )
        self.row(AccountRole(account_id=account.id, role=role))
        return account

    def actor(self, role: str) -> Actor:
        """The same person for the same role within one test, signed in."""
        if role not in self._actors:
            self._actors[role] = self.sign_in(self.account(role), role)[0]
        return self._actors[role]

    def sign_in(self, account: Account, *roles: str) -> tuple[Actor, str]:
        """A session of this person: the actor, and the cookie's secret."""
        secret = new_secret()
        self.row(
            SignedIn(
                secret_hash=hash_of(secret),
                account_id=account.id,
                kind="browser",
                created_at=self.now,
                seen_at=self.now + timedelta(days=3650),
                expires_at=self.now + timedelta(days=3650),
                proved_at=self.now + timedelta(days=3650),
                factor="passkey",
            )
        )
        held = frozenset(Role(role) for role in roles)
        rules = self.house.access
        actor = Actor(
            kind="account",
            door=home_door(held),
            id=account.id,
            name=account.name,
            display_name=account.display_name,
            title=account.title,
            roles=held | {account.outsider} if account.outsider else held,
            permissions=rules.of(held),
            sees_all_cases=rules.sees_all_cases(held),
            department_id=account.department_id,
            outsider=account.outsider,
            session_hash=hash_of(secret),
            proved_at=self.now + timedelta(days=3650),
        )
        self._secrets[account.id] = secret
        return actor, secret

    def secret_of(self, actor: Actor) -> str:
        """The cookie with which this person is signed in."""
        assert actor.id is not None
        return self._secrets[actor.id]

    @property
    def book(self) -> Any:
        """The rulebook in force in the test's agency."""
        return self.house.policies.in_force(self.house.agency, self.today)

    def case(self, **given: Any) -> Case:
        """A case of the demonstration city."""
        due = given.get("due_on")
        return self.row(
            Case(
                **{
                    "id": uuid4(),
                    "number": f"2026-{secrets.token_hex(4)}",
                    "policy_id": self.book.policy_id,
                    "department_id": self.book.departments[0].code,
                    "stage": "investigating",
                    "received_on": self.today,
                    "opened_on": self.today,
                    "narrative": "A traffic stop.",
                    "queue_on": due or NO_DATE,
                    "version": 1,
                }
                | given
            )
        )

    def filing(self, **given: Any) -> Filing:
        """A filing that is not screened yet."""
        return self.row(
            Filing(
                **{
                    "id": uuid4(),
                    "number": secrets.token_hex(5),
                    "lookup": secrets.token_bytes(32),
                    "repeat_key": None,
                    "policy_id": self.book.policy_id,
                    "channel": "web",
                    "language": "en",
                    "anonymity": "anonymous",
                    "relationship_": "self",
                    "incident_date": date(2026, 3, 1),
                    "incident_precision": "day",
                    "location": "Oak Street",
                    "narrative": "A traffic stop.",
                    "canonical": b"{}",
                    "salt": b"s" * 32,
                    "receipt": "candor1.test",
                    "received_at": self.now,
                    "version": 1,
                }
                | given
            )
        )

    def officer(self, **given: Any) -> Officer:
        """An officer of the first department."""
        return self.row(
            Officer(
                **{
                    "id": uuid4(),
                    "department_id": self.book.departments[0].code,
                    "last_name": "Sample",
                    "first_name": "Officer",
                    "sort_name": "sample officer",
                    "badge": secrets.token_hex(2),
                    "version": 1,
                }
                | given
            )
        )

    def allegation(self, case: Case, officer: Officer | None = None, **given: Any) -> Allegation:
        """An allegation of the first category of the rulebook."""
        return self.row(
            Allegation(
                **{
                    "id": uuid4(),
                    "case_id": case.id,
                    "position": 1,
                    "officer_id": officer.id if officer else None,
                    "category": self.book.allegations[0].code,
                    "stated_on": self.today,
                    "version": 1,
                }
                | given
            )
        )

    def finding(self, allegation: Allegation, **given: Any) -> Finding:
        """A finding of the investigator, by the first finding word of the rulebook."""
        word = self.book.finding(given.pop("disposition")) if "disposition" in given else self.book.findings[0]
        return self.row(
            Finding(
                **{
                    "id": hidden_key(),
                    "allegation_id": allegation.id,
                    "case_id": allegation.case_id,
                    "life": "investigator",
                    "disposition": word.code,
                    "finding_class": word.canonical,
                    "found_on": self.today,
                }
                | given
            )
        )

    def clock(self, case: Case, rule: str, **given: Any) -> Clock:
        """A running clock."""
        return self.row(
            Clock(
                **{
                    "id": uuid4(),
                    "case_id": case.id,
                    "rule": rule,
                    "policy_id": case.policy_id,
                    "started_by": "case_opened",
                    "started_on": self.today,
                    "due_on": self.today + timedelta(days=30),
                }
                | given
            )
        )

    def wall(self, case: Case, actor: Actor, kind: str = "recusal") -> Wall:
        """A wall between a person and a case."""
        return self.row(Wall(id=uuid4(), account_id=actor.id, case_id=case.id, kind=kind, raised_at=self.now))


DOORS = tuple(Door)
