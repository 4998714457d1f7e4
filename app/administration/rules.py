"""Who may be given an account, how long a wrong password delays, where signing in leads; reading a source again."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from app.kernel.errors import Invalid, NotAllowed, Refused

WRONG_HALF = "This is not the code that goes with the link. The second person who let you in has it."
LINK_LIFE = timedelta(hours=48)
# What groups of the provider would give waits longer: whoever came may not come again before it is Monday.
GROUPS = "groups"
GROUPS_LIFE = timedelta(days=14)
DEVICE_LIFE = timedelta(days=180)
FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
REPORTED_FOR = timedelta(days=14)
MOST_SECONDS_SAID = 119
WRONG = "This name and password do not belong together."
NOT_YOURS = "This is not right. Look whether it is your password, or the newest code."
LAST_FACTOR = "Your role needs a second step at signing in. Set up another one first, then remove this."
NEEDS_CODE = "The password is right. Send a code of the app, or a recovery code, as otp."
WRONG_STEP = "This is not right. Wait for the next code of the app and type that, or take another way."
PAPER_CODES = 10
# The profile that a partner of the police may ask for: AC-7 and AC-2(3) of the CJIS Security Policy 5.9.5.
LOCK_AFTER = 5
LOCK_WINDOW = timedelta(minutes=15)
UNUSED_FOR = timedelta(days=90)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
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


def device_words(user_agent: str) -> str:
    """The kind of browser and system in words of our own: what a browser says of itself is not kept."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def check_three(account_id: UUID, asked_by: UUID | None, granted_by: UUID | None) -> None:
    """Of a way back: who asks, who grants, and who is let in are three people."""
    if account_id in (asked_by, granted_by):
        raise Refused("Nobody lets themselves in. Two others do this.")
    if asked_by == granted_by:
        raise Refused("You asked for this. Somebody else sees who it is, and grants it.")


def check_seen(seen: str) -> None:
    """Whoever grants says that they have seen the person."""
    if seen != "yes":
        raise Invalid({"seen": "Say that you have seen who it is. By telephone or mail it cannot be known."})


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


def check_outsider(outsider: str | None, known: Collection[str], roles: Collection[str], role: str) -> None:
    """Somebody from outside goes by a name of the rulebook, and holds no role of the office."""
    if (role in roles) != bool(outsider):
        raise Invalid({"outsider": "Whoever is from outside has that role, and a name of the rulebook."})
    if outsider and outsider not in known:
        names = ", ".join(sorted(known)) or "nobody"
        raise Invalid({"outsider": f"The rulebook calls nobody that. It knows: {names}."})
    if outsider and len(roles) > 1:
        raise Invalid({"roles": "Whoever is from outside holds no role of the office."})


def check_somebody_else(actor_id: UUID | None, account_id: UUID) -> None:
    """Nobody holds both halves of such a step."""
    if actor_id == account_id:
        raise Refused("Nobody does this to their own account. Ask another administrator.")


def check_not_last(is_administrator: bool, others: int) -> None:  # noqa: FBT001 - read as a sentence where it is called
    """An office without an administrator could let nobody in again."""
    if is_administrator and others == 0:
        raise Refused("This is the only administrator. Invite another one first.")


def check_machine(
    scopes: Collection[str],
    offered: Collection[str],
    owner_may: Collection[str],
    last_day: date,
    today: date,
    most: int,
) -> None:
    """A machine is given what is on the list, what its owner may do too, and an end."""
    wrong = {}
    if not set(scopes) <= set(offered):
        wrong["scopes"] = "Choose of the list: a machine is given nothing else."
    elif not set(scopes) <= set(owner_may):
        wrong["scopes"] = "A machine may never do more than whoever answers for it. Choose another owner, or less."
    if not today < last_day <= today + timedelta(days=most):
        wrong["last_day"] = f"Choose a day that is still to come, at most {most} days from now."
    if wrong:
        raise Invalid(wrong)


SOON = 30
CHANGED, UNCHANGED = "changed", "unchanged"


def is_reader(owner: str | None, roles: Collection[str], held: Collection[str], administrator: str) -> bool:
    """Whose turn it is to read a source again: its owner's, or an administrator's where nobody has that role."""
    if owner is not None and owner in held:
        return owner in roles
    return administrator in roles


def check_may_read(owner: str | None, roles: Collection[str], administrator: str) -> None:
    """Its owner records it, or an administrator who was told."""
    if owner not in roles and administrator not in roles:
        raise NotAllowed(f"This source is read again by: {owner or administrator}. An administrator may record it too.")


def check_reading(read_on: date, next_on: date, today: date, last: date | None, *, is_changed: bool, note: str) -> None:
    """A reading lies between the one before it and today; the next one is still to come."""
    wrong = {}
    if read_on > today:
        wrong["read_on"] = "That day has not come yet."
    if last is not None and read_on < last:
        wrong["read_on"] = f"It was read again after that day: on {last.isoformat()}."
    if next_on <= today:
        wrong["next_on"] = "Choose a day that is still to come."
    if is_changed and not note:
        wrong["note"] = "Say in a sentence what has changed."
    if wrong:
        raise Invalid(wrong)


def read_by(own: date | None, written: date | None, ends: date | None, last: tuple[date, date] | None) -> date | None:
    """By when a source must be read again.

    `own` is the rulebook's day and `written` the day on which its author read the source; `last` is the last reading
    and the next one it asked for. Whoever read it last says. Before its last day in force it is read in any case.
    """
    if last is None:
        return min((day for day in (own, ends) if day is not None), default=None)
    day = last[1] if written is None or last[0] >= written else own
    still = ends if ends is not None and last[0] < ends else None
    return min((each for each in (day, still) if each is not None), default=None)


def check_absence(first_day: date, last_day: date, today: date, most_days: int) -> None:
    """An absence has not begun before today, ends after it began, and ends at all."""
    wrong = {}
    if first_day < today:
        wrong["first_day"] = "Choose today or a later day: what was done before was done by whoever did it."
    if last_day < first_day:
        wrong["last_day"] = "The last day comes before the first."
    if (last_day - first_day).days >= most_days:
        wrong["last_day"] = f"At most {most_days} days at once. Somebody who is away longer gives up the role."
    if wrong:
        raise Invalid(wrong)
