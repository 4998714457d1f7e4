"""Allegations stated, moved to an officer who got a name, and found upon by one authority after the other."""

from typing import Any
from uuid import uuid4

import pytest

from app.allegations import actions, queries
from app.allegations.commands import (
    IdentifyOfficer,
    RecommendFinding,
    ReviewFinding,
    StateAllegation,
    WithdrawAllegation,
)
from app.allegations.records import Allegation, Finding
from app.cases.records import Case
from app.clocks.records import Clock
from app.commission.records import Motion
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from app.people.records import Officer, Person
from tests.conftest import WorkAs
from tests.make import Make

SUSTAINED = RecommendFinding(disposition="sustained", reasons="The video shows it.")


def test_an_officer_named_for_the_first_time_starts_clocks_of_their_own(make: Make, work_as: WorkAs) -> None:
    case, officer = make.case(), make.officer()
    with work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="arrest", officer_id=officer.id))
    clocks = {clock.rule: clock for clock in make.all(Clock)}
    assert set(clocks) == {"officer_notice", "discipline_limit"}
    assert {clock.officer_id for clock in clocks.values()} == {officer.id}
    assert clocks["discipline_limit"].started_on == case.received_on
    assert make.all(Case)[0].due_on == clocks["officer_notice"].due_on
    with work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="duty_name", officer_id=officer.id))
    assert len(make.all(Clock)) == 2
    assert sorted(row.position for row in make.all(Allegation)) == [1, 2]
    assert make.tags().count("allegations:allegation:stated") == 2


def test_an_unknown_officer_is_kept_by_description_and_later_named(make: Make, work_as: WorkAs) -> None:
    case, known = make.case(), make.officer()
    with work_as("investigator") as work:
        stated = actions.state_allegation(work, case.id, StateAllegation(category="arrest", description="Car 14"))
    unknown_id = stated.officer_id
    assert unknown_id is not None
    assert make.all(Clock) == []
    with work_as("investigator") as work:
        actions.identify_officer(work, case.id, unknown_id, IdentifyOfficer(officer_id=known.id))
    officers = {officer.id: officer for officer in make.all(Officer)}
    assert (officers[unknown_id].description, officers[unknown_id].known_as_id) == ("Car 14", known.id)
    assert make.all(Allegation)[0].officer_id == known.id
    assert {clock.officer_id for clock in make.all(Clock)} == {known.id}
    assert "people:officer:identified" in make.tags()
    with pytest.raises(Refused), work_as("investigator") as work:
        actions.identify_officer(work, case.id, unknown_id, IdentifyOfficer(officer_id=known.id))


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        ({"category": "arrest"}, "description"),
        ({"category": "arrest", "description": "   "}, "description"),
        ({"category": "nonsense", "description": "tall"}, "category"),
    ],
)
def test_an_allegation_needs_a_category_of_the_rulebook_and_somebody(
    make: Make, work_as: WorkAs, ask: dict[str, Any], field: str
) -> None:
    case = make.case()
    with pytest.raises(Invalid) as refused, work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation.model_validate(ask))
    assert set(refused.value.fields) == {field}
    assert make.all(Allegation) == make.all(Officer) == []
    assert make.tags() == []


def test_a_case_names_officers_of_every_department_that_is_overseen(make: Make, work_as: WorkAs) -> None:
    case, other = make.case(), make.book.departments[1].code
    known = make.officer(department_id=other)
    with work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="arrest", officer_id=known.id))
        for department_id in ("", other):
            ask = StateAllegation(category="arrest", description="tall", department_id=department_id)
            actions.state_allegation(work, case.id, ask)
    unknown = sorted(row.department_id for row in make.all(Officer) if row.is_unknown)
    assert unknown == sorted([case.department_id, other])
    assert make.all(Case)[0].department_id == case.department_id


