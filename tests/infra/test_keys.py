"""Keys: made once, never loosened, never overwritten, and had again from the words on paper."""

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from hypothesis import given, settings
from hypothesis import strategies as st

from app.infra import recovery
from app.infra.keys import (
    IDENTITY_FILE,
    MASTER_FILE,
    PUBLIC_FILE,
    KeyFileError,
    Keys,
    add_identity_key,
    drop_identity_key,
)
from app.infra.words import wordlist

KEYS = Keys(b"m" * 32, [b"i" * 32])
SHEET = KEYS.recovery_sheet()
FIRST_WORDS = SHEET.master[0].split()


def test_keys_are_made_private_and_read_back(tmp_path: Path) -> None:
    made = Keys.create(tmp_path / "keys")
    for name in (MASTER_FILE, IDENTITY_FILE):
        file = tmp_path / "keys" / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert len(file.read_bytes()) == 32
    for place in (tmp_path / "keys", tmp_path / "keys" / MASTER_FILE):
        again = Keys.load(place)
        assert again.derive("lookup") == made.derive("lookup")
        assert again.identity_key == made.identity_key


def test_two_installations_share_nothing(tmp_path: Path) -> None:
    one, two = Keys.create(tmp_path / "one"), Keys.create(tmp_path / "two")
    assert one.derive("lookup") != two.derive("lookup")
    assert one.identity_key != two.identity_key


