"""People who sign in: invited, let in, disabled, and what the provider of single sign-on says of them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class AccountLocked(Event):
    """Too many wrong passwords under a profile that locks: it opens nothing until an administrator lets it."""

    tag: ClassVar[str] = "administration:account:locked"
    sentence: ClassVar[str] = "Locked an account after {failures} wrong passwords."

    account_id: UUID
    failures: int


class AccountReleased(Event):
    """An administrator let a locked account sign in again."""

    tag: ClassVar[str] = "administration:account:released"
    sentence: ClassVar[str] = "Let a locked account sign in again."

    account_id: UUID


class AccountLeftUnused(Event):
    """Nobody had used it for so long that the profile disables it."""

    tag: ClassVar[str] = "administration:account:unused"
    sentence: ClassVar[str] = "Disabled an account that nobody had used for {days} days."

    account_id: UUID
    days: int


class PasswordChosen(Event):
    """Somebody used a one-time link and chose a password."""

    tag: ClassVar[str] = "administration:password:chosen"
    sentence: ClassVar[str] = "Chose a password by a one-time link ({purpose})."

    account_id: UUID
    purpose: str


class PasswordChanged(Event):
    """Somebody changed their own password; their other sessions ended with it."""

    tag: ClassVar[str] = "administration:password:changed"
    sentence: ClassVar[str] = "Changed their password; {ended} other sessions ended."

    account_id: UUID
    ended: int


class AccountInvited(Event):
    """Somebody was given an account and a one-time link."""

    tag: ClassVar[str] = "administration:account:invited"
    sentence: ClassVar[str] = "Invited a person with the roles {roles}."

    account_id: UUID
    roles: tuple[str, ...]
    department_id: str | None = None
    outsider: str | None = None


class LinkAgreed(Event):
    """A second person agreed that somebody is let in."""

    tag: ClassVar[str] = "administration:link:agreed"
    sentence: ClassVar[str] = "Agreed that somebody is let in by their link."

    account_id: UUID


class LinkRefused(Event):
    """A second person said no, or whoever made the link took it back."""

    tag: ClassVar[str] = "administration:link:refused"
    sentence: ClassVar[str] = "Did not agree to a link, which opens nothing any more."

    account_id: UUID


class GroupsWait(Event):
    """The provider's groups give somebody roles that nobody of the office has agreed to."""

    tag: ClassVar[str] = "administration:groups:waiting"
    sentence: ClassVar[str] = "Groups at single sign-on would give somebody the roles {roles}: a person must agree."

    account_id: UUID
    roles: tuple[str, ...]


class GroupsAgreed(Event):
    """Somebody agreed to the roles that the provider's groups give a person."""

    tag: ClassVar[str] = "administration:groups:agreed"
    sentence: ClassVar[str] = "Agreed to the roles {roles}, which groups of the provider give somebody."

    account_id: UUID
    roles: tuple[str, ...]


class GroupsRefused(Event):
    """Somebody did not agree to the roles that the provider's groups give a person."""

    tag: ClassVar[str] = "administration:groups:refused"
    sentence: ClassVar[str] = "Did not agree to the roles {roles}, which groups of the provider give somebody."

    account_id: UUID
    roles: tuple[str, ...]


class AccountDisabled(Event):
    """An account opens nothing any more."""

    tag: ClassVar[str] = "administration:account:disabled"
    sentence: ClassVar[str] = "Disabled an account; {ended} sessions ended."

    account_id: UUID
    ended: int


class AccountReset(Event):
    """Somebody's password and sessions were taken away and a one-time link made; every administrator is told."""

    tag: ClassVar[str] = "administration:account:reset"
    sentence: ClassVar[str] = "Reset the access of a person by a one-time link; {ended} sessions ended."

    account_id: UUID
    ended: int


class SubjectLinked(Event):
    """Somebody's account belongs with one of the provider of single sign-on from now on."""

    tag: ClassVar[str] = "administration:subject:linked"
    sentence: ClassVar[str] = "Linked an account with the one at the provider of single sign-on."

    account_id: UUID


class RolesFollowed(Event):
    """The provider's groups give a person other roles than before; without any, nothing is left to them."""

    tag: ClassVar[str] = "administration:roles:followed"
    sentence: ClassVar[str] = "Gave a person the roles of their groups ({roles}); {ended} sessions ended."

    account_id: UUID
    roles: tuple[str, ...]
    ended: int


class EndedByProvider(Event):
    """The provider of single sign-on ended a person's sessions."""

    tag: ClassVar[str] = "administration:session:ended"
    sentence: ClassVar[str] = "The provider of single sign-on ended {ended} sessions of a person."

    account_id: UUID
    ended: int


class DemonstrationAccountsAdded(Event):
    """The demonstration's log-ins were made."""

    tag: ClassVar[str] = "administration:demonstration:added"
    sentence: ClassVar[str] = "Added {count} demonstration log-ins."

    count: int


class DemonstrationPasswordSet(Event):
    """The demonstration's log-ins got another password."""

    tag: ClassVar[str] = "administration:demonstration:changed"
    sentence: ClassVar[str] = "Gave {count} demonstration log-ins another password."

    count: int


class AbsenceSaid(Event):
    """Somebody is away for some days, and somebody else has these roles of theirs until then."""

    tag: ClassVar[str] = "administration:absence:said"
    sentence: ClassVar[str] = "Said who stands in from {first_day} to {last_day} ({roles})."

    account_id: UUID
    deputy_id: UUID
    first_day: date
    last_day: date
    roles: tuple[str, ...]


class AbsenceEnded(Event):
    """A deputy's time was ended before its day."""

    tag: ClassVar[str] = "administration:absence:ended"
    sentence: ClassVar[str] = "Ended the time of a deputy."

    account_id: UUID
    deputy_id: UUID
