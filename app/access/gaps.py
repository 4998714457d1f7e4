"""What is wrong with access.yaml: the line, what it is, and how to mend it."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.policy.documents import Document, Path, say
from app.policy.problems import Problem

if TYPE_CHECKING:
    from app.access.permissions import AccessRules, Permission

# What the reader says, and what somebody who writes the file can do about it.
_MENDS = {
    "extra_forbidden": ("this is not known here", "take it out, or mend how it is written"),
    "missing": ("this is not said", "write it"),
    "string_pattern_mismatch": ("this is no sentence", "end it with a full stop"),
    "string_too_short": ("this says too little", "write one plain sentence"),
}


def unreadable(error: ValidationError, document: Document, known: Iterable[str]) -> list[Problem]:
    """What the model refuses, each with its line."""
    return [_problem(each, document, list(known)) for each in error.errors()]


def _problem(each: Any, document: Document, known: list[str]) -> Problem:
    place = tuple(part for part in each["loc"] if part != "[key]")
    reason, mend = _MENDS.get(each["type"], (str(each["msg"]), "see docs/decisions/0047"))
    if each["type"] == "enum":
        reason, mend = f"“{each['input']}” is not a known name", _nearest(str(each["input"]), known)
    return Problem(document.file, document.line_of(place), say(place), reason, mend)


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"write {near[0]}" if near else "take one of the names in app/access/permissions.py"


def gaps(
    rules: "AccessRules", document: Document, permissions: type["Permission"], roles: type[StrEnum]
) -> list[Problem]:
    """What the model lets pass and a lawyer would ask about."""
    found = [
        *_without_sentence(rules, permissions),
        *_without_reason(rules),
        *_strange_names(rules, {str(role) for role in roles}, {str(each) for each in permissions}),
        *_not_lendable(rules, {str(role) for role in roles}),
    ]
    return [Problem(document.file, document.line_of(place), say(place), why, mend) for place, why, mend in found]


Gap = tuple[Path, str, str]


def _without_sentence(rules: "AccessRules", permissions: type["Permission"]) -> Iterator[Gap]:
    for permission in permissions:
        if permission not in rules.permissions:
            why = f"nothing says what {permission} lets a person do"
            yield ("permissions",), why, f'write {permission}: {{does: "…"}}'


def _without_reason(rules: "AccessRules") -> Iterator[Gap]:
    """What touches a person's identity, a decision, a release or an account is given with a reason of its own."""
    weighty = {permission for permission, terms in rules.permissions.items() if terms.weighs is not None}
    for role, rule in rules.roles.items():
        for permission in sorted((rule.may & weighty) - set(rule.because)):
            why = f"{role} may {permission} and nothing says why"
            yield ("roles", role, "may"), why, f'write {permission}: "…" under because:'
        for permission in sorted(set(rule.because) - rule.may):
            yield ("roles", role, "because", permission), f"{role} may not do this", "take it out, or put it under may:"


def _strange_names(rules: "AccessRules", roles: set[str], permissions: set[str]) -> Iterator[Gap]:
    for name in sorted(rules.deputies.named - roles):
        yield ("deputies",), f"“{name}” is not a role", _nearest(name, sorted(roles))
    for at, field in enumerate(rules.fields):
        for name in sorted(field.kept_from - roles):
            yield ("fields", at, "kept_from"), f"“{name}” is not a role", _nearest(name, sorted(roles))
        if field.needs and field.needs not in permissions:
            yield (
                ("fields", at, "needs"),
                f"“{field.needs}” is not a permission",
                _nearest(field.needs, sorted(permissions)),
            )
        if not field.is_checkable:
            yield ("fields", at), "nothing can hold this against the program", "name a permission, a table or a test"


def _not_lendable(rules: "AccessRules", roles: set[str]) -> Iterator[Gap]:
    """Of each role it is said once whether it is lent."""
    placed = [role for group in rules.deputies.groups.values() for role in group.roles] + list(rules.deputies.never)
    for role in sorted(roles - {"anyone", "filer"}):
        if placed.count(role) != 1:
            yield (
                ("deputies",),
                f"{role} stands here {placed.count(role)} times",
                "name it once: in a group, or under never:",
            )
