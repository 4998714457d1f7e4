"""Two people hold every role of an office between them, and a city clerk is the third: one case from filing to closing.

Both of them may do anything by their roles; what stops each of them is having done the other half.
"""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import stages
from app.access import halves
from app.access.actor import Actor
from app.access.records import AccountRole, SecondHalf
from app.access.work import House
from app.allegations import actions as allegations
from app.allegations.commands import RecommendFinding, ReviewFinding, StateAllegation
from app.allegations.records import Finding
from app.cases import actions, queries
from app.cases.commands import AssignCase, DecideHalf, MoveCase
from app.cases.records import Case
from app.clocks import actions as clocks
from app.clocks.commands import Decide, PauseClock
from app.clocks.records import Clock, Pause
from app.intake import actions as intake
from app.intake.commands import OpenIdentity, ScreenFiling
from app.intake.events import FilerNamed
from app.kernel.errors import NotAllowed, NotFound, Refused
from app.people.rules import OpeningReason, Who
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.publication.actions import asking
from app.publication.records import ReleaseBuild
from tests.clocks.books import corrected
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make
from tests.rulebooks import from_files

TWO = """
second_persons:
  closure: {by: [director, city_clerk], authority: Charter 12.18(a)}
  identity: {by: [director, city_clerk], authority: Charter 12.18(b)}
  pause: {by: [director, outside_counsel], authority: Charter 12.18(c)}
  extension: {by: [director, outside_counsel], authority: Charter 12.18(c)}
  finding_review: {by: [supervisor, city_clerk], authority: Charter 12.18(d)}
  release: {by: [director, city_clerk], authority: Charter 12.18(e)}
"""
EVERYTHING = ("intake", "investigator", "supervisor", "director", "analyst")
AGREE = DecideHalf(answer="agree")
GRANT = Decide(answer="grant")
REASON = OpenIdentity(reason=next(iter(OpeningReason)))


@dataclass(frozen=True)
class Office:
    """Two people with every role, and two from outside."""

    ada: Actor
    ben: Actor
    clerk: Actor
    counsel: Actor


def with_counsel(book: Rulebook) -> Rulebook:
    """Counsel from outside is also one of those who may grant a pause."""
    text = re.sub(rb"approved_by: \[", b"approved_by: [outside_counsel, ", book.files["rulebook.yaml"])
    return from_files(book.id, book.effective_from, {**book.files, "rulebook.yaml": text})


@pytest.fixture
def office(make: Make, house: House) -> Office:
    """A city like the demonstration's whose rulebook wants two people for everything."""
    object.__setattr__(house, "policies", Rulebooks([with_counsel(corrected(make.book, TWO))]))

    def person(name: str) -> Actor:
        account = make.account(EVERYTHING[0], name)
        for role in EVERYTHING[1:]:
            make.row(AccountRole(account_id=account.id, role=role))
        return make.sign_in(account, *EVERYTHING)[0]

    def outside(code: str) -> Actor:
        return make.sign_in(make.account("outsider", code, outsider=code), "outsider")[0]

    return Office(person("ada"), person("ben"), outside("city_clerk"), outside("outside_counsel"))


def moved(work_as: WorkAs, actor: Actor, case_id: Any, to: str, **given: Any) -> None:
    with work_as(actor) as work:
        case = queries.get_case(work, case_id)
        actions.move_case(work, case_id, MoveCase(version=case.version, to=to, **given))


def opened(make: Make, work_as: WorkAs, actor: Actor) -> Case:
    """A filing, screened by one of the two; its case."""
    filing = make.filing(anonymity="named")
    with work_as(Actor.system("worker")) as work:
        from app.people.actions import keep_filer

        keep_filer(work, filing.id, Who("Ines Marlow", "", ""))
        work.happened(FilerNamed(filing_id=filing.id, anonymity="named"))
    found = next(each for each in make.book.classification if each.goes_on and not each.needs_reason)
    with work_as(actor) as work:
        ask = ScreenFiling(
            version=1, classification=found.code, department_id=make.book.departments[0].code, category=""
        )
        intake.screen_filing(work, filing.id, ask)
    case: Case = make.all(Case)[0]
    return case


