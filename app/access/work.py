"""One Work for each request, job or command: who, when, which rulebooks, one transaction, and what happened in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from psycopg.errors import InsufficientPrivilege, UniqueViolation
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.access.actor import Actor
from app.access.behalf import behalf_of, note_lender
from app.access.compartments import asks, marks_of, opened_in, together
from app.access.permissions import AccessRules, Permission, Role
from app.access.readings import READERS, keep_readings
from app.audit import journal
from app.audit.records import JournalEntry
from app.infra import queue
from app.infra.bulk import insert_many, update_many
from app.infra.db import Databases, Door, Record
from app.infra.keys import Keys
from app.infra.mail import NO_MAIL, Mail
from app.infra.provider import Provider
from app.infra.scanning import NO_SCANNER, Scanner
from app.infra.sending import Statement, insert_of, send
from app.infra.storage import Storage
from app.infra.texting import NO_TEXTING, Texting
from app.kernel.dates import hour_of
from app.kernel.errors import NotAllowed, Refused, Stale, StepUpNeeded
from app.kernel.events import Event
from app.kernel.translations import Freshness
from app.policy.acting import ActStopped, Stop, stop_in_house
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.powers import Act
from app.policy.vocabulary import Vocabulary

ROW_SECURITY = "row-level security"
_BEGIN = (
    "SELECT now(), set_config('candor.session', %s, true), set_config('candor.lookup', %s, true),"
    " set_config('candor.vouched', %s, true)"
)
_VOUCH = "SELECT set_config('candor.vouched', %s, true)"
MACHINERY = "machinery"
_IDENTIFY = "SELECT set_config('candor.lookup', %s, true)"

Reaction = Callable[["Work", Any], object]
Fact = Callable[["Work", UUID], bool]
Part = Callable[..., Any]
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Later:
    """A reaction that the worker does, after the commit, under its own role; arguments are ids only."""

    task: str
    fields: tuple[str, ...]


def later(task: str, *fields: str) -> Later:
    """`later("send_closing_letter", "case_id")`: the named job, with these fields of the event."""
    return Later(task, fields)


@dataclass(frozen=True)
class Wiring:
    """What reaches upwards, from `app/stages.py`: what follows an event, facts for guards, gathered parts."""

    reactions: Mapping[type[Event], Sequence[Reaction | Later]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that a rulebook may use here: of guards, exactly those that somebody answers."""
        return Vocabulary(guards=frozenset(self.facts))


@dataclass(frozen=True)
class House:
    """What every Work of one process shares; nothing in it changes while the process lives."""

    databases: Databases
    policies: Rulebooks
    access: AccessRules
    keys: Keys
    storage: Storage
    wiring: Wiring
    agency: str
    base_url: str = "http://127.0.0.1:8000"
    is_demonstration: bool = False
    mail: Mail = NO_MAIL
    texting: Texting = NO_TEXTING
    scanner: Scanner = NO_SCANNER
    # To whom outside the journal's checkpoints go, and at most how often.
    witnesses: tuple[str, ...] = ()
    witness_hours: int = 24
    # How long a backup of the vault may live, and where those of this machine are.
    vault_days: int = 35
    backup_dirs: tuple[Path, ...] = ()
    # Who vouches for the city's own accounts; None where people sign in here alone.
    provider: Provider | None = None
    # How long the translations that people approved need not be asked for again.
    approvals: Freshness = field(default_factory=Freshness)

    def name_in(self, language: str) -> str:
        """The agency's name in one language."""
        return self.policies.newest(self.agency).name.to(language)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The agency's time zone, in which every legal day is counted."""
        return self.policies.newest(self.agency).time_zone


