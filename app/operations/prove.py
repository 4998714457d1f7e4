"""The measures that were promised, at full size: each is proved, and kept with its figures in docs/measures.json."""

import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.access.work import House, Wiring
from app.config import PROJECT, Settings
from app.infra.db import Door
from app.kernel.errors import Refused
from app.operations.bench import clocks, draft, kill, recount, residents, rotation, row_security, run, servers, uploads
from app.operations.bench import journal as journals
from app.operations.bench.client import as_fast_as_possible
from app.operations.bench.figures import Proof, middle
from app.operations.bench.site import Site, site_at
from app.operations.bench.statements import plans_of, statements_of
from app.operations.database import owner_url, running_database
from app.operations.house import open_house
from app.operations.install import prepare_installation

MEASURES_FILE = PROJECT / "docs" / "measures.json"
FOLDER = PROJECT / ".build" / "prove"
IMPORT_PROOF = "app.imports.proof"
RUNS = 5
SMALL, LARGE = 1_000, 100_000
MOST_STATEMENTS, MOST_RATIO, FLOOR_MS = 8, 1.5, 5.0
SHARE_OF_TWIN, MOST_P99_MS = 1 / 3, 200.0
KILLS = 20
PAGE_SECONDS = 2.0
LEAST_RECOUNTED, RECOUNTED = 3_000, 60_000
TURNS, TURN_SECONDS = 15, 1.0
CLOCKS, MOST_CLOCK_SECONDS = 1_000_000, 60.0
TIMED_ALONE, MOST_CLOCK_US = 20_000, 200.0
ROW_TURNS, MOST_ROW_RATIO = 41, 1.3
ATTACKS = 1000
EVENTS_A_SECOND, SEALING_SECONDS, MOST_LAG = 500, 60.0, 5.0
COST_CASES, COST_TURNS, FILINGS_A_TURN, MOST_COST = 200, 25, 30, 0.10
COMPARED, COMPARED_WITHIN = 1_000_000, 3600.0
KEYS = 100_000
Progress = Callable[[str], None]


__all__ = ["MEASURES", "Proof", "prove"]
Measure = Callable[[Wiring, Progress], Proof]


def prove(name: str | None, wiring: Wiring, progress: Progress) -> dict[str, Any]:
    """One measure, or all that were not proved yet with this very code."""
    if name is not None and name not in MEASURES:
        raise Refused(f"There is no measure {name}. Known: {', '.join(MEASURES)}.")
    code, kept = _digest(PROJECT / "app", PROJECT / "migrations", PROJECT / "templates"), _kept()
    for measure in [name] if name else [each for each in MEASURES if not _stands(kept.get(each), code)]:
        progress(f"Proving: {measure}")
        found = MEASURES[measure](wiring, progress)
        kept[measure] = asdict(found) | {"when": _now(), "machine": run.machine(), "code": code}
        _keep(kept)
    return {"measures": {each: kept[each] for each in ([name] if name else MEASURES) if each in kept}}


def _stands(entry: Mapping[str, Any] | None, code: str) -> bool:
    return entry is not None and entry["holds"] and entry["code"] == code


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(MEASURES_FILE.read_text("utf-8")) if MEASURES_FILE.exists() else {}
    return kept


def _keep(measures: dict[str, Any]) -> None:
    """Whole or not at all: another run may read it meanwhile."""
    part = MEASURES_FILE.with_suffix(".part")
    part.write_text(json.dumps(measures, indent=2, sort_keys=True) + "\n", "utf-8")
    part.rename(MEASURES_FILE)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - when a figure was taken, no legal time


def _digest(*places: Path) -> str:
    """Of the code a figure was taken with."""
    made = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.suffix in (".py", ".sql", ".html", ".yaml"):
                made.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:16]


def _generated(cases: int) -> Path:
    """The folder of an installation of this size; one that another schema made is thrown away."""
    schema = _digest(PROJECT / "migrations" / "versions", PROJECT / "app" / "imports" / "plausible")[:8]
    folder = FOLDER / f"{cases}-{schema}"
    for old in FOLDER.glob(f"{cases}-*"):
        if old.is_dir() and old != folder:
            shutil.rmtree(old)
    return folder / "data"


# -- the queue ------------------------------------------------------------------------------------


