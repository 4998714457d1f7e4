"""Closed sessions through the door: planned, refused too late, voted, minuted without a word of what was said."""

from datetime import timedelta

import pytest

from app.access.actor import Actor
from app.commission import actions, jobs, queries
from app.commission.commands import DeclareRecusal, PlanClosedSession
from app.commission.records import ClosedSession, Motion, SessionWord
from tests.commission.conftest import GROUND, Table, grounded, without_grounds, word
from tests.commission.test_api import Program
from tests.commission.test_packet import read, words_of
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make

SYSTEM = Actor.system("build_packet")
LAW = "Charter 12.06(c)(1)"


@pytest.fixture
def room(table: Table, make: Make) -> Table:
    """The law gives a ground with a notice of 48 hours, and the meeting is in session."""
    grounded(make)
    table.begin()
    return table


def browser(client_as: ClientAs, make: Make, actor: Actor) -> Client:
    client: Client = client_as()
    return client.signed_in(make.secret_of(actor))


def told(table: Table, days: int = 3, **said: str) -> dict[str, str]:
    day = table.make.today - timedelta(days=days)
    asked = {"officer_id": str(table.allegation.officer_id), "kind": "told", "told_on": str(day), "told_at": "12:00"}
    return asked | {"proof": "Certified letter"} | said


def vote(table: Table, client_as: ClientAs, *choices: str) -> None:
    """Everybody says their word, and the secretary ends the roll call."""
    case = f"/commission/cases/{table.case.id}"
    motion = max(table.make.all(Motion), key=lambda one: one.decided_at is None)
    for member, choice in zip(table.members, choices, strict=False):
        browser(client_as, table.make, member).submit(f"{case}/motions/{motion.id}/vote", choice=choice)
    answer = client_as("secretary").submit(f"{case}/motions/{motion.id}/close", version=str(motion.version))
    assert answer.status_code == 303


def test_an_evening_with_a_closed_session(room: Table, make: Make, client_as: ClientAs) -> None:
    case, secretary = f"/commission/cases/{room.case.id}", client_as("secretary")
    closing = f"{case}/closed-session"
    assert "Plan a closed session" in secretary.get(case).text
    assert secretary.submit(f"{closing}/plan", ground=GROUND).status_code == 303
    assert "Nothing says that" in secretary.get(closing).text
    assert secretary.submit(f"{closing}/words/record", **told(room)).status_code == 303
    page = secretary.get(closing).text
    assert "before the meeting; 48 are needed." in page
    assert "Certified letter" in page
    assert LAW in page
    assert "to speak" in page
    moved = {"close_moved_by": str(room.members[0].id)}
    assert secretary.submit(f"{case}/motions/close-session/put", **moved).status_code == 303
    assert "That this case be heard in closed session. Ground:" in secretary.get(case).text
    vote(room, client_as, "yes", "yes", "yes", "no", "no")
    page = secretary.get(case).text
    assert "In closed session" in page
    assert "3 said yes, 3 were needed. The motion carries." in page
    put = {"subject_id": str(room.allegation.id), "proposal": word(make), "moved_by": str(room.members[0].id)}
    assert secretary.submit(f"{case}/motions/put", **put).status_code == 303
    vote(room, client_as, "yes", "yes", "yes", "yes", "no")
    assert secretary.submit(f"{closing}/end").status_code == 303
    assert "Was in closed session" in secretary.get(f"/commission/meetings/{room.meeting.id}").text


def test_the_minutes_hold_ground_roll_call_and_times_and_nothing_of_the_content(
    room: Table, make: Make, client_as: ClientAs
) -> None:
    test_an_evening_with_a_closed_session(room, make, client_as)
    minutes = client_as("commissioner").get(f"/commission/meetings/{room.meeting.id}/minutes").text
    for expected in (f"({LAW}", "Closed from", "Roll call on closing the session", "3 said yes, 3 were needed."):
        assert expected in minutes
    assert "be: Sustained" not in minutes
    assert "4 said yes" not in minutes
    assert "Certified letter" not in minutes


def test_what_is_decided_in_the_open_stands_in_the_minutes(room: Table, make: Make, client_as: ClientAs) -> None:
    case, secretary = f"/commission/cases/{room.case.id}", client_as("secretary")
    put = {"subject_id": str(room.allegation.id), "proposal": word(make), "moved_by": str(room.members[0].id)}
    assert secretary.submit(f"{case}/motions/put", **put).status_code == 303
    vote(room, client_as, "yes", "yes", "yes", "yes", "no")
    minutes = secretary.get(f"/commission/meetings/{room.meeting.id}/minutes").text
    assert "That the finding on" in minutes
    assert "4 said yes, 3 were needed." in minutes
    assert "Closed from" not in minutes