def test_an_unknown_officer_may_turn_out_to_be_of_the_other_department(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    known = make.officer(department_id=make.book.departments[1].code)
    foreign = make.officer(department_id="harbor")
    with work_as("investigator") as work:
        stated = actions.state_allegation(work, case.id, StateAllegation(category="arrest", description="tall"))
        unknown_id = stated.officer_id
        assert unknown_id is not None
    with pytest.raises(Invalid), work_as("investigator") as work:
        actions.identify_officer(work, case.id, unknown_id, IdentifyOfficer(officer_id=foreign.id))
    with work_as("investigator") as work:
        actions.identify_officer(work, case.id, unknown_id, IdentifyOfficer(officer_id=known.id))
    assert make.all(Allegation)[0].officer_id == known.id


def test_officers_nobody_oversees_and_strangers_to_the_case_are_refused(make: Make, work_as: WorkAs) -> None:
    case, other = make.case(), make.case()
    foreign = make.officer(department_id="harbor")
    with pytest.raises(Invalid), work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="arrest", officer_id=foreign.id))
    unknown = StateAllegation(category="arrest", description="tall", department_id="harbor")
    with pytest.raises(Invalid) as refused, work_as("investigator") as work:
        actions.state_allegation(work, case.id, unknown)
    assert set(refused.value.fields) == {"department_id"}
    person = make.row(Person(id=uuid4(), case_id=other.id, filing_id=None, role="filer", label="C1"))
    ask = StateAllegation(category="arrest", description="tall", person_id=person.id)
    with pytest.raises(NotFound), work_as("investigator") as work:
        actions.state_allegation(work, case.id, ask)
    with pytest.raises(NotFound), work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="arrest", officer_id=uuid4()))
    assert make.all(Allegation) == []


def test_a_closed_case_takes_no_new_allegation(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="closed", closed_on=make.today)
    with pytest.raises(Refused, match="closed"), work_as("investigator") as work:
        actions.state_allegation(work, case.id, StateAllegation(category="arrest", description="tall"))


def test_a_later_word_supersedes_the_earlier_of_the_same_life_and_both_are_kept(make: Make, work_as: WorkAs) -> None:
    allegation = make.allegation(make.case())
    with work_as("investigator") as work:
        actions.recommend_finding(
            work, allegation.id, RecommendFinding(disposition="not_sustained", reasons="No video yet.")
        )
    with work_as("investigator") as work:
        actions.recommend_finding(work, allegation.id, SUSTAINED)
    findings = {row.disposition: row for row in make.all(Finding)}
    assert findings["not_sustained"].superseded_at == make.now
    assert findings["sustained"].superseded_at is None
    assert findings["sustained"].finding_class == "sustained"
    assert findings["sustained"].standard == "preponderance"
    assert make.all(Case)[0].result == "sustained"
    assert make.tags() == [
        "allegations:finding:made",
        "allegations:finding:superseded",
        "allegations:finding:made",
    ]


def test_the_supervisor_agrees_or_finds_otherwise_with_reasons(make: Make, work_as: WorkAs) -> None:
    case = make.case(stage="supervisor_review")
    first, second = make.allegation(case), make.allegation(case, position=2)
    with pytest.raises(Refused, match="investigator has not"), work_as("supervisor") as work:
        actions.review_finding(work, first.id, ReviewFinding(agrees=True))
    for allegation in (first, second):
        make.finding(allegation, disposition="sustained")
    with work_as("supervisor") as work:
        actions.review_finding(work, first.id, ReviewFinding(agrees=True))
    with pytest.raises(Invalid), work_as("supervisor") as work:
        actions.review_finding(work, second.id, ReviewFinding(agrees=False, disposition="unfounded"))
    with work_as("supervisor") as work:
        assert not queries.supervisor_approved(work, case.id)
        actions.review_finding(
            work, second.id, ReviewFinding(agrees=False, disposition="unfounded", reasons="Wrong day.")
        )
    with work_as("supervisor") as work:
        assert queries.supervisor_approved(work, case.id)
    said = {(row.allegation_id, row.life): row.disposition for row in make.all(Finding)}
    assert said[first.id, "supervisor"] == "sustained"
    assert said[second.id, "investigator"] == "sustained"
    assert said[second.id, "supervisor"] == "unfounded"


def test_nobody_finds_out_of_turn(make: Make, work_as: WorkAs) -> None:
    allegation = make.allegation(make.case(stage="before_commission"))
    with pytest.raises(Refused, match="Under investigation"), work_as("investigator") as work:
        actions.recommend_finding(work, allegation.id, SUSTAINED)
    other = make.allegation(make.case())
    with pytest.raises(NotAllowed), work_as("supervisor") as work:
        actions.recommend_finding(work, other.id, SUSTAINED)
    with pytest.raises(NotAllowed), work_as("investigator") as work:
        actions.review_finding(work, other.id, ReviewFinding(agrees=True))
    assert make.all(Finding) == []
    assert make.tags() == []


