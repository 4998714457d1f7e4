"""The form, walked as a phone without script walks it: every page, both languages, nothing typed ever lost."""

import re
import time
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from app.intake.records import Filing, FilingFile, FilingOfficer
from app.intake.rules.draft import LIFE
from app.people.records import Identity
from app.web.limits import LONGEST_LINE, Limiter
from tests.conftest import Client, ClientAs
from tests.make import Make

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


class Phone:
    """A browser without script or cookies: it knows only the page before it."""

    def __init__(self, client: Client, language: str = "en") -> None:
        self.client = client
        self.page: Any = client.get(f"/file?lang={language}")
        self.language = language

    @property
    def text(self) -> str:
        return unescape(self.page.text)

    def hidden(self) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page.text)
        return {name: unescape(value) for name, value in found if name not in {"csrf_token"}}

    def send(self, to: str = "answer", files: Any = None, **fields: Any) -> "Phone":
        """Presses a button of this page."""
        parts = {name: (None, value) for name, value in (self.hidden() | fields).items()}
        self.page = self.client.post(
            f"/file/{to}?lang={self.language}",
            files=parts | (files or {}),
            headers={"sec-fetch-site": "same-origin"},
        )
        return self

    def at(self) -> str:
        """The code of the page that is shown."""
        return self.hidden().get("page", "")


def begun(phone: Phone, **changed: Any) -> Phone:
    """Answers the pages before what happened."""
    phone.send(language=changed.get("language", phone.language))
    phone.send(go="next", kind=changed.get("kind", "complaint"), relationship=changed.get("relationship", "self"))
    return phone.send(go="next", anonymity=changed.get("anonymity", "named"))


def filled(phone: Phone, **changed: Any) -> Phone:
    """Answers every page up to the check."""
    begun(phone, **changed)
    if changed.get("anonymity", "named") != "anonymous":
        phone.send(go="next", name="Ada Sample", email="ada@example.org")
    phone.send(go="next", narrative=changed.get("narrative", "He shouted at me."))
    phone.send(go="next", date_year="2026", date_month="2", location="Oak Street")
    phone.send(go="next", knows_officers="some", tell_more="files")
    phone.send(go="next", officer_badge="1234")
    return phone.send(go="next")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_whole_complaint_goes_through_the_form(client_as: ClientAs, make: Make, language: str) -> None:
    phone = filled(Phone(client_as(), language), language=language)
    assert phone.at() == "check"
    assert "He shouted at me." in phone.text
    assert make.all(Filing) == []
    phone.send("send")
    assert phone.page.status_code == 200
    (kept,) = make.all(Filing)
    assert kept.number in phone.text
    assert kept.receipt in phone.text
    assert (kept.language, kept.location, kept.incident_precision) == (language, "Oak Street", "month")
    assert [o.badge for o in make.all(FilingOfficer)] == ["1234"]
    assert len(make.all(Identity)) == 1
    assert make.book.form.sent_title.to(language) in phone.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_speaks_one_language(client_as: ClientAs, make: Make, language: str) -> None:
    phone = Phone(client_as(), language)
    pages = [phone.page.text]
    other = {"en": "Continuar", "es": "Continue"}[language]
    boxes = {"knows_officers": "some", "tell_more": "mediation"}
    for fields in (
        {"language": language},
        {"kind": "complaint", "relationship": "parent"},
        {"anonymity": "named"},
        {},
        {},
        {"narrative": "x", "matters": "force"},
        {},
        {},
        boxes,
        {},
    ):
        pages.append(phone.send(go="next", **fields).page.text)
        assert f'lang="{language}"' in pages[-1]
        assert f">{other}<" not in pages[-1]


def test_an_anonymous_filer_is_never_asked_a_name(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()), anonymity="anonymous")
    assert phone.at() == "check"
    assert "Your name" not in phone.text
    phone.send("send")
    assert phone.page.status_code == 200
    assert make.all(Identity) == []


