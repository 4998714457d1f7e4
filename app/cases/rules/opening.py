"""Cases that nobody complained of: which kinds the rulebook lets the office open itself, and by whom."""

from collections.abc import Iterable
from datetime import date

from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.model import Rulebook
from app.policy.model.intake import CaseKind


def own_kinds(book: Rulebook, roles: Iterable[str]) -> list[CaseKind]:
    """The kinds of case that one of these roles may open with no complaint."""
    held = set(roles)
    return [kind for kind in book.case_kinds if not kind.needs_filing and held & set(kind.opened_by)]


def own_kind(book: Rulebook, origin: str) -> CaseKind | None:
    """The kind of a case that the office opened itself; nothing for one that began with a complaint."""
    return next((kind for kind in book.case_kinds if kind.code == origin and not kind.needs_filing), None)


def check_own_kind(book: Rulebook, code: str, roles: Iterable[str]) -> CaseKind:
    """The kind, where the rulebook has it, asks for no complaint, and gives it to one of these roles."""
    kind = own_kind(book, code)
    if kind is None:
        raise Invalid({"kind": "Choose a kind of case that the rulebook lets this office open without a complaint."})
    if not set(kind.opened_by) & set(roles):
        who = " or ".join(kind.opened_by)
        unsaid = "The rulebook does not say who may open a case of this kind."
        raise NotAllowed(f"Only {who} may open a case of this kind." if who else unsaid)
    return kind


def check_own_case(kind: CaseKind, category: str, incident_on: date | None, today: date) -> None:
    """What happened has happened; and where the kind asks for it, somebody is said to have done something."""
    if incident_on is not None and incident_on > today:
        raise Invalid({"incident_on": "This day has not come yet. Check it, or leave it empty if nobody knows."})
    if kind.needs_allegation and not category:
        raise Invalid({"category": "A case of this kind must say what somebody is said to have done."})


def check_not_open_yet(number: str | None) -> None:
    """The same incident is opened once, whoever presses the button twice."""
    if number is not None:
        raise Refused(f"Case {number} was opened today of the same kind, day and place. Go on there.")


def begins_at(book: Rulebook, kind: CaseKind) -> str:
    """Where such a case begins: where its kind says, else at the first stage of all."""
    return kind.first_stage or book.first_stage.code