def _queue(wiring: Wiring, progress: Progress) -> Proof:
    """The same pages at two sizes by turns, so that whatever else the machine does falls on both alike."""
    with (
        site_at(_generated(SMALL), wiring, SMALL, progress) as small,
        site_at(_generated(LARGE), wiring, LARGE, progress) as large,
    ):
        plans = {name: _plan(large, name) for name in run.QUEUE}
        times = _times(small, large, progress)
        scans = _scans(large)
    figures = {name: plans[name] | times[name] for name in run.QUEUE}
    holds = scans == 0 and all(_is_good(each) for each in figures.values())
    worst = {
        "statements_most": max(each["statements"] for each in figures.values()),
        "ratio_most": max(each["ratio"] for each in figures.values()),
        "p95_ms_most": max(each["p95_ms_large"] for each in figures.values()),
        "scans_of_cases_while_serving": scans,
    }
    return Proof(
        holds,
        worst | {"pages": figures},
        f"Queue pages of up's two workers at {LARGE} and {SMALL} cases by turns, one reader, {RUNS} runs of "
        f"{PAGE_SECONDS} s each; p95 is the median of the runs and counts from {FLOOR_MS} ms. Statements by a hook on "
        "the engine, without begin and commit; scans by EXPLAIN and by the server's own count.",
    )


def _is_good(page: Mapping[str, Any]) -> bool:
    return page["statements"] <= MOST_STATEMENTS and page["ratio"] <= MOST_RATIO and not page["cases_read_through"]


def _plan(site: Site, name: str) -> dict[str, Any]:
    sent = statements_of(site.settings, site.owner_url, [site.page(name)])[0]
    plans = plans_of(site.house.databases, Door.OFFICE, site.session_hash, sent)
    return {
        "statements": len(sent),
        "cases_read_through": any("cases" in plan.read_through for plan in plans),
        "indexes": sorted({index for plan in plans for index in plan.indexes if "cases" in index}),
    }


def _times(small: Site, large: Site, progress: Progress) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[int, list[float]]] = {name: {SMALL: [], LARGE: []} for name in run.QUEUE}
    with servers.served(small.settings.data_dir) as one, servers.served(large.settings.data_dir) as other:
        places = ((SMALL, small, one.port), (LARGE, large, other.port))
        for turn in range(RUNS + 1):
            progress(f"queue: {'warming up' if turn == 0 else f'run {turn} of {RUNS}'}")
            for name in run.QUEUE:
                for size, site, port in places:
                    sample = as_fast_as_possible(port, site.page(name), lines=1, seconds=PAGE_SECONDS)
                    found[name][size] += [sample.figures()["p95_ms"]] if turn else []
    return {name: _compared(middle(by_size[SMALL]), middle(by_size[LARGE])) for name, by_size in found.items()}


def _compared(small: float, large: float) -> dict[str, Any]:
    ratio = max(large, FLOOR_MS) / max(small, FLOOR_MS)
    return {"p95_ms_small": round(small, 2), "p95_ms_large": round(large, 2), "ratio": round(ratio, 2)}


def _scans(site: Site) -> int:
    """How often the server itself read all of `cases` while it served pages."""
    question = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'cases'"
    before = site.ask(question)[0][0]
    with servers.served(site.settings.data_dir) as up:
        for name in run.QUEUE:
            as_fast_as_possible(up.port, site.page(name), lines=1, seconds=0.5)
    return int(site.ask(question)[0][0]) - int(before)


# -- filing ---------------------------------------------------------------------------------------


def _filing(wiring: Wiring, progress: Progress) -> Proof:
    """Filing and its twin by short turns on one database server; the share is that of each turn."""
    with site_at(_generated(SMALL), wiring, SMALL, progress) as site:
        progress(f"filing: {TURNS} turns")
        ours, bare = run.rates_by_turns(site, TURNS, TURN_SECONDS)
        late = []
        for turn in range(RUNS):
            progress(f"filing: {run.A_SECOND} a second, run {turn + 1} of {RUNS}")
            late.append(run.steady_filing(site)["p99_ms"])
    share = middle([filed / added for filed, added in zip(ours, bare, strict=True)])
    figures = {
        "filings_per_second": round(middle(ours), 1),
        "twin_per_second": round(middle(bare), 1),
        "share_of_twin": round(share, 3),
        "p99_ms_at_20_a_second": middle(late),
        "p99_ms_of_each_run": late,
    }
    return Proof(
        share >= SHARE_OF_TWIN and middle(late) < MOST_P99_MS,
        figures,
        "POST /api/v1/filings of up's two workers against a bare FastAPI route that inserts one row, in two workers on "
        f"the same database server: {run.LINES} connections, {TURN_SECONDS} s each by turns, {TURNS} turns, median of "
        f"their shares; then {run.A_SECOND} filings a second for {run.SECONDS} s, {RUNS} runs, each filing timed from "
        "when it was due, median of the runs.",
    )


