"""Text from people is kept as they meant it, and carries nothing that misleads or breaks."""

import unicodedata
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from app.kernel.text import LocalText, SafeLine, SafeText, clean_line, clean_text

ASSIGNED = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00"))


class Words(BaseModel):
    line: Annotated[SafeLine, Field(max_length=80)] = ""
    text: SafeText = ""
    label: LocalText = LocalText("x")


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O’Neill",
        "Nguyễn Văn Á",
        "محمد",
        "李小龍",
        "हिन्दी",
        "👩‍👩‍👧",
        "🇺🇸",
        "👍🏽",
        "נִקּוּד",
        "𓀀",
        "می‌خواهم",
        "🫨",
        "ക്‍"[:2],
    ],
)
def test_every_script_and_emoji_is_kept(name: str) -> None:
    assert clean_line(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoe\u0308", "Zoë"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("\u2066Ann\u2069", "Ann"),
        ("A\u200bnn", "Ann"),
        ("\ufeffAnn", "Ann"),
        ("A\u200dnn", "Ann"),
        ("Ann\u200d", "Ann"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tab\there", "tab here"),
        ("bell\x07", "bell"),
        ("  Ann  ", "Ann"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_a_line_loses_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085"])
def test_a_line_is_one_line_and_a_text_may_be_many(break_: str) -> None:
    with pytest.raises(ValueError, match=r"^Write this on one line\.$"):
        clean_line(f"a{break_}b")
    assert clean_text(f"a{break_}b") == "a\nb"


def test_a_text_keeps_its_tabs_and_lines_and_loses_other_controls() -> None:
    assert clean_text("a\tb\nc\x07\x1b[31m\u202e") == "a\tb\nc[31m"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a\x00b", "a character that cannot be kept (NUL)"),
        ("a\ud800b", "it holds half a character"),
        ("a\u0378b", "U+0378, which is not a character in any language"),
        ("a\uffffb", "U+FFFF, which is not a character in any language"),
        ("a\U0001ffffb", "U+1FFFF"),
    ],
)
def test_what_no_database_can_keep_is_refused_in_plain_words(typed: str, said: str) -> None:
    for field in ("line", "text"):
        with pytest.raises(ValidationError) as refusal:
            Words.model_validate({field: typed})
        assert said in refusal.value.errors(include_input=False)[0]["msg"]


@given(ASSIGNED)
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    cleaned = clean_text(typed)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set(cleaned) & set("\x00\r\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(ASSIGNED)
def test_a_cleaned_line_stays_as_it_is(typed: str) -> None:
    try:
        cleaned = clean_line(typed)
    except ValueError:
        return
    assert clean_line(cleaned) == cleaned
    assert not set(cleaned) & set("\n\t\u200b\ufeff")


def test_the_length_is_that_of_the_cleaned_text() -> None:
    assert Words(line="  " + "a" * 80 + "  ").line == "a" * 80
    with pytest.raises(ValidationError, match="at most 80"):
        Words(line="a" * 81)


@pytest.mark.parametrize("value", [5, None, ["a"], b"a"])
def test_only_text_is_text(value: object) -> None:
    with pytest.raises(ValidationError):
        Words.model_validate({"line": value} if value != b"a" else {"label": value})


def test_a_plain_string_is_english_and_stands_in_for_every_language() -> None:
    text = LocalText("Closed")
    assert (text.to("en"), text.to("es"), str(text), text.languages) == ("Closed", "Closed", "Closed", ("en",))


def test_a_text_is_given_in_the_language_asked_for() -> None:
    text = LocalText({"en": "Closed", "es": "Cerrado"})
    assert (text.to("es"), text.to("es-MX"), text.to("fr")) == ("Cerrado", "Cerrado", "Closed")
    assert text.has("es")
    assert not text.has("fr")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"es": "Cerrado"}, "Give the text in English (en) too."),
        ({"en": ""}, "The text in en is empty."),
        ({"en": "x", "español": "y"}, "is not a language code"),
        ("  ", "The text in en is empty."),
        (5, "Give a text, or a text for each language."),
    ],
)
def test_a_text_without_words_is_refused(value: object, said: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Words.model_validate({"label": value})
    assert said in refusal.value.errors()[0]["msg"]


def test_texts_compare_by_their_words_and_can_be_written_out() -> None:
    both = LocalText({"en": "a", "es": "b"})
    assert both == LocalText({"es": "b", "en": "a"})
    assert len({both, LocalText({"en": "a", "es": "b"}), LocalText("a")}) == 2
    assert Words(label=both).model_dump(mode="json")["label"] == {"en": "a", "es": "b"}
    assert Words(label=LocalText("a")).model_dump(mode="json")["label"] == "a"
