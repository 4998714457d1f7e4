"""Whoever files in a language the agency offers must be able to read every word of it."""

from __future__ import annotations

import re

from app.kernel.text import DEFAULT_LANGUAGE, LocalText
from app.policy.lint.report import Report
from app.policy.model.duties import LetterTo
from app.policy.model.letters import Letter


def check_languages(report: Report) -> None:
    if DEFAULT_LANGUAGE not in report.book.language_codes:
        report.error(("languages",), "English is missing", "add `en: English`: it stands in where a text is missing")


def check_every_text_is_there(report: Report) -> None:
    languages = [language.code for language in report.book.languages if language.is_complete]
    texts = ((place, text) for place, text in report.values if isinstance(text, LocalText))
    for place, text in texts:
        missing = [language for language in languages if not text.has(language)]
        if missing:
            mend = f"add it to words/{missing[0]}.yaml"
            report.error(place, f"this text is missing in {', '.join(missing)}", mend)


def check_every_letter_is_there(report: Report) -> None:
    book = report.book
    complete = [language.code for language in book.languages if language.is_complete]
    written = {(letter.kind, letter.language) for letter in book.letter_texts}
    for kind in book.letters:
        wanted = {DEFAULT_LANGUAGE, *complete} if kind.to is LetterTo.FILER else {DEFAULT_LANGUAGE}
        for language in sorted(wanted):
            if (kind.code, language) not in written:
                mend = f"write letters/{kind.code}.{language}.txt"
                report.error(("letters", kind.code), f"the letter {kind.code} is missing in {language}", mend)


def check_letters_are_expected(report: Report) -> None:
    named = {kind.code for kind in report.book.letters}
    for letter in report.book.letter_texts:
        if letter.kind not in named:
            mend = f"add {letter.kind} to `letters`, or take the file away"
            report.error_in(_file(letter), 1, f"the rulebook sends no letter {letter.kind}", mend)


def check_letters_name_known_facts(report: Report) -> None:
    for letter in report.book.letter_texts:
        known = report.vocabulary.letters.get(letter.kind, frozenset())
        for place in sorted(letter.places - known):
            line = _line_of(report.book.files[_file(letter)], place)
            mend = f"use one of: {', '.join(sorted(known)) or 'no fact is known for it'}"
            report.error_in(_file(letter), line, f"{{{place}}} is not a fact of this letter", mend)


def _file(letter: Letter) -> str:
    return f"letters/{letter.kind}.{letter.language}.txt"


def _line_of(content: bytes, place: str) -> int:
    before = re.split(r"\{" + re.escape(place) + r"\}", content.decode("utf-8"), maxsplit=1)[0]
    return before.count("\n") + 1


CHECKS = (
    check_languages,
    check_every_text_is_there,
    check_every_letter_is_there,
    check_letters_are_expected,
    check_letters_name_known_facts,
)
