"""The passphrase: the same for a repeat, another for anything else, and forgiving of how it is typed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.words import wordlist
from app.intake.rules.passphrase import WORDS, Wordlist, issue, lookup, normalise

LIST = Wordlist(wordlist())
KEY, LOOKUP = b"p" * 32, b"l" * 32
LETTERS = str.maketrans("0123456789", "abcdefghij")
GIVEN = issue(KEY, "key-1", b'{"a":1}', LIST)

KEYS = st.text(max_size=40).filter(lambda text: text.isprintable())


def test_six_words_of_the_list_hold_at_least_77_bits() -> None:
    assert WORDS * math.log2(len(LIST.words)) >= 77
    assert len(GIVEN.words.split()) == 6
    assert [len(group) for group in GIVEN.digits.split()] == [4] * 6


def test_a_passphrase_never_changes_between_releases() -> None:
    # A change here would answer a repeated filing with another passphrase than the first time.
    assert GIVEN.words == "pelt muck spotter alive battle upchuck"
    assert GIVEN.digits == "4573 4024 6220 0120 0530 7380"
    assert lookup(LOOKUP, GIVEN.words, LIST).hex()[:32] == "df4a1501727af3075f7a36073534399c"


@given(KEYS, st.binary(max_size=50))
def test_the_same_key_and_body_give_the_same_passphrase(key: str, body: bytes) -> None:
    once, again = issue(KEY, key, body, LIST), issue(KEY, key, body, LIST)
    assert once.words == again.words
    assert once.words != issue(b"q" * 32, key, body, LIST).words
    assert once.words != issue(KEY, key + "x", body, LIST).words
    assert once.words != issue(KEY, key, body + b"x", LIST).words


def test_ten_thousand_filings_have_ten_thousand_passphrases_over_the_whole_list() -> None:
    issued = [issue(KEY, str(number), b"", LIST) for number in range(10_000)]
    assert len({each.words for each in issued}) == 10_000
    assert len({word for each in issued for word in each.places}) > 7_700


@given(KEYS)
def test_words_and_digits_find_the_same_filing(key: str) -> None:
    each = issue(KEY, key, b"", LIST)
    found = lookup(LOOKUP, each.words, LIST)
    for typed in (
        each.digits,
        each.digits.replace(" ", ""),
        each.digits.replace(" ", "-"),
        each.words.upper(),
        each.words.replace(" ", ""),
        each.words.replace(" ", "-").title(),
        f"\n  {each.words.replace(' ', '   ')}.\t",
        f"\u201c{each.words}\u201d",
    ):
        assert lookup(LOOKUP, typed, LIST) == found
        assert normalise(typed, LIST) == each.digits.replace(" ", "")


def test_digits_of_another_script_are_digits() -> None:
    arabic = GIVEN.digits.translate({ord(str(number)): chr(0x660 + number) for number in range(10)})
    assert lookup(LOOKUP, arabic, LIST) == lookup(LOOKUP, GIVEN.digits, LIST)


def test_the_two_spellings_of_yo_yo_are_one_word() -> None:
    assert "yo-yo" in wordlist()
    assert "yoyo" in wordlist()
    assert len(LIST.words) == len(wordlist()) - 1
    rest = "abacus abdomen abdominal abide abiding"
    assert normalise(f"{rest} yo-yo", LIST) == normalise(f"{rest} yoyo", LIST) != None  # noqa: E711


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        GIVEN.words.rsplit(" ", 1)[0],
        GIVEN.words + " abacus",
        GIVEN.words[:-1],
        GIVEN.digits[:-1],
        GIVEN.digits + "0",
        "9999 " * 6,
        "7775 " * 6,
        GIVEN.words + " 1234",
        GIVEN.digits + " abc",
        GIVEN.words + " " * 300,
        GIVEN.words.replace(" ", " 1 ", 1),
        "abacus " * 500,
        "\x00" * 24,
        "none",
    ],
)
def test_what_cannot_be_a_passphrase_is_none_and_finds_nothing(text: str) -> None:
    assert normalise(text, LIST) is None
    assert lookup(LOOKUP, text, LIST) == lookup(LOOKUP, "rubbish", LIST)
    assert lookup(LOOKUP, text, LIST) != lookup(LOOKUP, GIVEN.words, LIST)


@given(st.text(max_size=300))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert len(lookup(LOOKUP, text, LIST)) == 32


@given(KEYS, st.integers(0, 5), st.integers(0, 7774))
def test_one_wrong_word_finds_nothing(key: str, place: int, other: int) -> None:
    each = issue(KEY, key, b"", LIST)
    words = each.words.split()
    changed = [*words[:place], LIST.words[other], *words[place + 1 :]]
    if changed != words:
        assert lookup(LOOKUP, " ".join(changed), LIST) != lookup(LOOKUP, each.words, LIST)


def test_the_lookup_depends_on_its_key() -> None:
    assert lookup(LOOKUP, GIVEN.words, LIST) != lookup(b"x" * 32, GIVEN.words, LIST)


@pytest.mark.parametrize(
    "words",
    [
        (),
        tuple(wordlist()[:5000]),
        (*wordlist(), "abac"),
        tuple(f"{number:05d}".translate(LETTERS) for number in range(10_001)),
    ],
)
def test_a_list_that_is_too_short_ambiguous_or_too_long_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="list"):
        Wordlist(words)


def test_a_passphrase_does_not_show_itself_in_logs() -> None:
    assert GIVEN.words.split()[0] not in repr(GIVEN)
