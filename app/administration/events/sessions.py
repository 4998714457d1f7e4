"""Signing in and out, and every proof that somebody is who they say."""

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


class DeviceNew(Event):
    """Somebody signed in from a device that they had not used before."""

    tag: ClassVar[str] = "administration:device:new"
    sentence: ClassVar[str] = "Signed in from a device that is new for them."

    account_id: UUID
