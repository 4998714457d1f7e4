"""What an oversight body may do, since when, until when, and what stops when it may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.text import LocalText
from app.policy.model.base import Cited, Code, Day


class PowerName(StrEnum):
    """What an oversight body may be allowed to do."""

    INTAKE = "intake"
    INVESTIGATE = "investigate"
    MONITOR = "monitor"
    REVIEW = "review"
    SUBPOENA = "subpoena"
    RECORDS_ACCESS = "records_access"
    BWC_DIRECT_ACCESS = "bwc_direct_access"
    FIND = "find"
    RECOMMEND_DISCIPLINE = "recommend_discipline"
    IMPOSE_DISCIPLINE = "impose_discipline"
    PROSECUTE = "prosecute"
    MEDIATE = "mediate"
    POLICY_REVIEW = "policy_review"
    PUBLISH = "publish"


class Act(StrEnum):
    """What can be stopped; the history always stays and can be read."""

    FILINGS = "filings"  # residents file here
    CASES = "cases"  # a case is opened
    MOVES = "moves"  # a case goes to another stage: without them every case stands still
    CLOCKS = "clocks"  # clocks run
    DEMANDS = "demands"  # the department is asked for records, video or statements
    SUBPOENAS = "subpoenas"
    DEPARTMENT_FILES = "department_files"  # what the department handed over is opened
    INTERVIEWS = "interviews"
    FINDINGS = "findings"
    VOTES = "votes"
    DISCIPLINE = "discipline"  # discipline is recommended
    RECOMMENDATIONS = "recommendations"  # on policy and training
    MEDIATION = "mediation"
    PUBLICATION = "publication"
    LETTERS = "letters"  # the office and whoever filed write to each other
    CASEWORK = "casework"  # whatever else is put into a case: notes, tasks, allegations, files, answers


# What each power carries, where the rulebook does not say.
CARRIES: Mapping[PowerName, tuple[Act, ...]] = {
    PowerName.INTAKE: (Act.FILINGS, Act.CASES),
    PowerName.INVESTIGATE: (Act.DEMANDS, Act.INTERVIEWS, Act.FINDINGS),
    PowerName.MONITOR: (),
    PowerName.REVIEW: (),
    PowerName.SUBPOENA: (Act.SUBPOENAS,),
    PowerName.RECORDS_ACCESS: (Act.DEMANDS, Act.DEPARTMENT_FILES),
    PowerName.BWC_DIRECT_ACCESS: (),
    PowerName.FIND: (Act.FINDINGS, Act.VOTES),
    PowerName.RECOMMEND_DISCIPLINE: (Act.DISCIPLINE,),
    PowerName.IMPOSE_DISCIPLINE: (Act.DISCIPLINE,),
    PowerName.PROSECUTE: (),
    PowerName.MEDIATE: (Act.MEDIATION,),
    PowerName.POLICY_REVIEW: (Act.RECOMMENDATIONS,),
    PowerName.PUBLISH: (Act.PUBLICATION,),
}


class Power(Cited):
    """One power, who holds it, and from when to when; it can be suspended, with a reason that the page shows."""

    power: PowerName
    holder: Code
    from_on: Day | None = None
    to_on: Day | None = None
    """The first day without it: revoked, expired or struck down."""
    suspended_on: Day | None = None
    resumed_on: Day | None = None
    suspended_by: LocalText | None = None
    """Who suspended or ended it: a court, a contract, a state law."""
    reason: LocalText | None = None
    """Why, as it stands on the page of a case."""
    stops: tuple[Act, ...] | None = None
    """What cannot be done without it; left out, what such a power usually carries."""

    def holds(self, on: date) -> bool:
        is_in_force = (self.from_on or date.min) <= on < (self.to_on or date.max)
        return is_in_force and not self.is_suspended(on)

    def is_suspended(self, on: date) -> bool:
        return self.suspended_on is not None and self.suspended_on <= on < (self.resumed_on or date.max)

    @property
    def carries(self) -> tuple[Act, ...]:
        return CARRIES[self.power] if self.stops is None else self.stops

    def lost_on(self, on: date) -> date | None:
        """Since when it is gone; nothing while it holds or before it began."""
        ends = [day for day in (self.to_on, self.suspended_on if self.is_suspended(on) else None) if day]
        return min((day for day in ends if day <= on), default=None)


@dataclass(frozen=True)
class Stopped:
    """Why something cannot be done: the power that is missing, since when, by whom, and the reason."""

    power: Power | None
    since: date | None
    by: LocalText | None
    reason: LocalText | None
    authority: str | None

    def sentence(self, language: str = "en") -> str:
        """What the page shows."""
        by, reason = (text.to(language) if text else "" for text in (self.by, self.reason))
        said = f"{by.rstrip('.')}: {reason}" if by and reason else by or reason
        return f"{said} ({self.authority})".strip() if self.authority else said
