"""A complaint that was begun: saved after each page, opened by its words alone, ended in time and gone when sent."""

import re
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.work import House
from app.infra.db import Databases, Door
from app.infra.sending import Statement, send
from app.intake import actions, jobs
from app.intake.records import Filing, SavedDraft
from app.intake.rules.draft import LIFE, Draft
from app.web.limits import Limiter
from tests.conftest import NOW, ClientAs, WorkAs
from tests.intake.test_filing_pages import Phone
from tests.make import Make

SECRET = "0001" * 6
WORDS = re.compile(r'words__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<')
DIGITS = re.compile(r'words__digits"[^>]*>(?:<bdi[^>]*>)?([^<]+)<')


ANSWERS = {
    "language": {"language": "en"},
    "about_this": {"kind": "complaint", "relationship": "self"},
    "anonymity": {"anonymity": "named", "relationship": "self"},
    "about_you": {"name": "Ada Sample"},
    "what_happened": {"narrative": "He shouted at me."},
    "when_where": {"date_year": "2026", "location": "Oak Street"},
}


def walked(phone: Phone, to: str = "check", **changed: str) -> Phone:
    """Answers page after page until this one is shown."""
    if not phone.hidden().get("draft"):
        phone.send(language=phone.language)
    for _ in range(15):
        if phone.at() == to:
            return phone
        given = ANSWERS.get(phone.at(), {}) | {"language": phone.language}
        phone.send(go="next", **given | {name: value for name, value in changed.items() if name in given})
    raise AssertionError(f"no page {to}: {phone.at()}")


def filled(phone: Phone, **changed: str) -> Phone:
    return walked(phone, **changed)


def begun(client_as: ClientAs) -> Phone:
    """One page is saved."""
    return walked(Phone(client_as()), "anonymity")


def words_of(phone: Phone) -> str:
    """The six words in the box of this page."""
    return str(WORDS.findall(phone.text)[0])


def back(client_as: ClientAs, words: str, language: str = "en") -> Phone:
    """Another phone, on which somebody types the words."""
    phone = Phone(client_as(), language)
    phone.page = phone.client.post(
        f"/file/resume/open?lang={language}", data={"passphrase": words}, headers={"sec-fetch-site": "same-origin"}
    )
    return phone


def rows(make: Make) -> list[Any]:
    return make.all(SavedDraft)


def test_nothing_is_saved_before_something_is_said(client_as: ClientAs, make: Make) -> None:
    phone = walked(Phone(client_as()), "about_this")
    assert "Your words to come back" not in phone.text
    assert rows(make) == []
    walked(phone, "anonymity")
    assert len(words_of(phone).split()) == 6
    assert len(rows(make)) == 1
    assert "<details open>" in phone.text
    assert "Saved. You can go on later, until" in phone.text
    phone.send(go="next", **ANSWERS["anonymity"])
    assert "<details open>" not in phone.text


@pytest.mark.parametrize("by", ["words", "digits", "shouted"])
def test_who_comes_back_goes_on_where_it_was_left(client_as: ClientAs, make: Make, by: str) -> None:
    phone = walked(Phone(client_as()), "when_where", anonymity="anonymous")
    given = {
        "words": words_of(phone),
        "digits": DIGITS.findall(phone.text)[0],
        "shouted": words_of(phone).upper().replace(" ", "-"),
    }[by]
    other = back(client_as, given)
    assert other.page.status_code == 200
    assert "Welcome back" in other.text
    assert other.at() == phone.at()
    assert words_of(other) == words_of(phone)
    other.send(go="back")
    assert "He shouted at me." in other.text
    assert len(rows(make)) == 1


def test_words_of_a_draft_go_on_with_it_where_a_complaint_is_looked_for(client_as: ClientAs) -> None:
    phone = walked(Phone(client_as()), "when_where")
    other = client_as().submit("/my/sign-in", passphrase=words_of(phone))
    assert other.status_code == 200
    assert "Welcome back" in other.text
    assert "set-cookie" not in other.headers


def test_what_is_saved_cannot_be_read_here(client_as: ClientAs, make: Make, house: House) -> None:
    phone = walked(Phone(client_as()), "when_where", narrative="zqsecretword")
    (row,) = rows(make)
    assert b"zqsecretword" not in row.sealed
    assert words_of(phone).encode() not in row.sealed
    assert (row.saved_hour.minute, row.saved_hour.second) == (0, 0)