def test_two_people_and_a_clerk_take_a_case_from_filing_to_closing(make: Make, work_as: WorkAs, office: Office) -> None:
    ada, ben, clerk = office.ada, office.ben, office.clerk
    case = opened(make, work_as, ada)
    (filing,) = make.all(type(make.filing()), case_id=case.id)

    # Who filed: Ada asks, and not she but the clerk agrees; then it opens, once.
    with work_as(ada) as work:
        assert intake.open_filer(work, filing.id, REASON) is None
    (half,) = make.all(SecondHalf, step="identity")
    with pytest.raises(NotAllowed, match="director or the city clerk"), work_as(ada) as work:
        actions.decide_half(work, half.id, AGREE)
    with pytest.raises(Refused, match="waits for a second person"), work_as(ada) as work:
        intake.open_filer(work, filing.id, REASON)
    with work_as(clerk) as work:
        actions.decide_half(work, half.id, AGREE)
    with work_as(ada) as work:
        assert intake.open_filer(work, filing.id, REASON) == Who("Ines Marlow", "", "")
    with work_as(ada) as work:
        assert intake.open_filer(work, filing.id, REASON) is None

    with work_as(ben) as work:
        actions.assign_case(
            work, case.id, AssignCase(version=queries.get_case(work, case.id).version, account_id=ada.id)
        )
    for to in ("screening", "open", "investigating"):
        with work_as(ben) as work:
            stage = queries.get_case(work, case.id).stage
        if make.book.move(stage, to) is not None:
            moved(work_as, ben, case.id, to)

    # A finding: Ada finds, Ada may not review what she found, Ben may.
    with work_as(ada) as work:
        ask = StateAllegation(category=make.book.allegations[0].code, description="A tall officer")
        allegation = allegations.state_allegation(work, case.id, ask)
    word = make.book.findings_for("investigator")[0].code
    with work_as(ada) as work:
        allegations.recommend_finding(work, allegation.id, RecommendFinding(disposition=word, reasons="Seen."))
    moved(work_as, ada, case.id, "supervisor_review")
    review = ReviewFinding(agrees=True, disposition="", reasons="")
    with pytest.raises(NotAllowed, match="supervisor or the city clerk"), work_as(ada) as work:
        allegations.review_finding(work, allegation.id, review)
    assert [each.life for each in make.all(Finding)] == ["investigator"]
    with work_as(ben) as work:
        allegations.review_finding(work, allegation.id, review)
    (reviewed,) = make.all(Finding, life="supervisor")
    assert (reviewed.first_by_id, reviewed.found_by_id) == (ada.id, ben.id)

    # Closing without a finding after all: Ben asks, the clerk agrees, the machinery does it.
    moved(work_as, ben, case.id, "investigating", reason="The person withdrew.")
    moved(work_as, ben, case.id, "closed_early", reason="They asked us to stop.", closure="withdrawn")
    assert make.all(Case)[0].stage == "investigating"
    (half,) = make.all(SecondHalf, step="closure")
    with pytest.raises(NotAllowed, match="director or the city clerk"), work_as(ben) as work:
        actions.decide_half(work, half.id, AGREE)
    assert make.all(SecondHalf, step="closure")[0].state == "asked"
    with work_as(clerk) as work:
        actions.decide_half(work, half.id, AGREE)
    with work_as(Actor.system("worker")) as work:
        stages.JOBS["carry_on"](work, half.id)
    (case,) = make.all(Case)
    assert (case.stage, case.closure, case.closed_on) == ("closed_early", "withdrawn", make.today)
    assert make.all(SecondHalf, step="closure")[0].state == "used"
    with work_as(Actor.system("worker")) as work:
        stages.JOBS["carry_on"](work, half.id)
    assert make.tags().count("cases:case:closed") == 1


