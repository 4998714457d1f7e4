"""Every legal fact says how it is known; what is not known is asked as a question; every source is read again."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from pydantic import BaseModel

from app.policy.documents import Path, say
from app.policy.lint.report import Report
from app.policy.model.agency import Quorum, Status, VoteRule
from app.policy.model.base import Basis, Cited, Coded, Evidence
from app.policy.model.decisions import Appeal, Dispute, ReviewRule
from app.policy.model.duties import ExternalReport, RetentionClass
from app.policy.model.intake import FilingLimit
from app.policy.model.law import PolicyDocument, Source
from app.policy.model.outside import SpecialRoute
from app.policy.model.powers import Power
from app.policy.model.process import Clock, Extension, Tolling
from app.policy.model.text import FROM_DEFAULTS, RulebookText

# What binds people outside the office must say which law binds them.
LAW = (
    Clock,
    Extension,
    Tolling,
    Power,
    Quorum,
    VoteRule,
    FilingLimit,
    Appeal,
    Dispute,
    ReviewRule,
    SpecialRoute,
    RetentionClass,
    ExternalReport,
)


def check_citations(report: Report) -> None:
    sources = {source.code for source in report.book.meta.sources}
    for place, fact in report.facts:
        report.known((*place, "source"), [fact.source], sources, "source")
        _check_citation(report, place, fact)
    report.known(("meta", "source"), [report.book.meta.source], sources, "source")


def _check_citation(report: Report, place: Path, fact: Cited) -> None:
    if not isinstance(fact, LAW) or report.book.evidence_of(fact) not in (Evidence.READ, Evidence.DERIVED):
        return
    if fact.authority is None:
        mend = 'add `authority: "..."` with the section of law, or mark it `evidence: general` or `unknown`'
        report.error_if_active(place, "this is said to have been read, but no law is cited", mend)
    if (fact.source or report.book.meta.source) is None:
        mend = "add `source:` with a code of meta.sources, or mark it `evidence: general` or `unknown`"
        report.error_if_active(place, "this is said to have been read, but not where", mend)


def check_articles_and_basis(report: Report) -> None:
    known = {source.code: source for source in report.book.meta.sources}
    for place, fact in report.facts:
        source = known.get(fact.source or report.book.meta.source or "")
        articles = [article.code for article in source.articles] if source else []
        report.known((*place, "article"), [fact.article], articles, "article of this source named")
        if isinstance(fact, Power) and source and not (fact.basis or source.basis) and _is_active(report):
            mend = "add `basis:` here or to its source, such as charter, ordinance or contract"
            report.error(place, "it is not said what kind of law gives this power", mend)


def _is_active(report: Report) -> bool:
    return report.book.status is Status.ACTIVE


def check_marks(report: Report) -> None:
    """`unknown` and `general` name keys of the entry they stand in."""
    for place, fact in report.facts:
        fields = {info.alias or name: name for name, info in type(fact).model_fields.items()}
        for mark in ("unknown", "general"):
            report.known((*place, mark), getattr(fact, mark), fields, "key here named")
        for key in fact.unknown:
            if key in fields and _is_given(fact, fields[key]):
                mend = f"take out `{key}`, or take it out of `unknown`"
                report.error((*place, "unknown"), f"{key} is marked unknown and stands here all the same", mend)


def _is_given(fact: Cited, name: str) -> bool:
    """A key that the format asks for, or that a default has filled, may stand there though it is not known."""
    is_filled = isinstance(fact, Clock) and name in FROM_DEFAULTS
    return name in fact.model_fields_set and not is_filled and not type(fact).model_fields[name].is_required()


def check_unknowns_are_asked(report: Report) -> None:
    asked = [question.place for question in report.book.meta.open_questions]
    for place, fact in report.facts:
        marked = [place] if fact.evidence is Evidence.UNKNOWN else [(*place, key) for key in fact.unknown]
        for each in marked:
            if not any(_touches(say(each), question) for question in asked):
                mend = f"add an entry to meta.open_questions with `place: {say(each)}`"
                report.error(each, "this is unknown, and nobody is asked", mend)


def _touches(place: str, question: str) -> bool:
    """The question is about this place, something round it, or something in it."""
    return f"{place}.".startswith(f"{question}.") or f"{question}.".startswith(f"{place}.")


def check_questions(report: Report) -> None:
    for n, question in enumerate(report.book.meta.open_questions):
        place = ("meta", "open_questions", n)
        if not is_a_place(report.book, question.place):
            mend = "write it as block.code.key, such as intake.filing_limit"
            report.error((*place, "place"), f"there is no place {question.place} in a rulebook", mend)
        if question.stops_cases and _is_active(report):
            mend = "answer it, or make the rulebook `status: draft`"
            report.error(place, "an open question stops cases from being handled", mend)


def is_a_place(book: RulebookText, place: str) -> bool:
    """Whether the format has such a place; what is not written yet is a place too."""
    kind, value = RulebookText, book
    for part in place.split("."):
        step = _step(kind, value, part)
        if step is None:
            return False
        kind, value = step
    return True


def _step(kind: Any, value: Any, part: str) -> tuple[Any, Any] | None:
    if isinstance(value, tuple):
        found = next((item for n, item in enumerate(value) if part in (getattr(item, "code", None), str(n))), None)
        return None if found is None else (type(found), found)
    named = {info.alias or name: name for name, info in getattr(kind, "model_fields", {}).items()}
    if part not in named or part == "code":
        return None
    following = getattr(value, named[part]) if value is not None else None
    return _model_in(kind.model_fields[named[part]].annotation), following


def _model_in(annotation: Any) -> Any:
    """The block that an annotation such as `Quorum | None` speaks of."""
    kinds = [annotation, *get_args(annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def check_sources(report: Report) -> None:
    book = report.book
    codes = {source.code for source in book.meta.sources}
    report.known(("meta", "source_defaults", "owner"), [book.meta.source_defaults.owner], report.roles, "role")
    for source in book.meta.sources:
        place = ("meta", "sources", source.code)
        report.known((*place, "owner"), [source.owner], report.roles, "role")
        report.known((*place, "overrides"), source.overrides, codes - {source.code}, "other source")
        _check_source_days(report, place, source)
    _check_nothing_yields_to_itself(report)


def _check_nothing_yields_to_itself(report: Report) -> None:
    yields = {source.code: set(source.overrides) for source in report.book.meta.sources}
    for code in yields:
        below: set[str] = set()
        waiting = {code}
        while waiting:
            following = {other for each in waiting for other in yields.get(each, ())} - below
            below |= following
            waiting = following
        if code in below:
            place = ("meta", "sources", code, "overrides")
            report.error(place, f"{code} overrides itself, by way of what it overrides", "take one of them out")


def _check_source_days(report: Report, place: Path, source: Source) -> None:
    if source.from_on and source.to_on and source.to_on < source.from_on:
        report.error((*place, "to_on"), f"{source.code} ends before it begins", "turn the two days round")
    if source.basis is Basis.CONTRACT and source.to_on is None:
        mend = "add `to_on:` with its last day"
        report.error_if_active(place, f"{source.code} is a contract and does not say when it expires", mend)
    if report.book.reread_on(source) is None or report.book.owner_of(source) is None:
        mend = "add `reread_on` and `owner` here, or to meta.source_defaults for all of them"
        report.error_if_active(place, f"nobody is told to read {source.code} again", mend)


def check_expired(report: Report) -> None:
    """What had ended before the rulebook took effect, and is cited all the same."""
    book = report.book
    cited = {fact.source or book.meta.source for _, fact in report.facts if fact.source or fact.authority}
    for source in book.meta.sources:
        if source.code in cited and (source.to_on or date.max) < book.effective_from:
            reason = f"{source.code} is cited, and had ended on {source.to_on} before this rulebook took effect"
            mend = "cite what followed it, or say in a `note:` why it still holds"
            report.warn(("meta", "sources", source.code, "to_on"), reason, mend)


def check_expired_by(report: Report, today: date) -> None:
    """What has ended since. Nobody but the command line knows today, so this is no part of the lint at a start."""
    for source in report.book.meta.sources:
        if report.book.effective_from <= (source.to_on or date.max) < today:
            mend = "read what followed it, and write a new folder dated that day"
            report.warn(("meta", "sources", source.code, "to_on"), f"{source.code} expired on {source.to_on}", mend)


def check_policies(report: Report) -> None:
    book = report.book
    departments = {department.code for department in book.departments}
    for document in book.policies:
        report.known(("policies", document.code, "department"), [document.department], departments, "department")
        _check_texts(report, document)
    for category in book.allegations:
        codes = {document.code for document in book.policies}
        report.known(("allegations", category.code, "policies"), category.policies, codes, "policy")


def _check_texts(report: Report, document: PolicyDocument) -> None:
    seen: dict[Any, int] = {}
    for n, text in enumerate(document.texts):
        place = ("policies", document.code, "texts", n)
        if text.to_on is not None and text.to_on < text.from_on:
            report.error(place, f"this text of {document.code} ends before it begins", "turn the two days round")
        if text.from_on in seen:
            mend = "give each text its own first day"
            report.error(place, f"two texts of {document.code} begin on {text.from_on}", mend)
        if text.text is None and text.address is None:
            mend = "add `text:` with the wording, or `address:` where it can be read"
            report.warn(place, f"of this text of {document.code} only the days are kept", mend)
        seen[text.from_on] = n


def check_codes_are_their_own(report: Report) -> None:
    """What stands in one list with others must not be mistaken for them."""
    groups = (
        ("milestones", report.book.milestones, report.vocabulary.events, "an event already"),
        ("outsiders", report.book.outsiders, report.vocabulary.roles, "a role of the office"),
        ("external_bodies", report.book.external_bodies, _codes(report.book.bodies), "a body of the agency"),
    )
    for block, items, taken, what in groups:
        for item in items:
            if item.code in taken:
                report.error((block, item.code), f"{item.code} is the name of {what}", "choose another code")


def _codes(items: tuple[Coded, ...]) -> set[str]:
    return {item.code for item in items}


CHECKS = (
    check_citations,
    check_articles_and_basis,
    check_marks,
    check_unknowns_are_asked,
    check_questions,
    check_sources,
    check_expired,
    check_policies,
    check_codes_are_their_own,
)
