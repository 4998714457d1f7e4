"""Who may do what, to which cases and why, as the page of the rules of access shows it."""

from dataclasses import dataclass
from typing import Any

from app.access.compartments import Compartment
from app.access.duties import STEPS
from app.access.permissions import AccessRule, AccessRules, Factor, Permission, Role
from app.access.terms import FieldRule, PermissionTerms
from app.access.work import Work
from app.administration.commands import AccessView

KINDS = {Factor.PASSKEY: "a passkey", Factor.CODE: "a code"}


@dataclass(frozen=True)
class Granted:
    """One thing that a role may do, and what it takes."""

    permission: Permission
    terms: PermissionTerms
    because: str
    asks_again: str
    factor: str


@dataclass(frozen=True)
class RoleShown:
    """One role as the page shows it."""

    role: Role
    rule: AccessRule
    granted: list[Granted]
    compartments: list[Compartment]
    # May it be lent to a deputy, and why not.
    stands_in: str


def access_page(work: Work, view: AccessView, own: frozenset[str] = frozenset()) -> dict[str, Any]:
    """All of it, or one role or permission; whoever may not read the whole reads what is about their own roles."""
    rules = work.house.access
    shown = [
        _role(rules, role, view)
        for role in Role
        if view.role in ("", role) and (not own or role in own) and (not view.permission or _has(rules, role, view))
    ]
    return {
        "rules": rules,
        "shown": shown,
        "roles": [(str(role), str(role).capitalize()) for role in Role if not own or role in own],
        "permissions": [(str(p), rules.permissions[p].does) for p in Permission],
        "fields": [field for field in rules.fields if _concerns(field, view, own)],
        "steps": STEPS,
        "view": view,
    }


def _has(rules: AccessRules, role: Role, view: AccessView) -> bool:
    return view.permission in rules.roles[role].may


def _concerns(field: FieldRule, view: AccessView, own: frozenset[str]) -> bool:
    return view.role in ("", *field.kept_from) and (not own or bool(own & field.kept_from))


def _role(rules: AccessRules, role: Role, view: AccessView) -> RoleShown:
    rule = rules.roles[role]
    granted = [_granted(rules, rule, p) for p in Permission if p in rule.may and view.permission in ("", p)]
    inside = [kept for kept in rules.compartments.values() if role in kept.inside | kept.if_leading]
    return RoleShown(role, rule, granted, inside, _stands_in(rules, role))


def _granted(rules: AccessRules, rule: AccessRule, permission: Permission) -> Granted:
    factor = rules.factors.permissions.get(permission)
    return Granted(
        permission,
        rules.permissions[permission],
        rule.because.get(permission, ""),
        rules.step_up.permissions.get(permission, ""),
        " or ".join(sorted(KINDS[kind] for kind in factor.kinds)) if factor else "",
    )


def _stands_in(rules: AccessRules, role: Role) -> str:
    if role in rules.deputies.never:
        return f"Nobody stands in. {rules.deputies.never[role]}"
    group = next((group for group in rules.deputies.groups.values() if role in group.roles), None)
    others = ", ".join(sorted(group.roles)) if group else ""
    return f"Somebody who is {others} may stand in. {group.why}" if group else ""
