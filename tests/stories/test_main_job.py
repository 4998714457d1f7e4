"""The main job in a browser, by everybody who has a part in it: a filed complaint becomes a decided, answered case."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Opened
from tests.stories.test_resident import choose, file_complaint, go_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()


def until_shown(page: Page, path: str, words: str) -> None:
    """Reloads until the worker has done its part."""
    for _ in range(30):
        page.goto(path)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(1000)
    pytest.fail(f"{words!r} never stood on {path}")


def screen(intake: Page, number_of_filing: str) -> str:
    """Intake screens the filing and comes to the case; gives back the case's path."""
    intake.goto("/office/filings")
    while not intake.get_by_role("link", name=number_of_filing).count():
        intake.get_by_role("link", name=re.compile("Next")).first.click()
    intake.get_by_role("link", name=number_of_filing).click()
    choose(intake, "classification", "investigation")
    intake.select_option("select[name=department_id]", "rpd")
    intake.select_option("select[name=category]", index=1)
    press(intake, "Screen this filing")
    intake.get_by_role("link", name="Open the case").click()
    return re.sub(r"https?://[^/]+|\?.*", "", intake.url)


def investigate(investigator: Page, case: str) -> None:
    """An allegation against an officer nobody knows yet, and the investigator's finding on it."""
    investigator.goto(f"{case}/allegations")
    investigator.locator("input[name=officer_id]").last.check(force=True)
    investigator.fill("input[name=description]", "Tall, car 12")
    investigator.select_option("select[name=category]", index=1)
    press(investigator, "State the allegation")
    investigator.goto(f"{case}/allegations")
    investigator.locator(f"a[href*='{case}/allegations/']").first.click()
    investigator.locator("input[name=disposition][value=sustained]").first.check(force=True)
    investigator.fill("textarea[name=reasons]", "The video shows it.")
    investigator.locator("form[action$='/recommend'] button").first.click()
    expect(investigator.locator("main")).to_contain_text("Sustained")


def test_a_filed_complaint_becomes_a_case_with_findings_before_the_commission(page_as: Opened) -> None:
    resident = page_as(width=360, script=False)
    passphrase = file_complaint(resident, "He pushed me over.", anonymity="confidential", language="en")
    filing = re.search(r"F-[0-9A-Z]{8}", resident.locator("main").inner_text())
    assert filing

    case = screen(page_as("intake"), filing.group())
    supervisor = page_as("supervisor")
    supervisor.goto(case)
    supervisor.select_option("select[name=account_id]", label="Theo Larkspur")
    press(supervisor, "Assign")

    investigator = page_as("investigator")
    investigator.goto(case)
    expect(investigator.locator("aside")).to_contain_text("Finish the investigation")
    investigator.locator("button[name=to][value=investigating]").click()
    investigate(investigator, case)
    investigator.goto(case)
    investigator.locator("button[name=to][value=supervisor_review]").click()

    supervisor.goto(f"{case}/allegations")
    supervisor.locator(f"a[href*='{case}/allegations/']").first.click()
    supervisor.locator("form[action$='/review'] input[type=radio]").first.check(force=True)
    press(supervisor, "Save the review")
    supervisor.goto(case)
    supervisor.locator("button[name=to][value=before_commission]").click()
    expect(supervisor.locator("main")).to_contain_text("Before the commission")

    resident.goto("/my?lang=en")
    resident.fill("input[name=passphrase]", passphrase)
    go_on(resident)
    expect(resident.locator("main")).to_contain_text("The commission is deciding")


def test_a_stale_edit_is_told_and_loses_no_text(page_as: Opened) -> None:
    first, second = page_as("supervisor"), page_as("director")
    first.goto("/office/cases?stage=investigating")
    first.locator("tbody a[href*='/office/cases/']").first.click()
    second.goto(re.sub(r"https?://[^/]+", "", first.url))
    for page in (first, second):
        page.select_option("select[name=account_id]", index=1 if page is first else 2)
        page.locator("form[action$='/assign'] button").click()
    expect(second.locator("main")).to_contain_text("Somebody else changed this")


def test_a_recused_commissioner_no_longer_sees_the_case(page_as: Opened) -> None:
    member = page_as("commissioner")
    member.goto("/commission")
    link = member.locator("a[href*='/commission/cases/']").first
    number, path = link.inner_text(), link.get_attribute("href")
    assert path
    link.click()
    member.locator("details:has(input[name=ground]) summary").click()
    member.locator("label[for=f-ground]").click()
    member.locator("label[for=f-sure]").click()
    press(member, "Declare my recusal")
    member.goto("/commission")
    assert number not in member.locator("main").inner_text()
    answer = member.goto(path)
    assert answer is not None
    assert answer.status == 404


def test_the_liaison_answers_a_demand_and_never_sees_who_complained(page_as: Opened) -> None:
    liaison = page_as("liaison")
    liaison.goto("/department")
    liaison.locator("a[href*='/department/demands/']").first.click()
    text = liaison.locator("body").inner_text()
    assert "passphrase" not in text.lower()
    liaison.locator("input[name=answer]").first.check(force=True)
    liaison.fill("textarea[name=words]", "The video is attached to the department's file.")
    press(liaison, "Send the answer")
    expect(liaison.locator("main")).not_to_contain_text("There is a problem")


def test_a_page_of_each_role_opens_and_none_scrolls_sideways(page_as: Opened) -> None:
    for name, path in (
        ("investigator", "/office"),
        ("supervisor", "/office/cases"),
        ("intake", "/office/filings"),
        ("secretary", "/commission/meetings"),
        ("liaison", "/department"),
        ("auditor", "/office/journal"),
        ("administrator", "/office/users"),
        ("analyst", "/office/releases"),
        ("counsel", "/office/cases"),
    ):
        page = page_as(name, width=360)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_why_this_date_is_told_on_the_case(page_as: Opened) -> None:
    page = page_as("investigator", script=False)
    page.goto("/office/cases")
    page.locator("tbody a[href*='/office/cases/']").first.click()
    page.locator("aside summary", has_text="Why this date?").first.click()
    expect(page.locator("aside")).to_contain_text("The clock starts on")


def test_tomorrow_is_no_day_for_what_has_happened(page_as: Opened) -> None:
    page = page_as(width=360, script=False)
    page.goto("/file?lang=en")
    choose(page, "language", "en")
    go_on(page)
    choose(page, "kind", "complaint")
    choose(page, "relationship", "witness")
    go_on(page)
    choose(page, "anonymity", "anonymous")
    go_on(page)
    page.fill("textarea[name=narrative]", "Something that is still to come.")
    go_on(page)
    for part, digits in (("month", "12"), ("day", "31"), ("year", "2099")):
        page.fill(f"input[name=date_{part}]", digits)
    go_on(page)
    expect(page.locator("main")).to_contain_text("has not come yet")
