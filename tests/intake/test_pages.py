"""Following a complaint by its passphrase: read, write, add, leave; and every word of it in both languages."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.config import PROJECT
from app.correspondence import rules as correspondence_rules
from app.correspondence.records import Letter, Message
from app.infra.db import Door
from app.intake.actions import Acknowledged, submit_filing
from app.intake.commands import SubmitFiling
from app.intake.pages import tracking
from app.intake.records import Amendment, Filing, FilingFile
from app.intake.rules import appeals
from app.intake.rules import filing as filing_rules
from app.intake.rules import form as form_rules
from app.web.doors import FILER_COOKIE
from app.web.forms import token_for
from app.web.limits import Limiter
from app.web.words import catalogue
from tests.conftest import KEYS, Client, ClientAs, WorkAs
from tests.make import Make

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def anyone(make: Make) -> Actor:
    return Actor.anyone(Door.RESIDENT, make.house.access.of(frozenset({Role.ANYONE})))


def file(make: Make, work_as: WorkAs, key: str = "k1", **changed: Any) -> Acknowledged:
    body = {
        "language": "en",
        "anonymity": "anonymous",
        "filer": {"relationship": "self"},
        "incident": {"date": "2026-03-01", "location": "Oak Street", "narrative": "He shouted at me."},
    }
    with work_as(anyone(make)) as work:
        return submit_filing(work, SubmitFiling.model_validate(body | changed), repeat_key=key)


class Filer:
    """A filer's browser: its cookie, and the token of the page before."""

    def __init__(self, client: Client, passphrase: str) -> None:
        self.client = client
        self.entry = self.post("/my/sign-in", passphrase=passphrase)

    def post(self, path: str, files: Any = None, **fields: Any) -> Any:
        page = self.client.get("/my").text
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page)
        fields |= {"csrf_token": token[0]} if token else {}
        return self.client.post(path, data=fields, files=files, headers={"sec-fetch-site": "same-origin"})

    @property
    def text(self) -> str:
        return unescape(self.client.get("/my").text)


@pytest.fixture
def filer(client_as: ClientAs, make: Make, work_as: WorkAs) -> Filer:
    return Filer(client_as(), file(make, work_as).passphrase.words)


def filing_of(make: Make) -> Filing:
    filing: Filing = make.all(Filing)[0]
    return filing


def test_the_passphrase_opens_the_complaint_for_half_an_hour(filer: Filer, make: Make) -> None:
    assert filer.entry.status_code == 303
    cookie = filer.entry.headers["set-cookie"]
    assert cookie.startswith(f"{FILER_COOKIE}=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Max-Age=1800", "Path=/"))
    first = make.book.first_stage
    assert filing_of(make).number in filer.text
    assert first.public_label.to("en") in filer.text
    assert first.public_next.to("en") in filer.text


