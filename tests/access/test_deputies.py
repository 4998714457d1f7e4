"""A deputy has the other's roles for these days, sees what neither is kept from, and finishes nothing begun."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.absences import Absence
from app.access.actor import Absent, Actor
from app.access.halves import FINDING, check_second
from app.access.permissions import AccessRules, Role
from app.access.records import Account, AccountRole
from app.audit.records import JournalEntry
from app.clocks.queries import readers
from app.kernel.errors import NotAllowed
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

HERE = "/office/account/absence"
StandIn = Callable[..., Absence]


def now_of(make: Make) -> datetime:
    """The moment that the database calls now."""
    with make.owner() as session:
        moment: datetime = session.execute(text("SELECT now()")).scalar_one()
        return moment


@pytest.fixture
def stands_in(make: Make) -> StandIn:
    """`stands_in("supervisor", "investigator")`: the second is away, and the first has this role of theirs."""

    def standing(deputy: str, absent: str, **given: Any) -> Absence:
        days = {"starts_at": now_of(make) - timedelta(days=1), "ends_at": now_of(make) + timedelta(days=2)}
        return make.row(
            Absence(
                **{
                    "id": uuid4(),
                    "account_id": make.actor(absent).id,
                    "deputy_id": make.actor(deputy).id,
                    "roles": [absent],
                    "by_roles": [deputy],
                    "first_day": make.today,
                    "last_day": make.today,
                    "said_by_id": make.actor(absent).id,
                    "said_at": make.now,
                }
                | days
                | given
            )
        )

    return standing


def change(make: Make, row: Absence, **given: Any) -> None:
    with make.owner() as session:
        standing = session.get_one(Absence, row.id)
        for name, value in given.items():
            setattr(standing, name, value)
        session.commit()


def test_a_deputy_has_the_others_roles_from_the_first_moment_to_the_last(
    client_as: ClientAs, make: Make, stands_in: StandIn
) -> None:
    client = client_as("investigator")
    assert client.get("/office/releases").status_code == 403
    row = stands_in("investigator", "director")
    assert client.get("/office/releases").status_code == 200
    change(make, row, ends_at=now_of(make))
    assert client.get("/office/releases").status_code == 403
    change(make, row, starts_at=now_of(make) + timedelta(days=1), ends_at=now_of(make) + timedelta(days=2))
    assert client.get("/office/releases").status_code == 403
    change(make, row, starts_at=now_of(make) - timedelta(days=1))
    assert client.get("/office/releases").status_code == 200


def _ended(make: Make, row: Absence) -> None:
    change(make, row, ended_at=now_of(make))


def _absent_disabled(make: Make, row: Absence) -> None:
    with make.owner() as session:
        session.get_one(Account, row.account_id).status = "disabled"
        session.commit()


def _role_taken_from(account: str, role: str) -> Callable[[Make, Absence], None]:
    def taken(make: Make, row: Absence) -> None:
        with make.owner() as session:
            session.query(AccountRole).filter_by(account_id=getattr(row, account), role=role).delete()
            session.commit()

    return taken


@pytest.mark.parametrize(
    ("end", "answer"),
    [
        (_ended, 403),
        (_absent_disabled, 403),
        (_role_taken_from("account_id", "director"), 403),
        (_role_taken_from("deputy_id", "investigator"), 403),
    ],
)
def test_what_is_lent_ends_at_the_next_request(
    client_as: ClientAs, make: Make, stands_in: StandIn, end: Callable[[Make, Absence], None], answer: int
) -> None:
    client, row = client_as("investigator"), stands_in("investigator", "director")
    assert client.get("/office/releases").status_code == 200
    end(make, row)
    assert client.get("/office/releases").status_code == answer


@pytest.mark.parametrize("who", ["investigator", "director"])
def test_the_walls_of_both_hold(client_as: ClientAs, make: Make, stands_in: StandIn, who: str) -> None:
    client, case = client_as("investigator"), make.case(number="2026-BOTH")
    row = stands_in("investigator", "director")
    assert client.get(f"/office/cases/{case.id}").status_code == 200
    make.wall(case, make.actor(who))
    assert client.get(f"/office/cases/{case.id}").status_code == 404
    assert "2026-BOTH" not in client.get("/office/cases").text
    with make.owner() as session:
        assert case.id in session.scalar(text("SELECT walled_for(:who)"), {"who": make.actor("investigator").id})
    _ended(make, row)
    assert client.get(f"/office/cases/{case.id}").status_code == (404 if who == "investigator" else 200)


def test_the_cases_of_whoever_is_away_stand_on_the_deputys_first_page_and_are_marked(
    client_as: ClientAs, make: Make, stands_in: StandIn
) -> None:
    client, absent = client_as("supervisor"), make.actor("investigator")
    make.case(number="2026-AWAY", lead_id=absent.id)
    marked = f"for {absent.display_name}"
    assert marked not in client.get("/office").text
    stands_in("supervisor", "investigator")
    page = client.get("/office").text
    assert "2026-AWAY" in page
    assert marked in page


def test_the_journal_says_who_acted_and_for_whom(client_as: ClientAs, make: Make, stands_in: StandIn) -> None:
    client, absent = client_as("supervisor"), make.actor("investigator")
    led, own = make.case(lead_id=absent.id), make.case()
    stands_in("supervisor", "investigator")
    for case in (led, own):
        answer = client.submit(f"/office/cases/{case.id}/notes/write", body="Called back.", reader="team")
        assert answer.status_code == 303, answer.text
    actors = [json.loads(row.body)["actor"] for row in make.all(JournalEntry) if row.case_id in (led.id, own.id)]
    deputy = {"kind": "account", "id": str(make.actor("supervisor").id)}
    assert actors == [deputy | {"for": str(absent.id)}, deputy]
    assert f", for {absent.display_name}" in client.get(f"/office/cases/{led.id}/history").text


def test_what_only_a_lent_role_allows_is_done_for_whoever_lent_it(
    client_as: ClientAs, make: Make, stands_in: StandIn
) -> None:
    client = client_as("investigator")
    stands_in("investigator", "supervisor")
    case = make.case()
    answer = client.submit(
        f"/office/cases/{case.id}/assign", account_id=str(make.actor("investigator").id), version="1"
    )
    assert answer.status_code == 303, answer.text
    entry = next(row for row in make.all(JournalEntry) if row.tag == "cases:case:assigned")
    assert json.loads(entry.body)["actor"]["for"] == str(make.actor("supervisor").id)


def test_a_digest_reaches_the_deputy_with_the_places_of_both(make: Make, work_as: WorkAs, stands_in: StandIn) -> None:
    deputy = make.actor("supervisor")
    with make.owner() as session:
        session.get_one(Account, deputy.id).email = "deputy@example.org"
        session.commit()
    stands_in("supervisor", "investigator")
    with work_as(Actor.system("night")) as work:
        (reader,) = [each for each in readers(work) if each.id == deputy.id]
    assert set(reader.places) == {deputy.id, make.actor("investigator").id}
    assert reader.roles == {"supervisor", "investigator"}


def test_what_whoever_is_away_began_is_not_finished_by_the_deputy(make: Make) -> None:
    away = Absent(uuid4(), "away", "Away", frozenset({"investigator"}))
    me = make.actor("supervisor")
    places = replace(me, stands_for=(away,)).places
    assert places == (me.id, away.id)
    for first_by in places:
        with pytest.raises(NotAllowed):
            check_second(make.book, FINDING, first_by, places, {"supervisor", "director"})


# --- saying it ---


def say(client: Any, make: Make, deputy: Account | UUID | None, **given: str) -> Any:
    day = now_of(make).astimezone(make.house.zone).date()
    asked = {"first_day": day.isoformat(), "last_day": (day + timedelta(days=3)).isoformat()} | given
    return client.submit(f"{HERE}/say", deputy=str(getattr(deputy, "id", deputy)), **asked)


def test_a_person_says_for_themselves_who_stands_in_and_ends_it(client_as: ClientAs, make: Make) -> None:
    client, deputy = client_as("director"), make.actor("supervisor")
    assert say(client, make, deputy.id).status_code == 303
    (row,) = make.all(Absence)
    assert (row.account_id, row.deputy_id, row.roles) == (make.actor("director").id, deputy.id, ["director"])
    assert client_as("supervisor").get("/office/releases").status_code == 200
    assert deputy.display_name in client.get(HERE).text
    assert client_as("supervisor").submit(f"{HERE}/{row.id}/end").status_code == 303
    assert client_as("supervisor").get("/office/releases").status_code == 403
    assert make.tags() == [
        "administration:absence:said",
        "administration:absence:ended",
        "access:permission:refused",
    ]
    assert client.submit(f"{HERE}/{row.id}/end").status_code == 404


@pytest.mark.parametrize(
    ("who", "absent", "deputy", "answer"),
    [
        ("supervisor", "investigator", "intake", 303),
        ("director", "investigator", "supervisor", 303),
        ("supervisor", "director", "intake", 403),
        ("investigator", "intake", "supervisor", 403),
        ("supervisor", "investigator", "supervisor", 409),
        ("investigator", None, "investigator", 409),
        ("investigator", None, "liaison", 422),
        ("investigator", None, "commissioner", 422),
        ("investigator", None, "administrator", 422),
        ("commissioner", None, "secretary", 422),
        ("liaison", None, "investigator", 422),
        ("auditor", None, "director", 422),
        ("administrator", None, "director", 422),
    ],
)
def test_who_may_say_it_for_whom_and_who_may_stand_in(
    client_as: ClientAs, make: Make, who: str, absent: str | None, deputy: str, answer: int
) -> None:
    client = client_as(who)
    for_whom = {"account": str(make.actor(absent).id)} if absent else {}
    assert say(client, make, make.actor(deputy).id, **for_whom).status_code == answer
    assert len(make.all(Absence)) == (answer == 303)


def test_a_liaison_stands_in_for_their_own_department_only(client_as: ClientAs, make: Make) -> None:
    client = client_as("liaison")
    stranger = make.account("liaison", "far", department_id="another-department")
    colleague = make.account("liaison", "near")
    assert say(client, make, stranger).status_code == 422
    assert say(client, make, colleague).status_code == 303


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 1), (0, 92), (0, 4000)])
def test_days_that_are_no_absence_are_refused(client_as: ClientAs, make: Make, first: int, last: int) -> None:
    day = now_of(make).astimezone(make.house.zone).date()
    days = {
        "first_day": (day + timedelta(days=first)).isoformat(),
        "last_day": (day + timedelta(days=last)).isoformat(),
    }
    assert say(client_as("director"), make, make.actor("supervisor").id, **days).status_code == 422
    assert make.all(Absence) == []


def test_one_deputy_at_a_time_and_none_who_is_away(client_as: ClientAs, make: Make) -> None:
    director, supervisor, counsel = client_as("director"), make.actor("supervisor"), make.actor("counsel")
    assert say(director, make, supervisor.id).status_code == 303
    assert say(director, make, counsel.id).status_code == 409
    assert say(client_as("intake"), make, make.actor("director").id).status_code == 422


def test_what_is_lent_is_not_lent_on(client_as: ClientAs, make: Make, stands_in: StandIn) -> None:
    client = client_as("intake")
    stands_in("intake", "supervisor")
    absent = {"account": str(make.actor("investigator").id)}
    assert say(client, make, make.actor("counsel").id, **absent).status_code == 403


def test_the_database_refuses_whoever_names_themselves(make: Make, work_as: WorkAs) -> None:
    me, other = make.actor("supervisor"), make.actor("director")
    insert = text(
        "INSERT INTO absences VALUES (gen_random_uuid(), :absent, :deputy, '{director}', '{supervisor}', '2026-03-16',"
        " '2026-03-17', now(), now() + interval '1 day', :me, now(), NULL, NULL, gen_random_uuid())"
    )
    for absent, deputy in ((other.id, me.id), (other.id, make.actor("counsel").id)):
        with pytest.raises(DBAPIError, match="row-level security"), work_as("supervisor") as work:
            work.session.execute(insert, {"absent": absent, "deputy": deputy, "me": me.id})


def test_every_role_is_lent_in_one_way_or_never(access: AccessRules) -> None:
    deputies = access.deputies
    for role in set(Role) - {Role.ANYONE, Role.FILER}:
        groups = [group for group in deputies.groups.values() if role in group.roles]
        assert len(groups) + (role in deputies.never) == 1
    assert "commissioner" in deputies.never
    assert deputies.lent(frozenset({"commissioner", "secretary"}), frozenset({"secretary"}))[0] == {"secretary"}
