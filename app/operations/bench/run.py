"""The benches: what is asked, how hard, and what came of it."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.access.work import Wiring
from app.kernel.errors import Refused
from app.operations.bench import servers
from app.operations.bench.client import Make, as_fast_as_possible, at_a_rate
from app.operations.bench.site import Progress, Site, filing, row, site_at
from app.operations.bench.statements import statements_of

SECONDS = 6.0
WARM_UP = 1.0
LINES = 8
READERS = 2
A_SECOND = 20
CASES = 5000
QUEUE = ("queue-first", "queue-filtered", "queue-searched", "queue-searched-common", "queue-last")
Bench = Callable[[Site, Progress], dict[str, Any]]


def bench(
    name: str | None, wiring: Wiring, progress: Progress, *, data: Path | None = None, count: int = CASES
) -> dict[str, Any]:
    """One bench, those whose names begin so, or all; each on servers of its own that stop by themselves."""
    chosen = [known for known in BENCHES if name is None or known == name or known.startswith(f"{name}-")]
    if not chosen:
        raise Refused(f"There is no bench {name}. Known: {', '.join(BENCHES)}.")
    found: dict[str, Any] = {}
    with _folder(data) as place, site_at(place, wiring, count, progress) as site:
        for one in chosen:
            progress(f"Bench: {one}")
            found[one] = BENCHES[one](site, progress)
    return {"benches": found, "cases": count, "machine": machine()}


def machine() -> dict[str, Any]:
    """How big the machine is and how busy it was besides."""
    return {"processors": os.cpu_count(), "load_average": round(os.getloadavg()[0], 2)}


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        yield Path(folder) / "data"


def rates_by_turns(site: Site, turns: int, seconds: float) -> tuple[list[float], list[float]]:
    """Filings and rows of the twin a second, a slice of each by turns: whatever else goes on falls on both alike."""
    ours, bare = [], []
    with (
        servers.served(site.settings.data_dir) as up,
        servers.twin(site.owner_url, site.settings.data_dir / "twin.log") as twin,
    ):
        for turn in range(turns + 1):
            filed = as_fast_as_possible(up.port, filing, lines=LINES, seconds=seconds)
            added = as_fast_as_possible(twin.port, row, lines=LINES, seconds=seconds)
            if turn:  # the first one warms up
                ours.append(filed.rate)
                bare.append(added.rate)
    return ours, bare


def steady_filing(site: Site, seconds: float = SECONDS) -> dict[str, Any]:
    """Filing at the pace that must be kept."""
    with servers.served(site.settings.data_dir) as up:
        at_a_rate(up.port, filing, rate=A_SECOND, seconds=WARM_UP)
        return at_a_rate(up.port, filing, rate=A_SECOND, seconds=seconds).figures()


def _filing(site: Site, _: Progress) -> dict[str, Any]:
    with servers.served(site.settings.data_dir) as up:
        fast = _fast(up.port, filing, LINES)
    return {**fast, "at_20_a_second": steady_filing(site), "statements": _count(site, filing)}


def _twin(site: Site, _: Progress) -> dict[str, Any]:
    with servers.twin(site.owner_url, site.settings.data_dir / "twin.log") as bare:
        return _fast(bare.port, row, LINES)


def _fast(port: int, make: Make, lines: int) -> dict[str, Any]:
    as_fast_as_possible(port, make, lines=lines, seconds=WARM_UP)
    return as_fast_as_possible(port, make, lines=lines, seconds=SECONDS).figures()


def _page(site: Site, make: Make) -> dict[str, Any]:
    with servers.served(site.settings.data_dir) as up:
        figures = _fast(up.port, make, READERS)
    return figures | {"statements": _count(site, make)}


def _queue(name: str) -> Bench:
    return lambda site, _: _page(site, site.page(name))


def _count(site: Site, make: Make) -> int:
    return len(statements_of(site.settings, site.owner_url, [make])[0])


def _report(site: Site, progress: Progress) -> dict[str, Any]:
    """A release and its annual report, as commands: the time a city waits."""
    book = site.house.policies.of(site.house.agency)[-1]
    year = str(book.effective_from.year)
    with tempfile.TemporaryDirectory(prefix="candor-report-") as folder:
        release, paper = Path(folder) / "release", Path(folder) / "annual.pdf"
        data = ("--data", str(site.settings.data_dir))
        steps: Mapping[str, tuple[str, ...]] = {
            "release_seconds": ("release", "build", "--through", f"{year}-12-31", "--out", str(release), *data),
            "report_seconds": ("report", "annual", "--release", str(release), "--period", year, "--out", str(paper)),
        }
        return {step: _seconds(words, progress) for step, words in steps.items()} | {
            "pdf_bytes": paper.stat().st_size if paper.exists() else 0
        }


def _seconds(words: tuple[str, ...], progress: Progress) -> float | None:
    started = time.perf_counter()
    done = servers.candor(*words)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        progress(f"left out: {' '.join(words[:2])} ended with {done.returncode}: {said}")
        return None
    return round(time.perf_counter() - started, 2)


BENCHES: Mapping[str, Bench] = {
    "filing": _filing,
    "twin": _twin,
    **{name: _queue(name) for name in QUEUE},
    "case": lambda site, _: _page(site, site.case_page),
    "report": _report,
}
