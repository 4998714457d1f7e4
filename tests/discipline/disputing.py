"""What tests of disputes have in common: one is opened by an answer, and decided."""

from typing import Any
from uuid import uuid4

from app.access.actor import Actor
from app.access.records import Account
from app.cases.records import Case
from app.commission.records import Recusal, Seat
from app.discipline import actions, jobs
from app.discipline.commands import DecideDispute, GiveAnswer
from app.discipline.records import DisputeRecord
from tests.conftest import WorkAs
from tests.discipline.conftest import Sustained
from tests.make import Make


def answered(sustained: Sustained, work_as: WorkAs, answer: str = "disagree", **given: Any) -> DisputeRecord:
    """A recommendation, its answer, and the dispute that follows once the machinery has run; twice, as it may."""
    sent = sustained.sent(**given)
    with work_as("liaison") as work:
        actions.give_answer(work, sent.id, GiveAnswer(version=1, answer=answer, reasons="The stop was lawful."))
    for _ in range(2):
        with work_as(Actor.system("record_answer")) as work:
            jobs.record_answer(work, sent.id)
    (row,) = sustained.make.all(DisputeRecord, recommendation_id=sent.id)
    return row  # type: ignore[no-any-return]


def asked(make: Make, outcome: str = "not_met", **given: Any) -> dict[str, Any]:
    said = {"outcome": outcome, "happened_on": make.today, "proof": "The written decision.", "holds": "none"}
    return said | {"deciders": "Alex Reader, deputy inspector"} | given


def decide(work_as: WorkAs, row: DisputeRecord, ask: dict[str, Any], who: str = "director") -> DisputeRecord:
    with work_as(who) as work:
        return actions.decide_dispute(work, row.case_id, row.id, DecideDispute.model_validate(ask))


def fact(work_as: WorkAs, case: Case, name: str) -> bool:
    with work_as("director") as work:
        return bool(work.fact(name, case.id))


def seated(make: Make, position: int) -> Account:
    """A member of the commission with a seat."""
    member = make.account("commissioner", f"member-{position}")
    make.row(Seat(id=uuid4(), body="commission", position=position + 1, account_id=member.id, from_on=make.today))
    return member


def recused(make: Make, row: DisputeRecord, member: Account) -> None:
    """The member has stepped aside from the case of this dispute."""
    make.row(Recusal(id=uuid4(), case_id=row.case_id, account_id=member.id, ground="family", declared_at=make.now))