def test_every_standing_allegation_needs_a_finding_and_there_must_be_one(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    first, second = make.allegation(case), make.allegation(case, position=2)
    empty = make.case()
    make.finding(first)
    with work_as("investigator") as work:
        assert not queries.every_allegation_has_a_finding(work, empty.id)
        assert not queries.every_allegation_has_a_finding(work, case.id)
        actions.withdraw_allegation(work, second.id, WithdrawAllegation(version=1, reason="Said twice."))
    with work_as("investigator") as work:
        assert queries.every_allegation_has_a_finding(work, case.id)
    with pytest.raises(Stale), work_as("investigator") as work:
        actions.withdraw_allegation(work, first.id, WithdrawAllegation(version=8, reason="Why not"))
    with pytest.raises(Refused), work_as("investigator") as work:
        actions.recommend_finding(work, second.id, SUSTAINED)


def test_a_carried_motion_becomes_the_commissions_finding_once(make: Make, work_as: WorkAs) -> None:
    from app.access.actor import Actor

    allegation = make.allegation(make.case(stage="before_commission"))
    make.finding(allegation, disposition="not_sustained")
    motion = motion_on(make, allegation, "carried")
    for _ in range(2):
        with work_as(Actor.system("adopt_finding")) as work:
            actions.adopt_finding(work, motion.id)
    board = [row for row in make.all(Finding) if row.life == "board"]
    assert [(row.disposition, row.motion_id) for row in board] == [("sustained", motion.id)]
    assert make.all(Case)[0].result == "sustained"
    failed = motion_on(make, allegation, "failed")
    with work_as(Actor.system("adopt_finding")) as work:
        assert actions.adopt_finding(work, failed.id) is None


def motion_on(make: Make, allegation: Allegation, outcome: str) -> Motion:
    from app.commission.records import DocketItem, Meeting

    meeting = make.row(
        Meeting(id=uuid4(), body="commission", held_on=make.today, starts_at="18:00", place="Hall", version=1)
    )
    item = make.row(DocketItem(id=uuid4(), meeting_id=meeting.id, case_id=allegation.case_id, position=1))
    return make.row(
        Motion(
            id=uuid4(),
            docket_item_id=item.id,
            case_id=allegation.case_id,
            kind="finding",
            subject_id=allegation.id,
            proposal="sustained",
            wording="That the allegation be sustained.",
            moved_by_id=make.account("commissioner").id,
            moved_at=make.now,
            decided_at=make.now,
            outcome=outcome,
            version=1,
        )
    )


def test_behind_a_wall_there_is_no_allegation_and_no_finding(make: Make, work_as: WorkAs) -> None:
    allegation = make.allegation(make.case())
    make.finding(allegation)
    make.wall(make.all(Case)[0], make.actor("investigator"))
    with work_as("investigator") as work:
        assert list(work.session.scalars(queries.visible_allegations(work))) == []
        assert list(work.session.scalars(queries.visible_findings(work))) == []
        assert work.session.query(Finding).all() == []
    with pytest.raises(NotFound), work_as("investigator") as work:
        actions.recommend_finding(work, allegation.id, SUSTAINED)


def test_the_filer_hears_only_what_was_published_in_their_words(make: Make, work_as: WorkAs) -> None:
    from app.access.actor import Actor
    from app.access.permissions import Role

    case = make.case(stage="closed", closed_on=make.today)
    filing = make.filing(case_id=case.id, language="es")
    officer = make.officer(last_name="Secretname")
    decided, undecided = make.allegation(case, officer), make.allegation(case, officer, position=2)
    make.finding(decided, disposition="sustained", reasons="Private reasons.")
    make.finding(decided, life="board", disposition="not_sustained", reasons="Board reasons.")
    make.finding(undecided, disposition="sustained")
    assert filing.lookup is not None
    filer = Actor.filer(filing.lookup, make.house.access.of(frozenset({Role.FILER})))
    with work_as(filer) as work:
        (found,) = queries.filer_status(work, case.id)
    assert found.word == make.book.finding("not_sustained").label.to("es")
    assert found.meaning == make.book.finding("not_sustained").definition.to("es")
    assert "Secretname" not in repr(found)
    with work_as(Actor.system("send_closing_letter")) as work:
        (line,) = queries.closing_lines(work, case.id, "es")
    assert found.meaning in line
    assert "Secretname" not in line
