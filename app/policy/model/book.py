"""One rulebook: every block, the form, the letters, and the questions the rest of the house asks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field

from app.kernel import deadlines
from app.kernel.calendar import Calendar
from app.kernel.deadlines import Explanation, Pause, Rule
from app.kernel.text import DEFAULT_LANGUAGE, LocalText
from app.policy.model.agency import (
    Body,
    Department,
    OversightModel,
    Status,
)
from app.policy.model.base import Basis, Cited, Coded, Evidence, Named
from app.policy.model.decisions import (
    Answer,
    Closure,
    Finding,
    Life,
    LifeCode,
)
from app.policy.model.duties import LetterKind
from app.policy.model.intake import CaseKind, Category, Classification, Form, Question
from app.policy.model.law import PolicyDocument, PolicyText, Source
from app.policy.model.letters import Letter
from app.policy.model.outside import ExternalBody
from app.policy.model.powers import Act, Power, PowerName, Stopped
from app.policy.model.process import Clock, Milestone, Move, Stage, Tolling
from app.policy.model.text import RulebookText

T = TypeVar("T", bound=Coded)


class UnknownName(LookupError):
    """The rulebook has no such stage, clock, finding and so on."""


def policy_id_of(agency: str, effective_from: date, digest: str) -> str:
    """Whose, from when, and which bytes."""
    return f"{agency}@{effective_from.isoformat()}#{digest[:12]}"


class Rulebook(RulebookText):
    """A rulebook as the rest of the house uses it, rebuilt at any time from its files."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str
    """The agency."""
    effective_from: date
    digest: str
    """SHA-256 over the names and bytes of its files."""
    files: dict[str, bytes] = Field(exclude=True, repr=False)
    form: Form
    letter_texts: tuple[Letter, ...] = Field(exclude=True, repr=False)

    # -- what it is -------------------------------------------------------------------------------

    @property
    def policy_id(self) -> str:
        """What a case is pinned to."""
        return policy_id_of(self.id, self.effective_from, self.digest)

    @property
    def name(self) -> LocalText:
        return self.meta.name

    @property
    def status(self) -> Status:
        return self.meta.status

    @property
    def number_mask(self) -> str:
        return self.meta.number_mask

    @property
    def filing_mask(self) -> str:
        return self.meta.filing_mask

    @property
    def model(self) -> OversightModel:
        return self.models.primary

    @property
    def departments(self) -> tuple[Department, ...]:
        return self.jurisdiction.departments

    @property
    def language_codes(self) -> tuple[str, ...]:
        return tuple(language.code for language in self.languages)

    @property
    def time_zone(self) -> ZoneInfo:
        return self.calendar_block.zone

    @cached_property
    def calendar(self) -> Calendar:
        """The working days, as clocks count them."""
        return self.calendar_block.build()

    @property
    def opens_cases(self) -> bool:
        """No case opens under a draft, a proposal, or the rules of an agency that has ended."""
        return self.status is Status.ACTIVE

    # -- what it rests on -------------------------------------------------------------------------

    def evidence_of(self, fact: Cited) -> Evidence:
        return fact.evidence or self.meta.evidence

    def source_of(self, fact: Cited) -> Source | None:
        code = fact.source or self.meta.source
        return self._one(self.meta.sources, code, "source") if code else None

    def basis_of(self, fact: Cited) -> Basis | None:
        """The kind of law it rests on: its own word, else that of its source."""
        source = self.source_of(fact)
        return fact.basis or (source.basis if source else None)

    def reread_on(self, source: Source) -> date | None:
        return source.reread_on or self.meta.source_defaults.reread_on

    def owner_of(self, source: Source) -> str | None:
        """The role that reads it again."""
        return source.owner or self.meta.source_defaults.owner

    def sources_to_read(self, on: date) -> tuple[Source, ...]:
        """Those whose day to be read again has come, and those that have expired."""
        return tuple(
            s for s in self.meta.sources if (self.reread_on(s) or date.max) <= on or (s.to_on or date.max) < on
        )

    def documents_of(self, category: str) -> tuple[PolicyDocument, ...]:
        """The policies and standards of this kind of allegation, its own or its parent's."""
        found = self.category(category)
        while not found.policies and found.parent:
            found = self.category(found.parent)
        return tuple(self._one(self.policies, code, "policy") for code in found.policies)

    def policies_of(self, category: str, on: date) -> tuple[tuple[PolicyDocument, PolicyText], ...]:
        """The texts in force on the day of the incident for this kind of allegation, its own or its parent's."""
        dated = ((document, document.text_on(on)) for document in self.documents_of(category))
        return tuple((document, text) for document, text in dated if text is not None)

    # -- what may be done today ---------------------------------------------------------------------

    def has_power(self, power: str, on: date) -> bool:
        return any(self._holds(p, on) for p in self.powers if p.power == PowerName(power))

    def _holds(self, power: Power, on: date) -> bool:
        return power.holds(on) and all(body.exists(on) for body in self.bodies if body.code == power.holder)

    def stopped(self, act: str, on: date) -> Stopped | None:
        """Why something cannot be done on this day; nothing where it can, or where the rulebook does not say."""
        wanted = Act(act)
        needed = dict.fromkeys(power.power for power in self.powers if wanted in power.carries)
        missing = next((name for name in needed if not self.has_power(name, on)), None)
        return self._why(missing, on) if missing else None

    def why_without(self, power: str, on: date) -> Stopped | None:
        """Why nobody holds this power on this day; nothing where somebody does, or where it was never given."""
        name = PowerName(power)
        is_given = any(entry.power is name for entry in self.powers)
        return self._why(name, on) if is_given and not self.has_power(name, on) else None

    def _why(self, name: PowerName, on: date) -> Stopped:
        """The power that was lost last says why; else the end of the body that held it."""
        entries = [power for power in self.powers if power.power is name]
        power = max(entries, key=lambda entry: entry.lost_on(on) or date.min)
        ended = next((b for b in self.bodies if b.code == power.holder and not b.exists(on)), None)
        since = power.lost_on(on)
        if since is None and ended is not None:
            return Stopped(power, ended.to_on, ended.ended_by, ended.reason, ended.authority)
        return Stopped(power, since, power.suspended_by, power.reason, power.authority)

    # -- by code ----------------------------------------------------------------------------------

    def stage(self, code: str) -> Stage:
        return self._one(self.stages, code, "stage")

    def clock(self, code: str) -> Clock:
        return self._one(self.deadlines, code, "clock")

    def finding(self, code: str) -> Finding:
        return self._one(self.findings, code, "finding")

    def closure(self, code: str) -> Closure:
        return self._one(self.closures, code, "closure")

    def life(self, code: str) -> Life:
        return self._one(self.lives, code, "life")

    def body(self, code: str) -> Body:
        return self._one(self.bodies, code, "body")

    def department(self, code: str) -> Department:
        return self._one(self.departments, code, "department")

    def category(self, code: str) -> Category:
        return self._one(self.allegations, code, "kind of allegation")

    def classified(self, code: str) -> Classification:
        return self._one(self.classification, code, "classification")

    def answer(self, code: str) -> Answer:
        return self._one(self.discipline.answers, code, "answer")

    def toll(self, code: str) -> Tolling:
        return self._one(self.tolling, code, "reason for tolling")

    def letter_kind(self, code: str) -> LetterKind:
        return self._one(self.letters, code, "letter")

    def milestone(self, code: str) -> Milestone:
        return self._one(self.milestones, code, "milestone")

    def case_kind(self, code: str) -> CaseKind:
        return self._one(self.case_kinds, code, "kind of case")

    def external_body(self, code: str) -> ExternalBody:
        return self._one(self.external_bodies, code, "external body")

    def second_persons_for(self, step: str) -> tuple[str, ...]:
        """The roles and outsiders who may be the second person of this step; none named means any other person."""
        return next((entry.by for entry in self.second_persons if entry.code == step), ())

    def _one(self, items: Sequence[T], code: str, what: str) -> T:
        for item in items:
            if item.code == code:
                return item
        raise UnknownName(f"The rulebook {self.policy_id} has no {what} named {code}.")

    # -- the road ---------------------------------------------------------------------------------

    @property
    def first_stage(self) -> Stage:
        return self.stages[0]

    @property
    def final_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.final)

    def move(self, from_: str, to: str) -> Move | None:
        """The move from one stage to another, if the rulebook has it."""
        return next((m for m in self.moves if m.from_ == from_ and m.to == to), None)

    def moves_from(self, stage: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.from_ == stage)

    def has_clock(self, code: str) -> bool:
        return any(clock.code == code for clock in self.deadlines)

    def clocks_started_by(self, event: str) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.deadlines if event in clock.starts)

    def clocks_stopped_by(self, event: str) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.deadlines if event in clock.stops)

    def due_on(
        self, clock: str, start: date, tolled: Iterable[Pause] = (), *, today: date | None = None
    ) -> date | None:
        """When this clock ends; nothing while the law's number is not known."""
        rule = self.clock(clock).rule
        return deadlines.due_on(rule, start, self.calendar, tolled, today=today) if rule else None

    def explain(
        self, clock: str, start: date, tolled: Iterable[Pause] = (), *, today: date | None = None
    ) -> Explanation | None:
        rule = self.clock(clock).rule
        return deadlines.explain(rule, start, self.calendar, tolled, today=today) if rule else None

    def extension_rule(self, clock: str) -> Rule | None:
        """What one extension adds to a due date."""
        found = self.clock(clock)
        extra = found.extension
        if extra is None or extra.amount is None or extra.unit is None:
            return None
        return Rule(extra.amount, extra.unit, found.roll, extra.authority)

    # -- findings ---------------------------------------------------------------------------------

    def overall(self, findings: Iterable[str]) -> Finding | None:
        """The finding that names a case: the first in the rulebook's order of precedence."""
        known = [self.finding(code) for code in findings]
        return min(known, key=lambda finding: finding.precedence, default=None)

    def findings_for(self, life: str, on: date | None = None) -> tuple[Finding, ...]:
        """The words this life may use, on this day."""
        wanted = LifeCode(life)
        return tuple(f for f in self.findings if wanted in f.lives and (on is None or _in_use(f, on)))

    def may_write(self, life: str, role: str) -> bool:
        return any(entry.code == life and role in entry.by for entry in self.lives)

    # -- kinds of allegation ----------------------------------------------------------------------

    def categories_under(self, parent: str | None) -> tuple[Category, ...]:
        return tuple(category for category in self.allegations if category.parent == parent)

    def theme_of(self, code: str) -> str | None:
        """Its own theme, else its parent's."""
        category: Category | None = self.category(code)
        while category is not None and category.theme is None:
            category = self.category(category.parent) if category.parent else None
        return category.theme.value if category is not None and category.theme else None

    # -- the form ---------------------------------------------------------------------------------

    def choices(self, question: Question) -> Sequence[Named]:
        """What a question offers, its own choices or a list of the rulebook."""
        lists: Mapping[str, Sequence[Named]] = {
            "anonymity": self.intake.anonymity,
            "relationships": self.intake.relationships,
            "contact_preferences": self.intake.contact_preferences,
            "contact_rules": self.intake.contact_rules,
            "contact_kinds": self.intake.contact_kinds,
            "matters": self.intake.matters,
            "accommodations": self.intake.accommodations,
            "heard_of_us": self.intake.heard_of_us,
            "languages": self.languages,
            "departments": self.departments,
            "special_routes": self.special_routes,
        }
        return lists[question.choices_from] if question.choices_from else question.choices

    # -- letters ----------------------------------------------------------------------------------

    def letter(self, kind: str, language: str = DEFAULT_LANGUAGE) -> Letter:
        """The text in this language, else in English; a machine's only once a person has approved it."""
        texts = {letter.language: letter for letter in self.letter_texts if letter.kind == kind and letter.is_sent}
        found = texts.get(language) or texts.get(language.split("-")[0]) or texts.get(DEFAULT_LANGUAGE)
        if found is None:
            raise UnknownName(f"The rulebook {self.policy_id} has no letter named {kind}.")
        return found


def _in_use(finding: Finding, on: date) -> bool:
    return (finding.from_on or date.min) <= on < (finding.to_on or date.max)
