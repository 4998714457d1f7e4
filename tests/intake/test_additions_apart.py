"""What is told without a passphrase about a complaint that goes another way goes that way too."""

from typing import Any

import pytest

from app.access.actor import Actor
from app.infra.db import Door
from app.intake import actions
from app.intake.actions import additions as telling
from app.intake.commands import LinkAddition, SendAnotherWay, TellMore
from app.intake.queries import additions as told
from app.intake.records import Addition, Filing
from app.kernel.errors import NotFound
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

NUMBER = "F-7K3MX94T"
SAID = ("It is {number}, against your clerk.", "My number:\n{lower}. It is about Pat at the desk.")


@pytest.fixture
def filing(make: Make) -> Filing:
    return make.filing(number=NUMBER)


def tell(work_as: WorkAs, about: str) -> None:
    with work_as(Actor.anyone(Door.RESIDENT, frozenset())) as work:
        telling.tell_more(work, TellMore(language="en", about=about, body="Pat shouted at me again."))


def outsider(make: Make, code: str) -> Actor:
    return make.sign_in(make.account("outsider", outsider=code), "outsider")[0]


def waiting(work_as: WorkAs, who: Any) -> int:
    with work_as(who) as work:
        assert told.count_waiting_additions(work) == len(told.waiting_additions(work))
        return told.count_waiting_additions(work)


@pytest.mark.parametrize("about", SAID)
def test_it_is_not_there_for_whom_the_complaint_is_kept_from_and_there_for_who_handles_it(
    about: str, filing: Filing, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    with work_as("intake") as work:
        actions.send_another_way(work, filing.id, SendAnotherWay(route="office"))
    tell(work_as, about.format(number=NUMBER, lower=NUMBER.lower()))
    (addition,) = make.all(Addition)
    for role in ("intake", "supervisor", "director"):
        assert waiting(work_as, role) == 0, role
        with pytest.raises(NotFound), work_as(role) as work:
            telling.open_addition(work, addition.id)
        gone = client_as(role).get(f"/office/additions/{addition.id}")
        assert gone.status_code == 404
    clerk = outsider(make, "city_clerk")
    assert waiting(work_as, clerk) == 1
    with work_as(clerk) as work:
        telling.link_addition(work, addition.id, LinkAddition(number=NUMBER))
    assert make.all(Addition)[0].filing_id == filing.id


def test_it_is_not_there_for_the_one_person_whom_the_complaint_concerns(
    filing: Filing, make: Make, work_as: WorkAs
) -> None:
    concerned, colleague = (make.sign_in(make.account("intake"), "intake")[0] for _ in range(2))
    with work_as(colleague) as work:
        actions.send_another_way(work, filing.id, SendAnotherWay(route="chief", person_id=concerned.id))
    tell(work_as, NUMBER)
    assert (waiting(work_as, concerned), waiting(work_as, colleague)) == (0, 1)


def test_the_number_of_its_case_says_the_same(make: Make, work_as: WorkAs) -> None:
    case = make.case(number="2026-0APART")
    make.filing(case_id=case.id, number=NUMBER, screened_at=make.now, outcome="investigate")
    make.wall(case, make.actor("intake"))
    tell(work_as, "It is about 2026-0apart")
    assert (waiting(work_as, "intake"), waiting(work_as, "director")) == (0, 1)


@pytest.mark.parametrize("about", ["F-NOBODYS", "In May, Oak Street", NUMBER])
def test_everything_else_is_there_for_who_screens_and_for_nobody_from_outside(
    about: str, filing: Filing, make: Make, work_as: WorkAs
) -> None:
    tell(work_as, about)
    assert (waiting(work_as, "intake"), waiting(work_as, outsider(make, "city_clerk"))) == (1, 0)
