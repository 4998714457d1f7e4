"""The whole rulebook as sections of sentences, its open questions, and its sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.policy.model import Rulebook
from app.policy.model.law import Source
from app.policy.plain import bodies, clocks, decisions, duties, intake, road, who
from app.policy.plain.grammar import ended, listed, on_day, quoted
from app.policy.plain.names import Speaker
from app.policy.plain.places import about
from app.policy.plain.said import Question, Section, SourceLine, Undone
from app.policy.plain.words import ROLES, spoken
from app.policy.promises import not_done

_BLOCKS: tuple[Callable[[Speaker], Section], ...] = (
    who.who,
    bodies.bodies,
    bodies.powers,
    intake.reach,
    intake.intake,
    intake.classification,
    road.road,
    clocks.clocks,
    decisions.findings,
    decisions.closures,
    decisions.evidence,
    decisions.discipline,
    decisions.mediation,
    duties.review,
    duties.rights,
    duties.reports,
    duties.publication,
    duties.meetings,
    duties.retention,
    duties.letters,
    duties.form,
    who.calendar,
    bodies.outside,
)


def sections(book: Rulebook) -> tuple[Section, ...]:
    """Every block that says something, in the order in which a reader asks."""
    speaker = Speaker(book)
    said = (block(speaker) for block in _BLOCKS)
    return tuple(section for section in said if section.entries)


def open_questions(book: Rulebook) -> tuple[Question, ...]:
    """Those that stop cases first."""
    asked = (
        Question(ended(q.question), about(book, q.place), ended(q.stops) if q.stops else "", q.stops_cases)
        for q in book.meta.open_questions
    )
    return tuple(sorted(asked, key=lambda question: not question.stops_cases))


def sources(book: Rulebook) -> tuple[SourceLine, ...]:
    """Every source, numbered as the sentences cite it."""
    return tuple(
        SourceLine(number, source.code, source.title, source.address or "", " ".join(_known(book, source)))
        for number, source in enumerate(book.meta.sources, 1)
    )


def undone(book: Rulebook) -> tuple[Undone, ...]:
    """What it says and no stage does yet, with where that stands in words."""
    return tuple(Undone(about(book, each.place), each.more, ended(each.says)) for each in not_done(book))


def _known(book: Rulebook, source: Source) -> Iterator[str]:
    if source.basis:
        yield f"It is law of this kind: {spoken(source.basis)}."
    if source.is_weak:
        yield "It only tells of the law."
    if source.text_as_of:
        yield f"The age of the text: {ended(source.text_as_of)}"
    yield from _in_force(source)
    yield from _over(book, source)
    yield from _again(book, source)
    for article in source.articles:
        yield f"Article {ended(article.title)}{f' {ended(article.says)}' if article.says else ''}"


def _in_force(source: Source) -> Iterator[str]:
    begun = f" from {on_day(source.from_on)}" if source.from_on else ""
    if begun or source.to_on:
        yield f"It is in force{begun}{f' to {on_day(source.to_on)}' if source.to_on else ' on'}."


def _over(book: Rulebook, source: Source) -> Iterator[str]:
    titles = {each.code: each.title for each in book.meta.sources}
    if source.overrides:
        yielding = listed(quoted(titles.get(code, code)) for code in source.overrides)
        yield f"Where they differ it stands above {yielding}; no rule here is decided by that."


def _again(book: Rulebook, source: Source) -> Iterator[str]:
    if source.read_on:
        yield f"It was read on {on_day(source.read_on)}."
    again, owner = book.reread_on(source), book.owner_of(source)
    by = f" by {ROLES.get(owner, owner.replace('_', ' '))}" if owner else ""
    if again:
        yield f"It is to be read again{by} on {on_day(again)}."