@pytest.mark.parametrize("name", [MASTER_FILE, IDENTITY_FILE])
def test_a_key_that_is_there_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"old")
    with pytest.raises(KeyFileError):
        Keys.create(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"old"


@pytest.mark.parametrize("mode", [0o604, 0o606, 0o777])
def test_a_key_file_that_everyone_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    Keys.create(tmp_path)
    (tmp_path / MASTER_FILE).chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        Keys.load(tmp_path)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_file_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    Keys.create(tmp_path)
    for name in (MASTER_FILE, IDENTITY_FILE):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(b"x" * length)
        if not (name == IDENTITY_FILE and length == 0):
            with pytest.raises(KeyFileError):
                Keys.load(tmp_path)
        (tmp_path / name).write_bytes(kept)


def test_without_the_identity_file_everything_but_identities_works(tmp_path: Path) -> None:
    made = Keys.create(tmp_path)
    (tmp_path / IDENTITY_FILE).rename(tmp_path / "elsewhere")
    without = Keys.load(tmp_path)
    assert without.derive("lookup") == made.derive("lookup")
    assert not without.has_identity
    with pytest.raises(KeyFileError):
        _ = without.identity_key
    assert Keys.load(tmp_path, tmp_path / "elsewhere").identity_key == made.identity_key
    with pytest.raises(KeyFileError):
        Keys.load(tmp_path, tmp_path / "nowhere")


def test_derived_keys_never_change_between_releases() -> None:
    # A change here would lock every installation out of its own data.
    signing = KEYS.checkpoint_key.public_key().public_bytes_raw()
    assert KEYS.derive("passphrase").hex()[:32] == "6d513824bac2e1401107039c22623a05"
    assert signing.hex()[:32] == "bbb9f1dd744654c6dc763c041da4b187"
    assert KEYS.token_pair().kid == "ddf17cc1f03ed37a"
    assert KEYS.identity_key_id == "ee7a4d1609174f53"


def test_every_purpose_has_its_own_key() -> None:
    purposes = ["passphrase", "lookup", "idempotency", "storage", "index", "door:office", "door:public"]
    assert len({KEYS.derive(purpose) for purpose in purposes}) == len(purposes)
    assert KEYS.derive("lookup") != Keys(b"n" * 32).derive("lookup")
    assert KEYS.password("office") != KEYS.password("public")


@pytest.mark.parametrize("purpose", ["", "Lookup", "look up", "lookup\n", "1st", "a|b"])
def test_a_misspelt_purpose_is_refused(purpose: str) -> None:
    with pytest.raises(ValueError, match="purpose"):
        KEYS.derive(purpose)


def test_tokens_are_signed_on_p_256_and_each_generation_has_its_own_pair() -> None:
    pair, later = KEYS.token_pair(), KEYS.token_pair(2)
    private = load_pem_private_key(pair.private_pem.encode(), None)
    public, other = (load_pem_public_key(each.public_pem.encode()) for each in (pair, later))
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    assert isinstance(private.curve, ec.SECP256R1)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert isinstance(other, ec.EllipticCurvePublicKey)
    signature = private.sign(b"token", ec.ECDSA(SHA256()))
    public.verify(signature, b"token", ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        other.verify(signature, b"token", ec.ECDSA(SHA256()))
    assert pair.kid != later.kid


def test_no_secret_shows_in_a_representation() -> None:
    shown = f"{KEYS!r} {KEYS.token_pair()!r} {SHEET!r}"
    assert "PRIVATE" not in shown
    assert SHEET.master[0] not in shown
    assert "mmmm" not in shown


def test_the_sheet_has_four_lines_of_six_words_for_each_key() -> None:
    for lines in (SHEET.master, SHEET.identity):
        assert [len(line.split()) for line in lines] == [6] * 4
        assert all(word in wordlist() for line in lines for word in line.split())


def test_the_envelopes_make_the_key_files_anew(tmp_path: Path) -> None:
    made = Keys.create(tmp_path / "first")
    sheet = made.recovery_sheet()
    Keys.recover(tmp_path / "second", "\n".join(sheet.master), " ".join(sheet.identity).upper())
    for name in (MASTER_FILE, IDENTITY_FILE):
        assert (tmp_path / "second" / name).read_bytes() == (tmp_path / "first" / name).read_bytes()


@given(st.binary(min_size=32, max_size=32))
@settings(deadline=None, max_examples=50)
def test_any_key_survives_being_written_in_words(key: bytes) -> None:
    assert recovery.from_words("master", "\n".join(recovery.to_words("master", key))) == key


def test_a_sheet_read_back_rightly_has_no_wrong_lines() -> None:
    assert KEYS.check_readback("master", "\n".join(SHEET.master)) == []
    numbered = "\n".join(f"{number}. {line.upper()}" for number, line in enumerate(SHEET.identity, 1))
    assert KEYS.check_readback("identity", numbered) == []


def test_the_line_that_was_misread_is_named() -> None:
    lines = list(SHEET.master)
    lines[2] = lines[2].rsplit(" ", 1)[0] + " abacus"
    assert KEYS.check_readback("master", "\n".join(lines)) == [3]
    assert KEYS.check_readback("master", "\n".join(SHEET.master[:3])) == [4]
    assert KEYS.check_readback("master", "\n".join([*SHEET.master, "abacus"])) == [5]
    assert KEYS.check_readback("master", "") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n".join(SHEET.identity),
        "\n".join(SHEET.master[:3]),
        "\n".join(reversed(SHEET.master)),
        "\n".join(SHEET.master).replace(" ", " nonsense ", 1),
        " ".join(["zoom"] * 24),
        " ".join([*FIRST_WORDS[1::-1], *FIRST_WORDS[2:], *SHEET.master[1:]]),
    ],
)
def test_words_that_are_not_this_sheet_make_no_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyFileError):
        Keys.recover(tmp_path, text, "\n".join(SHEET.identity))
    assert list(tmp_path.iterdir()) == []


def test_the_identity_key_is_rotated_without_losing_the_old_one_too_early(tmp_path: Path) -> None:
    first = Keys.create(tmp_path)
    add_identity_key(tmp_path)
    both = Keys.load(tmp_path)
    assert both.identity_key != first.identity_key
    for in_use in (both.identity_key_id, "0" * 16):
        with pytest.raises(KeyFileError):
            drop_identity_key(tmp_path, in_use)
    drop_identity_key(tmp_path, first.identity_key_id)
    assert Keys.load(tmp_path).identity_key == both.identity_key
    assert len((tmp_path / IDENTITY_FILE).read_bytes()) == 32
    assert stat.S_IMODE((tmp_path / IDENTITY_FILE).stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == [IDENTITY_FILE, PUBLIC_FILE, MASTER_FILE]
