"""A file of answers: read strictly, written so that somebody can go on with it, and an example of every key."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from app.kernel.errors import Refused
from app.operations.new_rulebook.answers import Answer, Answers, BadAnswer, Typed
from app.operations.new_rulebook.catalogue import Question
from app.operations.new_rulebook.questions import asked, every_key, next_question, read
from app.policy.documents import Document, read_document
from app.policy.model.agency import OversightModel
from app.policy.problems import Problem, RulebookError

HEAD = (
    "# Answers for ./candor rulebook new --answers FILE. One answer a line, as it would be typed.",
    '# Write "?" for what you do not know: it becomes an open question. Nothing is ever guessed for you.',
)


@dataclass(frozen=True)
class Read:
    """What a file held: the answers, the keys that still need one, and those nobody asks for here."""

    answers: Answers
    missing: tuple[Question, ...]
    not_asked: tuple[str, ...]


def read_answers(file: Path) -> Read:
    """Each answer is read as if it had been typed; the first that cannot be used is refused with its line."""
    document = read_document(str(file), file.read_bytes())
    given = _flat(document)
    answers = Answers()
    missing: list[Question] = []
    while found := next_question(answers, [question.key for question in missing]):
        question = found[1]
        if question.key not in given:
            missing.append(question)
            continue
        answers = _with(document, question, given[question.key], answers)
    not_asked = tuple(key for key in given if key not in answers)
    wanted = tuple(question for question in missing if not question.optional)
    return Read(answers, wanted, tuple(key for key in not_asked if key not in {q.key for q in missing}))


def as_file(answers: Answers) -> str:
    """The answers so far, each below its question."""
    return "\n".join([*HEAD, *_lines({q.key: q for _, q in asked(answers)}, answers.typed)]) + "\n"


def example_file() -> str:
    """Every key once, with what may stand there; made by answering each question with its own example."""
    answers = Answers()
    while found := next_question(answers):
        question = found[1]
        typed: Typed = question.example if isinstance(question.example, str) else list(question.example)
        answers = answers.with_(question.key, typed, read(question, typed, answers))
    questions = {question.key: question for _, question in asked(answers)}
    lines = [*HEAD, *_lines(questions, answers.typed, is_example=True), *_of_other_models(answers)]
    return "\n".join(lines) + "\n"


def _of_other_models(answers: Answers) -> Iterator[str]:
    """What is asked under another model alone, commented out: this example is of one model."""
    models = (answers.with_("model", model.value, Answer(model)) for model in OversightModel)
    others = {question.key: question for each in models for _, question in asked(each)}
    for key in (key for key in others if key not in answers.typed):
        yield f"\n# Asked under another model alone: {others[key].asks}"
        yield f"# {key}: {_quoted(str(others[key].example))}"


def _with(document: Document, question: Question, typed: Typed, answers: Answers) -> Answers:
    try:
        return answers.with_(question.key, typed, read(question, typed, answers))
    except BadAnswer as bad:
        raise _refusal(document, question.key, str(bad)) from bad


def _flat(document: Document) -> dict[str, Typed]:
    """`board: {seats: 7}` is `board.seats`; a bare number is text."""
    if not isinstance(document.data, Mapping):
        raise Refused(f"{document.file} holds no answers. ./candor rulebook new --example prints such a file.")
    known, flat = every_key(), dict[str, Typed]()
    for key, value in document.data.items():
        inner = {f"{key}.{code}": one for code, one in value.items()} if isinstance(value, Mapping) else {key: value}
        for name, one in inner.items():
            if name not in known:
                raise _refusal(document, name, _strange(name, known))
            flat[name] = _text(document, name, one)
    return flat


def _text(document: Document, name: str, value: object) -> Typed:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [str(one) for one in value]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _refusal(document, name, 'this is no text; put it in quotes ("..."), or write "?" if it is not known')
    return str(value)


def _strange(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f"nothing is asked by that name; {f'did you mean {close[0]}?' if close else 'see --example'}"


def _refusal(document: Document, name: str, reason: str) -> RulebookError:
    place = tuple(name.split("."))
    return RulebookError([Problem(document.file, document.line_of(place), name, reason)])


def _lines(questions: Mapping[str, Question], typed: Mapping[str, Typed], *, is_example: bool = False) -> Iterator[str]:
    """In the order of asking; what belongs to one group stands together at its first place."""
    groups: dict[str, list[str]] = {}
    for key in (key for key in questions if key in typed):
        first, _, rest = key.partition(".")
        indent = "  " if rest else ""
        lines = groups.setdefault(first, ["", f"{first}:"] if rest else [""])
        lines += [f"{indent}# {words}" for words in _comments(questions[key], is_example=is_example)]
        lines.append(f"{indent}{rest or key}: {_quoted(typed[key])}")
    for lines in groups.values():
        yield from lines


def _comments(question: Question, *, is_example: bool) -> Iterator[str]:
    yield question.asks
    if not is_example:
        return
    if question.help:
        yield question.help
    if question.choices:
        yield f"One of: {', '.join(question.choices)}."
    if question.or_:
        yield f"Or: {'; '.join(question.or_)}."
    if question.optional:
        yield "May be left out."


def _quoted(typed: Typed) -> str:
    """Safe for any text: YAML in double quotes is read as JSON is."""
    return json.dumps(typed, ensure_ascii=False)
