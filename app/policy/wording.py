"""Words: translations laid over a rulebook, and refusals of the format in plain language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from pydantic import BaseModel

from app.kernel.translations import Unchecked
from app.policy.documents import Document, Path, say
from app.policy.model import base, book, intake
from app.policy.problems import Problem, RulebookError
from app.policy.translating import consents_in, is_checked, is_protected


def with_words(texts: dict[str, Any], words: Document, language: str) -> dict[str, Any]:
    """Lays `words/<language>.yaml` over the English: the same keys, with translations as values."""
    checked, consents = is_checked(texts["rulebook"], language), consents_in(texts["form"])

    def waits(part: str, place: Path) -> bool:
        whole = ("form", *place) if part == "form" else place
        return not checked and is_protected(whole, consents)

    return {
        part: _laid(texts[part], _part(words, part), _Overlay(words, language, partial(waits, part)), ())
        for part in texts
    }


def _part(words: Document, part: str) -> Any:
    """`form:` is the form; every other key is a block of the rulebook."""
    data = words.data if isinstance(words.data, Mapping) else {}
    return data.get("form", {}) if part == "form" else {key: v for key, v in data.items() if key != "form"}


class _Overlay:
    def __init__(self, words: Document, language: str, waits: Callable[[Path], bool]) -> None:
        self.words, self.language = words, language
        self._waits = waits

    def said(self, place: Path, word: str) -> str:
        """The words, marked where a person has to approve them first."""
        return Unchecked(word) if self._waits(place) else word

    def refuse(self, place: Path, reason: str) -> RulebookError:
        line = max(self.words.line_of(place), self.words.line_of(("form", *place)))
        return RulebookError([Problem(self.words.file, line, say(place), reason)])


def _laid(base_value: Any, word: Any, overlay: _Overlay, place: Path) -> Any:
    if word is None:
        return base_value
    if isinstance(word, Mapping) and isinstance(base_value, Mapping):
        return _laid_mapping(base_value, word, overlay, place)
    if isinstance(word, list) and isinstance(base_value, list) and len(word) == len(base_value):
        return [_laid(b, w, overlay, (*place, n)) for n, (b, w) in enumerate(zip(base_value, word, strict=True))]
    if isinstance(word, str):
        return _laid_text(base_value, overlay.said(place, word), overlay, place)
    raise overlay.refuse(place, "the rulebook has something else here than these words")


def _laid_mapping(
    base_value: Mapping[str, Any], word: Mapping[str, Any], overlay: _Overlay, place: Path
) -> dict[str, Any]:
    strange = next((key for key in word if key not in base_value), None)
    if strange is not None:
        raise overlay.refuse((*place, strange), f'the rulebook has no "{strange}" here to translate')
    return {
        key: _laid(value, word[key], overlay, (*place, key)) if key in word else value
        for key, value in base_value.items()
    }


def _laid_text(base_value: Any, word: str, overlay: _Overlay, place: Path) -> dict[str, Any]:
    if isinstance(base_value, str):
        return {"en": base_value, overlay.language: word}
    if isinstance(base_value, Mapping) and "en" in base_value and overlay.language not in base_value:
        return {**base_value, overlay.language: word}
    if isinstance(base_value, Mapping) and "label" in base_value:
        return {**base_value, "label": _laid_text(base_value["label"], word, overlay, place)}
    raise overlay.refuse(place, "there is no text here that these words could translate")


def reason_for(detail: Any) -> str:
    """A refusal of the format in words for the person who writes a rulebook."""
    say_it = _REASONS.get(detail["type"])
    return say_it(detail) if say_it else str(detail["msg"]).removeprefix("Value error, ")


def _unknown_key(detail: Any) -> str:
    key = str(detail["loc"][-1])
    close = [name for name in get_close_matches(key, _every_key(), n=1) if name != key]
    instead = f'did you mean "{close[0]}"?' if close else "take it out, or see in docs/rulebook-format.md where it goes"
    return f'there is no key "{key}" here; {instead}'


def _not_a_choice(detail: Any) -> str:
    if isinstance(detail["input"], Mapping):
        return "this is no text, and cannot be translated; take it out of words/"
    return f'"{detail["input"]}" is not known here; it must be {detail["ctx"]["expected"]}'


def _pattern(detail: Any) -> str:
    if "," in str(detail["input"]):
        return f'"{detail["input"]}" is not a code; write several as a list: [{detail["input"]}]'
    return f'"{detail["input"]}" is not a code; use small letters, digits and _, and begin with a letter'


_REASONS: Mapping[str, Callable[[Any], str]] = {
    "extra_forbidden": _unknown_key,
    "missing": lambda detail: f'"{detail["loc"][-1]}" is missing; add `{detail["loc"][-1]}:` here',
    "enum": _not_a_choice,
    "date_from_datetime_parsing": lambda _: "there is no such day; write the day as 2026-03-05",
    "literal_error": lambda detail: f'"{detail["input"]}" is not known here; it must be {detail["ctx"]["expected"]}',
    "bool_type": lambda _: "this must be true or false; write it bare, without quotes",
    "int_type": lambda _: "this must be a whole number; write it bare, such as 30",
    "string_type": lambda _: 'this must be text; put it in quotes ("...")',
    "string_too_short": lambda _: "this text is empty; write it, or take the key out",
    "string_pattern_mismatch": _pattern,
    "tuple_type": lambda _: "this must hold several things; write a list, or codes with their entries",
    "model_type": lambda _: "this must hold keys and values; docs/rulebook-format.md shows which",
    "model_attributes_type": lambda _: "this must hold keys and values; docs/rulebook-format.md shows which",
    "dict_type": lambda _: "this must hold keys and values; docs/rulebook-format.md shows which",
    "greater_than": lambda detail: f"this must be more than {detail['ctx']['gt']}",
    "greater_than_equal": lambda detail: f"this must be at least {detail['ctx']['ge']}",
    "less_than_equal": lambda detail: f"this must be at most {detail['ctx']['le']}",
}


@cache
def _every_key() -> tuple[str, ...]:
    """Every key of the format, for suggestions."""
    names: set[str] = set()
    waiting: list[type[BaseModel]] = list(base.Block.__subclasses__())
    while waiting:
        block = waiting.pop()
        names.update(field.alias or name for name, field in block.model_fields.items())
        waiting.extend(block.__subclasses__())
    return tuple(sorted(names - {"code", "files", "letter_texts"}))


# Imported for their blocks: a suggestion comes from every one of them.
_ = (book, intake)
