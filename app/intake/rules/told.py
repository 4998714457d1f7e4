"""A complaint that somebody of the office writes down: what was typed on the one page of all questions, judged."""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from app.intake.rules import draft as drafts
from app.intake.rules import form as rules
from app.intake.rules.draft import Answers, Draft
from app.policy.model import Rulebook
from app.policy.model.intake import Page

# What is asked of the scribe stands under names of its own, beside the rulebook's questions.
PREFIX = "how_"
HOW = ("channel", "arrived_on", "arrived_why", "spoken", "interpreter", "words", "written", "handed")


class Told(BaseModel):
    """What was told so far, how it came, and who writes it down. It travels in the page, sealed to that account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    draft: Draft
    how: dict[str, str] = {}

    def value(self, name: str) -> str:
        """What was typed of how it came."""
        return self.how.get(name, "")


def entry_name(page: Page, at: int) -> str:
    """What stands before the names of one officer's or witness's questions."""
    return f"{page.code}.{at}."


def taken(
    book: Rulebook, told: Told, values: Mapping[str, str], lists: Mapping[str, Sequence[str]], *, most: int = 25
) -> Told:
    """What is told now: the answers to the questions that stood on the page, and those that did not as they were."""
    asked = set(values.get("asked", "").split())
    how = told.how | {name: values[PREFIX + name] for name in HOW if PREFIX + name in values}
    draft = told.draft
    for page in book.form.pages:
        if page.code in asked and page.repeats:
            entries = [entry for at in range(most) for entry in _entry(book, page, values, lists, at)]
            draft = draft.with_(entries=draft.entries | {page.code: entries})
        elif page.code in asked:
            draft = _answered(book, draft, page, values, lists, asked)
    return told.model_copy(update={"how": how, "draft": draft})


def _answered(
    book: Rulebook,
    draft: Draft,
    page: Page,
    values: Mapping[str, str],
    lists: Mapping[str, Sequence[str]],
    asked: set[str],
) -> Draft:
    """A question of this page that did not stand there keeps its answer."""
    now = drafts.taken(book, draft, page, values, lists, 0)
    hidden = {
        question.code: draft.answers[question.code]
        for question in page.fields
        if f"{page.code}.{question.code}" not in asked and question.code in draft.answers
    }
    return now.with_(answers=now.answers | hidden)


def _entry(
    book: Rulebook, page: Page, values: Mapping[str, str], lists: Mapping[str, Sequence[str]], at: int
) -> list[Answers]:
    name = entry_name(page, at)
    own = {key.removeprefix(name): value for key, value in values.items() if key.startswith(name)}
    many = {key.removeprefix(name): value for key, value in lists.items() if key.startswith(name)}
    if not own:
        return []
    empty = Draft(id="", language=book.language_codes[0])
    return drafts.taken(book, empty, page, own, many, 0).entries.get(page.code, [])


def problems(book: Rulebook, draft: Draft, today: date) -> dict[str, str]:
    """What is wrong in the whole form, by the name of the field on the page."""
    found: dict[str, str] = {}
    for page in book.form.visible_pages(draft.answers):
        for at in range(len(draft.entries.get(page.code, [])) if page.repeats else 1):
            name = entry_name(page, at) if page.repeats else ""
            wrong = rules.problems(book, draft, page, at, today)
            found |= {name + code: words for code, words in wrong.items()}
    return found