@dataclass
class Work:
    """Who, when, which rulebooks and one transaction. Made by `open_work`, handed to every action."""

    house: House
    actor: Actor
    session: Session
    now: datetime
    entries: list[UUID] = field(default_factory=list)
    last_leaf: bytes = b""
    _put: list[Record] = field(default_factory=list)
    _unsent: list[Statement] = field(default_factory=list)
    # Of which compartments this Work reads though it is nobody's: for a paper, those that its readers are inside of.
    reads_for: list[str] | None = None
    # Of a deputy: whose role let them do what is done here, where none of their own does.
    lender: UUID | None = None

    def __post_init__(self) -> None:
        asks(self.session, self._inside)

    def _inside(self) -> list[str] | None:
        """The compartments whose matter this Work's selects may find; None for machinery, which finds all."""
        if self.actor.kind == "account" and self.actor.door in READERS:
            return self.house.access.inside(self.actor.roles)
        return self.reads_for

    @property
    def today(self) -> date:
        """The agency's local day; no deadline is counted in UTC."""
        return self.now.astimezone(self.house.zone).date()

    @property
    def policies(self) -> Rulebooks:
        """Every rulebook, by its id and by date."""
        return self.house.policies

    @property
    def book(self) -> Rulebook:
        """The rulebook in force today; a case uses the one it was opened under."""
        return self.house.policies.in_force(self.house.agency, self.today)

    @property
    def keys(self) -> Keys:
        """The installation's keys."""
        return self.house.keys

    @property
    def storage(self) -> Storage:
        """Where files are kept."""
        return self.house.storage

    def may(self, permission: Permission) -> bool:
        """True where this person's roles allow it."""
        return self.actor.may(permission)

    def need(self, permission: Permission) -> None:
        """Refuses where this person's roles do not allow it: for actions that several doors share."""
        if not self.may(permission):
            raise NotAllowed()
        note_lender(self, permission)

    def need_step_up(self) -> None:
        """Refuses where this person has not lately proved to be themselves: for what cannot be taken back."""
        if self.actor.kind == "account" and not self.is_proved:
            raise StepUpNeeded()

    @property
    def is_proved(self) -> bool:
        """True where whoever sits there gave a password or another proof only minutes ago."""
        proved_at = self.actor.proved_at
        return proved_at is not None and self.now - proved_at <= self.house.access.step_up.holds

    def stop_of(self, act: Act) -> Stop | None:
        """Why this cannot be done today, by the rulebook in force today whatever a case is pinned to; else nothing."""
        return stop_in_house(self.book, act, self.today)

    def check_act(self, act: Act) -> None:
        """Refuses what today's rulebook does not let be done, with its reason."""
        stop = self.stop_of(act)
        if stop is not None:
            raise ActStopped(stop)

    def add(self, record: R) -> R:
        """Adds a new row; it is written at the next flush or at the commit."""
        self.session.add(record)
        return record

    def put(self, record: R) -> R:
        """Adds a new row that this Work neither reads nor changes once it is written: it goes past the session."""
        self._put.append(record)
        return record

    def flush(self) -> None:
        """Writes what is pending; a row changed without an event stops it, a row somebody else changed is stale.

        So is one that somebody else wrote at the same moment, where there can be only one: a button pressed twice.
        """
        try:
            self._write()
        except IntegrityError as problem:
            if not isinstance(problem.orig, UniqueViolation):
                raise
            raise Stale() from None
        except ProgrammingError as problem:
            # The second lock: what no check above it has refused.
            if isinstance(problem.orig, InsufficientPrivilege) and ROW_SECURITY in str(problem.orig):
                raise NotAllowed() from None
            raise

    def _write(self) -> None:
        unnamed = [
            row
            for row in (*self.session.new, *self.session.dirty)
            if isinstance(row, Record) and row.last_entry_id not in self.entries and self.session.is_modified(row)
        ]
        unnamed += [row for row in self._put if row.last_entry_id not in self.entries]
        if unnamed:
            raise RuntimeError(f"{type(unnamed[0]).__name__} was changed and no event says so")
        self._send()
        try:
            self.session.flush()
        except StaleDataError:
            raise Stale() from None

    def _send(self) -> None:
        """Entries, jobs and rows that the session does not know, in one round trip."""
        statements = [*self._unsent, *map(insert_of, self._put)]
        self._unsent, self._put = [], []
        if statements:
            send(self.session, statements)

    def happened(self, event: Event, *, entry_id: UUID | None = None, kept_in: Sequence[str] = ()) -> UUID:
        """Journals the event, names it in every row changed so far, and lets the reactions follow.

        The entry is kept where a row that it names is: history tells of it to those alone who may know. A bulk import
        says the entry's id beforehand, because its rows name it before its counts are known. What comes by the
        resident's door stands on a receipt: its id is random, and does not tell the moment as ours do.
        """
        if entry_id is None and self.actor.door is Door.RESIDENT:
            entry_id = uuid4()
        changed = [row for row in (*self.session.new, *self.session.dirty, *self._put) if isinstance(row, Record)]
        kept = together(kept_in, marks_of(self.session, changed))
        behalf = behalf_of(self, event)
        written = journal.entry(event, self.now, self.actor.kind, self.actor.id, entry_id, kept, changed, behalf)
        self._unsent.append(written.statement)
        self.entries.append(written.id)
        self.last_leaf = written.leaf
        for row in changed:
            row.last_entry_id = written.id
        for reaction in self.house.wiring.reactions.get(type(event), ()):
            self._react(reaction, event, written.id)
        return written.id

    def happened_often(self, events: Sequence[Event]) -> list[UUID]:
        """Journals what one job did to many rows, in one statement; no reaction follows, so such kinds have none."""
        written = [journal.row_of(event, self.now, self.actor.kind, self.actor.id) for event in events]
        if any(self.house.wiring.reactions.get(kind) for kind in {type(event) for event in events}):
            raise RuntimeError("what somebody reacts to is journalled one by one")
        if written:
            self._unsent.append(insert_many(JournalEntry, written))
            self.entries.extend(row["id"] for row in written)
        return [row["id"] for row in written]

    def put_many(self, kind: type[Record], rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds many new rows in one statement, each with the entry that names it."""
        self._send_many(insert_many, kind, rows)

    def change_many(self, kind: type[Record], rows: Sequence[Mapping[str, Any]]) -> None:
        """Changes the given columns of many rows in one statement, each with the entry that names it."""
        self._send_many(update_many, kind, rows)

    def _send_many(
        self, statement: Callable[..., Statement], kind: type[Record], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        if {row.get("last_entry_id") for row in rows} - set(self.entries):
            raise RuntimeError(f"many of {kind.__name__} were written and no event says so")
        if rows:
            self._unsent.append(statement(kind, rows))

    def defer(self, task: str, args: Mapping[str, str], entry_id: UUID) -> None:
        """Queues a job behind an entry of this Work: for what `later` cannot say, because it is known only now."""
        self._unsent.append(queue.defer(task, dict(args), entry_id))

    def fact(self, name: str, case_id: UUID) -> bool:
        """What an earlier stage's guard may ask of a later one; a rulebook of long ago may ask what nobody answers."""
        answer = self.house.wiring.facts.get(name)
        if answer is None:
            raise Refused(f"The rulebook of this case asks for “{name}”, which this version of Candor cannot answer.")
        return answer(self, case_id)

    def parts(self, name: str) -> Sequence[Part]:
        """What each stage adds to a thing that is gathered from all of them."""
        return self.house.wiring.parts.get(name, ())

    def identify(self, lookup: bytes, *, at_once: bool = True) -> None:
        """From here on this Work is the filer's with this keyed hash: row security shows that one filing.

        `at_once=False` where nothing of theirs is read before it is written: the database is told with the rows.
        """
        filer = frozenset({Role.FILER})
        self.actor = Actor.filer(lookup, self.house.access.of(filer))
        self._unsent.append(Statement(_IDENTIFY, [lookup.hex()]))
        if at_once:
            self._send()

    def vouch(self, account_id: UUID) -> None:
        """What is done to this account now is right though nobody is signed in: the database takes our word for it."""
        self._unsent.append(Statement(_VOUCH, [self.house.databases.vouch(str(account_id))]))
        self._send()

    def blur(self) -> None:
        """From here on this Work knows the hour only: nothing that it writes says when an anonymous filer was here."""
        self.now = hour_of(self.now, self.house.zone)

    def written_or_there(self) -> bool:
        """Writes what is pending; False where a unique key shows that it is there already, and all is given up."""
        try:
            self._write()
        except IntegrityError as problem:
            if not isinstance(problem.orig, UniqueViolation):
                raise
            self.restart()
            return False
        return True

    def restart(self) -> None:
        """Gives up what was begun and starts again in a fresh transaction, to show a page after a refusal."""
        self.session.rollback()
        self.session.expunge_all()
        self.entries.clear()
        opened_in(self.session).clear()
        self._unsent, self._put = [], []
        self.now = begin(self.session, self.actor, self.house.databases)

    def commit(self) -> None:
        """Writes everything: no event, no change."""
        keep_readings(self)
        self.flush()
        self.session.commit()

    def send_later(self, statement: Statement) -> None:
        """Sends one more statement with the next flush."""
        self._unsent.append(statement)

    def _react(self, reaction: Reaction | Later, event: Event, entry_id: UUID) -> None:
        if not isinstance(reaction, Later):
            reaction(self, event)
            return
        args = {name: _plain(getattr(event, name)) for name in reaction.fields}
        self._unsent.append(queue.defer(reaction.task, args, entry_id))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def begin(session: Session, actor: Actor, databases: Databases) -> datetime:
    """Starts the transaction: says who it is for, and takes the time from the database."""
    session_hash = actor.session_hash.hex() if actor.session_hash else ""
    lookup = actor.lookup.hex() if actor.lookup else ""
    vouched = databases.vouch(MACHINERY) if actor.is_machinery and actor.door is Door.OFFICE else ""
    started: datetime = send(session, [Statement(_BEGIN, [session_hash, lookup, vouched])])[0]
    return started


@contextmanager
def open_work(house: House, actor: Actor, *, now: datetime | None = None) -> Iterator[Work]:
    """One transaction on the actor's door: committed at the end, undone by any exception."""
    with house.databases.session(actor.door) as session:
        started = begin(session, actor, house.databases)
        work = Work(house, actor, session, now or started)
        try:
            yield work
            work.commit()
        except BaseException:
            session.rollback()
            raise
