"""The dialog: one question at a time, bad answers asked again with the reason, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.operations.new_rulebook.answers import Answers, BadAnswer, Typed
from app.operations.new_rulebook.catalogue import Question, Section
from app.operations.new_rulebook.kinds import LISTS
from app.operations.new_rulebook.questions import Check, asked, next_question, proposed_folder, read

BACK = "<"
HOW = (
    "One question at a time. ? means “I do not know”: it becomes an open question, and nothing is guessed.",
    f"{BACK} goes back one question. Ctrl-C stops; what was answered is kept.",
)


@dataclass(frozen=True)
class Dialog:
    """Who asks and who keeps: `hear` shows a prompt and gives what was typed."""

    hear: Callable[[str], str]
    say: Callable[[str], None]
    keep: Callable[[Answers], None]
    check: Check


def ask_all(dialog: Dialog, answers: Answers) -> Answers:
    """Asks whatever has no answer yet, and keeps each answer at once."""
    for words in HOW:
        dialog.say(words)
    given: list[str] = list(answers.typed)
    shown = ""
    while found := next_question(answers):
        section, question = found
        shown = _show_heading(dialog, section, shown)
        _show(dialog, question, answers)
        typed = _hear(dialog, question, answers)
        if typed == BACK:
            answers = answers.without(given.pop()) if given else answers
            continue
        accepted = _accepted(dialog, question, typed, answers)
        if accepted is not None:
            answers = accepted
            given.append(question.key)
        dialog.keep(answers)
    return answers


def _accepted(dialog: Dialog, question: Question, typed: Typed, answers: Answers) -> Answers | None:
    """With this answer; nothing where it cannot be used, which is said."""
    try:
        answer = read(question, typed, answers)
        dialog.check(question, answer, answers)
    except BadAnswer as bad:
        dialog.say(f"   ! {bad}")
        return None
    return answers.with_(question.key, typed, answer)


def _show_heading(dialog: Dialog, section: Section, shown: str) -> str:
    if section.title != shown:
        dialog.say(f"\n{section.title}\n{'-' * len(section.title)}")
        if section.lead:
            dialog.say(section.lead)
    return section.title


def _show(dialog: Dialog, question: Question, answers: Answers) -> None:
    known = [each.key for _, each in asked(answers)]
    dialog.say(f"\n{known.index(question.key) + 1} of about {len(known)}. {question.asks}")
    for words in _hints(question):
        dialog.say(f"   {words}")


def _hints(question: Question) -> Iterator[str]:
    if question.help:
        yield question.help
    if question.choices and isinstance(next(iter(question.choices.values())), str):
        yield from (f"{n}  {words}" for n, words in enumerate(question.choices.values(), 1))
        return
    first = question.example if isinstance(question.example, str) else question.example[0]
    yield f"For example: {'; or: '.join((first, *question.or_))}"


def _hear(dialog: Dialog, question: Question, answers: Answers) -> Typed:
    default = proposed_folder(answers) if question.kind == "folder" else question.default
    typed = dialog.hear(f"   [{default}] > " if default else "   > ").strip()
    if question.kind not in LISTS or typed in (BACK, "?"):
        return typed or default or ""
    return _hear_more(dialog, typed)


def _hear_more(dialog: Dialog, typed: str) -> list[str]:
    """A list ends with an empty line."""
    each: list[str] = []
    while typed:
        each.append(typed)
        typed = dialog.hear("   and > ").strip()
    return each
