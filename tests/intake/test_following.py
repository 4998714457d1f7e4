"""What a filer follows: files with messages, what has happened, who opened it, take back, ask again, how to be told."""

import re
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app.access.permissions import Role
from app.access.records import CaseSide
from app.cases.records import Assignment, Case
from app.correspondence.records import ContactWish, FilerRequest, Letter, Message
from app.intake.records import Filing, FilingFile
from tests.conftest import Client, ClientAs, WorkAs
from tests.intake.test_pages import PNG, Filer, file, filing_of
from tests.make import Make


@pytest.fixture
def filer(client_as: ClientAs, make: Make, work_as: WorkAs) -> Filer:
    return Filer(client_as(), file(make, work_as).passphrase.words)


@pytest.fixture
def named(client_as: ClientAs, make: Make, work_as: WorkAs) -> Filer:
    """One who gave a name: nobody else can be reached."""
    known = {"relationship": "self", "name": "Ada Sample"}
    return Filer(client_as(), file(make, work_as, anonymity="named", filer=known).passphrase.words)


def screened(make: Make, filing: Filing, **given: Any) -> UUID:
    """The filing as a case of its own."""
    case = make.case(**given)
    with make.owner() as session:
        row = session.get(Filing, filing.id)
        assert row is not None
        row.case_id, row.screened_at = case.id, session.execute(select(func.now())).scalar_one()
        session.commit()
    return UUID(str(case.id))


def today(make: Make) -> date:
    """The day that the pages know."""
    with make.owner() as session:
        now: datetime = session.execute(select(func.now())).scalar_one()
    return now.astimezone(make.house.zone).date()


def closed(make: Make, filing: Filing, days_ago: int = 1) -> UUID:
    """The same, closed, with the letter from which the days of a review count."""
    end = make.book.final_stages[0].code
    on = today(make) - timedelta(days=days_ago)
    case_id = screened(make, filing, stage=end, closed_on=on)
    kind = next(each.code for each in make.book.letters if each.on == "case_closed")
    written_at = datetime.combine(on, time(12), make.house.zone)
    make.row(
        Letter(
            id=uuid4(),
            case_id=case_id,
            filing_id=filing.id,
            kind=kind,
            language="en",
            addressee="filer",
            subject="It is over",
            body="It is over.",
            written_at=written_at,
        )
    )
    return case_id


def appeal_of(make: Make) -> Any:
    return next(each for each in make.book.review.appeals if "filer" in each.by)


def own_files(text: str) -> list[str]:
    return re.findall(r'href="(/my/files/[^"]+)"', text)


def send_file(office: Client, path: str, attached: tuple[str, bytes, str]) -> Any:
    """The office writes with a file, as its page does."""
    token = re.findall(r'name="csrf_token" value="([^"]+)"', office.get(path).text)[0]
    fields = {"csrf_token": token, "body": "Look."}
    headers = {"sec-fetch-site": "same-origin"}
    return office.post(f"{path}/messages/send", data=fields, files={"attached": attached}, headers=headers)


# --- messages with files ---


def test_a_file_goes_with_a_message_and_the_office_opens_it(filer: Filer, make: Make, client_as: ClientAs) -> None:
    sent = filer.post("/my/messages/send", files={"attached": ("yard.png", PNG, "image/png")}, body="Here it is.")
    assert sent.status_code == 303
    (kept,), (message,) = make.all(FilingFile), make.all(Message)
    assert kept.message_id == message.id
    assert "correspondence:message:received" in make.tags()
    path = f"/office/filings/{filing_of(make).id}"
    page = client_as("intake").get(path).text
    assert "yard.png" in page
    assert f"{path}/files/{kept.id}" in page


def test_the_office_sends_a_file_and_its_filer_opens_it(filer: Filer, make: Make, client_as: ClientAs) -> None:
    office, path = client_as("intake"), f"/office/filings/{filing_of(make).id}"
    sent = send_file(office, path, ("map.txt", b"The place.", "text/plain"))
    assert sent.status_code == 303
    (href,) = own_files(filer.text)
    opened = filer.client.get(href)
    assert opened.content == b"The place."
    assert opened.headers["content-disposition"].startswith("attachment")
    assert opened.headers["cache-control"] == "no-store"
    assert make.tags()[-1] == "intake:file:opened_by_filer"


def test_words_stay_where_the_file_cannot_be_taken_and_nothing_is_kept(filer: Filer, make: Make) -> None:
    refused = filer.post(
        "/my/messages/send", files={"attached": ("a.exe", b"MZ\x90\x00" * 9, "image/png")}, body="Kept."
    )
    assert refused.status_code == 422
    assert "Kept." in refused.text
    assert (make.all(Message), make.all(FilingFile)) == ([], [])


