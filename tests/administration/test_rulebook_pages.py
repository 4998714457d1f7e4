"""The rulebook in plain language as a page, its versions, and what changed between two of them."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest
from fastapi import FastAPI

from app.access.work import House
from app.config import PROJECT
from app.policy.loader import Rulebooks, Volume, read_folder
from app.policy.plain import sections, sources
from tests.conftest import ClientAs
from tests.make import Make

READERS = ["administrator", "auditor", "director", "supervisor", "counsel", "intake", "investigator", "analyst"]
RIVERBEND = PROJECT / "policies" / "riverbend" / "2025-01-01"
LATER = "2099-01-01"


def page_of(client_as: ClientAs, role: str, address: str) -> str:
    answer = client_as(role).get(address)
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


@pytest.fixture
def two_versions(house: House, make: Make, tmp_path: Path) -> House:
    """The same agency with a second version to come, and a correction of the first that only the database keeps."""
    folder = tmp_path / "policies" / RIVERBEND.parent.name
    for day in (RIVERBEND.name, LATER):
        copytree(RIVERBEND, folder / day)
    book = folder / LATER / "rulebook.yaml"
    book.write_text(book.read_text("utf-8").replace("amount: 180", "amount: 240"), "utf-8")
    older = read_folder(RIVERBEND)
    older["rulebook.yaml"] = b"# as it was first stored\n" + older["rulebook.yaml"]
    volume = Volume.kept(RIVERBEND.parent.name, date.fromisoformat(RIVERBEND.name), lambda: older)
    changed = replace(house, policies=Rulebooks.load(tmp_path / "policies").including([volume]))
    make.house = changed
    return changed


@pytest.mark.parametrize("role", READERS)
def test_everybody_in_the_office_reads_it(client_as: ClientAs, role: str) -> None:
    assert "Sources" in page_of(client_as, role, "/office/rulebook")
    assert "Versions of the rulebook" in page_of(client_as, role, "/office/rulebook/versions")


@pytest.mark.parametrize("address", ["/office/rulebook", "/office/rulebook/versions"])
@pytest.mark.parametrize("role", ["commissioner", "liaison"])
def test_nobody_else_does(client_as: ClientAs, role: str, address: str) -> None:
    assert client_as(role).get(address).status_code in {403, 404}


def test_every_sentence_of_the_rulebook_is_on_the_page(client_as: ClientAs, make: Make) -> None:
    page = page_of(client_as, "administrator", "/office/rulebook")
    for section in sections(make.book):
        assert f'<h2 class="panel__title">{section.title}</h2>' in page
        for entry in section.entries:
            assert entry.name in page
            assert all(" ".join(run.text.split()) in page for run in entry.runs)


def test_every_sentence_has_its_law_and_every_source_its_address(client_as: ClientAs, make: Make) -> None:
    page = page_of(client_as, "administrator", "/office/rulebook")
    clock = next(clock for clock in make.book.deadlines if clock.authority)
    assert re.search(rf'<span class="plain__law">{re.escape(str(clock.authority))} · ', page)
    for source in sources(make.book):
        assert f'id="source-{source.number}"' in page
        assert not source.address or f'href="{source.address}"' in page
    assert set(re.findall(r'href="#source-(\d+)"', page)) <= {str(source.number) for source in sources(make.book)}


def test_it_names_what_stands_there_and_is_done_by_nothing(client_as: ClientAs) -> None:
    page = client_as("director").get("/office/rulebook").text
    assert "Not done by Candor yet" in page
    assert "No page offers mediation" in page or "no page offers mediation" in page


def test_it_speaks_no_code(client_as: ClientAs) -> None:
    page = page_of(client_as, "auditor", "/office/rulebook")
    text = re.sub(r"<[^>]+>", " ", page.split("<main ", 1)[1].split(">", 1)[1].split("</main>", 1)[0])
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == []
    assert "None" not in text


def test_one_version_alone_has_nothing_to_compare(client_as: ClientAs, make: Make) -> None:
    page = page_of(client_as, "auditor", "/office/rulebook/versions")
    assert make.book.digest[:12] in page
    assert "There is only one version of this rulebook so far." in page


def test_versions_are_listed_and_compared(client_as: ClientAs, two_versions: House, _app: FastAPI) -> None:  # noqa: PT019
    client = client_as("administrator")
    _app.state.house = two_versions
    page = " ".join(unescape(client.get("/office/rulebook/versions").text).split())
    for state in ("In force now", "To come", "Kept with the cases that have it"):
        assert state in page
    key = re.search(rf"version=({LATER}-[0-9a-f]{{12}})", page)
    assert key is not None
    shown = unescape(client.get(f"/office/rulebook?version={key[1]}").text)
    assert "This version is not in force today" in shown
    assert "240 calendar days" in shown
    in_force = two_versions.policies.in_force(two_versions.agency, date(2026, 3, 5)).policy_id
    old = in_force.split("@")[1].replace("#", "-")
    changes = " ".join(unescape(client.get(f"/office/rulebook/versions?old={old}&new={key[1]}").text).split())
    assert f"The day it takes effect changed from January 1, 2025 to January 1, {LATER[:4]}." in changes
    assert "The time of the clock “Finish the investigation” changed from 180 calendar days to 240" in changes
    assert "Choose two different versions." in unescape(
        client.get(f"/office/rulebook/versions?old={old}&new={old}").text
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/office/rulebook?version=2001-01-01-000000000000", 404),
        ("/office/rulebook/versions?old=2001-01-01-000000000000", 404),
        ("/office/rulebook?version=riverbend%402025", 422),
        ("/office/rulebook?version=%00", 422),
        (f"/office/rulebook?version={'1' * 5000}", 422),
        ("/office/rulebook/versions?new=2025-01-01-zzzzzzzzzzzz", 422),
    ],
)
def test_a_version_that_is_not_there_is_not_found(client_as: ClientAs, address: str, status: int) -> None:
    assert client_as("auditor").get(address).status_code == status
