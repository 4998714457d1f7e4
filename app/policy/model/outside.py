"""People and bodies beside the office: who else may act, who is told, and the way round those complained about."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.text import LocalText
from app.policy.model.base import Block, Cited, Code, Coded, Flag, Keyed, Line, Named, Names


class ExternalKind(StrEnum):
    """What an outside body is."""

    STATE_REGULATOR = "state_regulator"  # licenses officers, such as a POST commission
    PROSECUTOR = "prosecutor"
    COURT = "court"
    CIVIL_SERVICE = "civil_service"
    POLICE_BOARD = "police_board"
    COUNCIL = "council"
    CLERK = "clerk"
    INSPECTOR_GENERAL = "inspector_general"
    DEPARTMENT = "department"
    OTHER = "other"


class ExternalBody(Named, Cited):
    """A body outside this agency that others report to, or that decides."""

    kind: ExternalKind
    address: Line | None = None
    role: LocalText | None = None
    """What it does in this process."""


class Outsider(Named, Cited):
    """A person outside the office who may act for it in a named step, such as the city clerk."""

    office: Line
    appointed_by: Line | None = None


class SecondPerson(Coded, Cited):
    """Who may be the second person of one step; never the one who did the first half."""

    by: Names
    """Roles of the office, or codes of `outsiders`."""


class Against(StrEnum):
    """Whom a complaint may not go past."""

    CHIEF = "chief"
    LIAISON = "liaison"
    MEMBER = "member"
    OFFICE = "office"
    STAFF = "staff"


class SpecialRoute(Named, Cited):
    """The way of a complaint against the chief, the liaison, a member or the office itself."""

    against: Against
    handled_by: Names
    """Roles of the office, codes of `outsiders` or of `external_bodies`."""
    hidden_from: Names
    """Roles that never see it: those it concerns."""
    public_text: LocalText
    """What the person who filed is told."""
    refer_to: Code | None = None
    """An external body that takes it over."""
    answered_by: Line | None = None
    """Who answers in the place of the chief."""


class MinorMatters(Cited):
    """Matters that need no report, and what makes them need one all the same."""

    categories: Names = ()
    not_minor_when: Keyed[Named] = ()
    recorded_as: Code | None = None
    """The event or milestone by which a matter is kept as minor."""


class ReportCategory(Named):
    """A category of the outside body, and our kinds of allegation that fall into it."""

    covers: Names = ()
    always: Flag = False
    """Whether it is reported without exception."""


class Fulfilment(StrEnum):
    """What fulfils a duty to report."""

    SENDING = "sending"
    PUBLISHING = "publishing"
    FILING = "filing"  # with a clerk or a court: publishing alone does not do


class FiledWith(Block):
    """Where a document is filed, and what proves it."""

    body: Code
    """A code of `external_bodies`."""
    proof: Line | None = None
