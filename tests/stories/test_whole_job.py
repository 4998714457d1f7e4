"""The whole job in a browser: from a resident's phone to the public figure that counts the complaint, by everybody."""

import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Locator, Page, expect

from app.publication.rules.figures import read_figures
from tests.stories.conftest import Opened, Running
from tests.stories.test_main_job import press, screen, until_shown
from tests.stories.test_resident import file_complaint, go_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

VOTES = {
    "commissioner": "yes",
    "commissioner2": "yes",
    "commissioner3": "yes",
    "commissioner4": "yes",
    "commissioner5": "no",
    "commissioner6": "abstain",
}
SLOW = 90  # seconds: charts and reports in two languages are made when a release is published
Figures = dict[tuple[str, str, str], int | None]


def main_of(page: Page) -> str:
    return page.locator("main").inner_text()


def until_there(page: Page, path: str, selector: str, seconds: int = 30) -> None:
    """Reloads until the worker has done what lets this be shown."""
    for _ in range(seconds):
        page.goto(path)
        if page.locator(selector).count():
            return
        page.wait_for_timeout(1000)
    pytest.fail(f"{selector} never stood on {path}")


def touch(box: Locator) -> None:
    """Ticks a box by the label that a hand would press, once the page has come to rest."""
    box.page.wait_for_load_state()
    box.page.locator(f"label[for='{box.get_attribute('id')}']").click()
    expect(box).to_be_checked()


def choose(page: Page, name: str, value: str) -> None:
    touch(page.locator(f"input[name={name}][value='{value}']"))


# --- the release and what it says ---


def release(analyst: Page, director: Page) -> str:
    """The analyst asks, a second person publishes; the day up to which it counts."""
    analyst.goto("/office/releases")
    through = analyst.input_value("input[name=through]")
    press(analyst, "Build a release")
    newest = "#builds tbody tr:first-child"
    until_there(director, "/office/releases", f"{newest}:has-text('every figure follows')", SLOW)
    row = director.locator(newest)
    expect(row).to_contain_text("nothing found")
    row.get_by_role("button", name="Publish").click()
    until_there(director, "/office/releases", f"{newest} a:has-text('See it')", SLOW)
    return through


def public_figures(anyone: Page) -> tuple[dict[str, dict[str, str]], Figures]:
    """What /data shows, table by table, and the same release's file of every figure."""
    anyone.goto("/data?lang=en")
    tables: dict[str, dict[str, str]] = anyone.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("main table")].map(table => [
            table.caption.textContent.trim(),
            Object.fromEntries([...table.tBodies[0].rows].map(row => [
                row.cells[0].textContent.trim(), row.cells[1].textContent.trim()]))]))"""
    )
    link = anyone.locator("a[href$='/tables/figures.csv']").get_attribute("href")
    content = anyone.request.get(link or "").body()
    found = {(f.measure, f.by, f.group): f.numerator for f in read_figures(content)}
    return tables, found


def risen(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, int]:
    """What changed, and by how much; of what a release withholds because few people stand in it, nothing is known.

    Nor of a table whose groups are others than before: a group that was withheld, or joined to another, is shown now.
    """
    same = {key[:2] for key in after} - {key[:2] for key in before.keys() ^ after.keys()}
    known = [key for key in after if key[:2] in same and after[key] is not None and before[key] is not None]
    changed = {key: _number(after[key]) - _number(before[key]) for key in known}
    return {key: step for key, step in changed.items() if step}


def _number(shown: str | int) -> int:
    return shown if isinstance(shown, int) else int(shown.replace(",", ""))


# --- the steps ---


def assign(supervisor: Page, case: str) -> None:
    """Out of the queue of what nobody leads yet."""
    supervisor.goto("/office/cases?assignee=-&sort=-opened_on")
    supervisor.locator(f"tbody a[href='{case}']").click()
    supervisor.select_option("select[name=account_id]", label="Theo Larkspur")
    press(supervisor, "Assign")
    expect(supervisor.locator("main")).to_contain_text("led by Theo Larkspur")


def state_allegations(investigator: Page, case: str) -> str:
    """One against an officer of the roster, one against somebody nobody can name; the known officer's last name."""
    investigator.goto("/office/officers")
    line = investigator.locator("tbody tr", has_text="Riverbend Police").first
    last_name = line.locator("th").inner_text().split(",")[0]
    investigator.goto(f"{case}/allegations")
    investigator.fill("input[name=officer]", last_name)
    press(investigator, "Search the roster")
    touch(investigator.locator("input[name=officer_id]").first)
    investigator.select_option("select[name=category]", index=1)
    investigator.fill("textarea[name=wording]", "Pushed a person over.")
    press(investigator, "State the allegation")
    expect(investigator.locator("main")).to_contain_text(last_name)
    investigator.goto(f"{case}/allegations")
    choose(investigator, "officer_id", "")
    investigator.fill("input[name=description]", "Tall, stood beside car 12")
    investigator.select_option("select[name=category]", index=2)
    press(investigator, "State the allegation")
    expect(investigator.locator("main")).to_contain_text("Tall, stood beside car 12")
    return last_name


