"""The commission's pages through the door: the docket, the room, the vote, and what comes back when it is wrong."""

import re
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.commission.records import DocketItem, Meeting, Motion, Packet, Seat, Vote
from tests.commission.conftest import Table, word
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make


def browser(client_as: ClientAs, make: Make, actor: Actor) -> Client:
    client: Client = client_as()
    return client.signed_in(make.secret_of(actor))


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


def test_the_director_plans_a_meeting_and_fills_its_docket(table: Table, make: Make, client_as: ClientAs) -> None:
    waiting = make.case(stage=table.case.stage, number="2026-WAITING")
    client = client_as("director")
    answer = client.submit(
        "/office/meetings/schedule", body="commission", held_on="2027-04-01", starts_at="18:30", place="City Hall"
    )
    assert answer.status_code == 303
    where = answer.headers["location"].split("?")[0]
    assert "2026-WAITING" in client.get(where).text
    assert client.submit(f"{where}/docket/put", case_id=str(waiting.id)).status_code == 303
    page = client.get(where).text
    assert page.index("2026-WAITING") < page.index("Waiting for the commission")
    assert "3 needed, 5 can come" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"held_on": "2020-01-01"}, "Choose today or a later day."),
        ({"held_on": "2027-02-29"}, "Write the date"),
        ({"held_on": ""}, "Please answer this."),
        ({"body": "office"}, "Choose one of the list."),
        ({"starts_at": "25:00"}, "cannot be read"),
        ({"place": "x" * 301}, "too long"),
        ({"place": "a\x00b"}, "There is a problem"),
        ({"place": ""}, "Please answer this."),
    ],
)
def test_a_meeting_that_cannot_be_planned_comes_back_with_what_was_typed(
    make: Make, client_as: ClientAs, changed: dict[str, str], words: str
) -> None:
    good = {"body": "commission", "held_on": "2027-04-01", "starts_at": "18:30", "place": "City Hall 🏛"}
    answer = client_as("director").submit("/office/meetings/schedule", **(good | changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert make.all(Meeting) == []


def test_an_emoji_is_no_fault_and_a_mark_that_turns_text_round_is_taken_out(make: Make, client_as: ClientAs) -> None:
    place = "City\u202e Hall 🏛"
    client_as("director").submit(
        "/office/meetings/schedule", body="commission", held_on="2027-04-01", starts_at="18:30", place=place
    )
    assert [meeting.place for meeting in make.all(Meeting)] == ["City Hall 🏛"]


def test_a_seat_is_entered_and_a_wrong_number_comes_back(make: Make, client_as: ClientAs) -> None:
    client = client_as("director")
    member = make.actor("commissioner")
    form = {"of_body": "commission", "position": "2", "account_id": str(member.id)}
    assert client.submit("/office/meetings/seats/fill", **form).status_code == 303
    assert client.submit("/office/meetings/seats/fill", **(form | {"position": "none"})).status_code == 422
    assert client.submit("/office/meetings/seats/fill", **(form | {"position": "3"})).status_code == 409
    assert len(make.all(Seat)) == 1


def test_each_page_of_the_room_shows_with_unique_ids(table: Table, make: Make, client_as: ClientAs) -> None:
    table.packet()
    table.begin()
    for role in ("commissioner", "secretary"):
        client = client_as(role)
        for path in (
            "/commission",
            "/commission/meetings",
            f"/commission/meetings/{table.meeting.id}",
            f"/commission/cases/{table.case.id}",
        ):
            page = client.get(path)
            assert page.status_code == 200
            assert len(ids(page.text)) == len(set(ids(page.text)))
    for path in ("/office/meetings", f"/office/meetings/{table.meeting.id}"):
        page = client_as("director").get(path)
        assert len(ids(page.text)) == len(set(ids(page.text)))


def test_the_whole_evening_in_the_browser(table: Table, make: Make, client_as: ClientAs) -> None:
    secretary = client_as("secretary")
    room, case = f"/commission/meetings/{table.meeting.id}", f"/commission/cases/{table.case.id}"
    assert secretary.submit(f"{room}/open", version="1").status_code == 303
    present = [str(member.id) for member in table.members[:4]]
    assert secretary.submit(f"{room}/roll/call", present=present).status_code == 303
    put = {"subject_id": str(table.allegation.id), "proposal": word(make), "moved_by": present[0]}
    assert secretary.submit(f"{case}/motions/put", **put).status_code == 303
    (motion,) = make.all(Motion)
    for member, choice in zip(table.members[:4], ("yes", "yes", "yes", "no"), strict=True):
        client = browser(client_as, make, member)
        assert client.submit(f"{case}/motions/{motion.id}/vote", choice=choice).status_code == 303
        assert client.submit(f"{case}/motions/{motion.id}/vote", choice=choice).status_code == 409
    page = secretary.get(case).text
    assert "More than half of 4 members here is 3." in page
    assert secretary.submit(f"{case}/motions/{motion.id}/close", version="1").status_code == 303
    page = secretary.get(case).text
    assert "3 said yes, 3 were needed. The motion carries." in page
    assert len(make.all(Vote)) == 4


@pytest.mark.parametrize(("choice", "status"), [("maybe", 422), ("", 422), ("YES", 422), ("ja\x00", 422)])
def test_a_vote_that_is_none_is_not_kept(
    table: Table, make: Make, client_as: ClientAs, work_as: WorkAs, choice: str, status: int
) -> None:
    table.begin()
    client = client_as("commissioner")
    case = f"/commission/cases/{table.case.id}"
    client.submit(f"{case}/motions/put", subject_id=str(table.allegation.id), proposal=word(make))
    (motion,) = make.all(Motion)
    assert client.submit(f"{case}/motions/{motion.id}/vote", choice=choice).status_code == status
    assert make.all(Vote) == []


def test_a_packet_is_opened_as_a_file_and_the_opening_is_kept(table: Table, make: Make, client_as: ClientAs) -> None:
    packet = table.packet()
    client = client_as("commissioner")
    page = client.get(f"/commission/cases/{table.case.id}").text
    assert packet.sha256.hex() in page
    assert make.actor("commissioner").display_name in page
    answer = client.get(f"/commission/packets/{packet.id}")
    assert answer.content == b"%PDF-1.7 packet"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert make.tags()[-1] == "commission:packet:opened"
    assert client.get(f"/commission/packets/{uuid4()}").status_code == 404


def test_a_recusal_without_its_tick_comes_back(table: Table, client_as: ClientAs) -> None:
    client = client_as("commissioner")
    case = f"/commission/cases/{table.case.id}"
    assert client.submit(f"{case}/recusal/declare", ground="family").status_code == 422
    answer = client.submit(f"{case}/recusal/declare", ground="family", sure="yes")
    assert answer.headers["location"] == "/commission?done=recused"
    assert "You are recused." in client.get("/commission?done=recused").text


@pytest.mark.parametrize("role", ["intake", "investigator", "supervisor", "analyst", "liaison", "auditor"])
def test_the_room_is_shut_to_others(table: Table, make: Make, client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    for path in ("/commission", f"/commission/cases/{table.case.id}", "/office/meetings"):
        assert client.get(path).status_code == 403


def test_a_member_prepares_no_docket_and_closes_no_motion(table: Table, make: Make, client_as: ClientAs) -> None:
    table.begin()
    client = client_as("commissioner")
    case = f"/commission/cases/{table.case.id}"
    client.submit(f"{case}/motions/put", subject_id=str(table.allegation.id), proposal=word(make))
    (motion,) = make.all(Motion)
    assert client.get("/office/meetings").status_code == 403
    assert client.submit(f"{case}/motions/{motion.id}/close", version="1").status_code == 403
    assert client.submit(f"{case}/send-on", to="closed").status_code == 403
    assert [kept.outcome for kept in make.all(Motion)] == [None]


def test_an_item_is_taken_off_and_a_new_packet_asked_for(table: Table, make: Make, client_as: ClientAs) -> None:
    client = client_as("director")
    where = f"/office/meetings/{table.meeting.id}/docket/{table.item.id}"
    assert client.submit(f"{where}/packet/request").status_code == 303
    assert client.submit(f"{where}/take-off").status_code == 303
    (item,) = make.all(DocketItem)
    assert item.taken_off_at is not None
    assert make.all(Packet) == []
    assert make.tags() == ["commission:packet:requested", "commission:case:taken_off"]
