"""What happened to accounts, sessions and sources of the law; never a name or a word that somebody typed."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class SessionOpened(Event):
    """Somebody signed in."""

    tag: ClassVar[str] = "administration:session:opened"
    sentence: ClassVar[str] = "Signed in ({kind})."

    account_id: UUID
    kind: str


class SignInFailed(Event):
    """A name and password that do not belong together; which name was typed is kept nowhere."""

    tag: ClassVar[str] = "administration:session:refused"
    sentence: ClassVar[str] = "Somebody tried to sign in and failed."


class SessionClosed(Event):
    """Somebody signed out."""

    tag: ClassVar[str] = "administration:session:closed"
    sentence: ClassVar[str] = "Signed out."

    account_id: UUID


class SessionsRevoked(Event):
    """Sessions of a person were ended by that person."""

    tag: ClassVar[str] = "administration:session:revoked"
    sentence: ClassVar[str] = "Ended {count} of their own sessions."

    account_id: UUID
    count: int


class IdentityProved(Event):
    """Somebody who was signed in proved once more to be themselves."""

    tag: ClassVar[str] = "administration:session:proved"
    sentence: ClassVar[str] = "Confirmed that it was them ({by})."

    account_id: UUID
    by: str


class ProofFailed(Event):
    """Somebody who was signed in could not prove to be themselves."""

    tag: ClassVar[str] = "administration:proof:refused"
    sentence: ClassVar[str] = "Tried to confirm that it was them and failed."

    account_id: UUID


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


class EntryProved(Event):
    """Somebody took an entry's bytes and its proof."""

    tag: ClassVar[str] = "administration:journal:proved"
    sentence: ClassVar[str] = "Took the proof of a journal entry."

    entry_id: UUID


class SourceReadAgain(Event):
    """Somebody read a source of the rulebook again."""

    tag: ClassVar[str] = "administration:source:read"
    sentence: ClassVar[str] = "Read the source {source} again on {read_on}: {outcome}; next by {next_on}."

    reading_id: UUID
    source: str
    policy_id: str
    outcome: str
    read_on: date
    next_on: date


class SourceChangeSeen(Event):
    """Somebody who leads cases that a changed source touches has taken notice."""

    tag: ClassVar[str] = "administration:source:noted"
    sentence: ClassVar[str] = "Took notice that the source {source} has changed."

    reading_id: UUID
    source: str
