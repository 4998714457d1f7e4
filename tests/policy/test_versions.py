"""Which version a case has: the rulebook says whether the incident, the filing or the opening decides."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from app.config import PROJECT
from app.policy.loader import Rulebooks

RIVERBEND = PROJECT / "policies" / "riverbend" / "2025-01-01"
FIRST, SECOND, PROPOSED = "2025-01-01", "2026-07-01", "2026-09-01"


def shelf(tmp_path: Path, by: str) -> Rulebooks:
    """Two versions and a proposal; only the second, in force at the opening, says what decides."""
    for day in (FIRST, SECOND, PROPOSED):
        copytree(RIVERBEND, tmp_path / "riverbend" / day)
    _write(tmp_path / "riverbend" / SECOND, "\nmodels:", f"\npinning: {{by: {by}}}\nmodels:")
    _write(tmp_path / "riverbend" / PROPOSED, "status: active", "status: proposal")
    return Rulebooks.load(tmp_path)


def _write(folder: Path, old: str, new: str) -> None:
    file = folder / "rulebook.yaml"
    text = file.read_text("utf-8")
    assert old in text
    text = text.replace("pinning: {by: filing, authority: Charter 12.03(c)}\n", "")
    file.write_text(text.replace(old, new, 1), "utf-8")


INCIDENT, FILED, OPENED = date(2026, 5, 1), date(2026, 6, 30), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("by", "incident", "filed", "version"),
    [
        ("opening", INCIDENT, FILED, SECOND),
        ("filing", INCIDENT, FILED, FIRST),
        ("filing", INCIDENT, date(2026, 7, 1), SECOND),
        ("incident", INCIDENT, date(2026, 7, 5), FIRST),
        ("incident", date(2026, 7, 1), date(2026, 7, 5), SECOND),
        # The day of the incident is not known: the next day that is decides.
        ("incident", None, FILED, FIRST),
        ("incident", None, None, SECOND),
        # Long before the first version was written the first one holds.
        ("incident", date(1990, 1, 1), FILED, FIRST),
        # A day that was written down wrong, after the opening, never reaches a later version.
        ("incident", date(2040, 1, 1), FILED, SECOND),
    ],
)
def test_the_rule_of_the_rulebook_decides(
    tmp_path: Path, by: str, incident: date | None, filed: date | None, version: str
) -> None:
    book = shelf(tmp_path, by).for_case("riverbend", OPENED, filed_on=filed, incident_on=incident)
    assert book.effective_from == date.fromisoformat(version)


def test_the_newest_is_no_proposal(tmp_path: Path) -> None:
    assert shelf(tmp_path, "opening").newest("riverbend").effective_from == date.fromisoformat(SECOND)


def test_an_unlabelled_rulebook_is_pinned_by_the_opening(tmp_path: Path) -> None:
    copytree(RIVERBEND, tmp_path / "riverbend" / FIRST)
    _write(tmp_path / "riverbend" / FIRST, "status: active", "status: active")
    book = Rulebooks.load(tmp_path).newest("riverbend")
    assert book.pinning.by == "opening"
