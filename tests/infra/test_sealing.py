"""Sealed values open in their own place, under their own key, and nowhere else."""

import os
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.sealing import (
    SealingError,
    aad,
    blind_index,
    new_data_key,
    normalise,
    open_sealed,
    seal,
    unwrap_key,
    wrap_key,
)

KEY, OTHER = b"k" * 32, b"o" * 32
PERSON, STRANGER = UUID(int=1), UUID(int=2)
PLACE = aad("persons", "name", PERSON, "k1")


@given(st.binary(max_size=300))
def test_what_is_sealed_is_opened_again_and_never_looks_the_same(plaintext: bytes) -> None:
    sealed = seal(KEY, plaintext, PLACE)
    assert open_sealed(KEY, sealed, PLACE) == plaintext
    assert seal(KEY, plaintext, PLACE) != sealed
    assert len(plaintext) < 4 or plaintext not in sealed


@pytest.mark.parametrize(
    "place",
    [
        aad("persons", "name", STRANGER, "k1"),
        aad("persons", "email", PERSON, "k1"),
        aad("officers", "name", PERSON, "k1"),
        aad("persons", "name", PERSON, "k2"),
        b"",
    ],
)
def test_moved_to_another_row_column_or_table_it_does_not_open(place: bytes) -> None:
    with pytest.raises(SealingError):
        open_sealed(KEY, seal(KEY, b"Ada", PLACE), place)


@given(st.integers(0, 1000), st.integers(1, 255))
def test_no_byte_of_it_can_be_changed(place: int, flip: int) -> None:
    sealed = bytearray(seal(KEY, b"Ada Lovelace", PLACE))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(SealingError):
        open_sealed(KEY, bytes(sealed), PLACE)


@given(st.binary(max_size=60))
def test_rubbish_and_what_is_cut_short_give_the_one_error(rubbish: bytes) -> None:
    for sealed in (rubbish, b"\x01" + rubbish, seal(KEY, b"Ada", PLACE)[: len(rubbish)][:30]):
        with pytest.raises(SealingError) as caught:
            open_sealed(KEY, sealed, PLACE)
        assert (str(caught.value), caught.value.__cause__) == ("", None)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealingError):
        open_sealed(OTHER, seal(KEY, b"Ada", PLACE), PLACE)


@pytest.mark.parametrize("key", [b"", b"k" * 16, b"k" * 24, b"k" * 31])
def test_a_shorter_key_is_not_taken_for_a_weaker_cipher(key: bytes) -> None:
    with pytest.raises(ValueError, match="32"):
        seal(key, b"Ada", PLACE)


@pytest.mark.parametrize("parts", [("a|b", "c", "d", "e"), ("a", "", "d", "e"), ("a", "c", "d", "e|v1")])
def test_a_place_cannot_be_written_in_two_ways(parts: tuple[str, str, str, str]) -> None:
    with pytest.raises(ValueError, match="place"):
        aad(*parts)


def test_the_place_has_the_form_that_the_documents_give() -> None:
    assert aad("persons", "name", PERSON, "k1") == f"persons|name|{PERSON}|k1|v1".encode()


def test_a_persons_key_opens_only_as_that_persons() -> None:
    data_key = new_data_key()
    wrapped = wrap_key(KEY, data_key, PERSON, "k1")
    assert unwrap_key(KEY, wrapped, PERSON, "k1") == data_key
    for master, person, key_id in ((OTHER, PERSON, "k1"), (KEY, STRANGER, "k1"), (KEY, PERSON, "k2")):
        with pytest.raises(SealingError):
            unwrap_key(master, wrapped, person, key_id)


@pytest.mark.parametrize(
    ("kind", "one", "same"),
    [
        ("email", "Ada@Example.ORG ", "ada@example.org"),
        ("email", "\uff41da@example.org", "ada@example.org"),
        ("phone", "(212) 555-0147", "+1 212 555 0147"),
        ("phone", "212.555.0147 x12", "12125550147"),
        ("phone", "٢١٢٥٥٥٠١٤٧", "2125550147"),
        ("phone", "+44 20 7946 0958", "0044 20 7946 0958"),
        ("name", "  ADA   Lovelace ", "ada lovelace"),
        ("name", "O\u2019Brien", "O'BRIEN"),
        ("name", "Ann-Marie St. John", "ann marie st john"),
        ("name", "Straße", "STRASSE"),
        ("name", "Jose\u0301", "Jos\u00e9"),
    ],
)
def test_ways_of_writing_the_same_thing_are_found_alike(kind: str, one: str, same: str) -> None:
    assert blind_index(KEY, kind, one) == blind_index(KEY, kind, same)  # type: ignore[arg-type]


def test_different_values_kinds_and_keys_are_not_confused() -> None:
    assert blind_index(KEY, "name", "Ada") != blind_index(KEY, "name", "Adam")
    assert blind_index(KEY, "name", "ada@home") != blind_index(KEY, "email", "ada@home")
    assert blind_index(KEY, "name", "Ada") != blind_index(OTHER, "name", "Ada")
    assert normalise("phone", "212 555 0147") != normalise("phone", "212 555 0148")


@given(st.text(), st.sampled_from(["email", "phone", "name"]))
def test_normalising_twice_changes_nothing_more(value: str, kind: str) -> None:
    once = normalise(kind, value)  # type: ignore[arg-type]
    assert kind == "phone" or normalise(kind, once) == once  # type: ignore[arg-type]


def test_two_hundred_thousand_seals_never_share_a_nonce() -> None:
    nonces = {seal(KEY, b"", b"p")[1:13] for _ in range(200_000)}
    assert len(nonces) == 200_000


def test_data_keys_are_random() -> None:
    assert len({new_data_key() for _ in range(1000)} | {os.urandom(32)}) == 1001
