"""Files kept with their digest, demands with their day, and an answer by the department's own door."""

import hashlib
import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.cases.records import Case, Note
from app.correspondence.records import Letter
from app.evidence import actions, queries, rules
from app.evidence.commands import AddFile, AnswerDemand, ContradictDemand, SendDemand
from app.evidence.records import CustodyEvent, Demand, EvidenceItem
from app.infra.files import stored_of
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from app.people.records import Identity, Person
from tests.conftest import WorkAs
from tests.make import Make

VIDEO = SendDemand(kind="body_camera", wording="All video of March 1.")


def demand_on(make: Make, work_as: WorkAs, case: Case) -> Demand:
    with work_as("investigator") as work:
        return actions.send_demand(work, case.id, VIDEO)


def test_a_demand_has_a_random_number_the_rulebooks_day_a_kept_letter_and_its_event(
    make: Make, work_as: WorkAs
) -> None:
    case = make.case(narrative="He hit ME.", incident_date=make.today, incident_precision="day")
    make.clock(case, "preserve_evidence", due_on=make.today + timedelta(days=2))
    demand = demand_on(make, work_as, case)
    assert demand.due_on == make.book.due_on("evidence_demand", make.today)
    assert demand.department_id == case.department_id
    (letter,) = make.all(Letter)
    assert letter.addressee == case.department_id
    assert demand.wording in letter.body
    assert demand.number in letter.subject
    assert "He hit ME" not in letter.body
    assert "evidence:demand:sent" in make.tags()
    assert "clocks:clock:stopped" in make.tags()


def test_a_kind_the_rulebook_does_not_know_and_a_closed_case_are_refused(make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Invalid), work_as("investigator") as work:
        actions.send_demand(work, make.case().id, SendDemand(kind="confession", wording="All."))
    closed = make.case(stage="closed", closed_on=make.today)
    with pytest.raises(Refused), work_as("investigator") as work:
        actions.send_demand(work, closed.id, VIDEO)
    assert make.all(Demand) == []
    assert make.tags() == []


def test_the_department_answers_once_in_the_rulebooks_words_with_a_file(make: Make, work_as: WorkAs) -> None:
    demand = demand_on(make, work_as, make.case())
    with work_as("liaison") as work:
        file = actions.keep_file(work, "../../video.mp4", io.BytesIO(b"not really a video"), limit=1000)
        actions.answer_demand(work, demand.id, AnswerDemand(version=1, answer="partly", words="One of two."), file)
    (answered,) = make.all(Demand)
    assert (answered.answer, answered.answered_on) == ("partly", make.today)
    (item,) = make.all(EvidenceItem)
    assert (item.demand_id, item.file_name, item.received_from) == (demand.id, "video.mp4", "the department")
    assert item.sha256 == hashlib.sha256(b"not really a video").digest()
    assert [event.kind for event in make.all(CustodyEvent)] == ["received"]
    assert make.tags()[-2:] == ["evidence:demand:answered", "evidence:file:added"]
    with pytest.raises(Refused, match="already"), work_as("liaison") as work:
        actions.answer_demand(work, demand.id, AnswerDemand(version=2, answer="given", words="All."))


@pytest.mark.parametrize(
    ("answer", "words", "field"), [("maybe", "x", "answer"), ("given", "", "words"), ("given", " \n", "words")]
)
def test_an_answer_is_one_of_the_rulebook_and_shows_something(answer: str, words: str, field: str, make: Make) -> None:
    kind = rules.kind_of(make.book, "body_camera")
    with pytest.raises(Invalid) as refused:
        rules.check_answer(kind, answer, words, with_file=False)
    assert set(refused.value.fields) == {field}
    rules.check_answer(kind, "given", "", with_file=True)


def test_a_stale_or_foreign_demand_is_not_answered(make: Make, work_as: WorkAs) -> None:
    demand = demand_on(make, work_as, make.case())
    foreign = demand_on(make, work_as, make.case(department_id=make.book.departments[1].code))
    ask = AnswerDemand(version=1, answer="given", words="Here.")
    with pytest.raises(Stale), work_as("liaison") as work:
        actions.answer_demand(work, demand.id, AnswerDemand(version=5, answer="given", words="Here."))
    with pytest.raises(NotFound), work_as("liaison") as work:
        actions.answer_demand(work, foreign.id, ask)
    with pytest.raises(NotAllowed), work_as("investigator") as work:
        actions.answer_demand(work, demand.id, ask)
    assert {row.answer for row in make.all(Demand)} == {None}


