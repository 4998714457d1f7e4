"""The form must ask what a filing needs, in an order that works, and nothing that gives a person away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.policy.documents import Path
from app.policy.lint.report import Report
from app.policy.model.intake import FieldType, Page, Question, ShownWhen


def _questions(report: Report) -> Iterator[tuple[Path, Page, Question]]:
    for page in report.book.form.pages:
        for question in page.fields:
            yield ("form", "pages", page.code, "fields", question.code), page, question


def check_questions_are_named_once(report: Report) -> None:
    counts = Counter(question.code for _, _, question in _questions(report))
    for place, _, question in _questions(report):
        if counts[question.code] > 1:
            report.error(place, f"{question.code} is asked more than once", "give each question a code of its own")


def check_answers_have_a_place(report: Report) -> None:
    for place, _, question in _questions(report):
        report.known((*place, "fills"), [question.fills], report.vocabulary.fills, "place in a filing named")
        report.known((*place, "choices_from"), [question.choices_from], report.vocabulary.choice_lists, "list")
        has_choices = bool(question.choices or _offered(report, question))
        if question.type in (FieldType.CHOICE, FieldType.CHOICES) and not has_choices:
            report.error(place, f"{question.code} offers nothing to choose", "add `choices` or `choices_from`")


def _offered(report: Report, question: Question) -> bool:
    """A list that the rulebook leaves empty offers nothing either."""
    if question.choices_from not in report.vocabulary.choice_lists:
        return question.choices_from is not None
    return bool(report.book.choices(question))


def check_the_filing_is_complete(report: Report) -> None:
    filled = {question.fills for _, _, question in _questions(report)}
    for need in sorted(report.vocabulary.must_fill - filled):
        mend = f"add a question with `fills: {need}`"
        report.error(("form", "pages"), f"no question of the form gives {need}", mend)


def check_conditions_look_back(report: Report) -> None:
    """A page may depend only on what has been answered before it."""
    asked: set[str] = set()
    for page in report.book.form.pages:
        _check_condition(report, ("form", "pages", page.code), page.shown_when, asked)
        for question in page.fields:
            place = ("form", "pages", page.code, "fields", question.code)
            _check_condition(report, place, question.shown_when, asked)
            asked.add(question.code)


def _check_condition(report: Report, place: Path, condition: ShownWhen | None, asked: set[str]) -> None:
    if condition and condition.field not in asked:
        mend = "name a question that comes earlier"
        report.error((*place, "shown_when"), f"{condition.field} has not been asked yet", mend)


def check_nobody_is_given_away(report: Report) -> None:
    """An anonymous filer never sees a question whose answer says who they are."""
    hidden_kinds = [kind.code for kind in report.book.intake.anonymity if not kind.asks_identity]
    question_code = next((q.code for _, _, q in _questions(report) if q.fills == "anonymity"), "")
    for place, page, question in _questions(report):
        for kind in hidden_kinds if question.is_identifying and question_code else ():
            conditions = [c for c in (page.shown_when, question.shown_when) if c is not None]
            if all(condition.holds({question_code: kind}) for condition in conditions):
                mend = f"hide it with `shown_when: {{field: {question_code}, is_none_of: [{kind}]}}`"
                report.error(place, f"{question.code} would be asked of an {kind} filer", mend)


def check_pages(report: Report) -> None:
    notices = {notice.code for notice in report.book.intake.notices}
    pages = report.book.form.pages
    for page in pages:
        report.known(("form", "pages", page.code, "notice"), [page.notice], notices, "notice")
    if not pages or not pages[-1].is_check:
        mend = "make the last page `is_check: true`"
        report.error(("form", "pages"), "the form does not end with a page that shows the answers", mend)


CHECKS = (
    check_questions_are_named_once,
    check_answers_have_a_place,
    check_the_filing_is_complete,
    check_conditions_look_back,
    check_nobody_is_given_away,
    check_pages,
)
