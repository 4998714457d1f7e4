"""The queue and the case page, through the door."""

import re

import pytest

from app.cases.records import Case, ContactAttempt, Note, Task
from tests.conftest import ClientAs
from tests.make import Make


def test_the_queue_shows_what_is_due_first(client_as: ClientAs, make: Make) -> None:
    make.case(number="2026-LATER", due_on=make.today.replace(day=28))
    make.case(number="2026-SOON", due_on=make.today.replace(day=20))
    page = client_as("investigator").get("/office/cases").text
    assert page.index("2026-SOON") < page.index("2026-LATER")


def test_a_note_is_written_and_shown_and_an_empty_one_comes_back(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    client = client_as("investigator")
    assert (
        client.submit(f"/office/cases/{case.id}/notes/write", reader="team", body="Called the shop.").status_code == 303
    )
    assert "Called the shop." in client.get(f"/office/cases/{case.id}").text
    refused = client.submit(f"/office/cases/{case.id}/notes/write", reader="team", body="")
    assert refused.status_code == 422
    assert "Please answer this." in refused.text


def test_without_the_token_nothing_is_written(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    client = client_as("investigator")
    refused = client.post(f"/office/cases/{case.id}/notes/write", data={"reader": "team", "body": "x"})
    assert refused.status_code == 403
    assert make.all(Note) == []


def test_the_case_page_shows_words_clocks_with_their_reasons_and_the_next_step(client_as: ClientAs, make: Make) -> None:
    case = make.case(narrative="Él me empujó.", language="es", anonymity="anonymous", priority="urgent")
    make.clock(case, "finish_investigation", due_on=make.book.due_on("finish_investigation", make.today))
    page = client_as("investigator").get(f"/office/cases/{case.id}").text
    assert '<p class="said" lang="es">Él me empujó.</p>' in page
    for words in ("Anonymous filer", "Urgent", "Why this date?", "Charter 12.10(a)", "This office’s turn"):
        assert words in page
    assert "Every allegation needs a finding first." in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_activity_says_what_happened_in_words_and_who_read_only_when_asked(client_as: ClientAs, make: Make) -> None:
    case = make.case(stage="open", lead_id=make.actor("investigator").id)
    client = client_as("investigator")
    assert client.submit(f"/office/cases/{case.id}/move", version="1", to="investigating").status_code == 303
    page = client.get(f"/office/cases/{case.id}").text
    stages = {stage.code: stage.label.to("en") for stage in make.book.stages}
    assert f"Moved the case from {stages['open']} to {stages['investigating']}." in page
    assert "Opened the case file." not in page
    assert "Opened the case file." in client.get(f"/office/cases/{case.id}?readings=yes").text
    assert make.tags().count("cases:case:read") == 2


def test_two_people_edit_at_once_and_the_second_is_told_and_loses_no_text(client_as: ClientAs, make: Make) -> None:
    case, lead = make.case(), make.account("investigator")
    supervisor, director = client_as("supervisor"), client_as("director")
    first = supervisor.submit(f"/office/cases/{case.id}/assign", version="1", account_id=str(lead.id))
    assert first.status_code == 303
    words = "She asked us to stop, in her letter of today."
    second = director.submit(
        f"/office/cases/{case.id}/move", version="1", to="closed_early", reason=words, closure="withdrawn"
    )
    assert second.status_code == 409
    assert "Somebody else changed this" in second.text
    assert words in second.text
    assert '<option value="withdrawn" selected>' in second.text
    (kept,) = make.all(Case)
    assert (kept.stage, kept.lead_id) == ("investigating", lead.id)
    assert make.all(Note) == []
    version = re.search(r'name="version" value="(\d+)"', second.text)
    assert version is not None
    again = director.submit(
        f"/office/cases/{case.id}/move", version=version[1], to="closed_early", reason=words, closure="withdrawn"
    )
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("form", "fields", "kept"),
    [
        ("notes/write", {"reader": "team", "body": "x" * 30_001}, "too long"),
        ("notes/write", {"reader": "everybody", "body": "Kept words"}, "Kept words"),
        ("notes/write", {"reader": "team", "body": "a\x00b"}, "There is a problem"),
        ("tasks/add", {"title": "Kept words", "due_on": "2026-02-29"}, "Kept words"),
        ("tasks/add", {"title": "Kept words", "due_on": "tomorrow"}, "Kept words"),
        ("tasks/add", {"title": "   "}, "Please answer this."),
        ("contacts/log", {"channel": "pigeon", "result": "reached", "remark": "Kept words"}, "Kept words"),
        ("move", {"version": "1", "to": "supervisor_review", "color": "red"}, "does not know this field"),
        ("move", {"version": "one", "to": "supervisor_review"}, "whole number"),
    ],
)
def test_bad_input_comes_back_with_its_words_and_changes_nothing(
    client_as: ClientAs, make: Make, form: str, fields: dict[str, str], kept: str
) -> None:
    case = make.case()
    answer = client_as("investigator").submit(f"/office/cases/{case.id}/{form}", **fields)
    assert answer.status_code == 422
    assert kept in answer.text
    assert make.all(Note) == make.all(Task) == make.all(ContactAttempt) == []


def test_a_long_note_with_emoji_and_every_script_is_kept_as_written(client_as: ClientAs, make: Make) -> None:
    case, words = make.case(), ("Ça va? 你好 👩🏽‍⚖️ שלום\n" * 2000)[:30_000].strip()
    client = client_as("investigator")
    assert client.submit(f"/office/cases/{case.id}/notes/write", reader="mine", body=words).status_code == 303
    assert [note.body for note in make.all(Note)] == [words]


def test_a_task_is_added_and_done_once(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(), client_as("investigator")
    client.submit(f"/office/cases/{case.id}/tasks/add", title="Call the shop", due_on="")
    (task,) = make.all(Task)
    assert client.submit(f"/office/cases/{case.id}/tasks/{task.id}/finish", version="1").status_code == 303
    assert client.submit(f"/office/cases/{case.id}/tasks/{task.id}/finish", version="1").status_code == 409


@pytest.mark.parametrize("path", ["", "/allegations", "/evidence"])
def test_a_case_behind_a_wall_is_404_on_every_page(client_as: ClientAs, make: Make, path: str) -> None:
    case = make.case()
    make.wall(case, make.actor("investigator"))
    answer = client_as("investigator").get(f"/office/cases/{case.id}{path}")
    assert answer.status_code == 404
    assert case.number not in answer.text


def test_a_reader_without_verbs_sees_no_forms(client_as: ClientAs, make: Make) -> None:
    page = client_as("analyst").get(f"/office/cases/{make.case().id}").text
    for words in ("Save note", "Add task", "Log attempt", "Who leads", "Next step"):
        assert words not in page
