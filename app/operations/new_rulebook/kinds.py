"""How each kind of answer is read: what a clerk types, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from pydantic_core import PydanticCustomError

from app.kernel.calendar import is_known_place
from app.kernel.deadlines import MAX_AMOUNT, Unit
from app.kernel.text import clean_line
from app.operations.new_rulebook.answers import NONE, NONE_WORDS, UNKNOWN, UNKNOWN_WORDS, Answer, BadAnswer
from app.policy.model.agency import CountedOn, Share

LONGEST_LINE, LONGEST_FOLDER, LONGEST_NUMBER, MOST_SEATS, WHOLE = 500, 60, 9, 200, 100
COUNTRY = "US"
FIRST_YEAR, LAST_YEAR = 1990, 2100

EXAMPLE = "help@review.springfield.example"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_FOLDER = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)
_AMOUNT = re.compile(r"([0-9]+)\s+(.+)", re.ASCII)
_SHARE = re.compile(r"(.+?)\s+of\s+(?:the\s+)?(?:members\s+)?(.+)")
_LANGUAGE = re.compile(r"([a-z]{2,3})\s+(.+)", re.ASCII)
_YES, _NO = frozenset({"yes", "y"}), frozenset({"no", "n"})

_UNITS = {each.value.replace("_", " "): each for each in Unit}
_UNITS |= {words.removesuffix("s"): each for words, each in _UNITS.items() if words.endswith("s")}
_SHARES = {each.value.replace("_", " "): each for each in Share if each is not Share.NUMBER}

Choices = Mapping[str, Any]


@dataclass(frozen=True)
class Ask:
    """What a reader must know of the question."""

    choices: Choices
    seats: int | None = None
    is_required: bool = False


def read_answer(kind: str, typed: str, ask: Ask) -> Answer:
    """One line as it was typed; refused with the reason."""
    text = line(typed)
    if text.lower() in UNKNOWN_WORDS:
        if ask.is_required:
            raise BadAnswer("Without this no rulebook can be written. What stands there can be changed later.")
        return UNKNOWN
    return READERS[kind](text, ask)


def line(typed: str) -> str:
    try:
        text = clean_line(typed)
    except PydanticCustomError as error:
        raise BadAnswer(error.message()) from error
    if not text:
        raise BadAnswer("Type an answer, or ? if you do not know it.")
    if len(text) > LONGEST_LINE:
        raise BadAnswer(f"This is too long: {len(text)} characters, and {LONGEST_LINE} can be kept.")
    return text


def _split(text: str) -> tuple[str, str]:
    """The answer, and after the first comma where it is written."""
    answer, _, section = text.partition(",")
    return answer.strip(), section.strip()


def _words(text: str, ask: Ask) -> Answer:
    return NONE if text.lower() in NONE_WORDS and not ask.is_required else Answer(text)


def _email(text: str, ask: Ask) -> Answer:
    answer = _words(text, ask)
    if answer.is_given and not _EMAIL.fullmatch(text):
        raise BadAnswer(f"This is no email address. Type one such as {EXAMPLE}, or none.")
    return answer


def _folder(text: str, _: Ask) -> Answer:
    if not _FOLDER.fullmatch(text) or len(text) > LONGEST_FOLDER:
        raise BadAnswer(f"Use small letters, digits and hyphens, beginning with a letter; at most {LONGEST_FOLDER}.")
    return Answer(text)


def _day(text: str, _: Ask) -> Answer:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-10-01") else None
    except ValueError:
        day = None
    if day is None:
        raise BadAnswer(f"“{text}” is not a day; write it as 2026-10-01.")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadAnswer(f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}.")
    return Answer(day)


def _state(text: str, _: Ask) -> Answer:
    code = text.upper()
    if not (len(code) == len("IL") and is_known_place(COUNTRY, code)):
        raise BadAnswer(f"“{text}” is not known; write its two letters, such as IL.")
    return Answer(code)


def _zone(text: str, ask: Ask) -> Answer:
    if text in available_timezones():
        return Answer(text)
    return _choice(text, ask)


def _choice(text: str, ask: Ask) -> Answer:
    """Its number in the list, its code, or its first words."""
    codes = list(ask.choices)
    if text.isdecimal() and text.isascii() and 1 <= int(text) <= len(codes):
        return Answer(codes[int(text) - 1])
    wanted = text.lower()
    for code, words in ask.choices.items():
        if wanted in (code.lower(), code.lower().replace("_", " "), str(words).lower()):
            return Answer(code)
    raise BadAnswer(f"“{text}” is not in the list; type one of the numbers 1 to {len(codes)}.")


def _yes_no(text: str, _: Ask) -> Answer:
    """Yes, with or without the section of law; or no."""
    said, section = _split(text)
    if said.lower() in _YES:
        return Answer(value=True, section=section)
    if said.lower() in _NO:
        return Answer(value=False, section=section)
    raise BadAnswer(f"“{said}” is neither yes nor no. Type yes, no, or ? if you do not know.")


def _number(text: str, most: int) -> int:
    if not (text.isdecimal() and text.isascii()) or len(text) > LONGEST_NUMBER or not 1 <= int(text) <= most:
        raise BadAnswer(f"“{text}” is not a whole number from 1 to {most}.")
    return int(text)


def _count(text: str, _: Ask) -> Answer:
    said, section = _split(text)
    return Answer(_number(said, MOST_SEATS), section)


def _percent(text: str, _: Ask) -> Answer:
    said, section = _split(text)
    return Answer(_number(said.removesuffix("percent").removesuffix("%").strip(), WHOLE), section)


def _amount(text: str, _: Ask) -> Answer:
    said, section = _split(text)
    if said.lower() in NONE_WORDS:
        return Answer(section=section)
    match = _AMOUNT.fullmatch(said)
    unit = _UNITS.get(match[2].strip().lower()) if match else None
    if match is None or unit is None:
        units = ", ".join(each.value.replace("_", " ") for each in Unit)
        raise BadAnswer(f"“{said}” is no length of time; write a number in digits and one of: {units}; or none.")
    return Answer((_number(match[1], MAX_AMOUNT), unit.value), section)


@dataclass(frozen=True)
class Majority:
    """A share or a number, and of whom it is taken."""

    share: str
    of: str
    number: int | None = None


def _share(of: tuple[CountedOn, ...]) -> Callable[[str, Ask], Answer]:
    bases = {each.value: each for each in of}

    def read(text: str, ask: Ask) -> Answer:
        said, section = _split(text)
        match = _SHARE.fullmatch(said.lower())
        base = bases.get(match[2].strip()) if match else None
        if match is None or base is None:
            raise BadAnswer(f"Say how many, and of whom: majority of {', or of '.join(bases)}.")
        return Answer(_majority(match[1].strip(), base, ask), section)

    return read


def _majority(said: str, base: CountedOn, ask: Ask) -> Majority:
    share = _SHARES.get(said.removeprefix("a ").replace("-", " ").replace("_", " "))
    if share is not None:
        return Majority(share.value, base.value)
    if not said.isdecimal():
        raise BadAnswer(f"“{said}” is not known; say one of {', '.join(_SHARES)}, or a number.")
    number = _number(said, MOST_SEATS)
    if ask.seats is not None and number > ask.seats:
        raise BadAnswer(f"{number} can never agree where there are {ask.seats} seats.")
    return Majority(Share.NUMBER.value, base.value, number)


def _department(text: str, _: Ask) -> Answer:
    name, _semicolon, title = (part.strip() for part in text.partition(";"))
    if not name:
        raise BadAnswer("Begin with the department's name: Springfield Police Department; Chief of Police.")
    return Answer((name, title))


def _language(text: str, ask: Ask) -> Answer:
    for code, names in ask.choices.items():
        if text.lower() in (code.lower(), *(name.lower() for name in names)):
            return Answer((code, names[1]))
    match = _LANGUAGE.fullmatch(text)
    if match is None:
        raise BadAnswer(f"“{text}” is not known here; write its code and its own name, such as es Español.")
    if match[1] == "en":
        raise BadAnswer("English is always there.")
    return Answer((match[1], match[2]))


READERS: Mapping[str, Callable[[str, Ask], Answer]] = {
    "line": _words,
    "email": _email,
    "folder": _folder,
    "day": _day,
    "state": _state,
    "zone": _zone,
    "choice": _choice,
    "yes_no": _yes_no,
    "count": _count,
    "percent": _percent,
    "limit": _amount,
    "quorum": _share((CountedOn.SEATS, CountedOn.SERVING)),
    "vote": _share((CountedOn.PRESENT, CountedOn.VOTING, CountedOn.SERVING, CountedOn.SEATS)),
    "departments": _department,
    "languages": _language,
}
# Asked again and again, until there are no more.
LISTS = frozenset({"departments", "languages"})
