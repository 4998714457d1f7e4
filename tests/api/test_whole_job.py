"""The main job from end to end by programs alone: every step an operation, each with its own person's token."""

import io
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pikepdf
import pytest

from tests.api.conftest import Office

pytestmark = pytest.mark.xdist_group("whole-job")

NARRATIVE = "He pushed me over and another one laughed."
MEMBERS = ("commissioner", "commissioner2", "commissioner3", "commissioner4", "commissioner5")
HELD_BY_OTHERS = 2
# What a whole case asks of the API: a step that loses its operation fails here by name.
STEPS = {
    "issue_token", "submit_filing", "read_filing_status", "list_unscreened", "screen_filing", "list_cases",
    "read_case", "list_investigators", "assign_case", "move_case", "list_officers", "state_allegation",
    "recommend_finding", "review_finding", "list_allegations", "seat_member", "schedule_meeting", "put_on_docket",
    "open_meeting", "show_meeting", "call_roll", "show_docket", "read_docketed_case", "put_motion", "cast_vote",
    "close_motion", "move_to_send_back", "withdraw_motion", "end_meeting", "recommend_discipline", "send_on",
    "list_recommendations", "give_answer", "list_letters", "open_letter", "ask_for_release", "list_builds",
    "ask_to_publish", "list_releases", "get_release", "get_release_table", "list_reports", "get_report",
}  # fmt: skip


def filed(office: Office, key: str, narrative: str = NARRATIVE) -> dict[str, Any]:
    body = {
        "language": "en",
        "anonymity": "confidential",
        "filer": {"relationship": "self", "name": "Lucinda Ejemplo"},
        "incident": {"date": office.today[:4], "location": "Mill Street 40", "narrative": narrative},
        "officers": [{"badge": "4711"}],
    }
    got = office.ask("", "POST", "/filings", 201, json=body, headers={"Idempotency-Key": key})
    return dict(got.json())


def screened(office: Office, filing: dict[str, Any]) -> str:
    waiting = office.get("intake", "/screenings")["items"]
    (mine,) = [each for each in waiting if each["number"] == filing["number"]]
    decided = office.post(
        "intake",
        f"/screenings/{mine['id']}/screen",
        version=mine["version"],
        classification="investigation",
        department_id="rpd",
        category="force_hands",
    )
    return str(decided["case_id"])


def read(office: Office, who: str, case_id: str) -> dict[str, Any]:
    return dict(office.get(who, f"/cases/{case_id}"))


def move(office: Office, who: str, case_id: str, to: str, **given: str) -> dict[str, Any]:
    version = read(office, who, case_id)["version"]
    return dict(office.post(who, f"/cases/{case_id}/move", version=version, to=to, **given))


def assigned(office: Office, case_id: str) -> None:
    """Out of the queue of what nobody leads; a clock runs already."""
    (line,) = [each for each in office.get("supervisor", "/cases", assignee="-")["items"] if each["id"] == case_id]
    assert line["assignee"] is None
    assert line["due_on"] is not None
    (lead,) = [e for e in office.get("supervisor", "/investigators")["items"] if e["name"] == "investigator"]
    version = read(office, "supervisor", case_id)["version"]
    given = office.post("supervisor", f"/cases/{case_id}/assign", version=version, account_id=lead["id"])
    assert given["assignee"] == "investigator"


def alleged(office: Office, case_id: str) -> tuple[str, str]:
    """One against somebody on the roster, one against somebody nobody can name."""
    (officer,) = office.get("investigator", "/officers", q="4711")["items"]
    assert officer["name"] == "Larkfield, Rae"
    known = office.post(
        "investigator",
        f"/cases/{case_id}/allegations/state",
        201,
        category="force_hands",
        officer_id=officer["id"],
        wording="Pushed a person over.",
    )
    unknown = office.post(
        "investigator",
        f"/cases/{case_id}/allegations/state",
        201,
        category="conduct_manner",
        description="Tall, stood beside car 12",
    )
    return str(known["id"]), str(unknown["id"])


def found(office: Office, case_id: str, known: str, unknown: str) -> None:
    """The investigator finds; the supervisor agrees with one finding and writes another on the second."""
    for allegation, word in ((known, "sustained"), (unknown, "not_sustained")):
        office.post(
            "investigator",
            f"/allegations/{allegation}/recommend",
            201,
            disposition=word,
            reasons="The video shows what can be seen of it.",
        )
    move(office, "investigator", case_id, "supervisor_review")
    office.post("supervisor", f"/allegations/{known}/review", 201, agrees=True)
    office.post(
        "supervisor",
        f"/allegations/{unknown}/review",
        201,
        agrees=False,
        disposition="officer_unidentified",
        reasons="Nobody could say who it was.",
    )
    lives = {
        each["id"]: [finding["disposition"] for finding in each["findings"]]
        for each in office.get("supervisor", f"/cases/{case_id}/allegations")["items"]
    }
    assert lives == {known: ["sustained", "sustained"], unknown: ["not_sustained", "officer_unidentified"]}
    move(office, "supervisor", case_id, "before_commission")


