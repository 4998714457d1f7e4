"""One case about officers of two departments: each reads of its own officers alone, and neither learns of the other."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.allegations.records import Allegation
from app.correspondence.records import Letter
from app.discipline import actions, jobs, queries
from app.discipline.commands import GiveAnswer, RecommendDiscipline
from app.discipline.records import Recommendation
from app.evidence import actions as evidence
from app.evidence import queries as asked
from app.evidence.commands import AnswerDemand, SendDemand
from app.evidence.records import Demand
from app.kernel.errors import Invalid, NotFound
from app.people.records import Officer
from tests.conftest import ClientAs, WorkAs
from tests.discipline.conftest import Sustained
from tests.make import Make


@dataclass
class Both:
    """The case of `sustained` with a second officer, of the other department, and a liaison of each."""

    make: Make
    sustained: Sustained
    officer: Officer
    allegation: Allegation
    here: Actor
    there: Actor

    @property
    def case_id(self) -> UUID:
        return self.sustained.case.id

    def of(self, department: str) -> Recommendation:
        found: Recommendation = self.make.all(Recommendation, department_id=department)[0]
        return found


@pytest.fixture
def both(sustained: Sustained, make: Make) -> Both:
    other = make.book.departments[1]
    officer = make.officer(
        department_id=other.code, last_name="Lakes", first_name="Kim", sort_name="lakes kim", badge="7788"
    )
    allegation = make.allegation(sustained.case, officer, position=2, category="arrest")
    word = next(finding.code for finding in make.book.findings if finding.calls_for_discipline)
    for life in ("investigator", "supervisor", "board"):
        make.finding(allegation, disposition=word, life=life)
    there = make.sign_in(make.account("liaison", department_id=other.code), "liaison")[0]
    return Both(make, sustained, officer, allegation, make.actor("liaison"), there)


@pytest.fixture
def sent(both: Both, make: Make, work_as: WorkAs) -> Both:
    """Discipline is recommended for each, and both departments have their letter."""
    for allegation in (both.sustained.allegation, both.allegation):
        ask = RecommendDiscipline(allegation_id=allegation.id, measure=make.book.discipline.penalties[3].code)
        with work_as("director") as work:
            actions.recommend_discipline(work, both.case_id, ask)
    with work_as(Actor.system("send_findings")) as work:
        jobs.send_findings(work, both.case_id)
    return both


def ids(work_as: WorkAs, who: Actor, relation: str, column: str = "id") -> set[UUID]:
    with work_as(who) as work:
        return set(work.session.execute(text(f"SELECT {column} FROM {relation}")).scalars())


def test_each_recommendation_goes_to_the_department_of_its_officer(sent: Both, make: Make) -> None:
    own, other = (each.code for each in make.book.departments[:2])
    assert sent.of(own).allegation_id == sent.sustained.allegation.id
    assert sent.of(other).allegation_id == sent.allegation.id


def test_each_department_gets_a_letter_of_its_own_officers_once(sent: Both, make: Make, work_as: WorkAs) -> None:
    own, other = make.book.departments[:2]
    with work_as(Actor.system("send_findings")) as work:
        jobs.send_findings(work, sent.case_id)
    letters = {letter.addressee: letter.body for letter in make.all(Letter)}
    assert len(make.all(Letter)) == 2
    assert set(letters) == {own.code, other.code}
    assert "Rivers" in letters[own.code]
    assert "Lakes" not in letters[own.code]
    assert other.label.to("en") not in letters[own.code]
    assert "Lakes" in letters[other.code]
    assert "Rivers" not in letters[other.code]
    assert own.label.to("en") not in letters[other.code]


def test_a_draft_goes_to_the_department_of_who_the_officer_turned_out_to_be(
    both: Both, make: Make, work_as: WorkAs
) -> None:
    own, other = (each.code for each in make.book.departments[:2])
    draft = both.sustained.sent(sent_on=None, due_on=None, allegation_id=both.allegation.id, department_id=own)
    with work_as(Actor.system("send_findings")) as work:
        jobs.send_findings(work, both.case_id)
    (kept,) = make.all(Recommendation, id=draft.id)
    assert (kept.department_id, kept.sent_on) == (other, make.today)


@pytest.mark.parametrize(
    ("relation", "column"),
    [
        ("recommendations", "department_id"),
        ("letters", "addressee"),
    ],
)
def test_row_security_shows_each_department_its_own_rows(
    sent: Both, make: Make, work_as: WorkAs, relation: str, column: str
) -> None:
    own, other = (each.code for each in make.book.departments[:2])
    assert ids(work_as, sent.here, relation, column) == {own}
    assert ids(work_as, sent.there, relation, column) == {other}


def test_row_security_shows_each_department_its_own_officers_allegations_and_findings(
    sent: Both, work_as: WorkAs
) -> None:
    mine = {sent.here: sent.sustained.allegation, sent.there: sent.allegation}
    for who, allegation in mine.items():
        assert ids(work_as, who, "allegations") == {allegation.id}
        assert ids(work_as, who, "findings", "allegation_id") == {allegation.id}
        assert ids(work_as, who, "officers") == {allegation.officer_id}


def test_which_department_a_case_was_screened_to_is_no_departments_to_read(sent: Both, work_as: WorkAs) -> None:
    for who in (sent.here, sent.there):
        with pytest.raises(ProgrammingError, match="permission denied"), work_as(who) as work:
            work.session.execute(text("SELECT department_id FROM cases"))


def test_an_officer_who_turns_out_to_be_of_the_other_department_is_not_shown_to_the_first(
    sent: Both, make: Make, work_as: WorkAs
) -> None:
    with make.owner() as session:
        session.get_one(Allegation, sent.sustained.allegation.id).officer_id = sent.officer.id
        session.commit()
    assert ids(work_as, sent.here, "officers") == set()
    with work_as(sent.here) as work:
        (shown,) = queries.addressed(work)["waiting"]
    assert shown.officer == "no officer named"


def test_the_other_departments_pages_are_not_there(sent: Both, make: Make, client_as: ClientAs) -> None:
    own, other = (each.code for each in make.book.departments[:2])
    letters = {letter.addressee: letter.id for letter in make.all(Letter)}
    for who, mine, theirs, name in ((sent.here, own, other, "Lakes"), (sent.there, other, own, "Rivers")):
        client = client_as().signed_in(make.secret_of(who))
        page = client.get("/department/recommendations").text
        assert sent.of(mine).number in page
        assert sent.of(theirs).number not in page
        assert name not in page
        one = client.get(f"/department/recommendations/{sent.of(mine).id}")
        assert one.status_code == 200
        assert name not in one.text
        assert client.get(f"/department/recommendations/letters/{letters[mine]}").status_code == 200
        for path in (f"{sent.of(theirs).id}", f"letters/{letters[theirs]}"):
            assert client.get(f"/department/recommendations/{path}").status_code == 404


def test_the_other_department_answers_nothing_and_the_case_waits_for_both(
    sent: Both, make: Make, work_as: WorkAs
) -> None:
    own, other = (sent.of(each.code) for each in make.book.departments[:2])
    ask = GiveAnswer(version=1, answer="disagree", reasons="He was not there.")
    with pytest.raises(NotFound), work_as(sent.there) as work:
        actions.give_answer(work, own.id, ask)
    assert sent.of(own.department_id).answered_on is None
    for who, asked_of, waits in ((sent.there, other, True), (sent.here, own, False)):
        with work_as(who) as work:
            actions.give_answer(work, asked_of.id, ask)
        with work_as("director") as work:
            assert queries.answer_received(work, sent.case_id) is not waits


def test_the_letter_that_closes_a_case_says_which_department_answered_what(
    sent: Both, make: Make, work_as: WorkAs
) -> None:
    own, other = make.book.departments[:2]
    with make.owner() as session:
        for department, answer in ((own, "disagree"), (other, "accept")):
            row = session.get_one(Recommendation, sent.of(department.code).id)
            row.answered_on, row.answer = make.today, answer
        session.commit()
    with work_as("director") as work:
        lines = queries.closing_facts(work, sent.case_id, "en")["outcome"].splitlines()
    assert sorted(line.split(":")[0] for line in lines) == sorted(each.label.to("en") for each in (own, other))


# --- what is asked of one of them ---


def test_a_demand_goes_to_the_department_it_names_and_to_the_cases_own_without(
    both: Both, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    own, other = (each.code for each in make.book.departments[:2])
    with work_as("investigator") as work:
        here = evidence.send_demand(work, both.case_id, SendDemand(kind="body_camera", wording="All video."))
        ask = SendDemand(kind="records", wording="The duty roster.", department_id=other)
        there = evidence.send_demand(work, both.case_id, ask)
    assert {row.id: row.department_id for row in make.all(Demand)} == {here.id: own, there.id: other}
    assert {letter.addressee for letter in make.all(Letter)} == {own, other}
    for who, mine, theirs in ((both.here, here, there), (both.there, there, here)):
        assert ids(work_as, who, "demands") == {mine.id}
        assert ids(work_as, who, "allegations") == set()
        with work_as(who) as work:
            assert [each.demand.id for each in asked.department_view(work)["waiting"]] == [mine.id]
        client = client_as().signed_in(make.secret_of(who))
        assert theirs.number not in client.get("/department").text
        assert client.get(f"/department/demands/{theirs.id}").status_code == 404
        with pytest.raises(NotFound), work_as(who) as work:
            evidence.answer_demand(work, theirs.id, AnswerDemand(version=1, answer="complete", words="Here."))


def test_nothing_is_demanded_of_a_department_nobody_oversees(both: Both, make: Make, work_as: WorkAs) -> None:
    ask = SendDemand(kind="records", wording="All.", department_id="harbor")
    with pytest.raises(Invalid) as refused, work_as("investigator") as work:
        evidence.send_demand(work, both.case_id, ask)
    assert set(refused.value.fields) == {"department_id"}
    assert (make.all(Demand), make.tags()) == ([], [])


def test_the_office_sees_and_chooses_which_department_is_asked(both: Both, make: Make, client_as: ClientAs) -> None:
    other = make.book.departments[1]
    home = f"/office/cases/{both.case_id}/evidence"
    client = client_as("investigator")
    assert f'value="{other.code}"' in client.get(home).text
    sent = client.submit(f"{home}/demands/send", kind="records", wording="All.", department_id=other.code)
    assert sent.status_code == 303
    table = client.get(home).text.split("Send a demand")[0]
    assert other.label.to("en") in table
