"""Canonical JSON: the same value always gives the same bytes, and nothing ambiguous passes."""

import enum
import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.canonical import LARGEST_INTEGER, NotCanonical, canonical_json, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


class Channel(str, enum.Enum):  # noqa: UP042  the older spelling is the one that prints differently
    WEB = "web"


def test_the_sorting_example_of_rfc_8785_comes_out_in_its_order() -> None:
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical_json(value))) == ["\r", "1", "\u0080", "ö", "€", "\U0001f600", "\ufb33"]


def test_the_string_example_of_rfc_8785_is_escaped_as_it_says() -> None:
    value = {"string": '€$\u000f\nA\'B"\\\\"/'}
    assert canonical_json(value) == b'{"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'


def test_enumerated_strings_are_written_as_their_value() -> None:
    assert canonical_json({"channel": Channel.WEB}) == b'{"channel":"web"}'


@given(VALUES)
def test_what_is_written_is_read_back_and_written_the_same(value: object) -> None:
    data = canonical_json(value)  # type: ignore[arg-type]
    assert parse(data) == value
    assert canonical_json(parse(data)) == data


@given(st.dictionaries(TEXT, st.integers(0, 9), max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_keys_were_set_does_not_show(value: dict[str, int], random: object) -> None:
    keys = list(value)
    random.shuffle(keys)  # type: ignore[attr-defined]
    assert canonical_json({key: value[key] for key in keys}) == canonical_json(value)


@pytest.mark.parametrize(
    "value",
    [1.0, -(2**53), 2**53, {1: 2}, {None: 1}, b"", uuid4(), {"a": {1}}, "\ud800", {"\udc00": 1}],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'"\\u0041"',
        b'"\\/"',
        b"[1,]",
        b"\xff",
        b"",
        b"-0",
        b'{"a":1}\n',
        b"9007199254740993",
        b"[" * 100_000,
    ],
)
def test_bytes_with_another_spelling_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse(data)


def test_deep_nesting_is_refused_in_words() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonical):
        canonical_json(deep)  # type: ignore[arg-type]