def test_anothers_file_is_not_there_whatever_its_id(
    filer: Filer, make: Make, client_as: ClientAs, work_as: WorkAs
) -> None:
    filer.post("/my/messages/send", files={"attached": ("mine.png", PNG, "image/png")}, body="Mine.")
    (href,) = own_files(filer.text)
    other = Filer(client_as(), file(make, work_as, key="k2").passphrase.words)
    before = make.tags()
    assert other.client.get(href).status_code == 404
    assert other.client.get(f"/my/files/{uuid4()}").status_code == 404
    assert client_as().get(href).status_code == 404
    assert make.tags() == before
    assert "mine.png" not in other.text


# --- take back ---


def test_taking_back_is_asked_once_and_the_office_answers(filer: Filer, make: Make, client_as: ClientAs) -> None:
    closure = next(each for each in make.book.closures if each.asked_by_filer)
    page = unescape(filer.client.get("/my/taking-back").text)
    assert closure.definition.to("en") in page
    assert "stays on file" in page
    assert filer.post("/my/taking-back/ask").status_code == 303
    again = filer.post("/my/taking-back/ask", reason="Twice.")
    assert again.status_code == 409
    (request,) = make.all(FilerRequest)
    assert (request.kind, request.body, request.is_open) == ("taking_back", "", True)
    assert "You asked to take your complaint back" in filer.text
    assert "/my/taking-back" not in filer.text
    office, path = client_as("supervisor"), f"/office/filings/{filing_of(make).id}"
    assert re.search(
        r'Take the complaint back</a> <span class="muted">[A-Z][a-z]{2} \d+, \d{4}<', office.get("/office").text
    )
    answer = {"answer": "accepted", "answer_words": "We close it this week."}
    assert office.submit(f"{path}/requests/{request.id}/answer", **answer).status_code == 303
    assert office.submit(f"{path}/requests/{request.id}/answer", **answer).status_code == 409
    assert "We close it this week." in filer.text
    assert [tag for tag in make.tags() if tag.startswith("correspondence:")] == [
        "correspondence:request:taking_back_asked",
        "correspondence:request:answered",
        "correspondence:message:sent",
    ]


def test_nobody_takes_back_what_is_over(filer: Filer, make: Make) -> None:
    closed(make, filing_of(make))
    assert filer.client.get("/my/taking-back").status_code == 404
    assert filer.post("/my/taking-back/ask").status_code == 404
    assert make.all(FilerRequest) == []


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 4001])
def test_a_reason_that_cannot_be_kept_is_told_and_stays(filer: Filer, make: Make, reason: str) -> None:
    refused = filer.post("/my/taking-back/ask", reason=reason)
    assert refused.status_code == 422
    assert "xxx" in refused.text or "cannot be kept" in unescape(refused.text)
    assert make.all(FilerRequest) == []


def test_after_the_half_hour_the_reason_stands_on_the_way_in(client_as: ClientAs) -> None:
    refused = client_as().post("/my/taking-back/ask", data={"reason": "They came to my door."})
    assert refused.status_code == 409
    assert "They came to my door." in refused.text


def test_who_moves_no_case_answers_no_request(filer: Filer, make: Make, client_as: ClientAs) -> None:
    filer.post("/my/taking-back/ask")
    (request,) = make.all(FilerRequest)
    path = f"/office/filings/{filing_of(make).id}/requests/{request.id}/answer"
    assert client_as("intake").submit(path, answer="accepted", answer_words="No.").status_code == 403
    assert make.all(FilerRequest)[0].is_open


def test_what_was_asked_in_a_case_that_is_kept_from_somebody_is_not_there_for_them(
    filer: Filer, make: Make, client_as: ClientAs
) -> None:
    filer.post("/my/taking-back/ask", reason="They came to my door.")
    (request,) = make.all(FilerRequest)
    screened(make, filing_of(make))
    (case,) = make.all(Case)
    make.wall(case, make.actor(Role.SUPERVISOR))
    office, path = client_as("supervisor"), f"/office/filings/{filing_of(make).id}"
    assert filing_of(make).number not in office.get("/office").text
    answered = office.submit(f"{path}/requests/{request.id}/answer", answer="declined", answer_words="No.")
    assert answered.status_code == 404
    assert make.all(FilerRequest)[0].is_open


# --- ask again ---


