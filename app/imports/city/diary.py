"""Lives the year through in order of time: whose turn it is does the next thing, at the moment it is said to happen.

Each life (a case, the commission's calendar) is a generator that says whose turn is next and when, and is given
the Work of that person. Turns of one person that follow each other share a transaction; each keeps its own moment.
"""

import heapq
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.access.actor import Actor
from app.access.permissions import Role, home_door
from app.access.records import Account, AccountRole
from app.access.sessions import hash_of
from app.access.signing_in import end_session, start_session
from app.access.work import House, Later, Work, open_work
from app.infra.db import Door
from app.infra.pdf import PdfError

RESIDENT = "a resident"
MOST_TURNS = 60
WORKER_TAKES = timedelta(seconds=4)
LASTING = timedelta(hours=1)
# No turn waits for the disk: what is told is on it once the last entry of the year is. Said once a connection;
# whoever had the year told closes them all.
UNHURRIED = text("SET synchronous_commit = off")
# Nobody is there to be written to: no mail leaves a demonstration while its year is told.
NOT_DONE = frozenset({"tell_filer"})

Job = Callable[..., object]


@dataclass(frozen=True)
class Turn:
    """Whose turn is next, and when."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Errand:
    """One run of a job: what it is about, and the moment it belongs to."""

    job: str
    ids: Mapping[str, str]
    at: datetime


Life = Generator[Turn, Work, None]


@dataclass(order=True)
class _Entry:
    at: datetime
    place: int
    who: str = field(compare=False)
    life: Life = field(compare=False)


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, by the name of their log-in, each signed in for as long as the year is told."""

    actors: Mapping[str, Actor]

    def names(self, role: Role) -> list[str]:
        """The log-ins with this role, the one named like it first."""
        return sorted(name for name, actor in self.actors.items() if actor.has(role))

    def id_of(self, name: str) -> UUID:
        """The account of a log-in."""
        found = self.actors[name].id
        if found is None:
            raise LookupError(name)
        return found


def sign_everybody_in(house: House) -> Cast:
    """Opens a session for each of the demonstration's log-ins: row security asks who is there."""
    with open_work(house, Actor.system("demonstration", Door.OFFICE)) as work:
        accounts = work.session.query(Account).filter_by(is_demonstration=True, status="active").all()
        held = {account.id: _roles(work, account.id) for account in accounts}
        secrets = {account.id: start_session(work, account.id, "browser", LASTING) for account in accounts}
    return Cast({each.name: _actor(house, each, held[each.id], secrets[each.id]) for each in accounts})


def _roles(work: Work, account_id: UUID) -> frozenset[Role]:
    return frozenset(Role(row.role) for row in work.session.query(AccountRole).filter_by(account_id=account_id))


def _actor(house: House, account: Account, roles: frozenset[Role], secret: str) -> Actor:
    return Actor(
        kind="account",
        door=home_door(roles),
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        title=account.title,
        roles=roles,
        permissions=house.access.of(roles),
        sees_all_cases=house.access.sees_all_cases(roles),
        department_id=account.department_id,
        session_hash=hash_of(secret),
    )


def sign_everybody_out(house: House, cast: Cast) -> None:
    """Ends those sessions and leaves no trace of them: nobody was really there."""
    with open_work(house, Actor.system("demonstration", Door.OFFICE)) as work:
        for actor in cast.actors.values():
            if actor.session_hash is not None and actor.id is not None:
                end_session(work, actor.session_hash, actor.id)


