"""A case that nobody complained of: opened by the rulebook's own kinds, and carried to its end with no filer."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import stages
from app.access.actor import Actor
from app.access.work import House
from app.cases import actions
from app.cases.commands import MoveCase, OpenOwnCase
from app.cases.records import Case, Note
from app.cases.rules import begins_at, check_own_kind, own_kind, own_kinds
from app.clocks.records import Clock
from app.clocks.rules import waits_for_a_letter
from app.commission.queries.papers import packet_sections
from app.config import PROJECT
from app.correspondence.records import Letter
from app.intake.events import FilingScreened
from app.kernel.deadlines import Unit
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.operations.scenarios.runner import access_rights, read_file, tell_file
from app.operations.scenarios.story import Shelf, Story
from app.policy.lint import lint
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from app.policy.model.process import Repeat
from app.policy.problems import Severity
from app.publication import actions as publication
from app.publication.commands import BuildRelease
from tests.cases.books import with_own_kinds
from tests.cases.test_api import api
from tests.conftest import ClientAs, WorkAs
from tests.make import Make
from tests.operations.test_scenarios_in_the_house import both_stand_alike
from tests.operations.told_in_the_house import InTheHouse
from tests.rulebooks import from_files

__all__ = ["api"]
STORY = Path(__file__).parent / "own_case.yaml"
WORDS = "A man died in a cell."
REASON = "The charter has it investigated."


@pytest.fixture(autouse=True)
def own(house: House, policies: Rulebooks) -> Rulebook:
    """From here on it is the only rulebook in the folder."""
    found = with_own_kinds(policies.newest(house.agency))
    object.__setattr__(house, "policies", Rulebooks([found]))
    return found


def asked(make: Make, **given: object) -> OpenOwnCase:
    usual = {
        "kind": "critical_incident",
        "department_id": make.book.departments[0].code,
        "incident_on": make.today - timedelta(days=1),
        "place": "Central station",
        "narrative": WORDS,
        "reason": REASON,
    }
    return OpenOwnCase.model_validate(usual | given)


def opened(make: Make, work_as: WorkAs, role: str = "director", **given: Any) -> Case:
    with work_as(role) as work:
        case_id = actions.open_own_case(work, asked(make, **given)).id
    return current(make, case_id)


def current(make: Make, case_id: object) -> Case:
    (found,) = make.all(Case, id=case_id)
    assert isinstance(found, Case)
    return found


def nothing_happened(make: Make) -> bool:
    return make.all(Case) == [] and make.all(Note) == [] and make.tags() == []


# --- the rules ---


@pytest.mark.parametrize(
    ("roles", "codes"),
    [
        (["director"], ["critical_incident", "own_motion"]),
        (["supervisor", "intake"], ["critical_incident"]),
        (["investigator"], []),
        ([], []),
    ],
)
def test_the_kinds_offered_are_those_that_need_no_filing_and_name_the_role(
    own: Rulebook, roles: list[str], codes: list[str]
) -> None:
    assert [kind.code for kind in own_kinds(own, roles)] == codes


def test_a_kind_that_needs_a_filing_is_opened_by_nobody(own: Rulebook, policies: Rulebooks) -> None:
    for code in ("complaint", "unheard_of", ""):
        with pytest.raises(Invalid):
            check_own_kind(own, code, ["director"])
        assert own_kind(own, code) is None


def test_a_kind_begins_where_it_says_or_at_the_first_stage(own: Rulebook) -> None:
    assert [begins_at(own, kind) for kind in own_kinds(own, ["director"])] == ["investigating", "received"]


# --- opening ---


def test_it_is_opened_at_the_stage_of_its_kind_with_its_reason_among_the_notes(make: Make, work_as: WorkAs) -> None:
    case = opened(make, work_as)
    assert (case.origin, case.stage, case.policy_id) == ("critical_incident", "investigating", make.book.policy_id)
    assert (case.anonymity, case.channel, case.classification, case.category) == ("", "", "", "")
    assert (case.incident_date, case.incident_precision, case.place, case.narrative) == (
        make.today - timedelta(days=1),
        "day",
        "Central station",
        WORDS,
    )
    assert case.number.startswith(f"{make.today.year}-")
    assert [(note.reader, note.body) for note in make.all(Note)] == [("team", REASON)]
    assert make.tags()[:2] == ["cases:case:opened_without_a_complaint", "cases:note:written"]


def test_the_clocks_hear_that_it_was_opened_and_where_it_begins_and_of_no_filing(make: Make, work_as: WorkAs) -> None:
    case = opened(make, work_as)
    started = {clock.started_by for clock in make.all(Clock)}
    assert started == {"case_opened", "investigation_started"}
    assert case.due_on == min(clock.due_on for clock in make.all(Clock) if not clock.is_least)


def test_what_waits_for_a_letter_does_not_begin_where_there_is_nobody_to_write_to(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    case = opened(make, work_as)
    assert "update_filer" not in {clock.rule for clock in make.all(Clock)}
    page = client_as("supervisor").get(f"/office/cases/{case.id}").text
    assert "there is nobody to write to: Acknowledge" in page
    old = make.clock(case, "update_filer")
    assert "Nobody to write to" in client_as("supervisor").get(f"/office/clocks/{old.id}").text


def test_it_begins_once_somebody_files_what_the_case_is_about(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    case = opened(make, work_as)
    filing = make.filing()
    ids = {"filing_id": filing.id, "department_id": case.department_id, "duplicate_of": case.id}
    joins = FilingScreened.model_validate({**ids, "classification": "investigation"})
    with work_as("intake") as work:
        actions.open_case(work, joins)
    updates = next(clock for clock in make.all(Clock) if clock.rule == "update_filer")
    assert (updates.started_by, updates.started_on) == ("filing_received", filing.received_at.date())
    assert "nobody to write to" not in client_as("supervisor").get(f"/office/cases/{case.id}").text


@pytest.mark.parametrize(
    ("starts", "stops", "repeat", "waits"),
    [
        (("case_opened",), ("acknowledgement_sent", "case_closed"), (), True),
        (("case_opened", "filer_updated"), ("case_closed",), (), True),
        (("case_opened",), ("case_closed",), ("filer_updated",), True),
        (("case_opened",), ("case_closed",), (), False),
        (("case_opened",), ("acknowledgement_sent", "case_assigned"), (), False),
        (("case_opened",), ("filer_updated", "case_closed"), ("report_filed",), False),
    ],
)
def test_a_clock_waits_for_a_letter_where_nothing_else_does_what_it_waits_for(
    own: Rulebook, starts: tuple[str, ...], stops: tuple[str, ...], repeat: tuple[str, ...], waits: bool
) -> None:
    every = Repeat(amount=1, unit=Unit.MONTHS, done_by=repeat) if repeat else None
    rule = own.clock("update_filer").model_copy(update={"starts": starts, "stops": stops, "repeat": every})
    assert waits_for_a_letter(rule) is waits


def test_it_has_the_law_of_the_day_of_the_incident_where_the_rulebook_says_so(
    house: House, own: Rulebook, make: Make, work_as: WorkAs
) -> None:
    before = _by_incident(own, date(2020, 1, 1))
    object.__setattr__(house, "policies", Rulebooks([before, _by_incident(own, own.effective_from)]))
    old = opened(make, work_as, incident_on=date(2024, 12, 30))
    unknown = opened(make, work_as, incident_on=None)
    assert (old.policy_id, unknown.policy_id) == (before.policy_id, house.policies.newest(house.agency).policy_id)


def _by_incident(book: Rulebook, day: date) -> Rulebook:
    text = book.files["rulebook.yaml"].decode()
    head, tail = text.split("\npinning:", 1)
    rest = tail.split("\n\n", 1)[1]
    changed = f"{head}\npinning: {{by: incident, authority: Charter 12.42}}\n\n{rest}"
    return from_files(book.id, day, {**book.files, "rulebook.yaml": changed.encode()})


@pytest.mark.parametrize("role", ["intake", "investigator"])
def test_only_the_roles_of_the_kind_open_it(make: Make, work_as: WorkAs, role: str) -> None:
    with pytest.raises(NotAllowed, match="supervisor or director"):
        opened(make, work_as, role)
    assert nothing_happened(make)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "complaint"}, "kind"),
        ({"department_id": "elsewhere"}, "department_id"),
        ({"category": "unheard_of"}, "category"),
        ({"kind": "own_motion"}, "category"),
        ({"incident_on": date(2999, 1, 1)}, "incident_on"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    make: Make, work_as: WorkAs, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        opened(make, work_as, **wrong)
    assert set(refusal.value.fields) == {field}
    assert nothing_happened(make)


def test_a_second_press_of_the_button_names_the_case_that_was_opened(make: Make, work_as: WorkAs) -> None:
    case = opened(make, work_as)
    with pytest.raises(Refused, match=case.number):
        opened(make, work_as)
    assert len(make.all(Case)) == 1
    opened(make, work_as, place="Another station")
    assert len(make.all(Case)) == 2


def test_one_that_begins_at_the_first_stage_counts_as_classified_by_its_kind(make: Make, work_as: WorkAs) -> None:
    case = opened(make, work_as, kind="own_motion", category=make.book.allegations[0].code)
    assert case.stage == "received"
    for to in ("screening", "open"):
        with work_as("director") as work:
            actions.move_case(work, case.id, MoveCase(version=current(make, case.id).version, to=to))
    assert current(make, case.id).stage == "open"
    complaint = make.case(classification="", policy_id=case.policy_id)
    with work_as("director") as work:
        assert not work.fact("is_classified", complaint.id)


# --- to the end, with no filer ---


def _run(work_as: WorkAs, name: str, case_id: object) -> None:
    with work_as(Actor.system(name)) as work:
        stages.JOBS[name](work, case_id=case_id)


def test_it_goes_to_the_closed_stage_and_nobody_is_written_to(make: Make, work_as: WorkAs) -> None:
    case = opened(make, work_as)
    for name in ("write_stage_letter", "send_findings"):
        _run(work_as, name, case.id)
    with work_as("director") as work:
        actions.move_case(work, case.id, MoveCase(version=case.version, to="closed", reason="All is known."))
    _run(work_as, "write_closing_letter", case.id)
    closed = current(make, case.id)
    assert (closed.stage, closed.closed_on, closed.due_on) == ("closed", make.today, None)
    assert "cases:case:closed" in make.tags()
    assert make.all(Letter) == []
    assert all(clock.stopped_on for clock in make.all(Clock) if clock.started_by == "case_opened")


def test_its_packet_says_what_is_known_and_speaks_of_no_complaint(make: Make, work_as: WorkAs) -> None:
    case = opened(make, work_as)
    with work_as(Actor.system("build_packet")) as work:
        sections = {section.heading: section for section in packet_sections(work, case.id)}
    assert sections["What is known"].paragraphs == (WORDS,)
    assert "What the complaint says" not in sections
    assert ("Opened as", "Critical incident") in sections["The case in short"].tables[0].rows


def test_a_release_is_built_with_one_in_it(make: Make, work_as: WorkAs) -> None:
    opened(make, work_as)
    with work_as(Actor.system("release")) as work:
        files = dict(publication.build_release(work, BuildRelease(through=make.today, unprotected=True)).files)
    assert publication.verify_release(files).problems == []


def test_it_is_no_complaint_in_a_release_until_somebody_files_what_it_is_about(make: Make, work_as: WorkAs) -> None:
    case = opened(make, work_as)
    make.allegation(case, make.officer())
    make.case()
    assert counted(make, work_as) == {"complaints": 1, "allegations": 0}
    make.filing(case_id=case.id, screened_at=make.now, outcome="x")
    assert counted(make, work_as) == {"complaints": 2, "allegations": 1}


def counted(make: Make, work_as: WorkAs) -> dict[str, int]:
    """The two figures of an exact release that stand for the whole time."""
    with work_as(Actor.system("release")) as work:
        files = dict(publication.build_release(work, BuildRelease(through=make.today, unprotected=True)).files)
    name = next(each for each in files if each.startswith("figures"))
    rows = csv.DictReader(io.StringIO(files[name].decode()))
    total = {row["measure"]: row["numerator"] for row in rows if row["by"] == "all"}
    return {measure: int(total.get(measure) or 0) for measure in ("complaints", "allegations")}


def test_what_is_asked_before_a_closing_letter_does_not_wait_for_a_filer_there_is_not(
    make: Make, work_as: WorkAs
) -> None:
    case, complaint = opened(make, work_as), make.case()
    own_with_filer = opened(make, work_as, place="Elsewhere")
    make.filing(case_id=own_with_filer.id)
    with work_as("director") as work:
        told = [work.fact("closing_letter_sent", each.id) for each in (case, complaint, own_with_filer)]
    assert told == [True, False, False]


# --- through the door ---

HOME = "/office/own-cases"
FORM = {"kind": "critical_incident", "department_id": "rpd", "place": "Central station", "narrative": WORDS}


def test_the_queue_leads_to_the_form_and_the_form_to_the_case(client_as: ClientAs, make: Make) -> None:
    client = client_as("supervisor")
    assert f'href="{HOME}"' in client.get("/office/cases").text
    page = client.get(HOME).text
    assert "A death or serious injury by police action." in page
    assert "Charter 12.40" in page
    assert "Opened by the director" not in page
    assert "Needed for: Opened by the director." in client_as("director").get(HOME).text
    answer = client.submit(f"{HOME}/open", **FORM, reason=REASON)
    (case,) = make.all(Case)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/office/cases/{case.id}?done=saved")
    shown = client.get(f"/office/cases/{case.id}").text
    for words in ("What is known", WORDS, "Critical incident: nobody filed it", REASON, "Opened the case without"):
        assert words in shown
    assert "In the filer’s words" not in shown
    for tab in ("messages", "evidence", "allegations"):
        assert client.get(f"/office/cases/{case.id}/{tab}").status_code == 200


def test_who_may_open_none_is_offered_none(client_as: ClientAs) -> None:
    client = client_as("investigator")
    assert HOME not in client.get("/office/cases").text
    assert "gives your role no kind of case" in client.get(HOME).text
    assert client_as("administrator").get(HOME).status_code == 403


def test_where_the_rulebook_has_no_such_kind_nothing_is_offered(
    house: House, policies: Rulebooks, client_as: ClientAs
) -> None:
    object.__setattr__(house, "policies", policies)
    assert HOME not in client_as("director").get("/office/cases").text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"narrative": ""}, 422),
        ({"narrative": "x" * 30_001}, 422),
        ({"reason": "   "}, 422),
        ({"place": "x" * 301}, 422),
        ({"place": "a\x00b"}, 422),
        ({"kind": "complaint"}, 422),
        ({"kind": ""}, 422),
        ({"incident_on": "2027-02-29"}, 422),
        ({"incident_on": "2999-01-01"}, 422),
        ({"incident_on": "yesterday"}, 422),
        ({"stage": "closed"}, 422),
        ({"kind": "own_motion", "category": "force"}, 403),
    ],
)
def test_what_is_wrong_comes_back_and_opens_nothing(
    client_as: ClientAs, make: Make, wrong: dict[str, str], status: int
) -> None:
    refused = client_as("supervisor").submit(f"{HOME}/open", **(FORM | {"reason": REASON} | wrong))
    assert refused.status_code == status
    if status == 422 and "narrative" not in wrong:
        assert WORDS in refused.text
    assert make.all(Case) == []


def test_emoji_and_a_leap_day_are_taken_bidi_is_not_and_twice_is_told(client_as: ClientAs, make: Make) -> None:
    client, form = (
        client_as("director"),
        FORM | {"reason": REASON, "incident_on": "2024-02-29", "place": "Dam\u202e 🌊"},
    )
    assert client.submit(f"{HOME}/open", **form).status_code == 303
    (case,) = make.all(Case)
    again = client.submit(f"{HOME}/open", **form)
    assert (again.status_code, case.number in again.text, len(make.all(Case))) == (409, True, 1)
    assert (case.incident_date, case.place) == (date(2024, 2, 29), "Dam 🌊")


def test_a_program_opens_one_by_the_same_rules(api: Any, make: Make) -> None:
    body = FORM | {"reason": REASON, "incident_on": "2024-02-29"}
    refused = api("investigator").post("/api/v1/cases/open", json=body)
    made = api("director").post("/api/v1/cases/open", json=body)
    assert (refused.status_code, made.status_code) == (403, 201)
    assert (made.json()["stage"], made.json()["anonymity"]) == ("investigating", "")
    assert api("director").post("/api/v1/cases/open", json=body).status_code == 409
    assert len(make.all(Case)) == 1


def test_its_story_goes_as_told_and_in_the_house_the_same(own: Rulebook, house: House, make: Make) -> None:
    assert [str(problem) for problem in lint(own) if problem.severity is Severity.ERROR] == []
    books = Rulebooks([own])
    told = tell_file(STORY, Shelf(own, books), access_rights(PROJECT / "policies"))
    assert [str(problem) for problem in told.problems] == []
    scenario = read_file(STORY)
    make.house = replace(house, policies=books)
    both_stand_alike(scenario, Story(Shelf(own, books), scenario.steps[0].on), InTheHouse(make.house, make))
