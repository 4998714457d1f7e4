"""Checkpoints: the signed-note format byte for byte, and every way to forge one refused."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.audit.checkpoints import BadCheckpoint, Checkpoint, Signer, Verifier

ORIGIN = "oversight.example.gov/journal"
ROOT = hashlib.sha256(b"root").digest()
SIGNER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"k" * 32))
STRANGER = Signer("witness.example.org", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
VERIFIER = Verifier(SIGNER.verifier_key)


def test_a_checkpoint_is_read_back_as_it_was_signed() -> None:
    assert VERIFIER.verify(SIGNER.sign(42, ROOT)) == Checkpoint(ORIGIN, 42, ROOT)


def test_the_example_of_the_go_note_package_has_its_known_key_id() -> None:
    # golang.org/x/mod/sumdb/note: the verifier key printed in its documentation.
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert Verifier(key).origin == "PeterNeumann"


def test_the_note_has_the_lines_of_the_format_and_nothing_else() -> None:
    lines = SIGNER.sign(7, ROOT).split("\n")
    assert lines[:4] == [ORIGIN, "7", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith(f"\u2014 {ORIGIN} ")
    signature = base64.b64decode(lines[4].rsplit(" ", 1)[1])
    assert len(signature) == 4 + 64
    assert signature[:4].hex() == SIGNER.verifier_key.split("+")[1]
    assert lines[5:] == [""]


def test_signatures_of_witnesses_stand_beside_ours_in_any_order() -> None:
    ours = SIGNER.sign(7, ROOT)
    text = ours.split("\n\n")[0]
    line = STRANGER.sign(7, ROOT).split("\n\n")[1]
    assert VERIFIER.verify(ours + line).size == 7
    assert VERIFIER.verify(f"{text}\n\n{line}{ours.split(chr(10) * 2)[1]}").size == 7


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("\n7\n", "\n8\n"),
        lambda note: note.replace("\n7\n", "\n07\n"),
        lambda note: note.replace("\n7\n", "\n-7\n"),
        lambda note: note.replace("\n7\n", "\n\u0667\n"),
        lambda note: note.replace(ORIGIN, "elsewhere"),
        lambda note: note.replace(ORIGIN, "elsewhere", 1),
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note + "rubbish\n",
        lambda note: note.split("\n\n")[0] + "\n",
        lambda note: note.split("\n\n")[0] + "\n\n" + STRANGER.sign(7, ROOT).split("\n\n")[1],
        lambda note: note.replace("\n\n", "\nmore\n\n"),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace("=", "", 1),
        lambda note: note.replace(base64.b64encode(ROOT).decode(), base64.b64encode(b"short").decode()),
        lambda note: note + note.split("\n\n")[1] * 2000,
        lambda _: "",
    ],
)
def test_a_spoilt_note_is_refused(spoil: object) -> None:
    with pytest.raises(BadCheckpoint):
        VERIFIER.verify(spoil(SIGNER.sign(7, ROOT)))  # type: ignore[operator]


@given(st.integers(0, 400), st.integers(0, 0x10FFFF).filter(lambda point: not 0xD800 <= point < 0xE000))
def test_no_single_character_can_be_changed(place: int, point: int) -> None:
    note = SIGNER.sign(123_456, ROOT)
    place %= len(note)
    changed = note[:place] + chr(point) + note[place + 1 :]
    if changed != note:
        with pytest.raises(BadCheckpoint):
            VERIFIER.verify(changed)


def signed_as_ours(text: str) -> str:
    """A note whose signature line is ours in name, key and signature, over any text."""
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    signature = bytes.fromhex(SIGNER.verifier_key.split("+")[1]) + key.sign(text.encode())
    return f"{text}\n\u2014 {ORIGIN} {base64.b64encode(signature).decode()}\n"


def test_what_our_key_signed_must_still_be_a_checkpoint_of_this_journal() -> None:
    assert VERIFIER.verify(signed_as_ours(Checkpoint(ORIGIN, 7, ROOT).text)).size == 7
    for text in (
        Checkpoint("elsewhere", 7, ROOT).text,
        Checkpoint(ORIGIN, 7, b"short").text,
        Checkpoint(ORIGIN, -7, ROOT).text,
        Checkpoint(ORIGIN, 7, ROOT).text + "more\n",
        "",
    ):
        with pytest.raises(BadCheckpoint):
            VERIFIER.verify(signed_as_ours(text))


def test_a_false_signature_of_ours_spoils_a_note_that_also_has_a_true_one() -> None:
    true = SIGNER.sign(7, ROOT)
    false = SIGNER.sign(8, ROOT).split("\n\n")[1]
    with pytest.raises(BadCheckpoint):
        VERIFIER.verify(true + false)


def test_a_signature_has_one_spelling() -> None:
    note = SIGNER.sign(7, ROOT)
    # 68 bytes leave two bits of the last letter unused; whoever sets them has the same signature.
    last = note[-3]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = note[:-3] + letters[letters.index(last) ^ 1] + "=\n"
    assert base64.b64decode(other.rsplit(" ", 1)[1]) == base64.b64decode(note.rsplit(" ", 1)[1])
    with pytest.raises(BadCheckpoint):
        VERIFIER.verify(other)


def test_another_key_under_our_name_is_refused() -> None:
    other = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    with pytest.raises(BadCheckpoint):
        VERIFIER.verify(other.sign(7, ROOT))


@pytest.mark.parametrize("origin", ["", "two words", "plus+sign", "line\nbreak", "ünïcode", "x" * 201])
def test_an_origin_that_would_break_the_format_is_refused(origin: str) -> None:
    with pytest.raises(BadCheckpoint):
        Signer(origin, Ed25519PrivateKey.from_private_bytes(b"k" * 32))


WRONG_ID = "+".join([ORIGIN, "00000000", SIGNER.verifier_key.split("+", 2)[2]])


@pytest.mark.parametrize("key", ["", "a+b", "a+b+c", WRONG_ID])
def test_a_misspelt_verifier_key_is_refused(key: str) -> None:
    with pytest.raises(BadCheckpoint):
        Verifier(key)