def allegations_of(page: Page, case: str) -> list[str]:
    page.goto(f"{case}/allegations")
    links = page.locator(f"tbody th a[href*='{case}/allegations/']").all()
    return [str(link.get_attribute("href")) for link in links]


def find(investigator: Page, supervisor: Page, case: str) -> None:
    """The investigator recommends, the supervisor agrees, and the case goes before the commission."""
    known, unknown = allegations_of(investigator, case)
    for allegation, word in ((known, "sustained"), (unknown, "officer_unidentified")):
        investigator.goto(allegation)
        choose(investigator, "disposition", word)
        investigator.fill("textarea[name=reasons]", "The video shows what can be seen of it.")
        press(investigator, "Recommend this finding")
    investigator.goto(case)
    investigator.locator("button[name=to][value=supervisor_review]").click()
    for allegation in (known, unknown):
        supervisor.goto(allegation)
        choose(supervisor, "agrees", "yes")
        press(supervisor, "Save the review")
    supervisor.goto(case)
    supervisor.locator("button[name=to][value=before_commission]").click()
    expect(supervisor.locator("main")).to_contain_text("Before the commission")


def convene(director: Page, secretary: Page, number: str, today: str) -> str:
    """A meeting today with the case on its docket and everybody at the table; its path in the room."""
    director.goto("/office/meetings")
    director.fill("input[name=held_on]", today)
    director.fill("input[name=place]", "City Hall")
    press(director, "Plan it")
    docket = re.sub(r"https?://[^/]+|\?.*", "", director.url)
    director.locator("#waiting tr", has_text=number).get_by_role("button", name="Put on the docket").click()
    until_shown(director, docket, "Frozen")
    room = docket.replace("/office/", "/commission/")
    secretary.goto(room)
    press(secretary, "Open the meeting")
    for box in secretary.locator("input[name=present]").all():
        touch(box)
    press(secretary, "Note the roll")
    expect(secretary.locator("input[name=present]:checked")).to_have_count(len(VOTES))
    return room


def vote(members: dict[str, Page], secretary: Page, at: str, place: int, word: str) -> None:
    """One question: put by the chair, answered by each member in a session of their own, closed by the secretary."""
    chair = members["commissioner"]
    chair.goto(at)
    expect(chair.locator("#packet")).to_contain_text("packet-")
    chair.select_option("select[name=subject_id]", index=place)
    chair.select_option("select[name=proposal]", word)
    press(chair, "Put the motion")
    for name, choice in VOTES.items():
        members[name].goto(at)
        choose(members[name], "choice", choice)
        press(members[name], "Vote")
    secretary.goto(at)
    expect(secretary.locator("#motions")).to_contain_text("4 yes, 1 no, 1 abstained.")
    press(secretary, "Close the roll call")
    expect(secretary.locator("#motions")).to_contain_text("4 said yes, 4 were needed. The motion carries.")


def send_to_department(secretary: Page, at: str) -> None:
    """What discipline follows, then the findings go out."""
    until_there(secretary, f"{at}/discipline", "select[name=measure]")
    secretary.select_option("select[name=measure]", "written_reprimand")
    secretary.fill("textarea[name=reasons]", "It was not needed.")
    press(secretary, "Recommend")
    expect(secretary.locator("#lines")).to_contain_text("Written reprimand")
    secretary.goto(at)
    choose(secretary, "to", "awaiting_answer")
    press(secretary, "Send on")
    until_shown(secretary, at, "Awaiting the department's answer")


def answer(liaison: Page, number: str, narrative: str) -> None:
    """The department agrees, and never learns who complained or in which words."""
    until_there(liaison, "/department/recommendations", f"tbody tr:has-text('{number}') a")
    liaison.locator("tbody tr", has_text=number).locator("a").first.click()
    assert narrative not in liaison.content()
    assert "Ejemplo" not in liaison.content()
    choose(liaison, "answer", "agree")
    liaison.select_option("select[name=imposed]", "written_reprimand")
    press(liaison, "Send the answer")
    expect(liaison.locator("main")).not_to_contain_text("There is a problem")


