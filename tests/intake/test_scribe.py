"""What somebody tells the office is written down there, and is as good as if they had typed it."""

import time
from datetime import timedelta

import pytest

from app.access.tokens import issue
from app.cases.records import Case
from app.intake.actions import screen_filing, take_down
from app.intake.commands import ScreenFiling, SubmitFiling, TakeDown
from app.intake.records import Filing, Scribing
from app.kernel.errors import Invalid, NotAllowed
from app.people.records import Identity
from app.web.work import token_key
from tests.conftest import NOW, ClientAs, WorkAs
from tests.make import Make

BODY = {
    "language": "es",
    "anonymity": "named",
    "filer": {"relationship": "self", "name": "Ada Sample", "phone": "555 0100"},
    "incident": {"date": "2026-03-01", "location": "Oak Street", "narrative": "El oficial me empujó."},
}
TODAY = NOW.date()


def told(**changed: object) -> SubmitFiling:
    return SubmitFiling.model_validate(BODY | changed)


def how(**changed: object) -> TakeDown:
    said = {"channel": "phone", "arrived_on": TODAY, "read_back": "agreed", "handed": "read_out"}
    return TakeDown.model_validate(said | changed)


def test_it_is_kept_as_any_other_with_who_wrote_it_down_beside_it(make: Make, work_as: WorkAs) -> None:
    with work_as("intake") as work:
        got = take_down(work, told(), how(interpreter="Language line 4"), repeat_key="k1")
        scribe = work.actor.id
    (filing,), (scribing,) = make.all(Filing), make.all(Scribing)
    assert (filing.number, filing.channel, filing.receipt) == (got.number, "phone", got.receipt)
    assert (scribing.filing_id, scribing.scribe_id) == (filing.id, scribe)
    assert (scribing.spoken, scribing.written) == ("es", "es")
    assert (scribing.interpreter, scribing.entered_at) == ("Language line 4", NOW)
    assert len(make.all(Identity)) == 1
    assert make.tags()[-2:] == ["intake:filing:received", "intake:filing:taken_down"]


def test_the_same_pressed_twice_is_one_complaint(make: Make, work_as: WorkAs) -> None:
    answers = []
    for _ in range(2):
        with work_as("intake") as work:
            answers.append(take_down(work, told(), how(), repeat_key="k1"))
    assert answers[0] == answers[1]
    assert (len(make.all(Filing)), len(make.all(Scribing))) == (1, 1)


def test_a_letter_of_yesterday_counts_from_yesterday_and_both_days_are_kept(make: Make, work_as: WorkAs) -> None:
    yesterday = TODAY - timedelta(days=1)
    with work_as("intake") as work:
        ask = how(channel="mail", arrived_on=yesterday, arrived_why="Stamped at the door.", handed="posted")
        take_down(work, told(), ask, repeat_key="k1")
    (filing,), (scribing,) = make.all(Filing), make.all(Scribing)
    assert filing.received_at.astimezone(make.house.zone).date() == yesterday
    assert (scribing.arrived_on, scribing.entered_at) == (yesterday, NOW)
    with work_as("intake") as work:
        ask_screen = ScreenFiling(version=1, classification="investigation", department_id="rpd")
        screen_filing(work, filing.id, ask_screen)
    assert make.all(Case)[0].received_on == yesterday


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"channel": "web"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"arrived_on": TODAY + timedelta(days=1)}, "arrived_on"),
        ({"arrived_on": TODAY - timedelta(days=1)}, "arrived_why"),
        ({"arrived_on": "2026-02-28", "arrived_why": "Stamped."}, "arrived_on"),
        ({"read_back": "not_possible"}, "read_back_why"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    make: Make, work_as: WorkAs, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused, work_as("intake") as work:
        take_down(work, told(), how(**changed), repeat_key="k1")
    assert set(refused.value.fields) == {field}
    assert (make.all(Filing), make.all(Scribing), make.tags()) == ([], [], [])


def test_an_anonymous_caller_has_no_name_kept_and_no_minute(make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Invalid), work_as("intake") as work:
        take_down(work, told(anonymity="anonymous"), how(), repeat_key="k1")
    with work_as("intake", NOW + timedelta(minutes=7)) as work:
        take_down(work, told(anonymity="anonymous", filer={"relationship": "self"}), how(), repeat_key="k2")
    assert make.all(Identity) == []
    (filing,), (scribing,) = make.all(Filing), make.all(Scribing)
    assert filing.received_at == scribing.entered_at == NOW


def test_without_the_role_for_it_nothing_is_written_down(make: Make, work_as: WorkAs) -> None:
    with pytest.raises(NotAllowed), work_as("investigator") as work:
        take_down(work, told(), how(), repeat_key="k1")
    assert (make.all(Filing), make.all(Scribing)) == ([], [])


def test_a_complaint_that_goes_another_way_is_gone_from_whoever_wrote_it_down(make: Make, work_as: WorkAs) -> None:
    route = make.book.special_routes[0].code
    with work_as("intake") as work:
        got = take_down(work, told(against=route), how(), repeat_key="k1")
    assert make.all(Filing)[0].number == got.number
    assert len(make.all(Scribing)) == 1


def test_another_program_of_the_office_takes_one_down_in_the_name_of_whoever_uses_it(
    make: Make, client_as: ClientAs
) -> None:
    client, actor = client_as(), make.actor("intake")
    token = issue(token_key(make.house), subject=str(actor.id), session=make.secret_of(actor), now=int(time.time()))
    bearer = {"authorization": f"Bearer {token}", "idempotency-key": "k1"}
    body = {"filing": BODY, "how": how(arrived_why="The call of that day.").model_dump(mode="json")}
    answers = [client.post("/api/v1/scribings", json=body, headers=bearer) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    (scribing,) = make.all(Scribing)
    assert scribing.scribe_id == actor.id
    assert client.post("/api/v1/scribings", json=body).status_code == 401