def test_only_an_answer_can_turn_out_untrue_and_only_once(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    demand = demand_on(make, work_as, case)
    with pytest.raises(Refused, match="no answer"), work_as("investigator") as work:
        actions.contradict_demand(work, case.id, demand.id, ContradictDemand(version=1))
    with work_as("liaison") as work:
        actions.answer_demand(work, demand.id, AnswerDemand(version=1, answer="none_exist", words="We looked."))
    with work_as("investigator") as work:
        actions.contradict_demand(work, case.id, demand.id, ContradictDemand(version=2))
    assert make.all(Demand)[0].contradicted_on == make.today
    with pytest.raises(Refused, match="noted already"), work_as("investigator") as work:
        actions.contradict_demand(work, case.id, demand.id, ContradictDemand(version=3))


def test_the_worker_tells_the_clocks_of_an_answer_and_may_do_it_twice(make: Make, work_as: WorkAs) -> None:
    demand = demand_on(make, work_as, make.case())
    with work_as("liaison") as work:
        actions.answer_demand(work, demand.id, AnswerDemand(version=1, answer="refused", words="No."))
    for _ in range(2):
        with work_as(Actor.system("tell_clocks_of_answer")) as work:
            actions.tell_clocks_of_answer(work, demand.id)


def test_a_file_is_kept_with_its_digest_and_every_opening_is_noted(make: Make, work_as: WorkAs) -> None:
    case, content = make.case(), b"%PDF-1.7 a report" * 900
    with work_as("investigator") as work:
        file = actions.keep_file(work, "report.pdf", io.BytesIO(content), limit=100_000)
        item = actions.add_file(work, case.id, AddFile(label="Medical report", received_from="The clinic"), file)
        assert item.media_type == "application/pdf"
    with work_as("supervisor") as work:
        opened = actions.open_file(work, case.id, item.id)
        assert b"".join(work.storage.open(stored_of(opened))) == content
    assert sorted(event.kind for event in make.all(CustodyEvent)) == ["opened", "received"]
    assert make.tags() == ["evidence:file:added", "evidence:file:opened"]


@pytest.mark.parametrize(("content", "limit"), [(b"", 10), (b"12345678901", 10)])
def test_an_empty_or_too_large_file_is_refused(work_as: WorkAs, content: bytes, limit: int) -> None:
    with work_as("investigator") as work, pytest.raises(Invalid) as refused:
        actions.keep_file(work, "x", io.BytesIO(content), limit=limit)
    assert set(refused.value.fields) == {"file"}


def test_behind_a_wall_there_is_no_file_and_no_demand(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    demand = demand_on(make, work_as, case)
    with work_as("investigator") as work:
        file = actions.keep_file(work, "a.txt", io.BytesIO(b"words"), limit=100)
        item = actions.add_file(work, case.id, AddFile(label="Words", received_from="Her"), file)
    make.wall(case, make.actor("supervisor"))
    with work_as("supervisor") as work:
        assert list(work.session.scalars(queries.visible_demands(work))) == []
        assert list(work.session.scalars(queries.visible_items(work))) == []
        assert work.session.query(EvidenceItem).all() == []
        for missing in (lambda: queries.get_item(work, item.id), lambda: queries.get_demand(work, demand.id)):
            with pytest.raises(NotFound):
                missing()


SECRETS = {
    "the narrative": "SELECT narrative FROM cases",
    "the place": "SELECT place FROM cases",
    "the filings": "SELECT * FROM filings",
    "the filers": "SELECT * FROM persons",
    "the identities": "SELECT * FROM identities",
    "the notes": "SELECT * FROM notes",
    "the messages": "SELECT * FROM messages",
    "the files": "SELECT * FROM evidence_items",
    "who sent a demand": "SELECT sent_by_id FROM demands",
    "whether an answer was untrue": "SELECT contradicted_on FROM demands",
    "the findings": "SELECT * FROM findings",
    "the journal": "SELECT * FROM journal_entries",
}


@pytest.mark.parametrize("what", SECRETS)
def test_the_departments_database_role_cannot_read(what: str, make: Make, work_as: WorkAs) -> None:
    demand_on(make, work_as, make.case())
    with work_as("liaison") as work:
        savepoint: Any = work.session.begin_nested()
        with pytest.raises(ProgrammingError, match="permission denied"):
            work.session.execute(text(SECRETS[what]))
        savepoint.rollback()


def test_the_department_sees_its_own_demands_and_the_number_of_their_cases_alone(make: Make, work_as: WorkAs) -> None:
    mine, foreign = make.case(), make.case(department_id=make.book.departments[1].code)
    make.case()
    demand = demand_on(make, work_as, mine)
    demand_on(make, work_as, foreign)
    with work_as("liaison") as work:
        view = queries.department_view(work)
        assert [each.demand.id for each in view["waiting"]] == [demand.id]
        assert work.session.scalars(text("SELECT number FROM cases")).all() == [mine.number]
        assert work.session.scalars(text("SELECT id FROM demands")).all() == [demand.id]
    assert make.all(Note) == make.all(Identity) == make.all(Person) == []
    assert isinstance(demand.id, UUID)


def test_of_the_letters_the_department_reads_only_its_own(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    demand = demand_on(make, work_as, case)
    (own,) = make.all(Letter)
    facts = {"kind": "closing", "language": "en", "subject": "s", "body": "Dear Ada", "written_at": make.now}
    make.row(Letter(id=uuid4(), case_id=case.id, filing_id=make.filing().id, addressee="filer", **facts))
    with work_as("liaison") as work:
        assert [row.id for row in work.session.query(Letter)] == [own.id]
    assert demand.number in own.subject


def test_the_filer_hears_what_was_asked_and_when_but_not_in_which_words(make: Make, work_as: WorkAs) -> None:
    from app.access.permissions import Role

    case = make.case()
    filing = make.filing(case_id=case.id, language="es")
    demand = demand_on(make, work_as, case)
    assert filing.lookup is not None
    with work_as(Actor.filer(filing.lookup, make.house.access.of(frozenset({Role.FILER})))) as work:
        (asked,) = queries.filer_status(work, case.id)
    assert (asked.sent_on, asked.due_on, asked.answered_on) == (make.today, demand.due_on, None)
    assert demand.wording not in repr(asked)
