"""How fast all running clocks are counted again after a rulebook was corrected, with every change in the journal."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import text

from app.access.actor import Actor
from app.access.work import House, Wiring, open_work
from app.clocks import actions
from app.clocks.commands import AskRecount
from app.infra.schema import bare
from app.kernel.deadlines.terms import OPEN_DAYS
from app.kernel.errors import Refused
from app.policy.loader import Rulebooks, from_files
from app.policy.model import Rulebook

WORKER = Actor.system("recount_clocks")
CLOSED = re.compile(rb"(?<=\n  closed_on:\n)")
# The day that the fewest clocks end on: what a correction costs that moves next to nothing.
FEWEST = text("""
SELECT due_on FROM clocks WHERE stopped_on IS NULL AND due_on > :today
GROUP BY due_on ORDER BY count(*), due_on DESC LIMIT 1""")
Progress = Callable[[str], None]

# Open cases like one that is there, each with the same clocks; generated columns are made anew.
COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_name = %s AND is_generated = 'NEVER'"""
CASES = """
INSERT INTO cases ({columns}) SELECT {columns} FROM (
  SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'number', 'M-' || n, 'lead_id', NULL,
    'policy_id', %s::text))).*
  FROM cases c, generate_series(1, %s) n WHERE c.id = (SELECT id FROM cases WHERE closed_on IS NULL LIMIT 1)) made"""
CLOCKS = """
INSERT INTO clocks ({columns}) SELECT {columns} FROM (
  SELECT (jsonb_populate_record(k, jsonb_build_object('id', gen_random_uuid(), 'case_id', c.id, 'rule', u.rule,
    'policy_id', c.policy_id, 'started_on', u.started_on, 'due_on', u.due_on, 'officer_id', NULL))).*
  FROM clocks k, cases c, unnest(%s::text[], %s::date[], %s::date[]) u(rule, started_on, due_on)
  WHERE k.id = (SELECT id FROM clocks WHERE stopped_on IS NULL AND due_on IS NOT NULL LIMIT 1)
    AND c.number LIKE 'M-%%') made"""


@dataclass(frozen=True)
class Counted:
    """One recount: how many clocks it went through, how many got another date, and how long it took."""

    clocks: int
    moved: int
    seconds: float

    @property
    def rate(self) -> float:
        """Clocks a second."""
        return self.clocks / self.seconds


def fill(house: House, owner_url: str, least: int, today: date) -> None:
    """As many running clocks that count open days from today as are wanted; made once."""
    book = house.policies.of(house.agency)[-1]
    known = [rule for rule in book.deadlines if rule.unit in OPEN_DAYS]
    dues = [book.due_on(rule.code, today) for rule in known]
    with psycopg.connect(bare(owner_url)) as connection:
        found = connection.execute("SELECT count(*) FROM cases WHERE number LIKE 'M-%'").fetchone()
        if not known or (found and found[0]):
            return
        cases, clocks = (_columns(connection, table) for table in ("cases", "clocks"))
        connection.execute(CASES.format(columns=cases).encode(), [book.policy_id, -(-least // len(known))])
        codes = [rule.code for rule in known]
        connection.execute(CLOCKS.format(columns=clocks).encode(), [codes, [today] * len(known), dues])
    with psycopg.connect(bare(owner_url), autocommit=True) as connection:
        connection.execute("ANALYZE cases, clocks")


def _columns(connection: psycopg.Connection, table: str) -> str:
    found = connection.execute(COLUMNS, [table]).fetchone()
    return str(found[0]) if found else ""


def there_and_back(house: House, progress: Progress, today: date) -> dict[str, Counted]:
    """The next open day becomes a holiday and is none again; then a day that hardly any clock ends on."""
    books = house.policies.of(house.agency)
    soon = [_closed_on(book, book.calendar.next_open(today + timedelta(days=1))) for book in books]
    rare = _rare_day(house, today)
    late = [_closed_on(book, book.calendar.next_open(rare)) for book in books]
    found: dict[str, Counted] = {}
    for name, now, before in (
        ("a holiday", soon, books),
        ("the holiday taken back", books, soon),
        ("a day few end on", late, books),
        ("that day taken back", books, late),
    ):
        progress(f"counting all running clocks by a corrected rulebook: {name}")
        found[name] = _recount(_with(house, now, before))
    return found


def _rare_day(house: House, today: date) -> date:
    with open_work(house, WORKER) as work:
        found: date | None = work.session.execute(FEWEST, {"today": today}).scalar()
    return found or today + timedelta(days=1)


def _closed_on(book: Rulebook, day: date) -> Rulebook:
    line = f"    - {{day: {day}, name: A day of mourning}}\n".encode()
    text, found = CLOSED.subn(line, book.files["rulebook.yaml"])
    if not found:
        raise Refused("This rulebook names no closed days of its own: the measure adds one to them.")
    return from_files(book.id, book.effective_from, {**book.files, "rulebook.yaml": text})


def _with(house: House, now: Sequence[Rulebook], before: Sequence[Rulebook]) -> House:
    """The house with other rulebooks, and nobody who queues the next batch: it is called here."""
    return replace(house, policies=Rulebooks(now, stored=before), wiring=Wiring(parts=house.wiring.parts))


def _recount(house: House) -> Counted:
    """As the worker does it, batch after batch, each a transaction of its own that is on the disk when it ends."""
    started = time.perf_counter()
    with open_work(house, WORKER) as work:
        recount_id = actions.ask_recount(work, AskRecount(reason="A measure is taken.")).id
    while not _is_done(house, recount_id):
        pass
    seconds = time.perf_counter() - started
    with open_work(house, WORKER) as work:
        done = actions.count_batch(work, recount_id)
        return Counted(done.counted, done.moved, round(seconds, 2))


def _is_done(house: House, recount_id: UUID) -> bool:
    with open_work(house, WORKER) as work:
        return actions.count_batch(work, recount_id).finished_at is not None