def test_a_review_is_asked_in_time_with_its_last_day_counted(filer: Filer, make: Make) -> None:
    case_id, appeal = closed(make, filing_of(make)), appeal_of(make)
    last_on = today(make) - timedelta(days=1) + timedelta(days=appeal.limit_amount)
    assert appeal.label.to("en") in filer.text
    assert f"{last_on:%B} {last_on.day}, {last_on.year}" in unescape(
        filer.client.get(f"/my/reviews/{appeal.code}").text
    )
    ground = appeal.grounds[0].code
    asked = filer.post(f"/my/reviews/{appeal.code}/ask", ground=ground, reason="There is a film.")
    assert asked.status_code == 303
    (request,) = make.all(FilerRequest)
    assert (request.last_on, request.is_late, request.ground) == (last_on, False, ground)
    assert filer.post(f"/my/reviews/{appeal.code}/ask", ground=ground, reason="Again.").status_code == 409
    assert len(make.all(FilerRequest)) == 1
    assert "in time" in filer.text
    assert case_id


def test_one_that_comes_late_is_taken_and_marked(filer: Filer, make: Make) -> None:
    closed(make, filing_of(make), days_ago=400)
    appeal = appeal_of(make)
    assert "You can still ask. Tell us why it is late." in filer.text
    filer.post(f"/my/reviews/{appeal.code}/ask", ground=appeal.grounds[0].code, reason="I was ill.")
    (request,) = make.all(FilerRequest)
    assert request.is_late
    assert "That was after the last day." in filer.text


@pytest.mark.parametrize("fields", [{}, {"ground": "no_such", "reason": "Kept words."}, {"reason": "Kept words."}])
def test_what_a_review_needs_is_told_and_what_was_typed_stays(filer: Filer, make: Make, fields: dict[str, str]) -> None:
    closed(make, filing_of(make))
    refused = filer.post(f"/my/reviews/{appeal_of(make).code}/ask", **fields)
    assert refused.status_code == 422
    assert fields.get("reason", "") in refused.text
    assert make.all(FilerRequest) == []


def test_while_it_goes_on_there_is_nothing_to_review(filer: Filer, make: Make) -> None:
    path = f"/my/reviews/{appeal_of(make).code}"
    assert filer.client.get(path).status_code == 404
    assert filer.post(f"{path}/ask", reason="Now.").status_code == 404
    assert filer.client.get("/my/reviews/no_such").status_code == 404


# --- how to be told ---


def test_how_to_be_told_is_chosen_and_the_latest_counts(named: Filer, make: Make, client_as: ClientAs) -> None:
    rules = [each.code for each in make.book.intake.contact_rules]
    assert named.post("/my/contact/choose", way="phone", rules=rules[:2], times="Evenings").status_code == 303
    assert named.post("/my/contact/choose", way="portal", safe="My brother reads my mail.").status_code == 303
    assert [wish.way for wish in make.all(ContactWish)] == ["phone", "portal"]
    page = unescape(named.client.get("/my/contact").text)
    assert "My brother reads my mail." in page
    office = unescape(client_as("intake").get(f"/office/filings/{filing_of(make).id}").text)
    assert "My brother reads my mail." in office
    assert make.tags()[-2:] == ["correspondence:contact:chosen", "intake:filing:opened"]


def test_before_anybody_calls_what_was_chosen_last_is_read(named: Filer, make: Make, client_as: ClientAs) -> None:
    (first, last) = make.book.intake.contact_rules[:2]
    case_id = screened(make, filing_of(make))
    named.post("/my/contact/choose", way="phone", rules=first.code)
    named.post("/my/contact/choose", way="phone", rules=last.code)
    office = client_as("supervisor")
    for path in (f"/office/filings/{filing_of(make).id}", f"/office/cases/{case_id}"):
        warning = unescape(office.get(path).text).partition("Before you call or write")[2][:600]
        assert last.label.to("en") in warning
        assert first.label.to("en") not in warning


@pytest.mark.parametrize("fields", [{}, {"way": "pigeon"}, {"way": "portal", "rules": "no_such"}, {"way": "text"}])
def test_what_the_rulebook_or_the_office_does_not_have_is_not_chosen(
    filer: Filer, make: Make, fields: dict[str, str]
) -> None:
    refused = filer.post("/my/contact/choose", safe="Kept.", **fields)
    assert refused.status_code == 422
    assert "Kept." in refused.text
    assert make.all(ContactWish) == []


# --- what has happened, and who opened it ---


