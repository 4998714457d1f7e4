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


class FactorFailed(Event):
    """A password was right and what should have followed was not."""

    tag: ClassVar[str] = "administration:factor:refused"
    sentence: ClassVar[str] = "The password was right, the second step was not."

    account_id: UUID


class CodesShown(Event):
    """Somebody was shown what an app makes codes of; it counts for nothing before a first code."""

    tag: ClassVar[str] = "administration:codes:shown"
    sentence: ClassVar[str] = "Began to set up an app for one-time codes."

    account_id: UUID


class FactorAdded(Event):
    """Somebody has a second factor more."""

    tag: ClassVar[str] = "administration:factor:added"
    sentence: ClassVar[str] = "Added a second step to their sign-in ({kind})."

    account_id: UUID
    kind: str


class FactorRemoved(Event):
    """Somebody has a second factor less."""

    tag: ClassVar[str] = "administration:factor:removed"
    sentence: ClassVar[str] = "Removed a second step from their sign-in ({kind})."

    account_id: UUID
    kind: str


class PasskeyRenamed(Event):
    """Somebody gave a passkey another name."""

    tag: ClassVar[str] = "administration:passkey:renamed"
    sentence: ClassVar[str] = "Gave one of their passkeys another name."

    account_id: UUID


class PasskeySuspected(Event):
    """A passkey counted backwards: there may be two of what should be one; it opened nothing."""

    tag: ClassVar[str] = "administration:passkey:suspected"
    sentence: ClassVar[str] = "A passkey counted backwards and was refused: it may have been copied."

    account_id: UUID


class RecoveryMade(Event):
    """Somebody made recovery codes; those before open nothing any more."""

    tag: ClassVar[str] = "administration:recovery:made"
    sentence: ClassVar[str] = "Made {count} recovery codes; {voided} older ones open nothing any more."

    account_id: UUID
    count: int
    voided: int


class RecoveryUsed(Event):
    """Somebody used a recovery code."""

    tag: ClassVar[str] = "administration:recovery:used"
    sentence: ClassVar[str] = "Used a recovery code; {left} are left."

    account_id: UUID
    left: int


class DeviceNew(Event):
    """Somebody signed in from a device that they had not used before."""

    tag: ClassVar[str] = "administration:device:new"
    sentence: ClassVar[str] = "Signed in from a device that is new for them."

    account_id: UUID


class WayBackAsked(Event):
    """Somebody asked that a person who lost the second factor be let in for this evening."""

    tag: ClassVar[str] = "administration:wayback:asked"
    sentence: ClassVar[str] = "Asked that a person who lost their second step be let in for this evening."

    account_id: UUID


class WayBackGranted(Event):
    """Somebody else has seen who it is, and granted it."""

    tag: ClassVar[str] = "administration:wayback:granted"
    sentence: ClassVar[str] = "Saw who it was, and granted a way back in for {hours} hours."

    account_id: UUID
    hours: int


class WayBackRefused(Event):
    """Somebody else, or whoever asked, said no."""

    tag: ClassVar[str] = "administration:wayback:refused"
    sentence: ClassVar[str] = "Refused a way back in."

    account_id: UUID


class WayBackOver(Event):
    """Its time was over before anybody used it."""

    tag: ClassVar[str] = "administration:wayback:over"
    sentence: ClassVar[str] = "A way back in had ended by itself."

    account_id: UUID


class WayBackUsed(Event):
    """The person came in by it."""

    tag: ClassVar[str] = "administration:wayback:used"
    sentence: ClassVar[str] = "Came in by a way back."

    account_id: UUID


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


class MachineMade(Event):
    """Another system was given a token."""

    tag: ClassVar[str] = "administration:machine:made"
    sentence: ClassVar[str] = "Made a token for a machine ({scopes}), good until {last_day}."

    machine_id: UUID
    owner_id: UUID
    scopes: tuple[str, ...]
    last_day: date


class MachineAgreed(Event):
    """A second person agreed to a machine's token."""

    tag: ClassVar[str] = "administration:machine:agreed"
    sentence: ClassVar[str] = "Agreed as the second person to the token of a machine, which opens from now on."

    machine_id: UUID
    owner_id: UUID


class MachineRefused(Event):
    """A second person did not agree to a machine's token."""

    tag: ClassVar[str] = "administration:machine:refused"
    sentence: ClassVar[str] = "Did not agree to the token of a machine, which ended without having opened anything."

    machine_id: UUID
    owner_id: UUID


class MachineRevoked(Event):
    """An administrator ended a machine's token."""

    tag: ClassVar[str] = "administration:machine:revoked"
    sentence: ClassVar[str] = "Ended the token of a machine."

    machine_id: UUID
    owner_id: UUID


class MachineOrphaned(Event):
    """Whoever answered for a machine has no account any more; its token ended with that."""

    tag: ClassVar[str] = "administration:machine:orphaned"
    sentence: ClassVar[str] = "A machine’s token ended with the account of its owner."

    machine_id: UUID
    owner_id: UUID


class MachineExpired(Event):
    """A machine's token is over."""

    tag: ClassVar[str] = "administration:machine:expired"
    sentence: ClassVar[str] = "The time of a machine’s token was over."

    machine_id: UUID
    owner_id: UUID


class MachineEndsSoon(Event):
    """Its owner is told that a machine's token is over soon."""

    tag: ClassVar[str] = "administration:machine:warned"
    sentence: ClassVar[str] = "A machine’s token is over on {last_day}; its owner is told."

    machine_id: UUID
    owner_id: UUID
    last_day: date


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


class TranslationsApproved(Event):
    """Somebody stands for a machine's translation of some texts; the approvals name this entry."""

    tag: ClassVar[str] = "administration:translation:approved"
    sentence: ClassVar[str] = "Approved {texts} texts in {language}."

    language: str
    texts: int
    # Over the fingerprints of the texts, one after the other in their order.
    digest: str


class TranslationWithdrawn(Event):
    """An approval was taken back: protected words stand in English again."""

    tag: ClassVar[str] = "administration:translation:withdrawn"
    sentence: ClassVar[str] = "Took back the approval of a text in {language}."

    language: str
    text_hash: str
