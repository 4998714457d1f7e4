"""One person with both roles never does both halves of a step; a deputy does not finish what the absent one began."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.access.actor import Absent, Actor
from app.access.records import AccountRole, WayBack
from app.access.work import Work
from app.administration.actions.ways_back import grant_way_back
from app.administration.commands import SettleWayBack
from app.allegations.actions import review_finding
from app.allegations.commands import ReviewFinding
from app.clocks.actions import decide_extension, decide_pause
from app.clocks.commands import Decide
from app.clocks.records import Extension, Pause
from app.kernel.errors import NotAllowed, NotFound, Refused
from app.people.actions import lift_hold
from app.people.actions.vault import look_at_use
from app.people.records import Hold, VaultUse
from app.publication.actions import ask_to_publish
from app.publication.records import ReleaseBuild
from tests.conftest import WorkAs
from tests.make import Make

ROLES = ("investigator", "supervisor", "director")
Second = Callable[[Work], object]
# What a refusal says that is for this reason and no other; a use of names that is one's own is simply not there.
APART = "first half|yourself|You asked for this|[Ss]omebody (else|other)|There is nothing here"


def finding(make: Make, first: UUID) -> Second:
    allegation = make.allegation(make.case(stage="supervisor_review"))
    make.finding(allegation, found_by_id=first)
    return lambda work: review_finding(work, allegation.id, ReviewFinding(agrees=True))


def pause(make: Make, first: UUID) -> Second:
    rule = next(clock for clock in make.book.deadlines if clock.tolling)
    clock = make.clock(make.case(), rule.code)
    asked = {"from_on": make.today, "asked_by_id": first, "reason": "A note.", "kind": rule.tolling[0]}
    row = make.row(Pause(id=uuid4(), clock_id=clock.id, state="asked", **asked))
    return lambda work: decide_pause(work, clock.id, row.id, Decide(answer="grant"))


def extension(make: Make, first: UUID) -> Second:
    rule = next(clock for clock in make.book.deadlines if clock.extension and clock.extension.granted_by)
    clock = make.clock(make.case(), rule.code)
    asked = {"asked_on": make.today, "asked_by_id": first, "reason": "A note.", "amount": 1, "unit": "days"}
    row = make.row(Extension(id=uuid4(), clock_id=clock.id, case_id=clock.case_id, state="asked", **asked))
    return lambda work: decide_extension(work, clock.id, row.id, Decide(answer="grant"))


def release(make: Make, first: UUID) -> Second:
    built = {"state": "built", "release_id": "r-1", "verified": True, "through_on": make.today, "asked_at": make.now}
    row = make.row(ReleaseBuild(id=uuid4(), asked_by_id=first, **built))
    return lambda work: ask_to_publish(work, row.id)


def hold(make: Make, first: UUID) -> Second:
    case = make.case()
    kept = {"issuer": "A court", "reason": "A suit.", "set_at": make.now, "lift_asked_by_id": first}
    row = make.row(Hold(id=uuid4(), case_id=case.id, **kept))
    return lambda work: lift_hold(work, row.id, case_id=case.id)


def vault_use(make: Make, first: UUID) -> Second:
    row = make.row(
        VaultUse(
            id=uuid4(),
            account_id=first,
            kind="looked_up",
            role="supervisor",
            reason="repeat",
            used_at=make.now,
            unusual="many",
        )
    )
    return lambda work: look_at_use(work, row.id)


def way_back(make: Make, first: UUID) -> Second:
    lost = make.actor("commissioner").id
    asked = {"asked_by_id": first, "asked_at": make.now, "expires_at": make.now + timedelta(hours=1), "state": "asked"}
    row = make.row(WayBack(id=uuid4(), account_id=lost, **asked))
    return lambda work: grant_way_back(work, SettleWayBack(way_back=row.id, seen="yes"))


STEPS = [finding, pause, extension, release, hold, vault_use, way_back]


@pytest.fixture
def everything(make: Make) -> Actor:
    """Somebody with every role of the office that does a half of something."""
    account = make.account(ROLES[0])
    for role in ROLES[1:]:
        make.row(AccountRole(account_id=account.id, role=role))
    return make.sign_in(account, *ROLES)[0]


@pytest.mark.parametrize("step", STEPS)
def test_the_same_person_with_both_roles_is_refused(
    make: Make, work_as: WorkAs, everything: Actor, step: Callable[[Make, UUID], Second]
) -> None:
    assert everything.id is not None
    second = step(make, everything.id)
    with pytest.raises((NotAllowed, Refused, NotFound), match=APART), work_as(everything) as work:
        second(work)


@pytest.mark.parametrize("step", STEPS)
def test_a_deputy_does_not_finish_what_the_absent_one_began(
    make: Make, work_as: WorkAs, everything: Actor, step: Callable[[Make, UUID], Second]
) -> None:
    absent = make.account("supervisor")
    second = step(make, absent.id)
    away = Absent(absent.id, absent.name, absent.display_name, frozenset({"supervisor"}))
    with (
        pytest.raises((NotAllowed, Refused, NotFound), match=APART),
        work_as(replace(everything, stands_for=(away,))) as work,
    ):
        second(work)


@pytest.mark.parametrize("step", [finding, release, hold, vault_use])
def test_somebody_else_may(
    make: Make, work_as: WorkAs, everything: Actor, step: Callable[[Make, UUID], Second]
) -> None:
    second = step(make, make.account("supervisor").id)
    with work_as(everything) as work:
        second(work)
