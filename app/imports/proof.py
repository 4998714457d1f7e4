"""Proves the import at full size: every published figure from the imported tables, time, memory, a second run."""

import json
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.work import House, open_work
from app.config import PROJECT
from app.imports.importer import run_import
from app.imports.mapping import load_mapping

FIGURES = PROJECT / "tests" / "imports" / "figures"
EXPECTED = "expected_figures.json"
MOST_MEGABYTES = 500
Progress = Callable[[str], None]


def prove_import(
    house: House, data: Path, scratch: Path, progress: Progress, sources: Sequence[str] = ()
) -> dict[str, Any]:
    """Imports every source that has figures into an empty house, twice; `ok` where all of it came out."""
    chosen = sources or sorted(file.stem for file in FIGURES.glob("*.yaml"))
    results = {source: _prove_one(house, source, data, scratch, progress) for source in chosen}
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    good = all(one["again"] == 0 and not one["differences"] and not one["rejected"] for one in results.values())
    return {"ok": good and megabytes <= MOST_MEGABYTES, "peak_megabytes": megabytes, "sources": results}


def _prove_one(house: House, source: str, data: Path, scratch: Path, progress: Progress) -> dict[str, Any]:
    mapping = load_mapping(source, PROJECT / "policies")
    progress(f"Importing {source}")
    started = time.monotonic()
    first = run_import(house, mapping, data / source, scratch, _nobody_watches)
    seconds = round(time.monotonic() - started, 1)
    progress(f"Importing {source} again")
    second = run_import(house, mapping, data / source, scratch, _nobody_watches)
    with open_work(house, Actor.system("prove")) as work:
        figures, different = differences(work.session, source, data)
    return {
        "read": first.counts.read,
        "imported": first.counts.imported,
        "rejected": first.counts.rejected,
        "warned": first.counts.warned,
        "seconds": seconds,
        "again": second.counts.imported,
        "figures": figures,
        "differences": different,
    }


def differences(session: Session, source: str, data: Path) -> tuple[int, dict[str, Any]]:
    """How many figures there are, and those that do not come out as they were published: ours and theirs."""
    expected = json.loads((data / source / EXPECTED).read_text("utf-8"))
    figures = yaml.safe_load((FIGURES / f"{source}.yaml").read_text("utf-8"))["figures"]
    different = {}
    for figure in figures:
        wanted = _at(expected, figure["path"]) if "path" in figure else figure["expected"]
        found = session.execute(text(figure["sql"].replace(":", r"\:"))).scalar_one()
        if found != wanted:
            different[figure.get("path") or figure["name"]] = {"found": found, "published": wanted}
    return len(figures), different


def _at(expected: Mapping[str, Any], path: str) -> Any:
    value: Any = expected
    for step in path.split("."):
        value = value[step]
    return value


def _nobody_watches(file: str, done: int) -> None:
    return
