"""The department's liaison sees what is addressed to the department, and never who complained."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.correspondence.records import Letter
from app.discipline import queries
from app.kernel.errors import NotFound
from tests.conftest import ClientAs, WorkAs
from tests.discipline.conftest import Sustained
from tests.make import Make


def test_another_department_s_recommendation_is_not_there(
    sustained: Sustained, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    sent = sustained.sent(department_id=make.book.departments[1].code)
    with work_as("liaison") as work:
        assert queries.addressed(work) == {"waiting": [], "answered": []}
        with pytest.raises(NotFound):
            queries.addressed_one(work, sent.id)
        assert work.session.execute(text("SELECT count(*) FROM recommendations")).scalar_one() == 0
        assert work.session.execute(text("SELECT count(id) FROM cases")).scalar_one() == 0
        assert work.session.execute(text("SELECT count(id) FROM findings")).scalar_one() == 0
    client = client_as("liaison")
    assert client.get(f"/department/recommendations/{sent.id}").status_code == 404
    assert sent.number not in client.get("/department/recommendations").text


def test_a_draft_is_addressed_to_nobody_yet(sustained: Sustained, work_as: WorkAs) -> None:
    sustained.sent(sent_on=None, due_on=None)
    with work_as("liaison") as work:
        assert work.session.execute(text("SELECT count(*) FROM recommendations")).scalar_one() == 0


def test_only_the_body_s_finding_is_shown_to_the_department(sustained: Sustained, work_as: WorkAs) -> None:
    sustained.sent()
    with work_as("liaison") as work:
        assert work.session.execute(text("SELECT life FROM findings")).scalars().all() == ["board"]


def test_letters_to_filers_and_to_others_stay_closed(sustained: Sustained, make: Make, work_as: WorkAs) -> None:
    filing = make.filing(case_id=sustained.case.id)
    for addressee, filing_id in (("filer", filing.id), (make.book.departments[1].code, None), ("rpd", filing.id)):
        make.row(
            Letter(
                id=uuid4(),
                case_id=sustained.case.id,
                filing_id=filing_id,
                kind="finding",
                language="en",
                addressee=addressee,
                subject="s",
                body="b",
                written_at=make.now,
            )
        )
    with work_as("liaison") as work:
        assert queries.department_letters(work) == []
        assert work.session.execute(text("SELECT count(*) FROM letters")).scalar_one() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM persons",
        "SELECT * FROM identities",
        "SELECT * FROM filings",
        "SELECT narrative FROM cases",
        "SELECT place FROM cases",
        "SELECT anonymity FROM cases",
        "SELECT person_id FROM allegations",
        "SELECT wording FROM allegations",
        "SELECT reasons FROM findings",
        "SELECT * FROM notes",
        "SELECT * FROM messages",
        "SELECT * FROM packets",
        "UPDATE recommendations SET measure = 'x'",
        "UPDATE recommendations SET due_on = NULL",
    ],
)
def test_who_complained_and_what_they_said_are_shut_in_the_database_too(
    sustained: Sustained, work_as: WorkAs, statement: str
) -> None:
    sustained.sent()
    with pytest.raises(ProgrammingError, match="permission denied"), work_as("liaison") as work:
        work.session.execute(text(statement))


def test_a_walled_case_is_gone_from_the_secretary_s_page(sustained: Sustained, make: Make, client_as: ClientAs) -> None:
    sustained.docket()
    client = client_as("secretary")
    path = f"/commission/cases/{sustained.case.id}/discipline"
    assert client.get(path).status_code == 200
    make.wall(sustained.case, make.actor("secretary"))
    assert client.get(path).status_code == 404
