"""Who may be given an account, how long a wrong password delays, and where signing in may lead."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from app.kernel.errors import Invalid, Refused

LINK_LIFE = timedelta(hours=48)
DEVICE_LIFE = timedelta(days=180)
FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
REPORTED_FOR = timedelta(days=14)
MOST_SECONDS_SAID = 119
WRONG = "This name and password do not belong together."
NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}", re.ASCII)
# No scheme, no host, no backslash, nothing a browser would leave out: only an address of this very site.
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1900}", re.ASCII)


def wait_after(failures: int) -> timedelta:
    """Three tries are free; then one second, two, four, and so on up to a quarter of an hour."""
    beyond = failures - FREE_TRIES
    return min(timedelta(seconds=2 ** min(beyond - 1, 20)), LONGEST_WAIT) if beyond > 0 else timedelta(0)


def failures_so_far(failures: int, wait_until: datetime, now: datetime) -> int:
    """A count that nobody has added to for a day begins anew."""
    return 0 if now - wait_until > FORGOTTEN_AFTER else failures


def seconds_left(wait_until: datetime, now: datetime) -> int:
    """How long to wait before the next try, in whole seconds."""
    return max(0, -int((now - wait_until).total_seconds() // 1))


def wait_words(seconds: int) -> str:
    """Why there is nothing to do but wait."""
    time = f"{seconds} seconds" if seconds <= MOST_SECONDS_SAID else f"{-(-seconds // 60)} minutes"
    return f"There were too many tries. Wait {time}, then try again. A device you have used before is not held up."


def own_path(path: str, otherwise: str) -> str:
    """Where signing in leads: back to an address of this site, else home."""
    is_own = _OWN_PATH.fullmatch(path) and not path.startswith(("/sign-", "/welcome"))
    return path if is_own else otherwise


def check_name(name: str) -> None:
    """A user name is short and plain, so that it can be said over the telephone."""
    if not NAME.fullmatch(name):
        raise Invalid({"name": "Use 2 to 40 small letters, digits, points, hyphens or underlines; a letter first."})


def check_roles(roles: Collection[str], assignable: Collection[str], *, outside: str) -> None:
    """A liaison is of the department that is overseen and can hold no other role."""
    unknown = [role for role in roles if role not in assignable]
    if unknown or not roles:
        raise Invalid({"roles": "Choose at least one role of the list."})
    if outside in roles and len(roles) > 1:
        raise Invalid({"roles": f"A {outside} works for the department that is overseen and can hold no other role."})


def check_department(department_id: str | None, departments: Collection[str], *, is_needed: bool) -> None:
    """Whoever answers for a department belongs to one; nobody else does."""
    if is_needed and department_id not in departments:
        raise Invalid({"department_id": f"Choose the department: {', '.join(sorted(departments))}."})
    if not is_needed and department_id:
        raise Invalid({"department_id": "Only a liaison belongs to a department."})


def check_somebody_else(actor_id: UUID | None, account_id: UUID) -> None:
    """Nobody holds both halves of such a step."""
    if actor_id == account_id:
        raise Refused("Nobody does this to their own account. Ask another administrator.")


def check_not_last(is_administrator: bool, others: int) -> None:  # noqa: FBT001 - read as a sentence where it is called
    """An office without an administrator could let nobody in again."""
    if is_administrator and others == 0:
        raise Refused("This is the only administrator. Invite another one first.")