def test_the_digits_open_it_as_well(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    digits = file(make, work_as).passphrase.digits
    assert Filer(client_as(), digits).entry.status_code == 303


@pytest.mark.parametrize("passphrase", ["", "wrong words", "x" * 300, "a\x00b", "\u202e", "1234 1234"])
def test_a_wrong_passphrase_is_told_in_words(client_as: ClientAs, make: Make, work_as: WorkAs, passphrase: str) -> None:
    file(make, work_as)
    refused = Filer(client_as(), passphrase).entry
    assert refused.status_code == 422
    assert "We do not know this passphrase." in refused.text
    assert "set-cookie" not in refused.headers


def test_too_many_tries_wait(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    client = client_as()
    state = client.app.state  # type: ignore[attr-defined]
    before, state.lookups_limit = state.lookups_limit, Limiter(0)
    try:
        refused = Filer(client, "wrong").entry
    finally:
        state.lookups_limit = before
    assert refused.status_code == 429
    assert refused.headers["retry-after"]


def test_one_passphrase_shows_one_complaint(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    mine = file(make, work_as)
    other = file(make, work_as, key="k2", incident={"date": None, "location": "", "narrative": "Another story."})
    filer = Filer(client_as(), mine.passphrase.words)
    assert mine.number in filer.text
    assert other.number not in filer.text
    assert "Another story." not in filer.text


def test_a_message_goes_to_the_office_and_shows_when_it_was_read(filer: Filer, make: Make, client_as: ClientAs) -> None:
    assert filer.post("/my/messages/send", body="Any news?").status_code == 303
    (message,) = make.all(Message)
    office, path = client_as("intake"), f"/office/filings/{filing_of(make).id}"
    assert "not read yet" in office.get(path).text
    assert "Read by our office" not in filer.text
    assert office.submit(f"{path}/messages/read", last=str(message.id)).status_code == 303
    assert "Read by our office" in filer.text


def answered(make: Make, body: str = "Can we call you?", minutes: int = 0) -> Message:
    """A message of the office to this filer."""
    return make.row(
        Message(
            id=uuid4(),
            filing_id=filing_of(make).id,
            is_from_filer=False,
            body=body,
            sender_title="Intake desk",
            sent_at=make.now + timedelta(minutes=minutes),
        )
    )


def unread(make: Make) -> list[str]:
    return sorted(message.body for message in make.all(Message) if message.read_at is None)


def test_looking_at_the_page_marks_nothing_and_what_is_new_stays_new(filer: Filer, make: Make) -> None:
    answered(make)
    before = make.tags()
    for _ in range(2):
        text = filer.text
        assert "Can we call you?" in text
        assert "Intake desk" in text
        assert "There is a new message for you." in text
    assert unread(make) == ["Can we call you?"]
    assert make.tags() == before


def test_what_was_shown_is_marked_when_its_reader_says_so_and_nothing_that_came_after(filer: Filer, make: Make) -> None:
    shown = answered(make)
    assert f'name="last" value="{shown.id}"' in filer.text
    answered(make, "One thing more.", minutes=5)
    assert filer.post("/my/messages/read", last=str(shown.id)).status_code == 303
    assert unread(make) == ["One thing more."]
    assert make.tags()[-1] == "correspondence:message:read"
    again = make.tags()
    assert filer.post("/my/messages/read", last=str(shown.id)).status_code == 303
    assert make.tags() == again


def test_whoever_answers_has_read_what_the_page_showed(filer: Filer, make: Make) -> None:
    shown = answered(make)
    answered(make, "One thing more.", minutes=5)
    assert filer.post("/my/messages/send", body="Yes.", last=str(shown.id)).status_code == 303
    assert unread(make) == ["One thing more.", "Yes."]
    assert "There is a new message for you." in filer.text


@pytest.mark.parametrize("last", ["", "x", str(UUID(int=7))])
def test_a_mark_that_the_page_did_not_give_marks_nothing(filer: Filer, make: Make, last: str) -> None:
    answered(make)
    assert filer.post("/my/messages/read", last=last).status_code in (404, 422)
    assert unread(make) == ["Can we call you?"]


@pytest.mark.parametrize("header", ["sec-purpose", "purpose", "x-moz"])
def test_a_browser_that_fetches_ahead_opens_nothing(filer: Filer, make: Make, client_as: ClientAs, header: str) -> None:
    before = make.tags()
    for client, path in ((filer.client, "/my"), (client_as("intake"), f"/office/filings/{filing_of(make).id}")):
        ahead = client.get(path, headers={header: "prefetch"})
        assert ahead.status_code == 403
        assert filing_of(make).number not in ahead.text
    assert make.tags() == before
    assert client_as().get("/", headers={header: "prefetch"}).status_code == 200


def test_words_and_a_file_are_added_and_the_complaint_stays_as_it_was(filer: Filer, make: Make) -> None:
    before = filing_of(make).canonical
    assert filer.post("/my/words/add", words="He had a dog.").status_code == 303
    assert filer.post("/my/files/add", files={"file": ("a.png", PNG, "image/png")}).status_code == 303
    assert [a.body for a in make.all(Amendment)] == ["He had a dog."]
    assert [f.media_type for f in make.all(FilingFile)] == ["image/png"]
    assert filing_of(make).canonical == before
    assert "He had a dog." in filer.text
    assert "a.png" in filer.text


WRONG = {
    "an empty message": ("/my/messages/send", {"body": " "}, "Please answer this."),
    "a message with NUL": ("/my/messages/send", {"body": "a\x00"}, "cannot be kept"),
    "no words": ("/my/words/add", {"words": ""}, "Please answer this."),
    "no file": ("/my/files/add", {}, "Choose a file first."),
}


@pytest.mark.parametrize(("path", "fields", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_added_is_told(filer: Filer, make: Make, path: str, fields: dict[str, str], words: str) -> None:
    refused = filer.post(path, **fields)
    assert refused.status_code == 422
    assert words in unescape(refused.text)
    assert (make.all(Message), make.all(Amendment), make.all(FilingFile)) == ([], [], [])


def test_a_file_too_large_is_told_and_not_kept(filer: Filer, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.uploads.LARGEST_FILE", 1_000_000)
    refused = filer.post("/my/files/add", files={"file": ("a.png", PNG + b"0" * 1_000_000, "image/png")})
    assert refused.status_code == 422
    assert "This file is too large." in refused.text
    assert make.all(FilingFile) == []


def test_after_the_half_hour_the_words_are_shown_again(client_as: ClientAs) -> None:
    refused = client_as().post("/my/messages/send", data={"body": "My long message."})
    assert refused.status_code == 409
    assert "My long message." in refused.text
    assert "Type your passphrase again." in refused.text


def test_without_the_token_nothing_is_written(filer: Filer, make: Make) -> None:
    assert filer.client.post("/my/messages/send", data={"body": "x"}).status_code == 403
    assert make.all(Message) == []


def test_a_cookie_that_was_altered_opens_nothing(filer: Filer) -> None:
    value = filer.client.cookies.get(FILER_COOKIE) or ""
    filer.client.cookies.clear()
    filer.client.cookies.set(FILER_COOKIE, value[:-2] + "00")
    assert "Type the passphrase" in filer.text


def test_signing_out_forgets_the_passphrase(filer: Filer) -> None:
    assert filer.post("/my/sign-out").status_code == 303
    assert "Type the passphrase" in filer.text


def letter(make: Make, filing: Filing, **given: Any) -> Letter:
    return make.row(
        Letter(
            **{
                "id": filing.id,
                "filing_id": filing.id,
                "kind": "closing",
                "language": "en",
                "addressee": "filer",
                "subject": "Your complaint is closed",
                "body": "First.\n\nSecond.",
                "written_at": make.now,
            }
            | given
        )
    )


def test_a_letter_is_read_on_a_page_of_its_own(filer: Filer, make: Make) -> None:
    kept = letter(make, filing_of(make))
    assert "Your complaint is closed" in filer.text
    page = filer.client.get(f"/my/letters/{kept.id}")
    assert "Second." in page.text
    assert make.tags()[-1] == "correspondence:letter:opened"


def test_anothers_letter_is_not_there(filer: Filer, make: Make, work_as: WorkAs) -> None:
    other = make.filing()
    kept = letter(make, other)
    assert filer.client.get(f"/my/letters/{kept.id}").status_code == 404


def test_a_letter_to_somebody_else_about_the_complaint_is_not_shown(filer: Filer, make: Make) -> None:
    kept = letter(make, filing_of(make), addressee="department")
    assert filer.client.get(f"/my/letters/{kept.id}").status_code == 404


def test_the_case_is_shown_with_its_stage_and_the_title_of_who_has_it(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    got = file(make, work_as)
    filing = filing_of(make)
    intake = client_as("intake")
    fields = {"version": "1", "classification": "investigation", "department_id": make.book.departments[0].code}
    assert intake.submit(f"/office/filings/{filing.id}/screen", **fields).status_code == 303
    text = Filer(client_as(), got.passphrase.words).text
    stage = make.book.stage(make.book.classified("investigation").leads_to)
    assert stage.public_label.to("en") in text
    assert stage.public_text.to("en") in text


def test_the_page_speaks_the_language_of_the_complaint(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filer = Filer(client_as(), file(make, work_as, language="es").passphrase.words)
    assert '<html lang="es"' in filer.text
    assert "Qué pasa ahora" in filer.text
    assert make.book.first_stage.public_label.to("es") in filer.text


def test_a_form_under_way_survives_a_cookie_that_came_in_between(filer: Filer) -> None:
    answer = filer.client.post("/file/answer", data={"page": "what_happened", "narrative": "Kept.", "go": "lang:en"})
    assert answer.status_code == 200
    assert "Kept." in answer.text


WORDS = re.compile(r'_\("((?:[^"\\]|\\.)*)"')


def resident_words() -> set[str]:
    """Every word of ours that a resident may read."""
    office = {"calls.html", "filing.html", "filings.html", "_filings.html", "case_messages.html"}
    found: set[str] = set()
    for path in sorted((PROJECT / "templates" / "intake").glob("*.html")):
        found |= set(WORDS.findall(path.read_text("utf-8"))) if path.name not in office else set()
    constants = [
        value
        for module in (form_rules, filing_rules, tracking, appeals, correspondence_rules)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and " " in value
    ]
    return found | set(constants)


def test_every_word_that_a_resident_reads_stands_in_spanish() -> None:
    spanish = catalogue("es")
    words = resident_words()
    assert len(words) > 80
    assert sorted(each for each in words if spanish.gettext(each) == each and each != "No") == []


def test_the_rulebooks_form_and_stages_stand_in_spanish(make: Make) -> None:
    form = make.book.form
    questions = [question.label for page in form.pages for question in page.fields]
    texts = [form.title, form.send_label, form.sent_text, *(page.label for page in form.pages), *questions]
    texts += [stage.public_text for stage in make.book.stages]
    assert [str(text) for text in texts if not text.has("es")] == []


def test_a_cookie_that_was_copied_before_signing_out_opens_nothing_afterwards(
    filer: Filer, make: Make, client_as: ClientAs
) -> None:
    number = filing_of(make).number
    copies = [filer.client.cookies[FILER_COOKIE]]
    assert number in filer.text
    copies.append(filer.client.cookies[FILER_COOKIE])
    assert filer.post("/my/sign-out").status_code == 303
    for copy in copies:
        thief = client_as()
        thief.cookies.set(FILER_COOKIE, copy)
        assert number not in thief.get("/my").text
        assert FILER_COOKIE not in thief.get("/my").headers.get("set-cookie", "")


def test_signing_out_on_one_device_leaves_another_and_lets_the_same_words_in_again(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    words = file(make, work_as).passphrase.words
    here, there = Filer(client_as(), words), Filer(client_as(), words)
    assert here.post("/my/sign-out").status_code == 303
    assert filing_of(make).number in there.text
    assert filing_of(make).number not in here.text
    assert filing_of(make).number in Filer(here.client, words).text


def test_tokens_of_one_complaint_do_not_fit_another(filer: Filer) -> None:
    refused = filer.client.post("/my/messages/send", data={"body": "x", "csrf_token": token_for(KEYS, b"other")})
    assert refused.status_code == 403