def letter_of(resident: Page, passphrase: str) -> str:
    """What the resident reads at the end, on the phone, without script: first the page, then the letter."""
    resident.goto("/my?lang=en")
    if resident.locator("input[name=passphrase]").count():
        resident.fill("input[name=passphrase]", passphrase)
        go_on(resident)
    until_shown(resident, "/my?lang=en", "Your complaint is closed")
    page = main_of(resident)
    assert "Your case is closed" in page
    assert "Sustained" in page
    assert "Officer not identified" in page
    resident.get_by_role("link", name=re.compile("Your complaint is closed")).first.click()
    assert resident.evaluate("document.documentElement.scrollWidth") <= 360
    return main_of(resident)


def report_of(running: Running, folder: Path, through: str) -> dict[tuple[str, str, str], int]:
    """`./candor report annual` beside the running site: a tagged PDF; the figures it lists."""
    files, paper = folder / "release", folder / "annual.pdf"
    running.candor("release", "build", "--through", through, "--out", str(files))
    running.candor("report", "annual", "--release", str(files), "--period", through[:4], "--out", str(paper))
    assert "figures stand in the report as in the release" in running.candor("report", "verify", str(paper), str(files))
    with pikepdf.open(paper) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert "pdfuaid" in str(pdf.Root.Metadata.read_bytes())
        (listed,) = [json.loads(each.get_file().read_bytes()) for each in pdf.attachments.values()]
    return {(each["measure"], each["by"], each["group"]): each["numerator"] for each in listed["figures"]}


def test_a_complaint_is_decided_answered_closed_told_and_counted(
    page_as: Opened, running: Running, tmp_path: Path
) -> None:
    narrative = "He pushed me over and another one laughed at it."
    director, supervisor, secretary = page_as("director"), page_as("supervisor"), page_as("secretary")
    analyst, investigator = page_as("analyst"), page_as("investigator")
    release(analyst, director)
    shown_before, before = public_figures(page_as())

    resident = page_as(width=360, script=False)
    passphrase = file_complaint(resident, narrative, anonymity="confidential", language="en")
    filing = re.search(r"F-[0-9A-Z]{8}", main_of(resident))
    assert filing
    resident.goto("/my?lang=en")
    resident.fill("input[name=passphrase]", passphrase)
    go_on(resident)
    expect(resident.locator("h1")).to_have_text("We have your complaint")

    intake = page_as("intake")
    case = screen(intake, filing.group())
    number = intake.locator("h1").inner_text()
    assert "Finish the investigation" in intake.locator("aside").inner_text()
    assign(supervisor, case)
    investigator.goto(case)
    investigator.locator("button[name=to][value=investigating]").click()
    last_name = state_allegations(investigator, case)
    find(investigator, supervisor, case)

    analyst.goto("/office/releases")
    today = analyst.input_value("input[name=through]")
    room = convene(director, secretary, number, today)
    at = case.replace("/office/", "/commission/")
    members = {name: page_as(name) for name in VOTES}
    vote(members, secretary, at, 0, "sustained")
    vote(members, secretary, at, 0, "officer_unidentified")
    send_to_department(secretary, at)
    secretary.goto(room)
    press(secretary, "End the meeting")

    answer(page_as("liaison"), number, narrative)
    director.goto(case)
    director.locator("button[name=to][value=closed]").click()
    expect(director.locator("main")).to_contain_text("closed")
    journal = director.locator("main").inner_text()
    assert "Closed the case as Closed." in journal

    letter = letter_of(resident, passphrase)
    assert "Sustained. The evidence shows it is more likely than not that the officer did this" in letter
    assert "Officer not identified. We tried, but could not find out which officer this was." in letter
    assert "Agrees with the finding and the discipline. Imposed: Written reprimand." in letter
    assert last_name not in letter

    through = release(analyst, director)
    shown, after = public_figures(page_as())
    rose = risen(before, after)
    complaints = {key: step for key, step in rose.items() if key[0] == "complaints"}
    assert complaints["complaints", "all", "all"] == 1
    assert complaints["complaints", "outcome", "sustained"] == 1
    assert set(complaints.values()) == {1}
    assert ("complaints", "outcome", "open") not in complaints
    assert (rose["allegations", "all", "all"], rose["officer_allegations", "all", "all"]) == (2, 1)
    assert (rose["allegations", "class", "sustained"], rose["penalties", "answer", "agree"]) == (1, 1)
    table = "How complaints stand or ended"
    assert risen(shown_before[table], shown[table]) == {"Sustained": 1}

    said = report_of(running, tmp_path, through)
    year = ("complaints", "year", through[:4])
    assert (said[year], rose[year]) == (after[year], 1)
    ended = ("complaints", "year,outcome", f"{through[:4]} | sustained")
    # It may be the first of its year: then the table has other groups than before, and nothing is known of its rise.
    assert (said[ended], rose.get(ended, 1)) == (after[ended], 1)
