"""What may be asked of accounts, sessions and the journal."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.access.history import HistoryView
from app.access.permissions import Permission, Role
from app.kernel.commands import Command
from app.kernel.commands import Day as IsoDay
from app.kernel.text import SafeLine, SafeText

# Never stripped and never shown in an error; how long it may be is counted in bytes before it is hashed.
Password = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=2000), Field(repr=False)]
# The same where another proof may stand in its place.
PasswordOrNone = Annotated[str, StringConstraints(strip_whitespace=False, max_length=2000), Field(repr=False)]


# Days that a calendar and the database both know, with one to spare.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1))]


class SignIn(Command):
    """A name and a password; `otp` is for installations that ask for a second factor."""

    username: Annotated[SafeLine, Field(min_length=1, max_length=200)]
    password: Password
    otp: Annotated[SafeLine, Field(max_length=40, repr=False)] = ""
    next: Annotated[str, Field(max_length=2000)] = ""


# What a browser says of a passkey, as JSON; it is read by nobody but the library that checks it.
Credential = Annotated[str, StringConstraints(max_length=16_000), Field(repr=False)]


class Prove(Command):
    """A password or a code once more, from somebody who is signed in."""

    password: PasswordOrNone = ""
    code: Annotated[SafeLine, Field(max_length=40, repr=False)] = ""
    credential: Credential = ""
    step: Annotated[str, Field(max_length=64, repr=False)] = ""


class AnswerStep(Command):
    """The second step: what was asked, and a code or what a passkey says."""

    step: Annotated[str, Field(min_length=1, max_length=64, repr=False)]
    code: Annotated[SafeLine, Field(max_length=40, repr=False)] = ""
    credential: Credential = ""
    next: Annotated[str, Field(max_length=2000)] = ""


class AddPasskey(Command):
    """A passkey that the browser has just made."""

    step: Annotated[str, Field(min_length=1, max_length=64, repr=False)]
    credential: Annotated[Credential, Field(min_length=1)]
    name: Annotated[SafeLine, Field(min_length=1, max_length=60)]


class RenamePasskey(Command):
    """Another name for one of one's own passkeys."""

    passkey: UUID
    name: Annotated[SafeLine, Field(min_length=1, max_length=60)]


class RemovePasskey(Command):
    """One of one's own passkeys."""

    passkey: UUID


class AskWayBack(Command):
    """Whom somebody asks to be let in for an evening."""

    account: UUID


class SettleLink(Command):
    """Agree, or not: to somebody's link, to the roles that groups give them, or to a machine's token."""

    account: UUID
    what: Literal["link", "groups", "machine"] = "link"


class SettleWayBack(Command):
    """The answer to it; `seen` says that whoever answers has seen the person."""

    way_back: UUID
    seen: Literal["", "yes"] = ""


class ConfirmCodes(Command):
    """The first code of an app that was just set up."""

    app: UUID
    code: Annotated[SafeLine, Field(min_length=1, max_length=40, repr=False)]


class ChoosePassword(Command):
    """A new password, typed twice."""

    password: Password
    again: Password
    # From the second person, where one agreed to the link.
    code: Annotated[SafeLine, Field(max_length=40, repr=False)] = ""


class ChangePassword(Command):
    """The old password and a new one, typed twice."""

    current: Password
    password: Password
    again: Password


class RevokeSession(Command):
    """One of one's own sessions, by the mark that the list shows."""

    session: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class InviteUser(Command):
    """A person to be let in."""

    name: Annotated[SafeLine, Field(min_length=1, max_length=40)]
    display_name: Annotated[SafeLine, Field(min_length=1, max_length=120)]
    title: Annotated[SafeLine, Field(max_length=120)] = ""
    email: Annotated[SafeLine, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    roles: Annotated[tuple[SafeLine, ...], Field(min_length=1, max_length=12)]
    department_id: Annotated[SafeLine, Field(max_length=60)] | None = None
    outsider: Annotated[SafeLine, Field(max_length=60)] | None = None


class MakeMachine(Command):
    """Another system that is given a token: what for, who answers for it, what it may, and until when."""

    name: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    purpose: Annotated[SafeLine, Field(min_length=1, max_length=300)]
    owner: Annotated[SafeLine, Field(min_length=1, max_length=40)]
    scopes: Annotated[tuple[SafeLine, ...], Field(min_length=1, max_length=12)]
    last_day: Annotated[IsoDay, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1))]


class ReadSourceAgain(Command):
    """A source was read again; `number` is that of the last reading the person saw."""

    number: Annotated[int, Field(ge=0, lt=2**31 - 1)]
    read_on: Annotated[IsoDay, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1))]
    outcome: Literal["unchanged", "changed"]
    note: Annotated[SafeText, Field(max_length=4000)] = ""
    next_on: Annotated[IsoDay, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1))]


class TouchedView(Command):
    """Which of the open cases that a source touches: all, or those with a clock; `after` is the last one shown."""

    by: Literal["", "clocks"] = ""
    after_day: IsoDay | None = None
    after: UUID | None = None
    done: Annotated[SafeLine, Field(max_length=20)] = ""


class JournalView(HistoryView):
    """What the reader of the journal looks for, of any case and person."""

    case: Annotated[SafeLine, Field(max_length=60)] = ""
    user: Annotated[SafeLine, Field(max_length=60)] = ""
    since: Day | None = None
    until: Day | None = None
    before: Annotated[int, Field(ge=1, lt=2**63)] | None = None


# A version of the rulebook in an address: the day it takes effect and the first digits of its digest.
VersionName = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2}-[0-9a-f]{12})?$")]


class RulebookView(Command):
    """One version of the rulebook; left out, the one in force."""

    version: VersionName = ""


class RulebookChanges(Command):
    """Two versions to compare; left out, the one in force with the one before it."""

    old: VersionName = ""
    new: VersionName = ""


class AccessView(Command):
    """Of the rules of access: one role, or one permission, or all."""

    role: Role | Literal[""] = ""
    permission: Permission | Literal[""] = ""


class SayAbsence(Command):
    """Who is away (without `account`: whoever says it), from which day to which, and who stands in."""

    account: UUID | None = None
    deputy: UUID
    first_day: Annotated[IsoDay, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1))]
    last_day: Annotated[IsoDay, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1))]


# What is approved: over the language, the English and the translation.
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class TranslationView(Command):
    """Which texts of one language are shown, from which on."""

    state: Literal["waiting", "machine", "missing", "approved"] = "waiting"
    start: Annotated[int, Field(ge=0, le=100_000)] = 0
    # What was just done, as every page says it.
    done: Annotated[SafeLine, Field(max_length=20)] = ""


class ApproveTranslations(Command):
    """The texts that were read, as they were shown."""

    texts: Annotated[tuple[Fingerprint, ...], Field(min_length=1, max_length=200)]


class WithdrawApproval(Command):
    """The text whose approval is taken back."""

    text: Fingerprint