def test_a_notice_too_late_is_shown_and_refused_with_the_earliest_hour(
    room: Table, make: Make, client_as: ClientAs
) -> None:
    case, secretary = f"/commission/cases/{room.case.id}", client_as("secretary")
    secretary.submit(f"{case}/closed-session/plan", ground=GROUND)
    secretary.submit(f"{case}/closed-session/words/record", **told(room, days=1))
    page = secretary.get(f"{case}/closed-session").text
    assert "that is too late" in page
    assert "Put the motion to close" not in page
    refused = client_as("commissioner").submit(f"{case}/motions/close-session/put")
    assert refused.status_code == 409
    assert "The earliest hour for a closed session is Tuesday, March 17, 2026, 12:00 PM" in refused.text
    assert make.all(Motion) == []


def test_who_asks_for_an_open_session_is_said_and_nothing_can_be_closed(
    room: Table, make: Make, client_as: ClientAs
) -> None:
    case, secretary = f"/commission/cases/{room.case.id}", client_as("secretary")
    secretary.submit(f"{case}/closed-session/plan", ground=GROUND)
    secretary.submit(f"{case}/closed-session/words/record", **told(room))
    secretary.submit(f"{case}/closed-session/words/record", **told(room, kind="asks_open"))
    assert "Open: asked for" in secretary.get(case).text
    refused = client_as("commissioner").submit(f"{case}/motions/close-session/put")
    assert refused.status_code == 409
    assert "asks for an open session, and the law gives it" in refused.text


