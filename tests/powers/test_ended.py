"""The state ended the agency: everything is read, nothing is changed, and residents are told who follows."""

from collections.abc import Callable
from typing import Any

import pytest

from app.access.actor import Actor
from app.access.work import Work
from app.cases import actions as cases
from app.cases.commands import MoveCase, WriteNote
from app.cases.records import Case
from app.correspondence import actions as correspondence
from app.correspondence.commands import SendMessage
from app.infra.db import Door
from app.intake import letters
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.intake.records import Filing
from app.policy.acting import ActStopped
from app.publication import actions as publication
from app.publication.commands import BuildRelease
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.powers.books import book, ended
from tests.powers.conftest import WithBooks

GONE = "The state ended this office."
BODY: dict[str, Any] = {
    "filer": {"relationship": "self"},
    "incident": {"date": "2001-03-01", "location": "Oak Street", "narrative": "They stopped me."},
    "anonymity": "anonymous",
    "language": "en",
}


def left_behind(make: Make, with_books: WithBooks) -> Case:
    """A case that was before the board when the agency ended."""
    before = book()
    with_books([before, ended()])
    case = make.case(policy_id=before.policy_id)
    make.filing(case_id=case.id, screened_at=make.now, policy_id=before.policy_id)
    make.allegation(case, make.officer())
    make.clock(case, "finish_investigation")
    return case


def test_nothing_is_changed_any_more(make: Make, with_books: WithBooks, work_as: WorkAs) -> None:
    case = left_behind(make, with_books)
    (filing,) = make.all(Filing, case_id=case.id)
    tags = make.tags()
    asks: list[Callable[[Work], object]] = [
        lambda work: cases.write_note(work, case.id, WriteNote(reader="team", body="One more.")),
        lambda work: cases.move_case(work, case.id, MoveCase(version=1, to="supervisor_review", reason="")),
        lambda work: correspondence.write_to_filer(work, filing.id, case.id, SendMessage(body="Hello.")),
    ]
    for ask in asks:
        with pytest.raises(ActStopped, match=GONE), work_as("supervisor") as work:
            ask(work)
    assert make.tags() == tags


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("supervisor", "/office/cases/{case}"),
        ("supervisor", "/office/cases/{case}/evidence"),
        ("supervisor", "/office/cases/{case}/allegations"),
        ("supervisor", "/office/cases/{case}/discipline"),
        ("supervisor", "/office/cases/{case}/messages"),
        ("supervisor", "/office/filings"),
        ("supervisor", "/office"),
        ("secretary", "/office/meetings"),
        ("liaison", "/department"),
    ],
)
def test_every_page_is_read_and_offers_nothing(
    make: Make, with_books: WithBooks, client_as: ClientAs, role: str, path: str
) -> None:
    case = left_behind(make, with_books)
    answer = client_as(role).get(path.format(case=case.id))
    assert answer.status_code == 200
    main = answer.text.split("<main")[1].split("</main>")[0]
    assert 'method="post"' not in main
    assert answer.text.count('<div class="stopped">') <= 1


def test_the_page_of_the_case_says_what_happened_and_keeps_the_history(
    make: Make, with_books: WithBooks, client_as: ClientAs
) -> None:
    case = left_behind(make, with_books)
    page = client_as("supervisor").get(f"/office/cases/{case.id}").text
    assert GONE in page
    assert "Since January 1, 2002." in page
    assert "The city auditor reads on." in page
    assert "What was done before stays and can be read." in page
    assert case.narrative in page


def test_no_complaint_is_taken_and_the_resident_is_told_why_and_who_follows(
    make: Make, with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    left_behind(make, with_books)
    with pytest.raises(ActStopped, match=f"Complaints are not taken here now. {GONE}"), work_as("investigator") as work:
        submit_filing(work, SubmitFiling.model_validate(BODY), repeat_key="k")
    anyone = client_as()
    for path in ("/", "/file"):
        page = anyone.get(f"{path}?lang=es").text
        assert "Ahora no se reciben quejas aquí." in page
        assert "El estado cerró esta oficina." in page
        assert "La auditora sigue." in page
        assert page.count("El estado cerró esta oficina.") == 1
    first = anyone.get("/file").text
    assert GONE in first
    assert 'action="/file/answer' not in first
    assert '<a href="/file' not in anyone.get("/").text.split("<main")[1]


def test_what_was_being_typed_when_it_ended_can_be_copied(
    make: Make, with_books: WithBooks, client_as: ClientAs
) -> None:
    with_books([book()])
    anyone = client_as()
    start = anyone.post("/file/answer?lang=en", data={"go": "next"}, headers={"sec-fetch-site": "same-origin"})
    assert start.status_code == 200
    with_books([book(), ended()])
    page = start.text.split('name="page" value="')[1].split('"')[0]
    draft = start.text.split('name="draft" value="')[1].split('"')[0]
    question = next(each for each in make.book.form.page(page).fields)
    sent = anyone.post(
        "/file/answer?lang=en",
        data={"go": "next", "page": page, "draft": draft, question.code: "What I typed."},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert sent.status_code == 409
    assert GONE in sent.text


def test_a_program_is_told_in_a_problem(with_books: WithBooks, make: Make, client_as: ClientAs) -> None:
    left_behind(make, with_books)
    answer = client_as().post("/api/v1/filings", json=BODY, headers={"idempotency-key": "k"})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert GONE in answer.json()["detail"]


def test_the_figures_of_what_was_done_can_still_be_counted_but_not_published(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    left_behind(make, with_books)
    with work_as(Actor.system("release")) as work:
        built = publication.build_release(work, BuildRelease(through=work.today), lambda *_: None)
        again = publication.build_release(work, BuildRelease(through=work.today), lambda *_: None)
    same = [name for name in built.files if name.endswith(".csv")]
    assert same
    assert all(built.files[name] == again.files[name] for name in same)
    assert publication.verify_release(built.files).ok
    publisher = Actor.system("publication", Door.PUBLISHER)
    with pytest.raises(ActStopped, match="Nothing can be published now"), work_as(publisher) as work:
        publication.publish_release(work, built.files)


def test_the_filer_reads_in_their_language_that_the_case_stands_still_and_that_nothing_is_lost(
    make: Make, with_books: WithBooks, work_as: WorkAs
) -> None:
    case = left_behind(make, with_books)
    (filing,) = make.all(Filing, case_id=case.id)
    with work_as("supervisor") as work:
        said = letters.told_status(work, filing, "es")
    assert said.stage == "Su caso está detenido"
    assert said.text == (
        "El estado cerró esta oficina. Desde el 1 de enero de 2002. Quién se encarga ahora: La auditora sigue. "
        "Nada de lo que nos dijo se pierde. Se guarda aquí y puede leerlo con su frase de acceso."
    )


def test_the_first_page_of_a_draft_says_that_nothing_is_taken_yet(
    with_books: WithBooks, work_as: WorkAs, client_as: ClientAs
) -> None:
    with_books([book(changes=(("  status: active\n", "  status: draft\n"),))])
    page = client_as().get("/file?lang=en").text
    assert "This office takes no complaints here yet." in page
    assert 'action="/file/answer' not in page
    assert "Esta oficina todavía no recibe quejas aquí." in client_as().get("/file?lang=es").text
    refused = pytest.raises(ActStopped, match="takes no complaints here yet")
    with refused, work_as("investigator") as work:
        submit_filing(work, SubmitFiling.model_validate(BODY), repeat_key="k")
