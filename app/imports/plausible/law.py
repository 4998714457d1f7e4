"""What a rulebook lets happen to an invented case: its ends, its stages, its words for findings, its clocks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import accumulate
from random import Random
from typing import Any

from app.policy.model import Rulebook
from app.policy.model.decisions import Canonical, Closure, Finding, LifeCode
from app.policy.model.process import Clock, Per, Phase

CLOSURE_GUARD = "closure_reason_given"
FINDINGS = {
    Canonical.SUSTAINED: 12,
    Canonical.INSUFFICIENT: 30,
    Canonical.WITHIN_POLICY: 28,
    Canonical.DID_NOT_OCCUR: 14,
    Canonical.TRAINING_OR_COACHING: 4,
    Canonical.POLICY_GAP: 2,
    Canonical.OFFICER_UNIDENTIFIED: 7,
    Canonical.OFFICER_LEFT: 3,
}
PHASES = {Phase.INVESTIGATION: 70, Phase.REVIEW: 8, Phase.DECISION: 12, Phase.ANSWER: 10}
# How a long closed case ended: with findings, without, or passed on.
ENDS = {"decided": 46, "early": 42, "referred": 12}


@dataclass(frozen=True)
class End:
    """How a case ended: its last stage, its classification, and the closure where nothing was found."""

    kind: str
    stage: str
    classification: str
    closure: str = ""


class Law:
    """One rulebook as tables to draw from."""

    def __init__(self, book: Rulebook, draw: Random) -> None:
        self.book = book
        self._draw = draw
        self._due: dict[tuple[str, date], date | None] = {}
        known = {life.code for life in book.lives}
        self.lives = tuple(code for code in LifeCode if code in known)
        self.started = {
            event: tuple(c for c in book.clocks_started_by(event) if c.is_known) for event in self._events()
        }
        # What begins a clock anew ends the one that runs.
        self.stopped: defaultdict[str, set[str]] = defaultdict(set)
        for clock in book.deadlines:
            for event in (*clock.starts, *clock.stops):
                self.stopped[event].add(clock.code)
        self.owners = {clock.code: str(clock.owner) for clock in book.deadlines}
        self._words = {life: self._weighed(book.findings_for(life)) for life in self.lives}

    def _events(self) -> set[str]:
        return {event for clock in self.book.deadlines if clock.is_known for event in clock.starts}

    def due_on(self, clock: str, start: date) -> date | None:
        """When a clock ends; the same day is reckoned once."""
        key = clock, start
        if key not in self._due:
            self._due[key] = self.book.due_on(clock, start)
        return self._due[key]

    def started_by(self, event: str, per: Per) -> Iterable[Clock]:
        """The clocks that begin with this event, for a case or for each officer."""
        return [clock for clock in self.started.get(event, ()) if clock.per is per]

    def finding(self, life: LifeCode) -> Finding | None:
        """A word that this life may use, common ones more often."""
        words, weights = self._words[life]
        return self._draw.choices(words, cum_weights=weights)[0] if words else None

    @staticmethod
    def _weighed(findings: tuple[Finding, ...]) -> tuple[list[Finding], list[int]]:
        weights = [FINDINGS.get(each.canonical, 1) if each.canonical else 1 for each in findings]
        return list(findings), list(accumulate(weights))

    @cached_property
    def _ends(self) -> tuple[list[str], list[int]]:
        known = [kind for kind in ENDS if kind == "decided" or getattr(self, f"_{kind}")]
        return known, [ENDS[kind] for kind in known]

    @cached_property
    def _going_on(self) -> list[str]:
        return [each.code for each in self.book.classification if each.goes_on] or [""]

    @cached_property
    def _referred(self) -> list[End]:
        ways = [each for each in self.book.classification if not each.goes_on and each.leads_to]
        final = {stage.code for stage in self.book.final_stages}
        return [End("referred", w.leads_to, w.code, w.closure or "") for w in ways if w.leads_to in final]

    @cached_property
    def _early(self) -> list[tuple[str, Closure]]:
        stages = sorted({move.to for move in self.book.moves if CLOSURE_GUARD in move.only_if})
        return [(stage, closure) for stage in stages for closure in self.book.closures]

    def end(self) -> End:
        """How a case ended that is over."""
        kind = self._draw.choices(*self._ends)[0]
        if kind == "referred":
            return self._draw.choice(self._referred)
        classification = self._draw.choice(self._going_on)
        if kind == "early":
            stage, closure = self._draw.choice(self._early)
            return End(kind, stage, classification, closure.code)
        return End(kind, self.book.final_stages[0].code, classification)

    def standing(self, age: int) -> tuple[str, Phase, str]:
        """Where a case stands that many days after it was opened, and how it was classified."""
        phases = [Phase.INVESTIGATION] if age < 45 else [phase for phase in PHASES if self._stages(phase)]
        phase = self._draw.choices(phases, [PHASES[each] for each in phases])[0]
        stages = self._stages(phase)
        return stages[0 if age < 20 else -1], phase, self._draw.choice(self._going_on)

    @cache  # noqa: B019 -- one Law for each rulebook, as long as the command
    def _stages(self, phase: Phase) -> list[str]:
        return [stage.code for stage in self.book.stages if stage.phase is phase and not stage.final]

    @cached_property
    def _categories(self) -> tuple[list[Any], list[float]]:
        parents = {category.parent for category in self.book.allegations}
        leaves = [category for category in self.book.allegations if category.code not in parents]
        return leaves, list(accumulate(1 / (place + 2) for place in range(len(leaves))))

    def category(self) -> str:
        """What is alleged; a few kinds make most of it."""
        leaves, weights = self._categories
        code: str = self._draw.choices(leaves, cum_weights=weights)[0].code
        return code

    def result(self, dispositions: Iterable[str]) -> str:
        """The word that names the case."""
        found = self.book.overall(dispositions)
        return found.code if found else ""
