"""What waits for a second person: on the first page of whoever may be it, and each with what the decision needs."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access import halves, routes
from app.access.records import SecondHalf
from app.access.waiting import Waiting, WaitingList
from app.access.work import Work
from app.cases.queries.visible import names_of
from app.cases.records import Case
from app.kernel.errors import NotFound
from app.policy.model import Rulebook

STEPS = {
    halves.CLOSURE: "Closing a case without a finding",
    halves.DESTRUCTION: "Erasing who filed",
    halves.EXTENSION: "More time on a clock",
    halves.FINDING: "Review of a finding",
    halves.IDENTITY: "Opening who filed",
    halves.PAUSE: "Pause of a clock",
    halves.RELEASE: "Publishing figures",
}


def waiting_for_second(work: Work) -> WaitingList | None:
    """The list of somebody from outside, and part of the list of somebody inside."""
    found = halves.waiting_halves(work)
    cases = {half.case_id for half in found if half.case_id is not None}
    numbers = work.session.execute(select(Case.id, Case.number).where(Case.id.in_(cases)))
    labels = {row.id: row.number for row in numbers}
    names = names_of(work, {half.first_by_id for half in found if half.first_by_id is not None})
    rows = [
        Waiting(_label(half, labels), _place(half), _asked(work, names.get(half.first_by_id or half.id, ""), half))
        for half in found
    ]
    return WaitingList("Waiting for you", rows) if rows or work.actor.outsider else None


def _label(half: SecondHalf, numbers: dict[UUID, str]) -> str:
    of = numbers.get(half.case_id or half.id) or half.what.get("number", "")
    return f"{of}: {STEPS[half.step]}" if of else STEPS[half.step]


def _asked(work: Work, by: str, half: SecondHalf) -> str:
    day = half.first_at.astimezone(work.house.zone)
    return f"asked by {by or 'somebody'} on {day:%B} {day.day}"


def _place(half: SecondHalf) -> str:
    places = {
        halves.PAUSE: f"/office/clocks/{half.what.get('clock_id')}",
        halves.EXTENSION: f"/office/clocks/{half.what.get('clock_id')}",
        halves.FINDING: f"/office/cases/{half.case_id}/allegations/{half.subject_id}",
        halves.RELEASE: "/office/releases",
    }
    return places.get(half.step, f"/office/decisions/{half.id}")


def agreed_half(work: Work, half_id: UUID) -> SecondHalf | None:
    """A closing that a second person agreed to and that is not done yet, for the job that does it."""
    query = select(SecondHalf).where(SecondHalf.id == half_id, SecondHalf.step == halves.CLOSURE)
    return work.session.scalars(query.where(SecondHalf.state == halves.GRANTED).with_for_update()).one_or_none()


def closing_asked(work: Work, case: Case) -> dict[str, Any] | None:
    """For the case's own page: that its closing waits, who asked and for whom it waits."""
    half = halves.open_half(work, halves.CLOSURE, case.id)
    return _said(work, half) if half is not None else None


def half_view(work: Work, half_id: UUID) -> dict[str, Any]:
    """What one decision needs, and no more of the case than that; 404 for whom it does not concern."""
    half = halves.get_half(work, half_id)
    of = _of_case(work, half) if half.step == halves.CLOSURE else {"number": half.what.get("number", "")}
    return {"half": half, **_said(work, half), **of}


def _said(work: Work, half: SecondHalf) -> dict[str, Any]:
    book = work.policies.named(half.what["policy_id"])
    by_id = half.first_by_id
    return {
        "step": STEPS.get(half.step, half.step),
        "asked_by": names_of(work, {by_id}).get(by_id, "") if by_id else "",
        "asked_at": half.first_at,
        "waits_for": halves.said(book, half.by) or "somebody else",
        "closure": _closure(book, half),
        "reason": half.what.get("reason", ""),
        "may_decide": half.state == halves.ASKED
        and by_id not in work.actor.places
        and (not half.by or bool(set(half.by) & routes.acting_as(work, half.case_id))),
    }


def _closure(book: Rulebook, half: SecondHalf) -> str:
    return next((each.label.to("en") for each in book.closures if each.code == half.what.get("closure")), "")


def _of_case(work: Work, half: SecondHalf) -> dict[str, Any]:
    columns = (Case.number, Case.stage, Case.policy_id, Case.opened_on, Case.classification, Case.department_id)
    row = work.session.execute(select(*columns).where(Case.id == half.case_id)).one_or_none()
    if row is None:
        raise NotFound()
    book = work.policies.named(row.policy_id)
    return {
        "number": row.number,
        "opened_on": row.opened_on,
        "stage": book.stage(row.stage).label.to("en"),
        "department": next((d.label.to("en") for d in book.departments if d.code == row.department_id), ""),
        "classified": next((c.label.to("en") for c in book.classification if c.code == row.classification), ""),
        "to": book.stage(half.what["to"]).label.to("en"),
    }