def docketed(office: Office, case_id: str) -> str:
    """Seats, a meeting today, the case on its docket, the packet frozen, the roll called."""
    for position, name in enumerate(MEMBERS, 1):
        account = str(office.accounts[name])
        office.post(
            "director", "/meetings/seats/fill", 201, of_body="commission", position=position, account_id=account
        )
    meeting = office.post(
        "director",
        "/meetings/schedule",
        201,
        body="commission",
        held_on=office.today,
        starts_at="18:00",
        place="City Hall",
    )
    office.post("director", f"/meetings/{meeting['id']}/docket/put", 201, case_id=case_id)
    office.worker()
    (line,) = office.get("commissioner", "/commission/docket")["cases"]
    assert re.fullmatch(r"[0-9a-f]{64}", line["packet_sha256"])
    room = f"/commission/meetings/{meeting['id']}"
    office.post("secretary", f"{room}/open", version=meeting["version"])
    members = office.get("secretary", room)["members"]
    assert [member["is_here"] for member in members] == [False] * len(MEMBERS)
    office.post("secretary", f"{room}/roll/call", present=[member["account_id"] for member in members])
    return room


def voted(office: Office, case_id: str, known: str, unknown: str) -> None:
    """A motion that is taken back, then one on each allegation by roll call, with its sums."""
    case = f"/commission/cases/{case_id}"
    back = office.post(
        "commissioner", f"{case}/motions/send-back/put", 201, more_work="Ask the neighbor across the street."
    )
    taken = office.post("secretary", f"{case}/motions/{back['id']}/withdraw", version=back["version"])
    assert (taken["kind"], taken["outcome"]) == ("send_back", "withdrawn")
    for subject, word in ((known, "sustained"), (unknown, "officer_unidentified")):
        motion = office.post("commissioner2", f"{case}/motions/put", 201, subject_id=subject, proposal=word)
        for member, choice in zip(MEMBERS, ("yes", "yes", "yes", "no", "abstain"), strict=True):
            office.post(member, f"{case}/motions/{motion['id']}/vote", 201, choice=choice)
        closed = office.post("secretary", f"{case}/motions/{motion['id']}/close", version=motion["version"])
        assert closed["outcome"] == "carried"
        assert (closed["arithmetic"]["vote"]["needed"], closed["arithmetic"]["vote"]["counted"]) == (3, 3)
    before = office.get("commissioner", case)
    assert [motion["outcome"] for motion in before["motions"]] == ["withdrawn", "carried", "carried"]
    office.worker()


def answered(office: Office, case_id: str, known: str) -> None:
    """Discipline is recommended, the findings go to the department, and the liaison answers."""
    office.post(
        "director",
        f"/cases/{case_id}/recommendations/recommend",
        201,
        allegation_id=known,
        measure="written_reprimand",
        reasons="It was not needed.",
    )
    office.post("secretary", f"/commission/cases/{case_id}/send-on", 202, to="awaiting_answer")
    office.worker()
    refused = office.ask(
        "director",
        "POST",
        f"/cases/{case_id}/move",
        409,
        json={"version": read(office, "director", case_id)["version"], "to": "closed"},
    )
    assert "The department must answer first." in refused.json()["detail"]
    (waiting,) = office.get("liaison", "/department/recommendations")["items"]
    assert (waiting["allegation_id"], waiting["answer"]) == (known, None)
    assert NARRATIVE not in json.dumps(waiting)
    office.post(
        "liaison",
        f"/department/recommendations/{waiting['id']}/answer",
        version=waiting["version"],
        answer="agree",
        imposed="written_reprimand",
    )
    office.worker()


def read_by_the_filer(office: Office, passphrase: str) -> str:
    """The letter about the end, in the filer's own words for findings."""
    letters = office.post("", "/filings/letters", passphrase=passphrase)["items"]
    closing = next(each for each in letters if each["kind"] == "closing")
    return str(office.post("", f"/filings/letters/{closing['id']}/open", passphrase=passphrase)["body"])


def listed_in(pdf: bytes) -> dict[tuple[str, str, str], int]:
    """The figures a report says it holds; it is a tagged one."""
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        assert paper.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in paper.Root
        (listed,) = [json.loads(each.get_file().read_bytes()) for each in paper.attachments.values()]
    return {(each["measure"], each["by"], each["group"]): each["numerator"] for each in listed["figures"]}


Figures = dict[tuple[str, str, str], int]


def risen(before: Figures, after: Figures) -> Callable[[str, str, str], int]:
    """By how much one figure rose."""
    return lambda measure, by, group: after[measure, by, group] - before.get((measure, by, group), 0)