class Diary:
    """What is still to come, in order of time."""

    def __init__(self, house: House, cast: Cast, jobs: Mapping[str, Job], until: datetime) -> None:
        self.cast, self.until, self.jobs = cast, until, jobs
        self.house = replace(house, wiring=replace(house.wiring, reactions=self._reactions(house)))
        self._entries: list[_Entry] = []
        self._places = count()
        self._left: list[Errand] = []
        self._slow: dict[str, datetime] = {}
        self._unhurried: set[int] = set()
        self._anyone = Actor.anyone(Door.RESIDENT, house.access.of(frozenset({Role.ANYONE})))

    def begin(self, life: Life) -> None:
        """A new life: its first turn takes its place in the diary."""
        self._write(life, next(life, None))

    def live(self) -> int:
        """Everything up to now, and nothing that lies ahead; says how many turns were taken."""
        taken = 0
        while (first := self._next()) is not None:
            taken += self._turns_of(first)
        for life in (entry.life for entry in self._entries):
            life.close()
        return taken

    def only_from(self, job: str, since: datetime) -> None:
        """A job that takes seconds is done from this moment on, two at a time; before it nobody would look."""
        self._slow[job] = since

    def run(self, *errands: Errand) -> None:
        """Jobs of the worker's, each at the moment at which it would have run; those of one commit share another."""
        with open_work(self.house, Actor.system(errands[0].job), now=errands[0].at) as work:
            self._do_not_wait(work)
            for errand in errands:
                work.actor, work.now = Actor.system(errand.job), errand.at
                self.jobs[errand.job](work, **{key: UUID(value) for key, value in errand.ids.items()})
                work.flush()

    def by_the_clock(self, job: str, at: datetime) -> None:
        """A job that nobody asks for: the worker does it at this moment, after the turn that is being taken."""
        self._left.append(Errand(job, {}, at))

    def _next(self) -> _Entry | None:
        if not self._entries or self._entries[0].at > self.until:
            return None
        return heapq.heappop(self._entries)

    def _turns_of(self, entry: _Entry) -> int:
        """This turn and those of the same person that follow at once, in one transaction."""
        taken, following = 0, entry
        with ExitStack() as stack:
            work = stack.enter_context(open_work(self.house, self._actor(entry.who), now=entry.at))
            self._do_not_wait(work)
            while True:
                work.now = following.at
                self._write(following.life, self._send(following.life, work))
                work.flush()
                taken += 1
                if not self._same_person_next(entry.who, taken):
                    break
                following = heapq.heappop(self._entries)
        self._run_jobs()
        return taken

    def _do_not_wait(self, work: Work) -> None:
        connection = id(work.session.connection().connection.dbapi_connection)
        if connection not in self._unhurried:
            work.session.execute(UNHURRIED)
            self._unhurried.add(connection)

    def _same_person_next(self, who: str, taken: int) -> bool:
        if who == RESIDENT or taken >= MOST_TURNS or self._left or not self._entries:
            return False
        return self._entries[0].who == who and self._entries[0].at <= self.until

    def _send(self, life: Life, work: Work) -> Turn | None:
        try:
            return life.send(work)
        except StopIteration:
            return None

    def _write(self, life: Life, turn: Turn | None) -> None:
        if turn is not None:
            # The journal keeps moments in UTC, as the database's own clock gives them.
            at = turn.at.astimezone(UTC)
            heapq.heappush(self._entries, _Entry(at, next(self._places), turn.who, life))

    def _actor(self, who: str) -> Actor:
        return self._anyone if who == RESIDENT else self.cast.actors[who]

    def _run_jobs(self) -> None:
        """What the worker would have done right after the commit, and what follows from that."""
        while self._left:
            errands, self._left = self._left, []
            quick = [each for each in errands if each.job not in self._slow and each.job not in NOT_DONE]
            if quick:
                self.run(*quick)
            slow = [each for each in errands if each.job in self._slow and each.at >= self._slow[each.job]]
            # Each is set by a child process, and the worker's door has two connections.
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(self._run_slow, slow))

    def _run_slow(self, errand: Errand) -> None:
        # Where no paper can be set the city is told all the same: it stays asked for, as on a day with a full queue.
        with suppress(PdfError):
            self.run(errand)

    def _reactions(self, house: House) -> dict[Any, Any]:
        """The same reactions, but that a job is not queued for the worker: its clock would say today."""
        return {
            event: [self._noted(each) if isinstance(each, Later) else each for each in following]
            for event, following in house.wiring.reactions.items()
        }

    def _noted(self, later: Later) -> Callable[[Work, Any], None]:
        def note(work: Work, event: Any) -> None:
            ids = {name: str(getattr(event, name)) for name in later.fields}
            self._left.append(Errand(later.task, ids, work.now + WORKER_TAKES))

        return note