def test_who_turns_anonymous_has_said_no_name(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    phone.send(go="change:anonymity:0")
    assert phone.at() == "anonymity"
    phone.send(go="next", anonymity="anonymous")
    assert phone.at() == "check"
    assert "Ada" not in phone.text
    phone.send("send")
    assert phone.page.status_code == 200
    assert make.all(Identity) == []


def test_who_turns_named_is_shown_the_page_that_opens(client_as: ClientAs) -> None:
    phone = filled(Phone(client_as()), anonymity="anonymous")
    phone.send(go="change:anonymity:0").send(go="next", anonymity="named")
    assert phone.at() == "about_you"
    assert phone.send(go="next", name="Ada Sample").at() == "check"


def test_sending_twice_is_one_complaint_with_one_receipt(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    hidden = phone.hidden()
    first = phone.send("send").text
    again = phone.send("send", **hidden).text
    assert len(make.all(Filing)) == 1
    words = re.compile(r'receipt__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<')
    assert words.findall(first) == words.findall(again)
    assert len(words.findall(first)) == 3


def test_other_words_from_the_same_form_are_offered_as_a_new_complaint(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    hidden = phone.hidden()
    phone.send("send")
    phone.send(**hidden | {"go": "change:what_happened:0"}).send(go="next", narrative="And he pushed me.").send("send")
    assert phone.page.status_code == 409
    assert phone.send(go="new").at() == "check"
    assert phone.send("send").page.status_code == 200
    assert sorted(f.narrative for f in make.all(Filing)) == ["And he pushed me.", "He shouted at me."]


def test_errors_stand_beside_the_field_and_everything_stays(client_as: ClientAs) -> None:
    phone = Phone(client_as()).send(language="en").send(go="next", relationship="witness")
    assert phone.page.status_code == 422
    assert phone.page.text.count("Choose what you want to tell us.") == 2
    assert re.search(r'value="witness" checked', phone.text)
    assert "<title>Error:" in phone.page.text


WRONG: dict[str, tuple[str, dict[str, str], str]] = {
    "no narrative": ("what_happened", {"narrative": "  "}, "A few words are enough."),
    "NUL": ("what_happened", {"narrative": "a\x00b"}, "cannot be kept"),
    "too long": ("what_happened", {"narrative": "x" * 50_001}, "too long"),
    "a day that never was": ("when_where", {"date_year": "2026", "date_month": "2", "date_day": "29"}, "no such day"),
    "a month that never was": ("when_where", {"date_year": "2026", "date_month": "13"}, "no such day"),
    "tomorrow": ("when_where", {"date_year": "2031"}, "not come yet"),
    "a day without a month": ("when_where", {"date_year": "2025", "date_day": "3"}, "Add the month"),
    "a month without a year": ("when_where", {"date_month": "3"}, "Add the year"),
    "a year in words": ("when_where", {"date_year": "last"}, "in numbers"),
    "a year of two digits": ("when_where", {"date_year": "26"}, "four digits"),
    "a place too long": ("when_where", {"location": "x" * 501}, "too long"),
    "a police of nowhere": ("when_where", {"department": "mars"}, "Choose one"),
    "an address without @": ("about_you", {"email": "ada"}, "has an @"),
    "a name on two lines": ("about_you", {"name": "Ada\nSample"}, "one line"),
}


@pytest.mark.parametrize(("page", "fields", "words"), WRONG.values(), ids=WRONG.keys())
def test_each_wrong_answer_is_told_and_kept(client_as: ClientAs, page: str, fields: dict[str, str], words: str) -> None:
    phone = filled(Phone(client_as())).send(go=f"change:{page}:0")
    phone.send(go="next", **({"narrative": "x"} | fields if page == "what_happened" else fields))
    assert phone.page.status_code == 422
    assert words in phone.text
    assert phone.at() == page


def test_thirty_thousand_characters_with_emoji_and_strange_marks_arrive(client_as: ClientAs, make: Make) -> None:
    words = "ñ😢" * 15_000 + "\u202eend"
    phone = filled(Phone(client_as()), narrative=words).send("send")
    assert phone.page.status_code == 200
    (kept,) = make.all(Filing)
    assert kept.narrative == words.replace("\u202e", "")


def test_back_keeps_what_was_typed_even_when_it_is_wrong(client_as: ClientAs) -> None:
    phone = filled(Phone(client_as()))
    phone.send(go="back")
    assert phone.at() == "evidence"
    phone.send(go="back").send(go="back").send(go="back")
    assert phone.at() == "when_where"
    phone.send(go="back", date_year="26", location="Elm")
    assert phone.at() == "what_happened"
    phone.send(go="next", narrative="Still here.")
    assert 'value="26"' in phone.text
    assert 'value="Elm"' in phone.text


def test_several_officers_are_added_changed_and_taken_away(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as())).send(go="change:officers:0")
    assert 'value="1234"' in phone.text
    phone.send(go="again", officer_badge="1234")
    phone.send(go="again", officer_description="Tall, car 12")
    phone.send(go="edit:0")
    phone.send(go="again", officer_badge="4321")
    phone.send(go="drop:1", officer_name="Sample")
    phone.send(go="next")
    assert phone.at() == "check"
    phone.send("send")
    assert [(o.position, o.name, o.badge) for o in make.all(FilingOfficer)] == [(1, "", "4321"), (2, "Sample", "")]


def test_the_language_can_change_on_any_page_and_nothing_is_lost(client_as: ClientAs) -> None:
    phone = begun(Phone(client_as()), anonymity="anonymous")
    phone.send(go="lang:es", narrative="Half a sentence")
    assert phone.at() == "what_happened"
    assert "Half a sentence" in phone.text
    assert 'lang="es"' in phone.page.text
    assert ">Continuar<" in phone.page.text


def test_a_photo_is_stored_sealed_and_its_row_is_written_at_send(client_as: ClientAs, make: Make) -> None:
    phone = filled(Phone(client_as()))
    phone.send(go="change:evidence:0").send(go="next", files={"file": ("..\\my photo.png", PNG, "text/html")})
    assert phone.at() == "check"
    assert "my photo.png" in phone.text
    assert make.all(FilingFile) == []
    stored = [b"".join(make.house.storage.raw(name)) for name in make.house.storage.names()]
    assert len(stored) == 1
    assert PNG not in stored[0]
    phone.send("send")
    (kept,) = make.all(FilingFile)
    assert (kept.file_name, kept.media_type, kept.size) == ("my photo.png", "image/png", len(PNG))


def test_a_file_is_kept_as_long_as_a_draft_and_no_page_turned_makes_it_longer(
    client_as: ClientAs, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = filled(Phone(client_as()))
    phone.send(go="change:evidence:0").send(go="next", files={"file": ("photo.png", PNG, "image/png")})
    start = time.time()
    monkeypatch.setattr("app.web.guard.time", SimpleNamespace(time=lambda: start + 0.9 * LIFE.total_seconds()))
    phone.send(go="change:what_happened:0").send(go="next", narrative="He shouted at me.")
    assert "photo.png" in phone.text
    monkeypatch.setattr("app.web.guard.time", SimpleNamespace(time=lambda: start + 1.1 * LIFE.total_seconds()))
    phone.send("send")
    assert phone.page.status_code == 422
    assert phone.at() == "evidence"
    assert "Your file waited here for too long" in phone.text
    assert make.all(Filing) == []
    phone.send(go="next")
    assert "He shouted at me." in phone.text
    assert phone.send("send").page.status_code == 200
    assert make.all(FilingFile) == []


def test_a_file_too_large_is_told_and_loses_nothing(client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.uploads.LARGEST_FILE", 1_000_000)
    phone = filled(Phone(client_as())).send(go="change:evidence:0")
    phone.send(go="next", files={"file": ("film.mp4", b"\x00" * 3_000_000, "video/mp4")})
    assert phone.page.status_code == 422
    assert phone.text.count("This file is too large.") == 2
    assert "He shouted at me." in phone.send(go="next").text


def test_a_file_of_a_kind_that_is_not_taken_is_told(client_as: ClientAs) -> None:
    phone = filled(Phone(client_as())).send(go="change:evidence:0")
    phone.send(go="next", files={"file": ("photo.png", b"<html><script>", "image/png")})
    assert phone.page.status_code == 422
    assert "We cannot take this kind of file." in phone.text


@pytest.mark.parametrize("draft", ["", "x", "a" * 22 + ".AAAA", "😀", "a" * 22 + "." + "A" * 5000])
def test_a_draft_that_is_not_ours_starts_afresh_and_keeps_this_page(client_as: ClientAs, draft: str) -> None:
    phone = Phone(client_as()).send(draft=draft, page="what_happened", narrative="Kept.", go="lang:en")
    assert phone.page.status_code == 200
    assert "Kept." in phone.text
    assert ("open for too long" in phone.text) is bool(draft)


def test_a_draft_does_not_open_under_another_name(client_as: ClientAs) -> None:
    phone = filled(Phone(client_as()))
    sealed = phone.hidden()["draft"].split(".", 1)[1]
    phone.send(draft="b" * 22 + "." + sealed, page="check", go="next")
    assert "He shouted at me." not in phone.text


def test_nothing_is_sent_while_an_answer_is_missing(client_as: ClientAs, make: Make) -> None:
    phone = Phone(client_as()).send(language="en")
    phone.send("send")
    assert phone.page.status_code == 422
    assert phone.at() == "about_this"
    assert make.all(Filing) == []


def test_a_busy_network_waits_and_loses_nothing(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    phone = filled(Phone(client))
    state = client.app.state  # type: ignore[attr-defined]
    before, state.filings_limit = state.filings_limit, Limiter(0)
    for _ in range(LONGEST_LINE):
        state.filings_limit.wait_for("testclient")
    try:
        phone.send("send")
    finally:
        state.filings_limit = before
    assert phone.page.status_code == 429
    assert "retry-after" in phone.page.headers
    assert phone.send("send").page.status_code == 200
    assert len(make.all(Filing)) == 1


def test_the_receipt_is_left_only_when_the_passphrase_is_written_down(client_as: ClientAs) -> None:
    phone = filled(Phone(client_as())).send("send")
    number = re.findall(r'receipt__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<', phone.text)[0]
    phone.send("finish")
    assert phone.page.status_code == 422
    assert number in phone.text
    phone.send("finish", written="yes")
    assert phone.page.status_code == 200
    assert number in phone.text
    assert "receipt__value" in phone.text


def test_the_receipt_can_be_saved_as_text(client_as: ClientAs) -> None:
    phone = filled(Phone(client_as(), "es"), language="es").send("send")
    words = re.findall(r'receipt__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<', phone.text)[1]
    saved = phone.send("save").page
    assert saved.headers["content-disposition"].startswith("attachment")
    assert words in saved.text


def test_no_page_of_the_form_carries_foreign_script_or_a_secret_in_its_address(client_as: ClientAs) -> None:
    phone = filled(Phone(client_as())).send("send")
    assert re.findall(r"<script\b[^>]*?src=\"/static/resident\.\w+\.js\"", phone.page.text) == re.findall(
        r"<script[^>]*?src=\"[^\"]*\"", phone.page.text
    )
    assert phone.page.text.count("<script") == 1
    policy = phone.page.headers["content-security-policy"]
    assert re.search(r"script-src 'nonce-[\w-]{20,}';.* trusted-types 'none'", policy)
    assert phone.page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in phone.page.headers
    assert phone.page.url.query == b"lang=en"


@pytest.mark.parametrize("path", ["/file/answer", "/file/send", "/file/finish", "/file/nowhere"])
def test_a_typed_address_of_the_form_leads_to_its_beginning(client_as: ClientAs, path: str) -> None:
    answer = client_as().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/file?lang=en")