# -- faults ---------------------------------------------------------------------------------------


def _kill(wiring: Wiring, progress: Progress) -> Proof:
    """Goes on from the last death where a run was stopped."""
    folder = FOLDER / "kill"
    outcome = kill.kill_again_and_again(folder, wiring, KILLS, progress)
    # Where something is missing, the data that shows it stays; the next run begins anew.
    folder.rename(FOLDER / f"kill-{time.time_ns()}")
    if outcome.holds:
        for done in FOLDER.glob("kill-*"):
            shutil.rmtree(done)
    return Proof(
        outcome.holds,
        asdict(outcome),
        f"{kill.LINES} filers without a pause; at a moment between {kill.LOADED_FOR[0]} and {kill.LOADED_FOR[1]} s "
        "kill -9 of up, its web processes, worker, keeper and the whole database server, in any order; then up again, "
        "and every unanswered complaint again with its own key.",
    )


def _import(wiring: Wiring, progress: Progress) -> Proof:
    """Every source into an empty house, twice. Named, not imported: the proof stands beside this module."""
    if importlib.util.find_spec(IMPORT_PROOF) is None:
        return Proof(holds=False, figures={}, how="There is no proof of the import yet.")
    prove_import = importlib.import_module(IMPORT_PROOF).prove_import
    with _empty_house("import", wiring, progress) as (house, _), tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
        started = time.monotonic()
        found = prove_import(house, Settings.read().test_data, Path(scratch), progress)
        seconds = round(time.monotonic() - started, 1)
    return Proof(
        bool(found["ok"]),
        {**found, "seconds": seconds},
        "Every source that has figures imported into an empty installation, then again; what comes out is held against "
        "the figures kept beside the mappings. The peak is that of the importing process.",
    )


# -- clocks ---------------------------------------------------------------------------------------


def _clocks(_: Wiring, progress: Progress) -> Proof:
    """Many at once, one with many pauses, and each of a million against the walk from day to day."""
    walk = clocks.naive()
    if walk is None:
        return Proof(holds=False, figures={}, how="The second implementation is not here: it comes with the tests.")
    with clocks.one_core():
        many = clocks.many(CLOCKS, progress)
        alone = clocks.one_with_ten(TIMED_ALONE)
        same = clocks.agree(walk, range(COMPARED), COMPARED_WITHIN, progress)
    fast = many["seconds"] < MOST_CLOCK_SECONDS
    quick = alone["ten_pauses_p99_us"] < MOST_CLOCK_US and alone["ten_pauses_explained_median_us"] < MOST_CLOCK_US
    return Proof(
        fast and quick and same.compared == COMPARED and not same.differing,
        many | alone | asdict(same),
        "Clocks at random over all units, rolls and five calendars, with pauses and extensions; one process on one "
        f"core. Many: {CLOCKS} dates, in batches made beforehand and not counted, the holiday tables counted. Ten "
        f"pauses: {TIMED_ALONE} different clocks, each timed by itself, p99 of the date and median of the whole "
        "explanation. Agreement: each date against an implementation that walks from day to day and shares no "
        "arithmetic. The load average is that at the end.",
    )


def _clock_recompute(wiring: Wiring, progress: Progress) -> Proof:
    """Two corrections of the rulebook, each taken back again: one that moves nearly all clocks, one that moves few."""
    with site_at(_generated(SMALL), wiring, SMALL, progress) as site:
        today = datetime.now(site.house.policies.of(site.house.agency)[-1].time_zone).date()  # noqa: TID251
        progress(f"Making {RECOUNTED} running clocks")
        recount.fill(site.house, site.owner_url, RECOUNTED, today)
        recount.there_and_back(site.house, progress, today)  # warms up: warnings are given once
        found = recount.there_and_back(site.house, progress, today)
    slowest = min(each.rate for each in found.values())
    figures = {
        "clocks_per_second": round(slowest),
        "each": {name: {**asdict(each), "per_second": round(each.rate)} for name, each in found.items()},
        "load_average": os.getloadavg()[0],
    }
    return Proof(
        slowest >= LEAST_RECOUNTED and max(each.moved for each in found.values()) > RECOUNTED * 0.9,
        figures,
        f"{RECOUNTED} and more running clocks counted again because the next open day became a holiday, which moves "
        "nearly all of them, and because the day that the fewest end on did, which moves few or none; and both taken "
        "back: batch after batch as the worker does it, each committed to the disk, with an entry in the journal and "
        "a line for the owner for each date that moved, the warnings settled and the queue put in order; "
        "the slowest of the four. The load average is that at the end.",
    )


