"""The measures of the residents' door: the form under load, its weight on a bad line, and its use by everybody."""

import importlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.access.work import Wiring
from app.operations.bench import door, servers
from app.operations.bench.figures import Proof, middle

# Named, not imported: they drive a browser, and come with the tests.
IN_A_BROWSER = "tests.stories.proving"
NOT_HERE = Proof(holds=False, figures={}, how="What drives the browser is not here: it comes with the tests.")
A_SECOND, SECONDS, RUNS, MOST_P99_MS = 15, 10.0, 5, 300.0
WARM_UP_A_SECOND, WARM_UP_SECONDS = 5, 3.0
FIRST_PAGE, WHOLE_FILING, USABLE_MS, MOST_PAGES = 40_000, 250_000, 2500, 7
Progress = Callable[[str], None]


@contextmanager
def _door() -> Iterator[servers.Running]:
    """`up` on an installation of its own, which goes again."""
    place = Path(tempfile.mkdtemp(prefix="candor-door-"))
    try:
        with servers.served(place / "data") as up:
            yield up
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _browser() -> Any:
    return importlib.import_module(IN_A_BROWSER) if importlib.util.find_spec("tests.stories") else None


def prove_door(_: Wiring, progress: Progress) -> Proof:
    """Whole complaints by the form at a pace, and what one of them weighs."""
    browser = _browser()
    if browser is None:
        return NOT_HERE
    with _door() as up:
        way = door.learn(up.port)
        door.file_at_a_rate(up.port, way, rate=WARM_UP_A_SECOND, seconds=WARM_UP_SECONDS)
        runs = []
        for run in range(RUNS):
            progress(f"door: {A_SECOND} complaints a second, run {run + 1} of {RUNS}")
            runs.append(door.file_at_a_rate(up.port, way, rate=A_SECOND, seconds=SECONDS).figures())
        progress("door: weight and a slow line")
        light = browser.light_and_slow(f"http://127.0.0.1:{up.port}")
    # The last answer is the receipt: that is no page to fill in.
    figures = {
        "p99_ms": middle([run["pages"]["p99_ms"] for run in runs]),
        "p99_ms_of_each_run": [run["pages"]["p99_ms"] for run in runs],
        "complaints_per_second": middle([run["complaints_per_second"] for run in runs]),
        "failures": sum(run["failures"] for run in runs),
        "pages_of_the_shortest_way": way.pages - 1,
        "load_average": round(os.getloadavg()[0], 2),
        **light,
    }
    return Proof(_is_good(figures), figures, HOW)


def _is_good(figures: dict[str, Any]) -> bool:
    return all(
        (
            figures["p99_ms"] < MOST_P99_MS,
            figures["failures"] == 0,
            figures["pages_of_the_shortest_way"] <= MOST_PAGES,
            figures["first_page_bytes"] < FIRST_PAGE,
            figures["whole_filing_bytes"] < WHOLE_FILING,
            figures["usable_ms"] < USABLE_MS,
        )
    )


HOW = (
    f"{A_SECOND} complaints a second begun at up's two workers for {SECONDS} s, each through every page of the form as "
    "a browser without script posts it, drafts saved, and sent; each page timed from when it was due; the client on "
    f"the same machine; {RUNS} runs, median. Bytes as Chromium counts them on the wire, with headers and with what was "
    "sent, an empty cache at the start. Usable: painted and interactive in Chromium at 400 kbit/s with 400 ms of "
    "delay, the median of five visits."
)


def prove_accessibility(_: Wiring, progress: Progress) -> Proof:
    """Every page and every state of error, in every language that is offered."""
    browser = _browser()
    if browser is None:
        return NOT_HERE
    with _door() as up:
        progress("accessibility: every page in every language")
        figures: dict[str, Any] = browser.accessible(f"http://127.0.0.1:{up.port}")
    holds = not figures["found"] and figures["by_keyboard"] and figures["without_styles_and_script"]
    return Proof(
        holds and len(figures["languages"]) >= 3 and "ar" in figures["languages"],
        figures,
        "axe-core 4 with the rules of WCAG 2.2 A and AA and its best practices on every page of the residents' door "
        "and in its states of error, from the first page to the complaint that is followed, in every language offered, "
        "in Chromium; no scrolling sideways at 320 and 640 px (a desktop at 200 %); one complaint by the keyboard "
        "alone; one without script, styles and images.",
    )
