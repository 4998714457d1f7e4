"""What row security costs the office's pages: whole, and in the database alone, with its policies and past them."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from app.access.work import Wiring
from app.infra.db import Door
from app.infra.schema import bare
from app.operations.bench.client import Make
from app.operations.bench.figures import Proof, middle
from app.operations.bench.site import Site, office
from app.operations.bench.statements import Statement, statements_of
from app.operations.bench.whole_pages import PageCost, cost_of_whole_pages

MS = 1000
KEPT_ONE_IN = 33  # 3,000 of 100,000: about children and sealed by a court, by halves
WARM = 6  # from the sixth time on the driver has a statement prepared, as it has in the running house
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Cost:
    """One page's statements, in milliseconds: as the office's role, and as one that no policy stops."""

    statements: int
    with_policies_ms: float
    without_ms: float
    ratio: float


def prove(site: Site, wiring: Wiring, turns: int, most: float, progress: Progress) -> Proof:
    """Judged by what somebody waits for, the page; what the database alone spends stands beside it."""
    with _some_kept_whole(site) as kept:
        pages = cost_of_whole_pages(site, pages_of(site), wiring, turns, progress)
        statements = as_figures(cost_of_pages(site, turns, progress))
    ratio_most = max(each.ratio for each in pages.values())
    figures = {
        "ratio_most": ratio_most,
        "ratio_of_all_together": _ratio_of(pages),
        "pages": {name: asdict(each) for name, each in pages.items()},
        "database_alone": statements,
        "cases_kept_whole": kept,
        "load_average": os.getloadavg()[0],
    }
    return Proof(
        ratio_most <= most,
        figures,
        f"Each hot page of the office, {kept} of its cases kept as a whole, asked of the same application with its "
        f"own role and with the owner's, past every policy, by turns, {turns} turns, medians, from the request to the "
        "last byte without a network. Beside it the reading statements of each page alone, statement by statement by "
        "turns, the median of each, added up: what the page's own work in Python hides.",
    )


def _ratio_of(pages: Mapping[str, PageCost]) -> float:
    with_policies = sum(each.with_policies_ms for each in pages.values())
    return round(with_policies / sum(each.without_ms for each in pages.values()), 3)


@contextmanager
def _some_kept_whole(site: Site) -> Iterator[int]:
    """For as long as it is measured: a city has cases that hardly anybody may read."""
    one_in = f"abs(hashtext(id::text)) % {2 * KEPT_ONE_IN}"
    shown = ", ".join(f"'{each}'" for each in site.case_ids)
    with psycopg.connect(bare(site.owner_url), autocommit=True) as owner:
        for code, rest in (("juvenile", 0), ("court_sealed", 1)):
            keep = f"UPDATE cases SET compartments = '{{{code}}}' WHERE {one_in} = {rest} AND id NOT IN ({shown})"  # noqa: S608
            owner.execute(keep.encode())
        owner.execute(b"ANALYZE cases")
        row = owner.execute("SELECT count(*) FROM cases WHERE compartments <> '{}'").fetchone()
        try:
            yield row[0] if row else 0
        finally:
            owner.execute(b"UPDATE cases SET compartments = '{}' WHERE compartments <> '{}'")


def cost_of_pages(site: Site, turns: int, progress: Progress) -> Mapping[str, Cost]:
    """Each page with both roles in the same moment, so that whatever else the machine does falls on both alike."""
    makes = pages_of(site)
    sent = dict(zip(makes, statements_of(site.settings, site.owner_url, list(makes.values())), strict=True))
    found: dict[str, Cost] = {}
    with _standing(site.house.databases.dsn(Door.OFFICE), site) as bound, _standing(bare(site.owner_url), site) as free:
        for name, statements in sent.items():
            progress(f"row security: {name}")
            found[name] = _compared(bound, free, [each for each in statements if _is_read(each)], turns)
    return found


def pages_of(site: Site) -> Mapping[str, Make]:
    """The office's hot pages: the queue in its views, a case file and its tabs, one's own work, the clocks."""
    case = f"/office/cases/{site.case_ids[0]}"
    clock = site.ask(f"SELECT id FROM clocks WHERE case_id = '{site.case_ids[0]}' ORDER BY id LIMIT 1")  # noqa: S608
    paths = {
        "case": case,
        "case-messages": f"{case}/messages",
        "case-milestones": f"{case}/milestones",
        "case-evidence": f"{case}/evidence",
        "my-work": "/office",
        "clock": f"/office/clocks/{clock[0][0]}",
        "clocks-moved": "/office/clocks/moved",
    }
    return {name: site.page(name) for name in site.pages} | {
        name: _asking(path, site.secret) for name, path in paths.items()
    }


def _asking(path: str, secret: str) -> Make:
    return lambda _: office(path, secret)


def _is_read(statement: Statement) -> bool:
    """Not what begins the transaction: no policy has a part in that."""
    return statement.text.lstrip().upper().startswith("SELECT") and "set_config" not in statement.text


@contextmanager
def _standing(dsn: str, site: Site) -> Iterator[psycopg.Connection[Any]]:
    """A connection on which the same person is signed in."""
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT set_config('candor.session', %s, false)", (site.session_hash.hex(),))
        connection.commit()
        yield connection


def _compared(
    bound: psycopg.Connection[Any], free: psycopg.Connection[Any], statements: Sequence[Statement], turns: int
) -> Cost:
    times: dict[bool, list[list[float]]] = {True: [], False: []}
    for turn in range(turns + WARM):
        spent = _turn(bound, free, statements, first_bound=turn % 2 == 0)
        if turn >= WARM:
            for side, each in spent.items():
                times[side].append(each)
    # Each statement's middle turn, added up: a statement that the machine interrupted counts on neither side.
    with_policies, without = (sum(middle(each) for each in zip(*times[side], strict=True)) for side in (True, False))
    return Cost(
        len(statements), round(with_policies * MS, 3), round(without * MS, 3), round(with_policies / without, 3)
    )


def _turn(
    bound: psycopg.Connection[Any],
    free: psycopg.Connection[Any],
    statements: Sequence[Statement],
    *,
    first_bound: bool,
) -> dict[bool, list[float]]:
    """Statement by statement with both, True with the policies; which comes first takes turns, too."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    for statement in statements:
        for side in (first_bound, not first_bound):
            started = time.perf_counter()
            (bound if side else free).execute(statement.text.encode(), statement.values).fetchall()
            spent[side].append(time.perf_counter() - started)
    bound.rollback()
    free.rollback()
    return spent


def as_figures(costs: Mapping[str, Cost]) -> dict[str, Any]:
    """For docs/measures.json."""
    whole = sum(each.with_policies_ms for each in costs.values()) / sum(each.without_ms for each in costs.values())
    return {
        "ratio_most": max(each.ratio for each in costs.values()),
        "ratio_of_all_together": round(whole, 3),
        "pages": {name: asdict(each) for name, each in costs.items()},
    }