# -- the vault ------------------------------------------------------------------------------------


def _rotation(wiring: Wiring, progress: Progress) -> Proof:
    """A new identity key for many persons while others file and open."""
    place = FOLDER / "rotation"
    shutil.rmtree(place, ignore_errors=True)
    settings = Settings.read(data_dir=place / "data")
    with running_database(settings, progress) as ready:
        prepare_installation(ready, owner_url(ready), wiring, demo=False, progress=progress)
        house = open_house(ready, owner_url(ready), wiring)
        progress(f"Sealing {KEYS} names")
        people = rotation.fill(house, owner_url(ready), KEYS)
        found = rotation.turn(house, ready, owner_url(ready), people, progress)
        house.databases.dispose()
    shutil.rmtree(place)
    return Proof(
        found.holds,
        asdict(found) | {"load_average": os.getloadavg()[0]},
        f"{KEYS} persons; ./candor keys rotate in a process of its own, kill -9 after {rotation.KILL_AT:.0%} of them, "
        "and again to its end, while one line files and one opens names without a pause longer than "
        f"{rotation.PAUSE} s. The seconds are those until no row named the old key, both starts included; then every "
        "name is opened once.",
    )


# -- row security ---------------------------------------------------------------------------------


def _row_security(wiring: Wiring, progress: Progress) -> Proof:
    """The second lock's price on the pages that people wait for."""
    with site_at(_generated(LARGE), wiring, LARGE, progress) as site:
        return row_security.prove(site, wiring, ROW_TURNS, MOST_ROW_RATIO, progress)


# -- journal --------------------------------------------------------------------------------------


def _journal(wiring: Wiring, progress: Progress) -> Proof:
    """Attacks by the owner of the database, who may also hold the sealer's key."""
    with _empty_house("journal", wiring, progress) as (house, url):
        return journals.prove_attacks(house, url, ATTACKS, progress)


def _sealer(wiring: Wiring, progress: Progress) -> Proof:
    """Sealing beside writers that do not stop."""
    with _empty_house("sealer", wiring, progress) as (house, _):
        return journals.prove_sealing(house, EVENTS_A_SECOND, SEALING_SECONDS, MOST_LAG)


def _journal_cost(wiring: Wiring, progress: Progress) -> Proof:
    """What a filing costs more because it is journalled."""
    # Of its own: half of its filings have no entry, which nobody else should find.
    place = FOLDER / "journal-cost"
    shutil.rmtree(place, ignore_errors=True)
    with site_at(place / "data", wiring, COST_CASES, progress) as site:
        found = journals.prove_cost(site, COST_TURNS, FILINGS_A_TURN, MOST_COST, progress)
    shutil.rmtree(place)
    return found


@contextmanager
def _empty_house(name: str, wiring: Wiring, progress: Progress) -> Iterator[tuple[House, str]]:
    place = FOLDER / name
    shutil.rmtree(place, ignore_errors=True)
    with running_database(Settings.read(data_dir=place / "data"), progress) as ready:
        prepare_installation(ready, owner_url(ready), wiring, demo=False, progress=progress)
        house = open_house(ready, owner_url(ready), wiring)
        yield house, owner_url(ready)
        house.databases.dispose()
    shutil.rmtree(place)


MEASURES: Mapping[str, Measure] = {
    "queue": _queue,
    "filing": _filing,
    "kill": _kill,
    "draft": lambda _, progress: draft.prove_draft(FOLDER / "draft", progress),
    "import": _import,
    "clocks": _clocks,
    "clock-recompute": _clock_recompute,
    "row-security": _row_security,
    "journal": _journal,
    "sealer": _sealer,
    "journal-cost": _journal_cost,
    "rotation": _rotation,
    "door": residents.prove_door,
    "accessibility": residents.prove_accessibility,
    "uploads": lambda wiring, progress: uploads.prove_uploads(_generated(SMALL), wiring, SMALL, progress),
}
