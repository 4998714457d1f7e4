"""How fast all running clocks are counted again after a rule was corrected, with every change in the journal."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.access.actor import Actor
from app.access.work import House, Wiring, open_work
from app.clocks import actions
from app.clocks.commands import AskRecount
from app.policy.loader import Rulebooks, from_files
from app.policy.model import Rulebook

WORKER = Actor.system("recount_clocks")
AMOUNT = re.compile(rb"(?<=\n    amount: )\d+(?=\n)")
Progress = Callable[[str], None]


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


def there_and_back(house: House, progress: Progress) -> list[Counted]:
    """Every deadline of the rulebook becomes one unit longer, and then what it was: two corrections, each counted."""
    books = house.policies.of(house.agency)
    longer = [_corrected(book) for book in books]
    progress("counting all running clocks by a corrected rulebook")
    there = _recount(_with(house, longer, books))
    progress("and back again")
    return [there, _recount(_with(house, books, longer))]


def _corrected(book: Rulebook) -> Rulebook:
    files = dict(book.files)
    files["rulebook.yaml"] = AMOUNT.sub(lambda found: b"%d" % (int(found[0]) + 1), files["rulebook.yaml"])
    return from_files(book.id, book.effective_from, files)


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
