"""Second steps at signing in, and the ways back in of whoever lost them."""

from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


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
