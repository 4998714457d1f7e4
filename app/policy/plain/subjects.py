"""What a part of a rulebook is called in a sentence about it, and what it says when it is new or gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.policy.model.agency import Body, ClosedDay, Department, Language, Quorum, Seats, Votes
from app.policy.model.base import Block, Coded, Named, Span
from app.policy.model.decisions import Closure, Finding, Penalty
from app.policy.model.duties import ExternalReport, LetterKind, Report, ReportDue, RetentionClass, Table
from app.policy.model.intake import Category, Classification, FilingLimit, Page, Question
from app.policy.model.law import OpenQuestion, PolicyDocument, PolicyText, Source
from app.policy.model.letters import Letter
from app.policy.model.outside import ExternalBody, Outsider, SecondPerson, SpecialRoute
from app.policy.model.powers import Power
from app.policy.model.process import Clock, Extension, FurtherExtension, Milestone, Move, Stage, Tolling
from app.policy.plain import bodies, clocks, decisions, duties, intake, road
from app.policy.plain.grammar import ended, in_year, on_day, quoted, the
from app.policy.plain.keys import noun
from app.policy.plain.names import Speaker, text_of
from app.policy.plain.places import about
from app.policy.plain.words import STEPS, power_of

# The kind of a thing that has a name.
_KINDS: Mapping[type, str] = {
    Finding: "the finding",
    Closure: "the closure",
    Clock: "the clock",
    Stage: "the stage",
    Category: "the kind of allegation",
    Classification: "the classification",
    Milestone: "the milestone",
    Tolling: "the pause",
    SpecialRoute: "the special route",
    LetterKind: "the letter",
    Report: "the report",
    Table: "the table",
    RetentionClass: "the kind of record",
    PolicyDocument: "the policy",
    Language: "the language",
    Page: "the page of the form",
    Question: "the question of the form",
    Penalty: "the penalty",
}
_BY_NAME = (Body, Department, ExternalBody, Outsider)

_CALLED: Mapping[type, Callable[[Speaker, Any], str]] = {
    Power: lambda s, each: power_of(each.power, s.name(each.holder, "bodies")),
    Move: lambda s, each: f"the move from {s.name(each.from_, 'stages')} to {s.name(each.to, 'stages')}",
    Source: lambda _, each: f"the source {quoted(each.title)}",
    OpenQuestion: lambda _, each: f"the open question {quoted(each.question)}",
    SecondPerson: lambda _, each: f"the second person for {STEPS.get(each.code, each.code.replace('_', ' '))}",
    PolicyText: lambda _, each: f"the wording in force from {on_day(each.from_on)}",
    ClosedDay: lambda _, each: f"the closed day {on_day(each.day)}",
    ReportDue: lambda _, each: f"the day {in_year(each.month, each.day)}",
    Votes: lambda _, each: (
        "the vote on any other motion"
        if each.code == "default"
        else f"the vote on {quoted(each.code.replace('_', ' '))}"
    ),
}


def question_text(speaker: Speaker, asked: OpenQuestion) -> Iterable[str]:
    """What it is about, and what waits for the answer."""
    yield f"It is about this: {ended(about(speaker.book, asked.place))}"
    if asked.stops:
        yield ended(asked.stops)
    if asked.stops_cases:
        yield "Cases cannot be handled without the answer."


# How a part says what it holds, where that is more than one key after the other.
_TOLD: Mapping[type, Callable[[Speaker, Any], Iterable[str]]] = {
    Power: bodies.power,
    Quorum: lambda _, each: bodies.quorum(each),
    Votes: lambda _, each: bodies.vote(each),
    Seats: lambda _, each: bodies.seats(each),
    Clock: clocks.clock_text,
    Stage: road.stage_text,
    Move: lambda s, each: (road.move_text(s, each),),
    Milestone: lambda s, each: road.milestone_text(s, each.code),
    Finding: decisions.finding_text,
    Closure: decisions.closure_text,
    FilingLimit: intake.limit_text,
    Classification: intake.classified_text,
    Category: intake.category_text,
    PolicyText: lambda _, each: intake.wording(each),
    OpenQuestion: question_text,
    Source: lambda s, each: s.rest(each, "title"),
    Extension: clocks.extension_text,
    FurtherExtension: clocks.extension_text,
    LetterKind: duties.letter_text,
    RetentionClass: duties.kept_text,
    ExternalReport: duties.external_text,
}


def called(speaker: Speaker, item: Any, among: str) -> str:
    """What the sentence is about; `among` is what the list of it is called."""
    kind = type(item)
    if kind in _CALLED:
        return _CALLED[kind](speaker, item)
    if isinstance(item, Named):
        return _named(item, among)
    return f"{quoted(item.code.replace('_', ' '))} among {among}" if isinstance(item, Coded) else among


def _named(item: Named, among: str) -> str:
    label = text_of(item.label)
    if isinstance(item, _BY_NAME):
        return the(label)
    kind = _KINDS.get(type(item))
    return f"{kind} {quoted(label)}" if kind else f"{quoted(label)} among {among}"


def within(part: str, whole: str) -> str:
    """A part of something: of the whole rulebook, the part stands by itself."""
    return f"{part} of {whole}" if whole else part


def told(speaker: Speaker, item: Any) -> str:
    """What it says, in sentences."""
    if isinstance(item, Letter):
        return ""
    if isinstance(item, Span):
        return f"{speaker.said_value('', '', item)}."
    say = _TOLD.get(type(item))
    return " ".join(text for text in (say(speaker, item) if say else speaker.rest(item)) if text)


def identity(item: Any) -> tuple[Any, ...]:
    """What makes two entries of two versions the same one."""
    if isinstance(item, Coded):
        return (item.code,)
    keys = _IDENTITY.get(type(item), ())
    return tuple(getattr(item, key) for key in keys)


_IDENTITY: Mapping[type, tuple[str, ...]] = {
    Power: ("power", "holder"),
    Move: ("from_", "to"),
    OpenQuestion: ("question",),
    PolicyText: ("from_on",),
    ClosedDay: ("day",),
    ReportDue: ("month", "day"),
    Letter: ("kind", "language"),
}


def list_name(owner: Block, key: str) -> str:
    return noun(type(owner).__name__, key)
