"""What people come with, what can have happened to them, and the other doors that may be the right one."""

from __future__ import annotations

from collections.abc import Iterable

from app.kernel.text import LocalText
from app.policy.model.base import Cited, Line, Named, Names


class ContactKind(Named):
    """A kind of contact: a complaint, thanks, or a worry about the service."""

    meaning: LocalText | None = None


class Matter(Named):
    """A kind of thing that can have happened, in a resident's words; follow-up questions hang on it."""

    meaning: LocalText | None = None


class Service(Named, Cited):
    """Another door that may help better, such as a crisis line that sends no police."""

    text: LocalText
    phone: Line | None = None
    web: Line | None = None
    fits: Names = ()
    """Kinds of contact and things that happened with which it is shown; none: with all."""

    def suits(self, said: Iterable[str]) -> bool:
        """True where it fits what somebody said."""
        return not self.fits or bool(set(self.fits) & set(said))
