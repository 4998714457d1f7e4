"""Where the rules come from: dated sources, texts kept by date, open questions, and which version a case has."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from app.policy.model.base import Basis, Block, Cited, Code, Coded, Day, Flag, Keyed, Line, Named, Names


class Article(Coded):
    """A part of a source that rules cite by itself, such as an article of a union agreement."""

    title: Line
    says: Line | None = None
    """What it says, in a sentence."""


class Source(Coded):
    """A public text that was read."""

    title: Line
    address: Line | None = None
    basis: Basis | None = None
    """The kind of law the text is; left out where it is only a page or a report about the law."""
    is_weak: Flag = False
    """Whether it only tells of the law: a news report, a copy of a copy, a summary made by a machine."""
    read_on: Day | None = None
    text_as_of: Line | None = None
    """The age of the text itself: a copy read today may be years old."""
    from_on: Day | None = None
    """The first day it is in force."""
    to_on: Day | None = None
    """The last day it is in force: the expiry of a union agreement, the end of a decree."""
    reread_on: Day | None = None
    """When somebody must read it again; left out, `meta.source_defaults` holds."""
    owner: Code | None = None
    """The role that reads it again; left out, `meta.source_defaults` holds."""
    articles: Keyed[Article] = ()
    overrides: Names = ()
    """Sources that yield where the two differ, as an ordinance may yield to a union agreement."""

    def is_in_force(self, on: date) -> bool:
        return (self.from_on or date.min) <= on <= (self.to_on or date.max)


class SourceDefaults(Block):
    """What holds for every source that does not say otherwise."""

    reread_on: Day | None = None
    owner: Code | None = None


class OpenQuestion(Block):
    """What could not be found out, and where it would go."""

    question: Line
    place: Line
    """The place in the rulebook, such as "intake.filing_limit"."""
    stops: Line | None = None
    """What cannot be done until it is answered, in a sentence."""
    stops_cases: Flag = False
    """Whether a case cannot be handled without the answer: then the rulebook is a draft."""


class PinnedBy(StrEnum):
    """The day that decides which version of the rulebook a case has."""

    INCIDENT = "incident"
    FILING = "filing"
    OPENING = "opening"


class Pinning(Cited):
    """Which version a case has. Powers are never pinned: what may be done today is said by the law of today."""

    by: PinnedBy = PinnedBy.OPENING


class PolicyKind(StrEnum):
    """Whose rule it is."""

    POLICY = "policy"  # of the department
    STANDARD = "standard"  # of an accrediting body
    TRAINING = "training"


class PolicyText(Cited):
    """One wording, and the days on which it was in force."""

    from_on: Day
    to_on: Day | None = None
    """The last day; left out, it is in force or the next wording ends it."""
    number: Line | None = None
    text: Line | None = None
    """The wording itself, or the part that matters."""
    address: Line | None = None


class PolicyDocument(Named):
    """A policy or a standard, kept by date: a case is judged by the text in force on the day of the incident."""

    kind: PolicyKind = PolicyKind.POLICY
    department: Code | None = None
    texts: tuple[PolicyText, ...] = ()

    def text_on(self, day: date) -> PolicyText | None:
        """The wording in force on this day."""
        begun = [text for text in self.texts if text.from_on <= day]
        latest = max(begun, key=lambda text: text.from_on, default=None)
        return latest if latest is not None and day <= (latest.to_on or date.max) else None

    def last_day_of(self, text: PolicyText) -> date | None:
        """The last day on which a wording was in force: its own, or the one before the next wording began."""
        following = min((each.from_on for each in self.texts if each.from_on > text.from_on), default=None)
        ends = [text.to_on, following - timedelta(days=1) if following else None]
        return min((day for day in ends if day is not None), default=None)

    def texts_between(self, first: date, last: date) -> tuple[PolicyText, ...]:
        """The wordings in force on any of these days, the earliest first."""
        touching = [t for t in self.texts if t.from_on <= last and first <= (self.last_day_of(t) or date.max)]
        return tuple(sorted(touching, key=lambda text: text.from_on))

    def is_whole_between(self, first: date, last: date) -> bool:
        """Whether a wording is kept for each of these days."""
        needed = first
        for text in self.texts_between(first, last):
            if text.from_on > needed:
                return False
            end = self.last_day_of(text)
            if end is None or end >= last:
                return True
            needed = end + timedelta(days=1)
        return False
