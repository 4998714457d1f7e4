"""Which version a case is judged by, which one says what may be done, and which ones are read at all."""

from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest

from app.cases.records import Case
from app.config import PROJECT
from app.intake import actions
from app.intake.commands import ScreenFiling
from app.policy.documents import Document, read_document
from app.policy.loader import Rulebooks
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.powers.books import SECOND, book
from tests.powers.conftest import WithBooks

PINNING = "pinning: {by: filing, authority: Charter 12.03(c)}\n"
SCREENED = datetime(2002, 2, 1, 17, 0, tzinfo=UTC)
BEFORE, AFTER = date(2001, 12, 30), date(2002, 1, 15)


@pytest.mark.parametrize(
    ("by", "incident", "filed", "opens_under"),
    [
        ("incident", BEFORE, AFTER, "first"),
        ("incident", AFTER, AFTER, "second"),
        ("filing", BEFORE, AFTER, "second"),
        ("filing", BEFORE, BEFORE, "first"),
        ("opening", BEFORE, BEFORE, "second"),
    ],
)
def test_a_case_has_the_version_that_the_rulebook_of_its_opening_chooses(
    make: Make, with_books: WithBooks, work_as: WorkAs, by: str, incident: date, filed: date, opens_under: str
) -> None:
    first, second = book(), book(SECOND, changes=((PINNING, f"pinning: {{by: {by}}}\n"),))
    with_books([first, second])
    received = datetime(filed.year, filed.month, filed.day, 17, 0, tzinfo=UTC)
    filing = make.filing(policy_id=first.policy_id, incident_date=incident, received_at=received)
    found = next(each for each in first.classification if each.goes_on)
    with work_as("intake", now=SCREENED) as work:
        actions.screen_filing(
            work,
            filing.id,
            ScreenFiling(version=1, classification=found.code, department_id=first.departments[0].code, category=""),
        )
    (case,) = make.all(Case)
    assert case.policy_id == {"first": first, "second": second}[opens_under].policy_id


def test_the_first_version_still_names_the_stage_when_the_second_knows_it_no_more(
    make: Make, with_books: WithBooks, client_as: ClientAs
) -> None:
    first = book()
    second = book(SECOND, changes=(("    label: Under investigation\n", "    label: Being looked into\n"),))
    with_books([first, second])
    case = make.case(policy_id=first.policy_id)
    page = client_as("supervisor").get(f"/office/cases/{case.id}").text
    assert "Under investigation" in page
    assert "Being looked into" not in page


def test_a_start_reads_the_rulebook_in_force_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in ("2024-01-01", "2025-01-01", "2099-01-01"):
        copytree(PROJECT / "policies" / "riverbend" / "2025-01-01", tmp_path / "riverbend" / day)
    copytree(PROJECT / "policies" / "seattle-opa", tmp_path / "seattle-opa")
    broken = tmp_path / "broken" / "2025-01-01"
    broken.mkdir(parents=True)
    (broken / "rulebook.yaml").write_text("this: [is no rulebook")
    (broken / "form.yaml").write_text("")
    read: list[str] = []

    def noted(name: str, data: bytes) -> Document:
        read.append(name)
        return read_document(name, data)

    monkeypatch.setattr("app.policy.loader.read_document", noted)
    shelf = Rulebooks.load(tmp_path)
    assert read == []
    assert shelf.in_force("riverbend", date(2026, 3, 16)).effective_from == date(2025, 1, 1)
    assert {name.rsplit("/", 1)[0].removesuffix("/words") for name in read} == {f"{tmp_path.name}/riverbend/2025-01-01"}
    assert [volume.agency for volume in shelf.versions("broken")] == ["broken"]
