"""A complaint is kept as it was said, once, and becomes a case."""

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.infra.db import Door
from app.intake.actions import screen_filing, submit_filing
from app.intake.commands import ScreenFiling, SubmitFiling
from app.intake.records import Filing
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.people.records import Identity, Person
from tests.conftest import WorkAs
from tests.make import Make


def anyone(make: Make) -> Actor:
    return Actor.anyone(Door.RESIDENT, make.house.access.of(frozenset({Role.ANYONE})))


def filing(**changed: object) -> SubmitFiling:
    body = {
        "language": "en",
        "anonymity": "named",
        "filer": {"relationship": "self", "name": "Ada Sample", "email": "ada@example.org"},
        "incident": {"date": "2026-03-01", "location": "Oak Street", "narrative": "He shouted at me."},
        "officers": [{"badge": "1234"}],
    }
    return SubmitFiling.model_validate(body | changed)


def test_a_filing_is_kept_with_its_identity_apart_and_sealed(make: Make, work_as: WorkAs) -> None:
    with work_as(anyone(make)) as work:
        got = submit_filing(work, filing(), repeat_key="k1")
    kept = make.all(Filing)
    assert [f.number for f in kept] == [got.number]
    assert b"Ada" not in make.all(Identity)[0].sealed
    assert make.all(Person)[0].filing_id == kept[0].id
    assert kept[0].receipt == got.receipt
    assert "intake:filing:received" in make.tags()


def test_the_same_key_and_body_give_the_same_answer_and_one_filing(make: Make, work_as: WorkAs) -> None:
    answers = []
    for _ in range(2):
        with work_as(anyone(make)) as work:
            answers.append(submit_filing(work, filing(), repeat_key="k1"))
    assert answers[0] == answers[1]
    assert len(make.all(Filing)) == 1


def test_the_same_key_for_another_body_is_refused_and_tells_nothing(make: Make, work_as: WorkAs) -> None:
    with work_as(anyone(make)) as work:
        submit_filing(work, filing(), repeat_key="k1")
    with pytest.raises(Refused, match="key"), work_as(anyone(make)) as work:
        submit_filing(work, filing(anonymity="confidential"), repeat_key="k1")
    assert len(make.all(Filing)) == 1


def test_an_anonymous_filing_with_a_name_is_refused_and_stored_nowhere(make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Invalid) as refused, work_as(anyone(make)) as work:
        submit_filing(work, filing(anonymity="anonymous"), repeat_key="k1")
    assert set(refused.value.fields) == {"filer.name", "filer.email"}
    assert make.all(Filing) == []
    assert make.tags() == []


def test_a_screened_filing_becomes_a_case_with_running_clocks(make: Make, work_as: WorkAs) -> None:
    kept = make.filing()
    with work_as("intake") as work:
        screen_filing(work, kept.id, ScreenFiling(version=1, classification="investigation", department_id="rpd"))
    from app.cases.records import Case
    from app.clocks.records import Clock

    (case,) = make.all(Case)
    assert case.stage == "open"
    assert case.due_on is not None
    assert {clock.rule for clock in make.all(Clock) if clock.stopped_on is None} >= {"finish_investigation"}
    assert make.all(Filing)[0].case_id == case.id


def test_a_classification_is_given_by_whom_the_rulebook_names(make: Make, work_as: WorkAs) -> None:
    decline = next(each for each in make.book.classification if "intake" not in each.by)
    kept = make.filing()
    ask = ScreenFiling(
        version=kept.version,
        classification=decline.code,
        department_id=make.book.departments[0].code,
        reason="Nothing that an officer did.",
    )
    with pytest.raises(NotAllowed, match="Only supervisor or director may decide this"), work_as("intake") as work:
        screen_filing(work, kept.id, ask)
    assert make.all(Filing)[0].screened_at is None
    assert make.tags() == []
    with work_as("supervisor") as work:
        screen_filing(work, kept.id, ask)
    assert make.all(Filing)[0].outcome == decline.code