def test_a_pause_asked_for_by_one_is_granted_by_counsel_who_sees_the_clock_and_nothing_else(
    make: Make, work_as: WorkAs, office: Office, client_as: ClientAs
) -> None:
    case = opened(make, work_as, office.ada)
    rule = next(each for each in make.book.deadlines if each.tolling)
    clock = make.clock(case, rule.code)
    kind = rule.tolling[0]
    ask = PauseClock(kind=kind, reason="A note.", from_on=make.today, until_on=make.today)
    with work_as(office.ada) as work:
        pause = clocks.ask_pause(work, clock.id, ask)
    with pytest.raises(NotAllowed, match="director or outside_counsel"), work_as(office.ada) as work:
        clocks.decide_pause(work, clock.id, pause.id, GRANT)
    client: Client = client_as().signed_in(make.secret_of(office.counsel))
    assert case.number in client.get("/office").text
    page = client.get(f"/office/clocks/{clock.id}")
    assert (page.status_code, case.number in page.text, "A traffic stop." in page.text) == (200, True, False)
    for path in (f"/office/cases/{case.id}", f"/office/cases/{case.id}/messages", f"/office/cases/{case.id}/evidence"):
        assert client.get(path).status_code == 404, path
    with work_as(office.counsel) as work:
        for name in ("filings", "persons", "notes", "allegations", "journal_entries"):
            assert work.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name
    with work_as(office.clerk) as work, pytest.raises(NotFound):
        clocks.decide_pause(work, clock.id, pause.id, GRANT)
    assert make.all(Pause)[0].state == "asked"
    done = client.submit(f"/office/clocks/{clock.id}/pauses/{pause.id}/decide", answer="grant")
    assert (done.status_code, done.headers["location"]) == (303, "/office?done=saved")
    assert (make.all(Pause)[0].state, make.all(Pause)[0].granted_by_id) == ("granted", office.counsel.id)
    assert make.all(SecondHalf)[0].state == "granted"
    moved_to = make.all(Clock, id=clock.id)[0].due_on
    assert moved_to > clock.due_on
    assert client.get(f"/office/clocks/{clock.id}").status_code == 404
    assert case.number not in client.get("/office").text


def test_a_release_is_published_by_whom_the_rulebook_names(make: Make, work_as: WorkAs, office: Office) -> None:
    build = make.row(
        ReleaseBuild(
            id=make.account("intake").id,
            through_on=make.today,
            asked_by_id=office.ada.id,
            asked_at=make.now,
            state="built",
            release_id="r-1",
            verified=True,
        )
    )
    other = make.sign_in(make.account("supervisor"), "supervisor")[0]
    with pytest.raises(Refused), work_as(office.ada) as work:
        asking.ask_to_publish(work, build.id)
    with work_as(other) as work, pytest.raises(NotAllowed):
        asking.ask_to_publish(work, build.id)
    assert make.all(ReleaseBuild)[0].state == "built"
    with work_as(office.clerk) as work:
        asking.ask_to_publish(work, build.id)
    assert make.all(ReleaseBuild)[0].publish_asked_by_id == office.clerk.id


def test_the_database_itself_refuses_one_person_for_both_halves(make: Make, office: Office) -> None:
    case = make.case()
    allegation = make.allegation(case)
    for row in (
        SecondHalf(
            id=case.id,
            step="closure",
            subject_id=case.id,
            by=[],
            what={},
            first_by_id=office.ada.id,
            first_at=make.now,
            second_by_id=office.ada.id,
            state="granted",
        ),
        ReleaseBuild(
            id=case.id,
            through_on=make.today,
            asked_by_id=office.ada.id,
            asked_at=make.now,
            state="built",
            publish_asked_by_id=office.ada.id,
        ),
    ):
        with pytest.raises(IntegrityError, match="two_people"):
            make.row(row)
    with pytest.raises(IntegrityError, match="two_people"):
        make.finding(allegation, life="supervisor", found_by_id=office.ada.id, first_by_id=office.ada.id)


def test_an_answer_is_given_once_and_only_by_whom_it_waits_for(
    make: Make, work_as: WorkAs, office: Office, client_as: ClientAs
) -> None:
    case = make.case(policy_id=make.book.policy_id, classification="x")
    moved(work_as, office.ben, case.id, "closed_early", reason="They asked us to stop.", closure="withdrawn")
    (half,) = make.all(SecondHalf)
    with pytest.raises(Refused, match="waits for a second person"):
        moved(work_as, office.ada, case.id, "closed_early", reason="Again.", closure="withdrawn")
    counsel: Client = client_as().signed_in(make.secret_of(office.counsel))
    assert counsel.get(f"/office/decisions/{half.id}").status_code == 404
    clerk: Client = client_as().signed_in(make.secret_of(office.clerk))
    page = clerk.get(f"/office/decisions/{half.id}")
    assert page.status_code == 200
    assert "They asked us to stop." in page.text
    assert "A traffic stop." not in page.text
    assert clerk.submit(f"/office/decisions/{half.id}/decide").status_code == 422
    assert clerk.submit(f"/office/decisions/{half.id}/decide", answer="refuse", words="Too early.").status_code == 303
    assert (make.all(SecondHalf)[0].state, make.all(SecondHalf)[0].words) == ("refused", "Too early.")
    assert clerk.get(f"/office/decisions/{half.id}").status_code == 404
    assert make.all(Case)[0].stage == case.stage
    assert halves.wants_two(make.book, halves.CLOSURE)
    assert make.all(Clock) == []