def test_a_complaint_becomes_a_published_figure_by_programs_alone(office: Office) -> None:
    for number in range(HELD_BY_OTHERS):
        screened(office, filed(office, f"other-{number}", f"Something else, number {number}."))
    _, before = office.release()

    filing = filed(office, "the-one")
    assert office.post("", "/filings/status", passphrase=filing["passphrase"])["stage"] == "We have your complaint"
    case_id = screened(office, filing)
    office.worker()
    assigned(office, case_id)
    move(office, "investigator", case_id, "investigating")
    known, unknown = alleged(office, case_id)
    found(office, case_id, known, unknown)
    room = docketed(office, case_id)
    voted(office, case_id, known, unknown)
    answered(office, case_id, known)
    assert move(office, "director", case_id, "closed")["result"] == "sustained"
    office.worker()
    meeting = office.get("secretary", room)
    assert office.post("secretary", f"{room}/end", version=meeting["version"])["state"] == "ended"

    status = office.post("", "/filings/status", passphrase=filing["passphrase"])
    assert status["stage"] == "Your case is closed"
    letter = read_by_the_filer(office, filing["passphrase"])
    assert "Sustained. The evidence shows it is more likely than not" in letter
    assert "Officer not identified. We tried, but could not find out" in letter
    assert "Agrees with the finding and the discipline. Imposed: Written reprimand." in letter

    release, after = office.release()
    year, rose = office.today[:4], risen(before, after)
    assert rose("complaints", "all", "all") == 1
    assert rose("complaints", "year", year) == 1
    assert rose("complaints", "outcome", "sustained") == 1
    assert rose("complaints", "outcome", "open") == 0
    assert rose("allegations", "all", "all") == 2
    assert rose("allegations", "class", "sustained") == 1
    assert rose("allegations", "class", "officer_unidentified") == 1
    assert rose("officer_allegations", "all", "all") == 1
    assert rose("penalties", "answer", "agree") == 1
    table = office.get("", f"/public/releases/{release}/tables/cases")
    assert [year, "rpd", "sustained", "1"] in table["rows"]
    assert office.get("", f"/public/releases/{release}")["manifest"]["protected"] is True

    names = [each["name"] for each in office.get("", "/public/reports")["reports"] if each["release"] == release]
    assert names == [f"annual-{year}.en.pdf", f"annual-{year}.es.pdf"]
    paper = office.ask("", "GET", f"/public/releases/{release}/reports/{names[0]}", 200)
    assert paper.headers["content-type"] == "application/pdf"
    said = listed_in(paper.content)
    assert said["complaints", "year", year] == after["complaints", "year", year] == HELD_BY_OTHERS + 1
    assert said["allegations", "year,disposition", f"{year} | sustained"] == 1
    assert {key: after[key] for key in said} == said

    assert STEPS - office.used == set()


@pytest.mark.parametrize(
    ("who", "method", "path"),
    [
        ("intake", "POST", "/releases/ask"),
        ("analyst", "POST", f"/releases/{UUID(int=1)}/publish"),
        ("liaison", "GET", "/officers"),
        ("investigator", "GET", "/investigators"),
        ("commissioner", "POST", "/meetings/seats/fill"),
        ("investigator", "GET", f"/commission/meetings/{UUID(int=1)}"),
    ],
)
def test_a_step_is_refused_to_a_program_of_somebody_else(office: Office, who: str, method: str, path: str) -> None:
    given: dict[str, Any] = {"json": {}} if method == "POST" else {}
    assert office.ask(who, method, path, 403, **given).headers["content-type"] == "application/problem+json"


def test_whoever_asked_for_a_release_does_not_publish_it(office: Office) -> None:
    asked = office.post("director", "/releases/ask", 202, through=office.today)
    office.worker()
    refused = office.ask("director", "POST", f"/releases/{asked['id']}/publish", 409, json={})
    assert "Somebody other" in refused.json()["detail"]


def test_a_letter_opens_to_its_own_passphrase_alone(office: Office) -> None:
    first, second = filed(office, "letter-1", "One."), filed(office, "letter-2", "Two.")
    screened(office, first)
    office.worker()
    (letter,) = office.post("", "/filings/letters", passphrase=first["passphrase"])["items"]
    assert "body" not in letter
    path = f"/filings/letters/{letter['id']}/open"
    assert office.post("", path, passphrase=first["passphrase"])["body"]
    assert office.ask("", "POST", path, 404, json={"passphrase": second["passphrase"]})
    assert office.post("", "/filings/letters", passphrase=second["passphrase"])["items"] == []
    assert office.ask("", "POST", "/filings/letters", 404, json={"passphrase": "a b c d e f"})


def test_a_report_that_is_not_there_is_not_found(office: Office) -> None:
    assert office.ask("", "GET", "/public/releases/none/reports/annual-1999.en.pdf", 404)
    assert office.ask("", "GET", "/public/releases/none/reports/secret.txt", 422)
