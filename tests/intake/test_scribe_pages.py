"""The scribe's page: every question at once, nothing lost, read back, kept once, the words handed over."""

import re
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest

from app.intake.records import Filing, FilingFile, Scribing
from tests.conftest import ClientAs
from tests.intake.test_letter_papers import checked as read_paper
from tests.make import Make

NEW = "/office/filings/new"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


class Desk:
    """A scribe with one open page: what stands in it is sent with what is typed."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.page = client.get(NEW).text

    def send(self, verb: str, files: dict[str, Any] | None = None, **typed: Any) -> Any:
        carried = {name: hidden(self.page, name) for name in ("told", "asked", "csrf_token")}
        got = self.client.post(f"{NEW}/{verb}", data=carried | typed, files=files)
        self.page = got.text
        return got


@pytest.fixture
def desk(client_as: ClientAs) -> Desk:
    return Desk(client_as("intake"))


HOW: dict[str, Any] = {"how_channel": "phone", "how_spoken": "es", "how_words": "own", "how_written": "es"}
SAID: dict[str, Any] = {
    "language": "es",
    "kind": "complaint",
    "relationship": "self",
    "anonymity": "named",
    "narrative": "El oficial me empujó contra la pared.",
    "location": "Oak Street",
    "knows_officers": "some",
    "date_month": "3",
    "date_day": "1",
    "date_year": "2026",
}


def tell(desk: Desk, **changed: Any) -> None:
    """Answers what others hang on, then everything that stands there now."""
    desk.send("answer", **HOW | SAID | changed)
    desk.send("check", **{**HOW, **SAID, "name": "Ada Sample", "phone": "555 0100"} | changed)


def test_the_whole_story_of_a_call(desk: Desk, make: Make, client_as: ClientAs, tmp_path: Path) -> None:
    assert "To say" in desk.page
    assert 'name="name"' not in desk.send("answer", **HOW | SAID | {"anonymity": "anonymous"}).text
    assert 'name="name"' in desk.send("answer", **HOW | SAID).text
    told = {**HOW, **SAID, "name": "Ada Sample", "phone": "555 0100"}
    officers = {"officers.0.officer_badge": "1234", "officers.1.officer_name": "Voss"}
    checked = desk.send("check", **told | officers, files={"file": ("scan.pdf", b"%PDF-1.7 a letter", "")})
    assert checked.status_code == 200, re.findall(r"usa-error-message[^>]*>[^<]*", checked.text)
    assert all(word in checked.text for word in ("1234", "Voss", "Oak Street", "me empujó", "scan.pdf"))
    assert make.all(Filing) == []
    assert desk.send("send").status_code == 422
    kept = desk.send("send", how_read_back="agreed", how_handed="read_out")
    assert kept.status_code == 200
    (filing,), (scribing,) = make.all(Filing), make.all(Scribing)
    assert filing.number in kept.text
    assert (filing.channel, filing.language, scribing.read_back) == ("phone", "es", "agreed")
    assert len(make.all(FilingFile)) == 1
    words = re.findall(r'<bdi dir="ltr">([a-z-]+(?: [a-z-]+){5})</bdi>', kept.text)
    assert len(words) == 1
    carried = {name: hidden(kept.text, name) for name in ("handing", "csrf_token")}
    paper = desk.client.post(f"{NEW}/receipt/make", data=carried, headers={"sec-fetch-site": "same-origin"})
    said, wrong = read_paper(paper.content, tmp_path)
    assert wrong == []
    assert words[0] in said
    assert "me empujó" in said
    signed = client_as(None)
    entered = signed.post("/my/sign-in", data={"passphrase": words[0]}, headers={"sec-fetch-site": "same-origin"})
    assert entered.status_code == 303
    mine = signed.get("/my?lang=en").text
    assert "Somebody in our office wrote this down for you" in mine
    assert filing.number in mine
    shown = desk.client.get(f"/office/filings/{filing.id}").text
    assert "Taken down by" in shown
    assert words[0] not in shown


def test_each_way_in_has_a_label_that_chooses_it(desk: Desk) -> None:
    assert desk.page.count('id="f-how_channel"') == desk.page.count('for="f-how_channel"') == 1
    assert "autofocus" in desk.page


def test_sent_twice_it_is_one_and_changed_after_that_it_is_refused(desk: Desk, make: Make) -> None:
    tell(desk)
    before = desk.page
    first = desk.send("send", how_read_back="agreed", how_handed="given")
    desk.page = before
    again = desk.send("send", how_read_back="agreed", how_handed="given")
    assert make.all(Filing)[0].number in first.text
    assert make.all(Filing)[0].number in again.text
    desk.page = before
    changed: dict[str, Any] = {"asked": "what_happened what_happened.narrative", "narrative": "Other."}
    other = desk.send("send", how_read_back="agreed", how_handed="given", **changed)
    assert other.status_code == 409
    assert len(make.all(Filing)) == 1


def test_what_is_wrong_stands_beside_its_question_and_nothing_typed_is_lost(desk: Desk, make: Make) -> None:
    tell(desk, narrative="", how_channel="", how_arrived_on="2026-03-10", date_year="26", name="<b>Ada</b> 😀")
    assert desk.page.count("usa-error-message") >= 3
    for word in ("&lt;b&gt;Ada&lt;/b&gt; 😀", "Oak Street", 'value="26"'):
        assert word in desk.page
    assert make.all(Filing) == []


def test_a_session_that_ended_costs_no_word(desk: Desk, make: Make) -> None:
    desk.send("answer", **HOW | SAID)
    token = hidden(desk.page, "csrf_token")
    cookies = dict(desk.client.cookies)
    desk.client.cookies.clear()
    out = desk.send("check", **{**HOW, **SAID, "name": "Ada Sample", "csrf_token": token})
    assert out.status_code == 401
    assert "Sign in again" in out.text
    assert "Ada Sample" not in out.text
    desk.client.cookies.update(cookies)
    back = desk.send("answer")
    assert back.status_code == 403
    assert "Ada Sample" in back.text
    assert "me empujó" in back.text
    assert desk.send("check", asked="").status_code == 200
    assert make.all(Filing) == []


def test_without_the_token_of_the_session_nothing_is_kept(desk: Desk, make: Make) -> None:
    tell(desk)
    got = desk.send("send", how_read_back="agreed", how_handed="given", csrf_token="0" * 64)
    assert got.status_code == 403
    assert make.all(Filing) == []


def test_another_scribes_page_is_not_gone_on_with(desk: Desk, client_as: ClientAs) -> None:
    tell(desk)
    other = Desk(client_as("supervisor"))
    other.page = other.page.replace(hidden(other.page, "told"), hidden(desk.page, "told"))
    assert "Ada Sample" not in other.send("answer", asked="").text


def test_what_was_typed_comes_back_sealed_for_a_reload(desk: Desk) -> None:
    sealed = desk.send("keep", **HOW | SAID).text
    assert b"Oak Street" not in urlsafe_b64decode(sealed.partition(".")[2])
    desk.page = desk.client.get(NEW).text
    assert "Oak Street" in desk.send("answer", told=sealed, asked="").text


@pytest.mark.parametrize("role", ["investigator", "analyst", "counsel", "administrator"])
def test_who_has_not_the_role_writes_nothing_down(client_as: ClientAs, role: str) -> None:
    assert client_as(role).get(NEW).status_code == 403
