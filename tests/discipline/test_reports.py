"""Reports to others: put on file by one event, stopping a clock; refused without a trace; behind walls; shown."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from app.access.work import House
from app.cases import actions as case_actions
from app.cases.commands import RecordMilestone
from app.cases.records import Case, MilestoneRecord
from app.clocks.records import Clock, ClockWarning
from app.discipline import actions, queries
from app.discipline.commands import CorrectReport, RecordReport
from app.discipline.records import ReportToOthers
from app.kernel.errors import Invalid, NotFound, Refused, Stale
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.cases.test_api import api  # noqa: F401 - a fixture
from tests.conftest import ClientAs, WorkAs
from tests.discipline.books import with_reports
from tests.make import Make
from tests.rulebooks import from_files


@pytest.fixture(autouse=True)
def book(house: House, policies: Rulebooks) -> Rulebook:
    found = with_reports(policies.newest(house.agency))
    object.__setattr__(house, "policies", Rulebooks([found]))
    return found


@pytest.fixture
def case(make: Make) -> Case:
    """Rude words, and a clock that runs for the report."""
    found = make.case(origin="import", category="conduct_words")
    make.clock(found, "tell_the_chief", started_on=make.today - timedelta(days=5))
    return found


def asked(make: Make, how: str = "filing", **given: Any) -> RecordReport:
    said = {"report": "prosecutor_notice", "how": how, "happened_on": make.today, "proof": "The stamped copy."}
    return RecordReport.model_validate(said | given)


def record(work_as: WorkAs, case: Case, ask: RecordReport) -> ReportToOthers:
    with work_as("investigator") as work:
        row: ReportToOthers = actions.record_report(work, case.id, ask)
        return row


def nothing_happened(make: Make) -> bool:
    return make.tags() == [] and make.all(ReportToOthers) == [] and make.all(MilestoneRecord) == []


def test_filed_with_the_day_of_the_stamp_it_stops_its_clock(case: Case, make: Make, work_as: WorkAs) -> None:
    stamp = make.today - timedelta(days=2)
    record(work_as, case, asked(make, happened_on=stamp))
    (row,), (milestone,), clocks = make.all(ReportToOthers), make.all(MilestoneRecord), make.all(Clock)
    assert (row.report, row.how, row.happened_on, row.proof) == (
        "prosecutor_notice",
        "filing",
        stamp,
        "The stamped copy.",
    )
    assert (row.milestone_id, milestone.code, milestone.happened_on) == (milestone.id, "chief_told", stamp)
    stopped = [(each.rule, each.stopped_on, each.stopped_by) for each in clocks if each.stopped_on]
    assert stopped == [("tell_the_chief", stamp, "chief_told")]
    assert make.tags()[-1] == "discipline:report:recorded"


@pytest.mark.parametrize("how", ["sending", "publishing"])
def test_anything_but_filing_is_refused_and_leaves_no_trace(how: str, case: Case, make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Refused, match="fulfilled by filing it with District attorney"):
        record(work_as, case, asked(make, how))
    assert nothing_happened(make)


def test_kept_as_minor_it_stops_the_clock_and_starts_none(case: Case, make: Make, work_as: WorkAs) -> None:
    record(work_as, case, asked(make, "minor", holds="none"))
    assert [(each.rule, each.stopped_by) for each in make.all(Clock)] == [("tell_the_chief", "kept_as_minor")]


@pytest.mark.parametrize(
    ("kinds", "holds", "words"),
    [
        (("conduct_words", "force_hands"), "none", "“Hitting, pushing or holding” falls under “Force and weapons”"),
        (("untruthfulness",), "none", "“Untruthfulness” is not among the minor matters"),
        (("conduct_words",), "public", "It touches the public"),
    ],
)
def test_what_is_no_minor_matter_is_refused_in_the_rule_s_words(
    kinds: tuple[str, ...], holds: str, words: str, case: Case, make: Make, work_as: WorkAs
) -> None:
    for position, kind in enumerate(kinds, 1):
        make.allegation(case, category=kind, position=position)
    with pytest.raises(Refused, match=words):
        record(work_as, case, asked(make, "minor", holds=holds))
    assert nothing_happened(make)


def test_what_was_withdrawn_no_longer_speaks_against_it(case: Case, make: Make, work_as: WorkAs) -> None:
    make.allegation(case, category="force_hands", withdrawn_at=make.now)
    record(work_as, case, asked(make, "minor", holds="none"))
    assert len(make.all(ReportToOthers)) == 1


def test_the_way_round_by_the_milestone_is_closed(case: Case, make: Make, work_as: WorkAs) -> None:
    ask = RecordMilestone(milestone="kept_as_minor", happened_on=make.today, proof="A word.")
    with pytest.raises(Refused, match="put it on file under Reports to others"), work_as("investigator") as work:
        case_actions.record_milestone(work, case.id, ask)
    assert nothing_happened(make)


def test_a_corrected_day_is_the_day_of_the_report_too(case: Case, make: Make, work_as: WorkAs) -> None:
    record(work_as, case, asked(make))
    (milestone,) = make.all(MilestoneRecord)
    right = make.today - timedelta(days=3)
    with work_as("investigator") as work:
        case_actions.record_milestone(
            work,
            case.id,
            RecordMilestone(
                milestone="chief_told",
                happened_on=right,
                proof="The stamp.",
                corrects_id=milestone.id,
                reason="Read wrongly.",
            ),
        )
    with work_as("investigator") as work:
        shown = next(
            each for each in queries.reports_view(work, case)["reports"] if each.report.code == "prosecutor_notice"
        )
    assert shown.on_file.happened_on == right


def test_it_is_put_on_file_once(case: Case, make: Make, work_as: WorkAs) -> None:
    record(work_as, case, asked(make))
    before = make.tags()
    with pytest.raises(Refused, match="on file already"):
        record(work_as, case, asked(make))
    assert (make.tags(), len(make.all(ReportToOthers))) == (before, 1)


def test_before_its_clock_began_nothing_fulfils_it(make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Refused, match="has not begun yet"):
        record(work_as, make.case(origin="import"), asked(make))
    assert nothing_happened(make)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"happened_on": "tomorrow"}, "happened_on"),
        ({"evidence_id": uuid4()}, "evidence_id"),
        ({"report": "no_report"}, "report"),
        ({"how": "minor"}, "holds"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    given: dict[str, Any], field: str, case: Case, make: Make, work_as: WorkAs
) -> None:
    if given.get("happened_on"):
        given = {"happened_on": make.today + timedelta(days=1)}
    with pytest.raises(Invalid) as refusal:
        record(work_as, case, asked(make, **given))
    assert set(refusal.value.fields) == {field}
    assert nothing_happened(make)


def test_behind_a_wall_there_is_no_report(case: Case, make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    record(work_as, case, asked(make))
    before = make.tags()
    make.wall(case, make.actor("investigator"))
    with work_as("investigator") as work:
        assert list(work.session.scalars(queries.visible_reports(work))) == []
        with pytest.raises(NotFound):
            actions.record_report(work, case.id, asked(make))
    assert client_as("investigator").get(f"/office/cases/{case.id}/reports").status_code == 404
    assert make.tags() == before


def test_the_page_says_what_is_due_and_takes_it_without_script(case: Case, make: Make, client_as: ClientAs) -> None:
    client, home = client_as("investigator"), f"/office/cases/{case.id}/reports"
    page = unescape(client.get(home).text)
    for words in (
        "Reports to others",
        "District attorney of Riverbend County",
        "Charter 12.16",
        "the day of the stamp",
    ):
        assert words in page
    assert 'name="proof"' not in page
    form = client.get(f"{home}?report=prosecutor_notice").text
    assert 'name="holds"' in form
    typed = {"report": "prosecutor_notice", "how": "minor", "happened_on": make.today.isoformat(), "proof": "Note 7."}
    refused = client.submit(f"{home}/record", **typed, holds="public")
    assert "It touches the public" in unescape(refused.text)
    assert "Note 7." in refused.text
    client.submit(f"{home}/record", **typed, holds="none")
    assert "Kept as a minor matter" in unescape(client.get(home).text)


@pytest.mark.parametrize("proof", ["", "x" * 4001, "a\x00b"])
def test_a_proof_that_is_none_is_shown_again_with_its_words(
    proof: str, case: Case, make: Make, client_as: ClientAs
) -> None:
    client, home = client_as("investigator"), f"/office/cases/{case.id}/reports"
    typed = {"report": "prosecutor_notice", "how": "filing", "happened_on": make.today.isoformat()}
    answer = client.submit(f"{home}/record", **typed, proof=proof)
    assert answer.status_code == 422
    assert make.all(ReportToOthers) == []


def test_a_program_lists_them_and_puts_one_on_file(
    case: Case,
    make: Make,
    api: Callable[[str], TestClient],  # noqa: F811
) -> None:
    client, home = api("investigator"), f"/api/v1/cases/{case.id}/reports"
    due = next(each for each in client.get(home).json()["items"] if each["report"] == "prosecutor_notice")
    assert (due["report"], due["is_due"], due["fulfilled_by"], due["on_file"]) == (
        "prosecutor_notice",
        True,
        "filing",
        None,
    )
    ask = asked(make, "sending").model_dump(mode="json")
    assert client.post(f"{home}/record", json=ask).status_code == 409
    kept = client.post(f"{home}/record", json=ask | {"how": "filing"})
    assert kept.status_code == 201
    due = next(each for each in client.get(home).json()["items"] if each["report"] == "prosecutor_notice")
    assert due["on_file"] == kept.json()
    assert api("liaison").get(home).status_code == 403


# --- without a milestone the report holds its own day ---


@pytest.fixture
def own_day(book: Rulebook, house: House) -> None:
    """The same report where no milestone stands for it."""
    text = book.files["rulebook.yaml"].decode().replace("recorded_as: chief_told", "recorded_as: report_filed", 1)
    text = text.replace("stops: [chief_told, kept_as_minor,", "stops: [report_filed, chief_told, kept_as_minor,", 1)
    found = from_files(book.id, book.effective_from, {**book.files, "rulebook.yaml": text.encode()})
    object.__setattr__(house, "policies", Rulebooks([found]))


def correct(work_as: WorkAs, case: Case, row: ReportToOthers, on: date, who: str = "investigator") -> ReportToOthers:
    ask = CorrectReport(happened_on=on, proof="The register.", reason="Read wrongly.")
    with work_as(who) as work:
        right: ReportToOthers = actions.correct_report(work, case.id, row.id, ask)
        return right


@pytest.mark.usefixtures("own_day")
def test_a_wrong_day_is_corrected_and_its_clock_stopped_on_the_right_one(make: Make, work_as: WorkAs) -> None:
    case = make.case(origin="import", category="conduct_words")
    began = make.today - timedelta(days=40)
    make.clock(case, "tell_the_chief", started_on=began, due_on=began + timedelta(days=30))
    late = record(work_as, case, asked(make))
    (lapse,) = make.all(ClockWarning)
    assert (late.milestone_id, lapse.step, lapse.ended_on) == (None, 0, None)
    in_time = correct(work_as, case, late, began + timedelta(days=4))
    rows = {row.id: row for row in make.all(ReportToOthers)}
    assert (rows[in_time.id].corrects_id, rows[in_time.id].reason) == (late.id, "Read wrongly.")
    assert rows[late.id].superseded_at == make.now
    assert make.all(Clock)[0].stopped_on == began + timedelta(days=4)
    assert make.all(ClockWarning)[0].ended_on == make.today
    assert make.tags()[-2:] == ["discipline:report:corrected", "clocks:stop:corrected"]
    late_again = correct(work_as, case, in_time, make.today - timedelta(days=1))
    assert len([each for each in make.all(ClockWarning) if each.ended_on is None]) == 1
    with pytest.raises(Stale):
        correct(work_as, case, in_time, make.today)
    with work_as("investigator") as work:
        (shown,) = [each for each in queries.reports_view(work, case)["reports"] if each.on_file]
    assert shown.on_file.row.id == late_again.id
    assert [why for _, why in shown.on_file.before] == ["Read wrongly.", "Read wrongly."]


def test_where_a_milestone_holds_the_day_it_is_corrected_there(case: Case, make: Make, work_as: WorkAs) -> None:
    row = record(work_as, case, asked(make))
    with pytest.raises(Refused, match="under Milestones"):
        correct(work_as, case, row, make.today - timedelta(days=1))
    assert "discipline:report:corrected" not in make.tags()


@pytest.mark.usefixtures("own_day")
def test_the_page_corrects_a_day_and_shows_both(case: Case, make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    row = record(work_as, case, asked(make))
    client, home = client_as("investigator"), f"/office/cases/{case.id}/reports"
    assert "Why the day on file was wrong" in client.get(f"{home}?corrects_id={row.id}").text
    typed = {"happened_on": str(make.today - timedelta(days=1)), "proof": "The register 📒.", "reason": ""}
    refused = client.submit(f"{home}/{row.id}/correct", **typed)
    assert (refused.status_code, "The register 📒." in refused.text) == (422, True)
    for bad in ({"happened_on": "2026-02-30"}, {"happened_on": str(make.today + timedelta(days=4000))}, {"proof": ""}):
        assert client.submit(f"{home}/{row.id}/correct", **typed | {"reason": "x"} | bad).status_code == 422
    assert client.submit(f"{home}/{row.id}/correct", **typed | {"reason": "Misread."}).status_code == 303
    page = unescape(client.get(home).text)
    assert "Why it was wrong: Misread." in page
    make.wall(case, make.actor("investigator"))
    assert client.submit(f"{home}/{row.id}/correct", **typed | {"reason": "x"}).status_code == 404
