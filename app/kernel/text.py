"""Text from people: cleaned at the door, and one text in several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from app.kernel.translations import APPROVED, English, Unchecked, fingerprint

DEFAULT_LANGUAGE = "en"

# They turn text round for the reader's eye, so that "gpj.exe" reads as "exe.jpg".
_BIDI_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_CONTROLS_BUT_TAB_AND_NEWLINE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_BREAKS = re.compile("\r\n|[\r\n\u0085\u2028\u2029]")
_JOINERS = re.compile("[\u200c\u200d]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)

# Newer emoji and ideographs than this Python knows: reserved for them by the standard, and in daily use.
_RESERVED_FOR_USE = ((0x1F000, 0x1FAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD))
_ALPHABETS_WITHOUT_JOINERS = ("LATIN", "CYRILLIC", "GREEK", "DIGIT")


def clean_text(text: str) -> str:
    """Many lines in any script: normalised, without what would mislead the eye or break a database."""
    if _is_plain(text.replace("\n", "")):
        return text
    text = unicodedata.normalize("NFC", _refuse_unfit(text))
    text = _LINE_BREAKS.sub("\n", text)
    return _CONTROLS_BUT_TAB_AND_NEWLINE.sub("", _BIDI_OVERRIDES.sub("", text))


def clean_line(text: str) -> str:
    """One line, such as a name: nothing invisible in it, and no white space around it."""
    text = clean_text(text).strip()
    if _is_plain(text):
        return text
    if "\n" in text:
        raise PydanticCustomError("line_break", "Write this on one line.")
    text = _INVISIBLE.sub("", text.replace("\t", " "))
    # Taking a character out can bring a letter and its accent together.
    return unicodedata.normalize("NFC", _without_stray_joiners(text)).strip()


def _is_plain(text: str) -> bool:
    """Printable ASCII, as most of what is typed: nothing below would change it."""
    return text.isascii() and text.isprintable()


def _refuse_unfit(text: str) -> str:
    for character in sorted(set(text)):
        if character == "\x00":
            raise PydanticCustomError("nul", "This text holds a character that cannot be kept (NUL). Take it out.")
        category = unicodedata.category(character)
        if category == "Cs":
            raise PydanticCustomError("surrogate", "This text is damaged: it holds half a character. Type it again.")
        if category == "Cn" and not _is_reserved_for_use(ord(character)):
            raise PydanticCustomError(
                "unassigned",
                "This text holds {code}, which is not a character in any language. Take it out.",
                {"code": f"U+{ord(character):04X}"},
            )
    return text


def _is_reserved_for_use(code: int) -> bool:
    return any(first <= code <= last for first, last in _RESERVED_FOR_USE)


def _without_stray_joiners(text: str) -> str:
    """Joiners make family emoji and whole words in Persian or Hindi; between Latin letters they only hide."""
    if not _JOINERS.search(text):
        return text
    return "".join(c for i, c in enumerate(text) if not _JOINERS.match(c) or _joins(text, i))


def _joins(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return bool(before and after) and _takes_joiners(before) and _takes_joiners(after)


def _takes_joiners(character: str) -> bool:
    if character.isspace() or _JOINERS.match(character) or ord(character) < 0x80:
        return False
    return not unicodedata.name(character, "").startswith(_ALPHABETS_WITHOUT_JOINERS)


def _text_or_other(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value


def _line_or_other(value: Any) -> Any:
    return clean_line(value) if isinstance(value, str) else value


SafeText = Annotated[str, BeforeValidator(_text_or_other)]
SafeLine = Annotated[str, BeforeValidator(_line_or_other)]


class LocalText:
    """One text in several languages; English is always among them, and stands in for the others.

    It stands in also for a machine's translation of protected words, until a person has approved that.
    """

    __slots__ = ("_texts", "_unchecked")

    def __init__(self, text: str | Mapping[str, str]) -> None:
        texts = {DEFAULT_LANGUAGE: text} if isinstance(text, str) else dict(text)
        self._texts: Mapping[str, str] = MappingProxyType({key: _check(key, words) for key, words in texts.items()})
        if DEFAULT_LANGUAGE not in self._texts:
            raise ValueError("Give the text in English (en) too.")
        english = self._texts[DEFAULT_LANGUAGE]
        self._unchecked: Mapping[str, str] = {
            key: fingerprint(key, english, self._texts[key])
            for key, words in (() if isinstance(text, str) else text.items())
            if isinstance(words, Unchecked)
        }

    def to(self, language: str) -> str:
        """In this language, else in its main form (es for es-MX), else in English."""
        for each in (language, language.split("-")[0]):
            if each in self._texts and self.is_shown(each):
                return self._texts[each]
        return English(self._texts[DEFAULT_LANGUAGE])

    def is_shown(self, language: str) -> bool:
        """False for a machine's translation of protected words that nobody has approved."""
        return language not in self._unchecked or self._unchecked[language] in APPROVED

    def is_protected(self, language: str) -> bool:
        """True where this translation is shown only once it is approved."""
        return language in self._unchecked

    def has(self, language: str) -> bool:
        return language in self._texts

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._texts)

    @property
    def texts(self) -> Mapping[str, str]:
        return self._texts

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._texts.items())

    def __str__(self) -> str:
        return self._texts[DEFAULT_LANGUAGE]

    def __repr__(self) -> str:
        return f"LocalText({dict(self._texts)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalText) and dict(self._texts) == dict(other.texts)

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(_plain)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        by_language = {
            "type": "object",
            "propertyNames": {"pattern": f"^{_LANGUAGE.pattern}$"},
            "additionalProperties": {"type": "string", "minLength": 1},
            "required": [DEFAULT_LANGUAGE],
        }
        text = {"type": "string", "minLength": 1}
        return {
            "anyOf": [text, by_language],
            "description": "A text: plain English, or one entry for each language.",
        }

    @classmethod
    def _validate(cls, value: Any) -> LocalText:
        if isinstance(value, LocalText):
            return value
        if not isinstance(value, (str, Mapping)):
            raise PydanticCustomError("local_text", "Give a text, or a text for each language.")
        try:
            return cls(value)
        except ValueError as refusal:
            raise PydanticCustomError("local_text", "{reason}", {"reason": str(refusal)}) from refusal


def _check(language: object, words: object) -> str:
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is not a language code such as en, es or zh-Hans.")
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f"The text in {language} is empty.")
    return clean_text(words).strip()


def _plain(text: LocalText) -> str | dict[str, str]:
    return str(text) if text.languages == (DEFAULT_LANGUAGE,) else dict(text.texts)