def test_a_law_without_grounds_offers_nothing(table: Table, make: Make, client_as: ClientAs) -> None:
    without_grounds(make)
    client = client_as("secretary")
    case = f"/commission/cases/{table.case.id}"
    assert "losed session" not in client.get(case).text
    assert "everything is open" in client.get(f"{case}/closed-session").text
    assert client.submit(f"{case}/closed-session/plan", ground=GROUND).status_code == 409
    assert make.all(ClosedSession) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"told_on": "2031-02-28"}, "Choose an hour that has passed."),
        ({"told_on": "2027-02-29"}, "Write the date"),
        ({"told_at": "25:00"}, "cannot be read"),
        ({"proof": ""}, "Please answer this."),
        ({"proof": "x" * 501}, "too long"),
        ({"proof": "a\x00b"}, "There is a problem"),
        ({"kind": "shouted"}, "There is a problem"),
        ({"officer_id": "nobody"}, "There is a problem"),
    ],
)
def test_what_cannot_be_put_on_file_comes_back_with_what_was_typed(
    room: Table, make: Make, client_as: ClientAs, changed: dict[str, str], words: str
) -> None:
    case, secretary = f"/commission/cases/{room.case.id}", client_as("secretary")
    secretary.submit(f"{case}/closed-session/plan", ground=GROUND)
    typed = told(room, proof="By hand 🏛") | changed
    answer = secretary.submit(f"{case}/closed-session/words/record", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert ("By hand" in answer.text) is ("proof" not in changed)
    assert make.all(SessionWord) == []


def test_pressed_twice_it_is_kept_once(room: Table, make: Make, client_as: ClientAs) -> None:
    case, secretary = f"/commission/cases/{room.case.id}/closed-session", client_as("secretary")
    assert [secretary.submit(f"{case}/plan", ground=GROUND).status_code for _ in range(2)] == [303, 409]
    assert [secretary.submit(f"{case}/words/record", **told(room)).status_code for _ in range(2)] == [303, 409]
    (kept,) = make.all(SessionWord)
    strike = f"{case}/words/{kept.id}/strike"
    assert [secretary.submit(strike).status_code for _ in range(2)] == [303, 409]
    assert [secretary.submit(f"{case}/drop").status_code for _ in range(2)] == [303, 409]


@pytest.mark.parametrize("role", ["intake", "investigator", "supervisor", "analyst", "liaison", "auditor"])
def test_the_page_is_shut_to_others(room: Table, client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    for path in (f"cases/{room.case.id}/closed-session", f"meetings/{room.meeting.id}/minutes"):
        assert client.get(f"/commission/{path}").status_code == 403


def test_a_member_prepares_and_ends_nothing(room: Table, make: Make, client_as: ClientAs) -> None:
    client, case = client_as("commissioner"), f"/commission/cases/{room.case.id}/closed-session"
    for act in ("plan", "drop", "words/record", "end"):
        assert client.submit(f"{case}/{act}", ground=GROUND).status_code == 403
    assert make.all(ClosedSession) == []


def test_a_recused_member_finds_neither_the_page_nor_a_line_of_the_minutes(
    room: Table, make: Make, client_as: ClientAs, work_as: WorkAs
) -> None:
    test_an_evening_with_a_closed_session(room, make, client_as)
    with work_as(room.members[4]) as work:
        actions.declare_recusal(work, room.case.id, DeclareRecusal(ground="family", sure="yes"))
    client = browser(client_as, make, room.members[4])
    assert client.get(f"/commission/cases/{room.case.id}/closed-session").status_code == 404
    minutes = client.get(f"/commission/meetings/{room.meeting.id}/minutes").text
    assert room.case.number not in minutes
    assert "Closed from" not in minutes


def test_the_agenda_of_the_office_shows_it(table: Table, make: Make, client_as: ClientAs, work_as: WorkAs) -> None:
    grounded(make)
    with work_as("secretary") as work:
        actions.plan_closed_session(work, table.case.id, PlanClosedSession(ground=GROUND))
    for role, page in (("director", f"/office/meetings/{table.meeting.id}"), ("commissioner", "/commission")):
        text = client_as(role).get(page).text
        assert "Closed session planned" in text
        assert LAW in text


def test_the_packet_says_why_it_may_be_closed(table: Table, make: Make, work_as: WorkAs) -> None:
    grounded(make)
    with work_as("secretary") as work:
        actions.plan_closed_session(work, table.case.id, PlanClosedSession(ground=GROUND))
    with work_as(SYSTEM) as work:
        jobs.build_packet(work, table.item.id)
        work.flush()
        packet = queries.packet_of_item(work, table.item.id)
    assert packet is not None
    words = words_of(read(make, packet))
    assert "Closed session" in words
    assert LAW in words
    with work_as("secretary") as work:
        actions.drop_closed_session(work, table.case.id)
    with work_as(SYSTEM) as work:
        assert queries.closed_sections(work, table.case.id) == []


# --- by program ---


def test_the_same_by_api(room: Table, make: Make, client_as: ClientAs) -> None:
    secretary, member = Program(client_as(), make, make.actor("secretary")), Program(client_as(), make, room.members[0])
    case = f"/commission/cases/{room.case.id}"
    closing = f"{case}/closed-session"
    status, shown = member.get(closing)
    assert (status, shown["sessions"], GROUND in {each["code"] for each in shown["grounds"]}) == (200, [], True)
    assert secretary.post(f"{closing}/plan", ground=GROUND)[0] == 201
    assert [one["closed_session"] for one in member.get("/commission/docket")[1]["cases"]] == ["planned"]
    assert member.post(f"{case}/motions/close-session/put")[0] == 409
    status, kept = secretary.post(f"{closing}/words/record", **told(room))
    assert status == 201
    status, motion = member.post(f"{case}/motions/close-session/put")
    assert (status, motion["kind"], motion["proposal"]) == (201, "closed_session", GROUND)
    for actor in room.members:
        Program(client_as(), make, actor).post(f"{case}/motions/{motion['id']}/vote", choice="yes")
    assert secretary.post(f"{case}/motions/{motion['id']}/close", version=motion["version"])[0] == 200
    status, shown = member.get(closing)
    assert [each["state"] for each in shown["sessions"]] == ["closed"]
    assert [(each["id"], each["struck_at"]) for each in shown["words"]] == [(kept["id"], None)]
    assert secretary.post(f"{closing}/words/{kept['id']}/strike")[0] == 409
    assert secretary.post(f"{closing}/drop")[0] == 409
    assert secretary.post(f"{closing}/end")[0] == 200
    status, minutes = member.get(f"/commission/meetings/{room.meeting.id}/minutes")
    assert status == 200
    assert [(one["number"], one["motions"]) for one in minutes["items"]] == [(room.case.number, [])]
    assert minutes["items"][0]["sessions"][0]["law"].startswith(LAW)
    assert member.post(f"{closing}/plan", ground=GROUND)[0] == 403
