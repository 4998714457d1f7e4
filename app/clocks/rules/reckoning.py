"""What the arithmetic is given for one clock: how it began, its pauses, and the time that was asked for."""

from datetime import date, timedelta

from app.kernel.deadlines import Beginning, Extension, Pause, Rule, Unit
from app.policy.model.process import Clock as ClockRule
from app.policy.model.process import Extension as ExtensionRule
from app.policy.model.process import Owner, Tolling

ONE_DAY = timedelta(days=1)
OWNERS = {
    "agency": "This office",
    "department": "The department",
    "chief": "The head of the department",
    "board": "The commission",
    "officer": "The officer",
    "filer": "The person who filed",
    "external": "Somebody outside",
}


def beginning(rule: ClockRule, event: str, *, reason: str = "", party: str = "", proof: str = "") -> Beginning:
    """The event that started it; why that one counts, where there are several; whose day it is, where two hold one."""
    whose = OWNERS.get(party or Owner.AGENCY, "") if rule.dated_by else ""
    why = [str(rule.start_reasons.get(event, "")), reason]
    said = ". ".join(each.rstrip(". ") for each in why if each)
    return Beginning(event.replace("_", " "), said, whose, proof or (str(rule.proof or "") if rule.dated_by else ""))


def interval(toll: Tolling, from_on: date, until_on: date | None) -> Pause:
    """A pause with its reason in words, its law, and the most the rulebook lets it last."""
    longest = Rule(toll.longest.amount, toll.longest.unit) if toll.longest is not None else None
    return Pause(toll.code, toll.label.to("en"), from_on, until_on, authority=toll.authority, longest=longest)


def extra(
    clock: ClockRule,
    given: ExtensionRule | None,
    amount: int,
    unit: str,
    asked_on: date,
    granted_on: date | None,
    refused_on: date | None = None,
) -> Extension:
    """More time that was asked for, by the extension of the rulebook that it rests on."""
    law = given.authority if given is not None else None
    may_be_late = given is not None and not given.before_lapse
    more = Rule(amount, Unit(unit), clock.roll, law)
    return Extension(more, asked_on, granted_on, refused_on=refused_on, may_be_late=may_be_late)


def extension_named(clock: ClockRule, kind: str) -> ExtensionRule | None:
    """The extension of that name; the first one has none."""
    if not kind:
        return clock.extension
    return next((each for each in clock.further_extensions if each.code == kind), None)
