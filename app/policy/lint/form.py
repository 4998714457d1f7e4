"""The form must ask what a filing needs, in an order that works, and nothing that gives a person away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, product

from app.policy.documents import Path
from app.policy.lint.report import Report
from app.policy.model.intake import FieldType, Form, Page, Question, ShownWhen
from app.policy.problems import Severity
from app.policy.vocabulary import IDENTIFYING_FILLS, LISTS, MOST_PAGES

_CHOSEN = (FieldType.CHOICE, FieldType.CHOICES, FieldType.LANGUAGE)
# More combinations of required answers than any form has: then the walk stops, and the rest is not tried.
_WALKS = 5000


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
        if question.type in _CHOSEN[:2] and not has_choices:
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
    """A page, question or notice may depend only on what was answered on a page before it."""
    asked: dict[str, Question] = {}
    notices = {notice.code: notice for notice in report.book.intake.notices}
    for page in report.book.form.pages:
        place = ("form", "pages", page.code)
        _check_condition(report, place, page.shown_when, asked)
        for question in page.fields:
            _check_condition(report, (*place, "fields", question.code), question.shown_when, asked)
        for code in page.notice:
            if code in notices:
                _check_condition(report, ("intake", "notices", code), notices[code].shown_when, asked)
        asked |= {question.code: question for question in page.fields}


def _check_condition(report: Report, place: Path, condition: ShownWhen | None, asked: dict[str, Question]) -> None:
    if condition is None:
        return
    question = asked.get(condition.field)
    if question is None:
        mend = "name a question that comes earlier"
        report.error((*place, "shown_when"), f"{condition.field} has not been asked yet", mend)
        return
    # Excluding an answer that nobody can give excludes nobody; waiting for one hides the page from everybody.
    what = f"answer to {question.code} called"
    report.known((*place, "shown_when"), condition.is_one_of, _answers(report, question), what)


def _answers(report: Report, question: Question) -> Iterable[str]:
    if question.type is FieldType.YES_NO:
        return ("yes", "no")
    if question.type not in _CHOSEN or question.choices_from not in {None, *report.vocabulary.choice_lists}:
        return ()
    return [choice.code for choice in report.book.choices(question)]


def check_nobody_is_given_away(report: Report) -> None:
    """An anonymous filer never sees a question whose answer says who they are."""
    hidden_kinds = [kind.code for kind in report.book.intake.anonymity if not kind.asks_identity]
    question_code = next((q.code for _, _, q in _questions(report) if q.fills == "anonymity"), "")
    for place, page, question in _questions(report):
        if question.fills in IDENTIFYING_FILLS and not question.is_identifying:
            mend = "mark it with `is_identifying: true`"
            report.error(place, f"{question.code} asks who somebody is and does not say so", mend)
        for kind in hidden_kinds if question.is_identifying and question_code else ():
            conditions = [c for c in (page.shown_when, question.shown_when) if c and c.field == question_code]
            if all(condition.holds({question_code: kind}) for condition in conditions):
                mend = f"hide it with `shown_when: {{field: {question_code}, is_none_of: [{kind}]}}`"
                report.error(place, f"{question.code} would be asked of an {kind} filer", mend)


def check_lists(report: Report) -> None:
    """A page that repeats asks for one list of a filing, and no other page does."""
    for page in report.book.form.pages:
        filled = [(question.fills or "more").partition(".")[0] for question in page.fields]
        place = ("form", "pages", page.code)
        if page.repeats and (len(set(filled)) != 1 or not set(filled) <= LISTS):
            mend = f"let its questions fill one of {', '.join(sorted(LISTS))}"
            report.error(place, f"{page.code} repeats and does not ask for one list", mend)
        if not page.repeats and set(filled) & LISTS:
            report.error(place, f"{page.code} asks for one of several once", "make it `repeats: true`")


def check_the_oath_is_last(report: Report) -> None:
    """An oath is asked for only where the law demands it to file, and after everything else."""
    sworn = report.book.intake.sworn_statement
    is_demanded = bool(sworn and sworn.needed_to_file)
    for place, page, question in _questions(report):
        if question.fills == "sworn" and not (is_demanded and page.is_check):
            mend = "take it out, or put it on the last page of a rulebook whose law needs it to file"
            report.error(place, f"{question.code} asks for an oath that comes too early or that no law demands", mend)
        if question.fills != "sworn" and page.is_check:
            report.error(place, f"{question.code} is asked after the answers were checked", "ask it on an earlier page")


def check_the_shortest_way(report: Report) -> None:
    """Whoever gives no name and knows only what happened passes few pages."""
    # A form with a wrong name in it is not walked.
    if any(problem.severity is Severity.ERROR for problem in report.problems):
        return
    pages = min((_pages_passed(report.book.form, answers) for answers in _least_answers(report)), default=0)
    if pages > MOST_PAGES:
        reason = f"the shortest way through the form has {pages} pages"
        mend = f"show pages only to whom they fit, until it has {MOST_PAGES}"
        report.error(("form", "pages"), reason, mend)


def _least_answers(report: Report) -> Iterator[dict[str, str]]:
    """Only what must be answered, in every combination."""
    needed = [q for _, _, q in _questions(report) if q.required and q.type is FieldType.CHOICE]
    offered = [[(question.code, code) for code in _answers(report, question)] for question in needed]
    return (dict(chosen) for chosen in islice(product(*offered), _WALKS))


def _pages_passed(form: Form, answers: dict[str, str]) -> int:
    """The language alone is asked on the page on which the form begins."""
    begins = 0 if form.pages and form.pages[0].asks_language_alone else 1
    return begins + len(form.visible_pages(answers))


def check_pages(report: Report) -> None:
    notices = {notice.code for notice in report.book.intake.notices}
    pages = report.book.form.pages
    for page in pages:
        report.known(("form", "pages", page.code, "notice"), page.notice, notices, "notice")
    if not pages or not pages[-1].is_check:
        mend = "make the last page `is_check: true`"
        report.error(("form", "pages"), "the form does not end with a page that shows the answers", mend)


CHECKS = (
    check_questions_are_named_once,
    check_answers_have_a_place,
    check_the_filing_is_complete,
    check_conditions_look_back,
    check_nobody_is_given_away,
    check_lists,
    check_the_oath_is_last,
    check_the_shortest_way,
    check_pages,
)