def story(text: str) -> list[str]:
    found = re.search(r'<ol class="story">(.*?)</ol>', text, re.S)
    lines = re.findall(r"<li>(.*?)</li>", found[1], re.S) if found else []
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in lines]


def test_the_story_is_told_in_plain_sentences(filer: Filer, make: Make, client_as: ClientAs) -> None:
    intake = client_as("intake")
    fields = {"version": "1", "classification": "investigation", "department_id": make.book.departments[0].code}
    intake.submit(f"/office/filings/{filing_of(make).id}/screen", **fields)
    filer.post("/my/messages/send", body="Any news?")
    filer.post("/my/words/add", words="He had a dog.")
    told = story(filer.text)
    assert "We received your complaint." in told[0]
    assert any("You wrote to us." in each for each in told)
    assert any("You added something." in each for each in told)


def openings(text: str) -> list[str]:
    found = re.search(r'id="name-read".*?<ul>(.*?)</ul>', text, re.S)
    return [" ".join(each.split()) for each in re.findall(r"<li>(.*?)</li>", found[1], re.S)] if found else []


def test_the_first_opening_is_told_by_role_and_not_each_reading(filer: Filer, make: Make, client_as: ClientAs) -> None:
    path = f"/office/filings/{filing_of(make).id}"
    for _ in range(3):
        client_as("intake").get(path)
    (told,) = openings(filer.text)
    assert told.startswith("Intake first opened it on")


def test_an_opening_outside_the_work_is_told_as_such_and_names_nobody(
    filer: Filer, make: Make, client_as: ClientAs
) -> None:
    client_as("intake").get(f"/office/filings/{filing_of(make).id}")
    case_id = screened(make, filing_of(make))
    reader = make.actor(Role.INVESTIGATOR)
    assert client_as("investigator").get(f"/office/cases/{case_id}").status_code == 200
    told = openings(filer.text)
    assert any(each.startswith("Investigator, who does not work on it, opened it") for each in told)
    assert reader.display_name not in filer.text


def test_whoever_leads_the_case_reads_it_at_work(filer: Filer, make: Make, client_as: ClientAs) -> None:
    client_as("intake").get(f"/office/filings/{filing_of(make).id}")
    lead = make.actor(Role.INVESTIGATOR)
    case_id = screened(make, filing_of(make), lead_id=lead.id)
    make.row(Assignment(id=uuid4(), case_id=case_id, account_id=lead.id, from_at=make.now - timedelta(days=1)))
    assert client_as("investigator").get(f"/office/cases/{case_id}").status_code == 200
    assert len(openings(filer.text)) == 1


def test_somebody_on_a_side_is_never_told_of(filer: Filer, make: Make, client_as: ClientAs) -> None:
    client_as("intake").get(f"/office/filings/{filing_of(make).id}")
    case_id = screened(make, filing_of(make))
    make.row(
        CaseSide(
            id=uuid4(),
            case_id=case_id,
            account_id=make.actor(Role.INVESTIGATOR).id,
            side="criminal",
            reason="Works on the criminal case.",
            named_by_id=make.actor(Role.DIRECTOR).id,
            named_at=make.now,
        )
    )
    client_as("investigator").get(f"/office/cases/{case_id}")
    assert len(openings(filer.text)) == 1


def test_one_filer_is_told_nothing_of_another_who_complained_of_the_same(
    filer: Filer, make: Make, client_as: ClientAs, work_as: WorkAs
) -> None:
    case_id = screened(make, filing_of(make))
    twin = file(make, work_as, key="k2")
    (other,) = [each for each in make.all(Filing) if each.number == twin.number]
    with make.owner() as session:
        row = session.get(Filing, other.id)
        assert row is not None
        row.case_id = case_id
        session.commit()
    client_as("intake").get(f"/office/filings/{other.id}")
    Filer(client_as(), twin.passphrase.words).post("/my/taking-back/ask", reason="Not me.")
    assert openings(filer.text) == []
    assert "take your complaint back" not in " ".join(story(filer.text))


def test_pages_of_a_complaint_change_nothing_and_are_not_kept(filer: Filer, make: Make) -> None:
    before = make.tags()
    for path in ("/my", "/my/taking-back", "/my/contact"):
        page = filer.client.get(path)
        assert page.headers["cache-control"] == "no-store"
        assert 'action="/my/sign-out' in page.text
    assert make.tags() == before


def test_without_the_passphrase_each_page_is_the_way_in(client_as: ClientAs) -> None:
    for path in ("/my/taking-back", "/my/contact", "/my/reviews/x"):
        assert "Type the" in client_as().get(path).text
