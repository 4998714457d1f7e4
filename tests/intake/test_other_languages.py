"""The residents' door in nine languages: direction, English that is marked, an interpreter, words anybody can read."""

import re
from html import unescape

import pytest

from app.kernel.translations import APPROVED
from app.operations.reading import FEWEST_WORDS, HARDEST, grade
from tests.conftest import ClientAs
from tests.intake.test_filing_pages import Phone
from tests.make import Make

PAGES = ("/file", "/my", "/file/resume", "/leaving", "/file/print", "/file/card")
LANGUAGES = ("pt", "ht", "ne", "zh-Hans", "zh-Hant", "vi", "ar")
TAGS = re.compile(r"<(script|style|svg|nav|header|footer)\b.*?</\1>|<[^>]+>", re.DOTALL)
BLOCK_ENDS = re.compile(r"</(p|li|h\d|dt|dd|label|summary|legend|a|button|th|td|div)>")


@pytest.fixture(autouse=True)
def nothing_is_approved() -> None:
    APPROVED.replace(())


def words_of(page: str) -> str:
    """What is read on a page, each block a sentence of its own."""
    body = page[page.index("<main") : page.index("</main>")]
    lines = TAGS.sub(" ", BLOCK_ENDS.sub("\n", body)).split("\n")
    said = (" ".join(unescape(line).split()) for line in lines)
    return "\n".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in said if line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_and_what_stands_in_english(client_as: ClientAs, language: str) -> None:
    client = client_as()
    for path in PAGES:
        page = client.get(f"{path}?lang={language}").text
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
        assert not re.search("[\ufdd0-\ufdd2]", page)
    start = client.get(f"/file?lang={language}").text
    assert '<span class="in-english" lang="en" dir="ltr">' in start
    assert start.count('class="interpreter"') == 1
    assert "555-0140" in start[start.index('class="interpreter"') :]
    assert "set-cookie" not in client.get(f"/file?lang={language}").headers


def test_what_somebody_agrees_to_on_a_page_of_the_form_waits_for_a_person(client_as: ClientAs, make: Make) -> None:
    book = make.house.policies.newest(make.house.agency)
    agreed = {page.code for page in book.form.pages if page.lead and page.lead.is_protected("ar")}
    assert agreed == {page.code for page in book.form.pages if page.is_consent} != set()
    phone = Phone(client_as(), "ar").send(language="ar").send(go="next", kind="complaint", relationship="self")
    page = book.form.page("anonymity")
    assert page is not None
    assert f'<span class="in-english" lang="en" dir="ltr">{page.lead}</span>' in phone.text
    assert not re.search("[\ufdd0-\ufdd2]", phone.text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_a_person_stands_for_has_no_marks(client_as: ClientAs, language: str) -> None:
    pages = [client_as().get(f"{path}?lang={language}").text for path in PAGES]
    assert [
        path for path, page in zip(PAGES, pages, strict=True) if "in-english" in page or 'class="interpreter"' in page
    ] == []


def test_the_first_page_names_every_language_in_itself(client_as: ClientAs, make: Make) -> None:
    page = unescape(client_as().get("/file").text)
    book = make.house.policies.newest(make.house.agency)
    assert [each.own_name for each in book.languages if each.own_name not in page] == []
    shown = client_as().get("/file", headers={"accept-language": "zh-TW,en;q=0.5"}).text
    assert '<html lang="zh-Hant"' in shown


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_for_no_more_than_grade_eight(client_as: ClientAs, path: str) -> None:
    words = words_of(client_as().get(path).text)
    assert len(words.split()) < FEWEST_WORDS or grade(words) <= HARDEST, words


@pytest.mark.parametrize("path", PAGES)
def test_no_page_threatens_or_calls_the_confirmation_number_something_else(client_as: ClientAs, path: str) -> None:
    words = words_of(client_as().get(path).text).lower()
    for wrong in (
        "case number",
        "false statement",
        "perjury",
        "prosecuted",
        "under penalty",
        "i swear",
        "you must swear",
    ):
        assert wrong not in words


def test_every_outcome_has_its_one_sentence(make: Make) -> None:
    book = make.house.policies.newest(make.house.agency)
    outcomes = {each.code: each.definition for each in book.findings} | {
        each.code: each.definition for each in book.closures
    }
    for code, definition in outcomes.items():
        assert re.fullmatch(r"[^.]+\.", str(definition)), code