def test_the_secret_of_the_draft_is_that_of_the_complaint(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    words = words_of(phone)
    phone.send("send")
    assert words in phone.text
    assert len(make.all(Filing)) == 1
    assert rows(make) == []
    assert "You sent this complaint already" in back(client_as, words).text


def test_a_page_left_open_does_not_bring_back_a_draft_that_was_sent(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    hidden = phone.hidden()
    phone.send("send")
    phone.send(**hidden | {"go": "back"})
    assert phone.page.status_code == 200
    assert rows(make) == []


def test_a_page_left_open_deletes_nothing_that_was_sent_and_does_not_say_so(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    hidden = phone.hidden()
    phone.send("send")
    told = phone.client.post(
        "/file/draft/delete?lang=en", data=hidden | {"sure": "yes"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert "You sent this complaint already" in told.text
    assert len(make.all(Filing)) == 1


def test_other_words_are_a_new_complaint_under_a_new_secret(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    hidden, words = phone.hidden(), words_of(phone)
    phone.send("send")
    phone.send(**hidden | {"go": "change:what_happened:0"}).send(go="next", narrative="And he pushed me.").send("send")
    assert phone.page.status_code == 409
    phone.send(go="new")
    assert words_of(phone) != words
    assert phone.send("send").page.status_code == 200
    assert len({filing.lookup for filing in make.all(Filing)}) == 2


def test_another_name_under_the_same_words_is_not_passed_over(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    hidden = phone.hidden()
    phone.send("send")
    phone.send(**hidden | {"go": "change:about_you:0"}).send(go="next", name="Eve Sample").send("send")
    assert phone.page.status_code == 409
    assert len(make.all(Filing)) == 1


def test_a_draft_ends_and_says_so(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    draft = Draft(id="a" * 22, language="en", secret=SECRET, answers={"narrative": "zq"})
    with work_as(Actor.anyone(Door.RESIDENT, frozenset())) as work:
        last = actions.save_draft(work, draft)
        assert last == work.today + LIFE
    with work_as(Actor.anyone(Door.RESIDENT, frozenset()), NOW + LIFE) as work:
        found = actions.find_draft(work, SECRET)
        assert found
        assert found.draft == draft
    with work_as(Actor.anyone(Door.RESIDENT, frozenset()), NOW + LIFE + timedelta(days=1)) as work:
        found = actions.find_draft(work, SECRET)
        assert found
        assert found.draft is None
    with work_as(Actor.system("nightly"), NOW + LIFE + timedelta(days=1)) as work:
        jobs.end_drafts(work)
    (row,) = rows(make)
    assert row.sealed is None
    said = back(client_as, SECRET)
    assert "This draft ended on March 23, 2026." in said.text
    with work_as(Actor.system("nightly"), NOW + LIFE + timedelta(days=200)) as work:
        jobs.end_drafts(work)
    assert rows(make) == []


def test_a_draft_is_deleted_after_one_question(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    words = words_of(phone)
    phone.send("draft/delete")
    assert "Delete what you wrote?" in phone.text
    assert len(rows(make)) == 1
    kept = phone.hidden()
    phone.send(go="show:what_happened")
    assert "He shouted at me." in phone.text
    phone.send("draft/delete", **kept | {"sure": "yes"})
    assert "Your draft is deleted" in phone.text
    assert rows(make) == []
    assert back(client_as, words).page.status_code == 422


@pytest.mark.parametrize("words", ["", "x", "0001" * 5, "abacus " * 6, "\x00", "😀" * 300, "0001" * 6 + " abacus"])
def test_words_that_open_nothing_are_told_alike(client_as: ClientAs, words: str) -> None:
    phone = back(client_as, words)
    assert phone.page.status_code == 422
    assert "We do not know these words." in phone.text


def test_words_are_tried_only_so_often(client_as: ClientAs) -> None:
    client = client_as()
    state = client.app.state  # type: ignore[attr-defined]
    before, state.lookups_limit = state.lookups_limit, Limiter(0)
    try:
        phone = back(client_as, SECRET)
    finally:
        state.lookups_limit = before
    assert phone.page.status_code == 429
    assert "retry-after" in phone.page.headers


def test_a_flood_of_new_drafts_is_not_saved_and_goes_on(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    state = client.app.state  # type: ignore[attr-defined]
    before, state.drafts_limit = state.drafts_limit, Limiter(0)
    try:
        phone = walked(Phone(client), "anonymity")
    finally:
        state.drafts_limit = before
    assert phone.page.status_code == 200
    assert "We could not save this page just now." in phone.text
    assert rows(make) == []


def test_no_way_round_the_limit_of_new_drafts(client_as: ClientAs, make: Make) -> None:
    phone = begun(client_as)
    client = client_as()
    state = client.app.state  # type: ignore[attr-defined]
    before, state.drafts_limit = state.drafts_limit, Limiter(0)
    try:
        for _ in range(3):
            phone.send(go="new")
            client.post("/file/send", data={"a": "b"}, headers={"sec-fetch-site": "same-origin"})
        # Nor is it saved with its second page, where it was not with its first.
        walked(Phone(client), "what_happened")
    finally:
        state.drafts_limit = before
    assert len(rows(make)) == 1
    phone.send(go="next", **ANSWERS["anonymity"])
    assert "Saved." in phone.text
    assert len(rows(make)) == 2


def test_more_than_anybody_types_is_not_taken(client_as: ClientAs) -> None:
    """Packed it is small: a page of some kilobytes would become a hundred megabytes here at each turn."""
    phone = walked(Phone(client_as()), "when_where").send(go="show:officers")
    for _ in range(5):
        phone.send(go="again", at="99", officer_description="a" * 150_000)
    assert phone.page.status_code == 422
    assert "This is too long. Make it shorter." in phone.text
    assert len(phone.text) < 1_000_000
    assert "He shouted at me." in phone.send(go="show:what_happened").text


def test_the_form_goes_on_where_the_database_does_not_answer(
    client_as: ClientAs, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = begun(client_as)

    def away(*_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("away"))

    with monkeypatch.context() as during:
        during.setattr("app.web.work.begin", away)
        phone.send(go="next", anonymity="anonymous").send(go="next", narrative="Still here.")
        assert phone.page.status_code == 200
        assert "We could not save this page just now." in phone.text
    phone.send(go="back")
    assert "Still here." in phone.text
    assert "Saved." in phone.text


def test_a_page_that_was_open_for_too_long_begins_anew(
    client_as: ClientAs, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = filled(Phone(client_as()))
    later = time.time() + LIFE.total_seconds() + 1
    monkeypatch.setattr("app.web.guard.time", SimpleNamespace(time=lambda: later))
    phone.send("send")
    assert phone.page.status_code == 422
    assert "This form was open for too long" in phone.text
    assert make.all(Filing) == []


def test_the_notice_without_script_comes_ten_minutes_before_the_page_runs_out() -> None:
    from app.config import PROJECT

    style = (PROJECT / "templates" / "_kit" / "styles" / "_drafts.scss").read_text()
    (seconds,) = re.findall(r"words-soon 1s (\d+)s", style)
    assert int(seconds) == LIFE.total_seconds() - 600


@pytest.mark.parametrize("door", [door for door in Door if door is not Door.BACKUP])
@pytest.mark.parametrize(
    "verb", ["SELECT sealed FROM drafts", "DELETE FROM drafts", "UPDATE drafts SET sealed = NULL", "TRUNCATE drafts"]
)
def test_no_door_touches_a_draft_by_sql(house: House, door: Door, verb: str) -> None:
    databases: Databases = house.databases
    with (
        databases.session(door) as session,
        pytest.raises(DBAPIError, match=r"permission denied|does not exist"),
    ):
        session.execute(text(verb))


def test_one_page_costs_one_statement(work_as: WorkAs, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Statement] = []

    def counted(session: Session, statements: list[Statement]) -> Any:
        sent.extend(statements)
        return send(session, statements)

    monkeypatch.setattr("app.intake.actions.drafts.send", counted)
    with work_as(Actor.anyone(Door.RESIDENT, frozenset())) as work:
        actions.save_draft(work, Draft(id="a" * 22, language="en", secret=SECRET))
        assert work.entries == []
    assert len(sent) == 1
