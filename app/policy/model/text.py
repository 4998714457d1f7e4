"""Everything that `rulebook.yaml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from app.policy.model.agency import (
    Body,
    CalendarBlock,
    Jurisdiction,
    Language,
    Meta,
    Models,
)
from app.policy.model.base import Block, Keyed
from app.policy.model.decisions import (
    Closure,
    Demands,
    Discipline,
    Finding,
    Life,
    Mediation,
    Meetings,
    OfficerRights,
    PolicyRecommendations,
    Review,
    Subpoena,
)
from app.policy.model.duties import ExternalReport, LetterKind, Publication, Retention
from app.policy.model.intake import CaseKind, Category, Classification, Intake
from app.policy.model.law import Pinning, PolicyDocument
from app.policy.model.outside import ExternalBody, Outsider, SecondPerson, SpecialRoute
from app.policy.model.powers import Power
from app.policy.model.process import Clock, ClockDefaults, Completion, Milestone, Move, Stage, Tolling

# What a clock takes from `deadline_defaults` where it does not say it itself.
FROM_DEFAULTS = ("warnings", "roll", "rises_to", "rises_after")


class RulebookText(Block):
    """What `rulebook.yaml` holds: every block may be left out but those without a default."""

    meta: Meta
    pinning: Pinning = Pinning()
    models: Models
    languages: Keyed[Language]
    calendar_block: CalendarBlock = Field(alias="calendar")
    bodies: Keyed[Body] = ()
    powers: tuple[Power, ...] = ()
    external_bodies: Keyed[ExternalBody] = ()
    outsiders: Keyed[Outsider] = ()
    second_persons: Keyed[SecondPerson] = ()
    special_routes: Keyed[SpecialRoute] = ()
    jurisdiction: Jurisdiction
    policies: Keyed[PolicyDocument] = ()
    intake: Intake
    case_kinds: Keyed[CaseKind] = ()
    classification: Keyed[Classification] = ()
    allegations: Keyed[Category] = ()
    stages: Keyed[Stage]
    moves: tuple[Move, ...] = ()
    milestones: Keyed[Milestone] = ()
    completion: Completion | None = None
    deadline_defaults: ClockDefaults = ClockDefaults()
    deadlines: Keyed[Clock] = ()
    tolling: Keyed[Tolling] = ()
    findings: Keyed[Finding] = ()
    lives: Keyed[Life] = ()
    closures: Keyed[Closure] = ()
    demands: Demands = Demands()
    subpoena: Subpoena | None = None
    discipline: Discipline = Discipline()
    policy_recommendations: PolicyRecommendations = PolicyRecommendations()
    mediation: Mediation | None = None
    review: Review = Review()
    officer_rights: OfficerRights = OfficerRights()
    external_reports: Keyed[ExternalReport] = ()
    publication: Publication
    meetings: Meetings = Meetings()
    retention: Retention = Retention()
    letters: Keyed[LetterKind] = ()

    @model_validator(mode="before")
    @classmethod
    def _give_clocks_their_defaults(cls, data: Any) -> Any:
        """What a clock does not say is what `deadline_defaults` and `calendar.roll` say."""
        if not isinstance(data, Mapping):
            return data
        defaults = {key: value for key, value in _common(data).items() if value is not None}
        clocks = data.get("deadlines")
        if not defaults or not isinstance(clocks, Mapping):
            return data
        filled = {code: {**defaults, **c} if isinstance(c, Mapping) else c for code, c in clocks.items()}
        return {**data, "deadlines": filled}


def _common(data: Mapping[str, Any]) -> dict[str, Any]:
    given = data.get("deadline_defaults")
    common = dict(given) if isinstance(given, Mapping) else {}
    calendar = data.get("calendar")
    if isinstance(calendar, Mapping) and "roll" in calendar:
        common.setdefault("roll", calendar["roll"])
    return {key: common[key] for key in FROM_DEFAULTS if key in common}
