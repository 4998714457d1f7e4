"""Complaints of other kinds: from a cell, by a lawyer, by somebody of the police, and thanks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.imports.city.plan import Complaint, Year

THANKS = (
    "I do not want to complain. My father fell at the bus stop and an officer sat with him on the ground until the "
    "ambulance came, held his hand and called my mother. Please tell her that we remember it."
)
# What is said with every fifth complaint of somebody who gives a name.
REACHED = {"contact_times": "Weekdays after six in the evening"}
SAW = "The woman from the kiosk. She stood next to us the whole time."


def of_other_kinds(year: Year) -> Year:
    """The same year, a few of its complaints told by others; those that ended early bear it best."""
    told = list(year.complaints)
    early = [each for each in told if each.ending == "no_contact" and each.who and each.repeats is None]
    parts = ("custody", "lawyer", "officer")
    for part, each in zip(parts, early[-len(parts) :], strict=False):
        told[each.number] = replace(each, relationship=part)
    declined = [each for each in told if each.classification == "decline" and each.language == "en"]
    for each in declined[-1:]:
        told[each.number] = replace(each, narrative=THANKS, kind="compliment", relationship="other", files=())
    return replace(year, complaints=tuple(told))


def said_besides(plan: Complaint, listed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the form asks beside the story, as far as the rulebook lists it."""
    filer: dict[str, Any] = {}
    if plan.who and plan.number % 5 == 0:
        filer = REACHED | {"contact_rules": listed["contact_rules"][:1]}
    incident = {"matters": [code for code in listed["matters"] if code == plan.category]}
    witnesses = [{"saw": SAW}] if plan.language == "en" and plan.number % 7 == 0 else []
    kind = plan.kind if plan.kind in listed["contact_kinds"] else ""
    return {"kind": kind, "filer": filer, "incident": incident, "witnesses": witnesses}
