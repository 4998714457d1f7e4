"""The figures of the READMEs come out of an exact release of the imported sources, and of the report over it."""

import json
import resource
from pathlib import Path
from typing import Any

import pytest

from app.access.actor import Actor
from app.access.work import House
from app.config import PROJECT
from app.imports.importer import run_import
from app.imports.mapping import load_mapping
from app.imports.proof import prove_import
from app.publication import actions
from app.publication.commands import BuildRelease
from app.publication.rules.figures import Figure, read_figures
from app.publication.rules.manifest import FIGURES
from app.publication.rules.periods import parse_period
from app.reporting.letters import make_report, verify_report
from tests.conftest import WorkAs
from tests.imports.conftest import ignore, public_data

__all__ = ["public_data"]

pytestmark = pytest.mark.data
MEGABYTES = 1024
Found = dict[tuple[str, str, str], Figure]


class Released:
    """An exact release of one source."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.found: Found = {(f.measure, f.by, f.group): f for f in read_figures(files[FIGURES])}

    def counts(self, measure: str, by: str) -> dict[str, int | None]:
        """The counts by group, spelt as the expected figures spell them."""
        return {
            ("" if g == "(blank)" else g): f.numerator for (m, b, g), f in self.found.items() if (m, b) == (measure, by)
        }

    def tenths(self, by: str = "decile", start: str = "") -> list[int | None]:
        return [self.found[("officer_deciles", by, f"{start}{place}")].numerator for place in range(1, 11)]

    def one(self, measure: str, by: str = "all", group: str = "all") -> int | None:
        return self.found[(measure, by, group)].numerator

    def pair(self, measure: str) -> tuple[int | None, int | None]:
        return self.found[(measure, "all", "all")][3:5]


def release(
    house: House, work_as: WorkAs, source: str, folder: Path, lists: Path, city: str = "", **given: Any
) -> Released:
    if source not in given.pop("brought_in", ()):
        run_import(house, load_mapping(source, PROJECT / "policies"), folder / source, lists, ignore)
    population = (folder / "population" / "city_counties_acs2017.csv").read_bytes() if city else None
    day = parse_day("2021-12-31")
    ask = BuildRelease(through=day, unprotected=True, source=source, city=city, population=population, **given)
    with work_as(Actor.system("release")) as work:
        made = Released(dict(actions.build_release(work, ask).files))
    checked = actions.verify_release(made.files)
    assert (checked.problems, checked.recomputed) == ([], checked.figures)
    report = make_report(made.files, "annual", parse_period("all"))
    done = verify_report(report.pdf, made.files)
    assert (done.problems, done.found) == ([], report.figures)
    made.html = report.html  # type: ignore[attr-defined]
    return made


def parse_day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


def expected(folder: Path, source: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / source / "expected_figures.json").read_text())
    return read


def test_philadelphia(house: House, work_as: WorkAs, public_data: Path, tmp_path: Path) -> None:
    said = expected(public_data, "philadelphia_cap")
    made = release(house, work_as, "philadelphia_cap", public_data, tmp_path, "Philadelphia")
    assert made.one("complaints") == said["complaints"]
    assert made.one("allegations") == said["findings_rows"]
    assert made.one("officer_allegations") == said["joined_rows_with_officer"]
    assert (made.one("officer_complaints"), made.one("officers")) == (said["pairs"], said["officers"])
    assert made.tenths() == said["deciles"][0]
    for measure, by, name in (
        ("officer_allegations", "penalty", "disc"),
        ("officer_allegations", "disposition", "inv"),
        ("officer_allegations", "category", "alleg"),
        ("officer_allegations", "officer_race", "po_race"),
        ("officer_allegations", "officer_sex", "po_sex"),
        ("complaints", "category", "by_class"),
        ("complaints", "year", "by_year"),
        ("complainants", "complainant_race", "demo_race"),
        ("complainants", "complainant_sex", "demo_sex"),
    ):
        assert made.counts(measure, by) == said[name], name
    assert made.one("complainants") == said["demo_rows"]
    assert made.one("complaints_sustained_officer") == said["complaints_with_sustained"]
    by_race = {
        group: [figure.denominator, figure.numerator]
        for (measure, _, group), figure in made.found.items()
        if measure == "sustained_by_complainant_race" and group != "(blank)"
    }
    assert by_race == said["alleg_by_crace"]
    rates = {g: f[3:5] for (m, _, g), f in made.found.items() if m == "complainants_per_10000"}
    assert rates["black"] == (2_255, 648_268)
    assert rates["white"] == (796, 547_810)
    assert rates["latino"] == (275, 221_322)
    assert rates["asian"] == (69, 109_876)
    for printed in ("34.8", "14.5", "12.4", "6.3", "73.27%", "15.33%", "8.89%", "1.95%", "0.54%", "28.02%"):
        assert f">{printed}<" in made.html, printed  # type: ignore[attr-defined]


def bring_in_new_york(house: House, public_data: Path, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said: list[str] = []
    proof = prove_import(house, public_data, tmp_path, said.append, ["nyc_ccrb"])["sources"]["nyc_ccrb"]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // MEGABYTES
    assert proof["imported"] == proof["read"] == 175_488 + 83_029 + 14_918
    assert (proof["rejected"], proof["again"]) == (0, 0)
    assert (proof["figures"], proof["differences"]) == (33, {})
    assert grown < 250  # of the 500 that a whole process may take
    assert said == ["Importing nyc_ccrb", "Importing nyc_ccrb again"]


def test_new_york(house: House, work_as: WorkAs, public_data: Path, tmp_path: Path) -> None:
    """The largest source comes in once, within its memory, and serves both the figures and their report."""
    bring_in_new_york(house, public_data, tmp_path)
    whole = expected(public_data, "nyc_ccrb")
    said, window = whole["nyc_ccrb"], whole["window_2007_2017"]
    here: dict[str, Any] = {"windows": ((2007, 2017),), "brought_in": ("nyc_ccrb",)}
    made = release(house, work_as, "nyc_ccrb", public_data, tmp_path, **here)
    assert (made.one("allegations"), made.one("complaints")) == (said["allegation_rows"], said["complaints"])
    assert made.one("officers") == said["officers_with_allegation"]
    assert made.one("officer_complaints") == said["officer_complaint_pairs"]
    assert made.pair("sustained_of_all") == (said["substantiated_allegations"], said["allegation_rows"])
    assert made.pair("sustained_of_investigated") == (said["substantiated_allegations"], said["fully_investigated"])
    assert made.one("complaints_sustained") == said["complaints_subst"]
    assert made.one("officers_ten_or_more") == said["officers_ge10_complaints"]
    assert made.one("most_complaints") == said["max_complaints"]
    assert made.counts("allegations", "category") == said["fado"]
    assert made.counts("allegations", "disposition") == said["board"]
    per_year = {
        year: [
            made.one("allegations", "year", year),
            made.one("complaints", "year", year),
            made.one("sustained_of_all", "year", year),
        ]
        for year in said["per_year"]
    }
    assert per_year == said["per_year"]
    assert made.tenths() == said["deciles"][0]
    assert made.counts("penalties", "recommended") == said["pen_disp"]
    assert (made.one("penalties"), made.one("penalties", "prosecuted", "Yes")) == (said["pen_rows"], 3_028)
    years = "2007-2017"
    assert made.tenths("window,decile", f"{years} | ") == window["deciles"][0]
    for measure, name in (
        ("officers", "officers"),
        ("officer_complaints", "pairs"),
        ("allegations", "rows"),
        ("sustained_of_all", "subst"),
    ):
        assert made.one(measure, "window", years) == window[name], name
    for printed in ("7.05%", "10.08%", "10.17%", "5.49%", "2.76%", "4.20%", "33.04%"):
        assert f">{printed}<" in made.html, printed  # type: ignore[attr-defined]


def test_indianapolis(house: House, work_as: WorkAs, public_data: Path, tmp_path: Path) -> None:
    said = expected(public_data, "indianapolis_impd")
    made = release(house, work_as, "indianapolis_impd", public_data, tmp_path)
    assert made.one("complaints") == said["incnum"]
    assert made.one("allegations") == said["distinct_officer_allegations"]
    assert made.one("officers") == said["offnum"]
    assert made.one("officer_complaints") == said["distinct_inc_off"]
    assert made.one("complainants") == said["distinct_inc_cit"]
    assert made.counts("allegations", "disposition") == said["finding_distinct"]
    assert made.counts("allegations", "category") == said["class_distinct"]
    assert made.counts("complaints", "year") == said["year_incidents"]
    assert made.counts("complaints", "channel") == said["source_inc"]
    assert made.counts("complaints", "officers") == {
        "1": 1010, "2": 139, "3": 45, "4": 12, "5": 6, "6": 2, "8": 1, "9": 1
    }  # fmt: skip
    assert made.counts("complaints", "complainants") == {"1": 1197, "2": 23, "3": 2, "5": 2}
