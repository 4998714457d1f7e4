"""Passwords: the right one and no other, the same work for nobody's, and the common ones refused."""

import threading
import time
from pathlib import Path

import pytest

from app.infra import passwords, refused
from app.infra.passwords import BusyError, hash_password, is_right, needs_new_hash, weakness
from app.kernel.errors import Refused

GOOD = "violet tram over harbour"


def test_the_right_password_and_no_other() -> None:
    stored = hash_password(GOOD)
    assert is_right(stored, GOOD, known=True)
    assert not is_right(stored, GOOD + " ", known=True)
    assert not is_right(stored, GOOD.upper(), known=True)
    assert GOOD not in stored
    assert hash_password(GOOD) != stored


def test_the_settings_are_those_that_owasp_asks_for() -> None:
    assert hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert needs_new_hash("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI")
    assert not needs_new_hash(hash_password(GOOD))


def test_the_same_letters_however_they_were_typed() -> None:
    assert is_right(hash_password("un café très serré"), "un cafe\u0301 tre\u0300s serre\u0301", known=True)


def test_nobodys_password_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Watching:
        def __init__(self) -> None:
            self.verified: list[str] = []

        def verify(self, stored: str, password: str) -> bool:
            self.verified.append(stored)
            return real.verify(stored, password)

    stored, real = hash_password(GOOD), passwords.HASHER
    assert not is_right(None, GOOD, known=False)
    watching = Watching()
    monkeypatch.setattr(passwords, "HASHER", watching)
    assert is_right(stored, GOOD, known=False)
    assert not is_right(None, GOOD, known=False)
    assert [one.split("$")[3] for one in watching.verified] == ["m=19456,t=2,p=1"] * 2


def test_what_is_too_long_is_never_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", None)
    assert not is_right("$argon2id$", "x" * 1025, known=False)
    assert not is_right(None, "é" * 513, known=False)


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$broken", "$2b$12$aaaaaaaaaaaaaaaaaaaaaa"])
def test_a_damaged_hash_opens_nothing(stored: str) -> None:
    assert not is_right(stored, GOOD, known=True)


def test_strangers_wait_apart_and_never_hold_up_a_known_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.05)
    stored, free = hash_password(GOOD), threading.Event()

    def hold() -> None:
        with passwords._STRANGERS.seat():  # noqa: SLF001 - as a slow stranger does
            free.wait(10)

    holders = [threading.Thread(target=hold) for _ in range(passwords.AT_ONCE)]
    for holder in holders:
        holder.start()
    time.sleep(0.05)
    try:
        with pytest.raises(BusyError):
            is_right(stored, GOOD, known=False)
        assert is_right(stored, GOOD, known=True)
    finally:
        free.set()
        for holder in holders:
            holder.join()
    assert is_right(stored, GOOD, known=False)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "passwordpassword",
        "P@ssw0rd2026!",
        "Password123456",
        "qwertyuiop123",
        "123456789012345",
        "abcdefghijklmnop",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "administrator1",
        "correct horse battery staple",
        "riverbend2026!!",
        "marigold.ashby",
        "x" * 1025,
    ],
)
def test_what_others_would_try_first_is_refused(password: str) -> None:
    about = ("Riverbend Office of Police Accountability", "Marigold Ashby")
    assert weakness(password, about)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "seven lanterns on a slow river",
        "Tz7-kfQ9-mmW2",
        "солнце над тихой рекой",
        "🙂🐢🌊🍋🎻🚲🏔️🧵🪴🔭🫖🕯️",
        "correct tram",
    ],
)
def test_anything_else_that_is_long_enough_will_do(password: str) -> None:
    assert weakness(password, ("Riverbend Office",)) is None


@pytest.mark.parametrize(
    "lost",
    [
        "qwerty123456",
        "QWERTY123456",
        "654321ytrewq",
        "1q2w3e4r5t6y",
        "sonyericsson",
        "motherfucker",
        "sonyericsson2026!!",
        "s0nyericss0n",
        "metallica2025!",
        "metallicametallica",
        "mailcreated5240",
    ],
)
def test_what_others_have_lost_is_refused(lost: str) -> None:
    assert weakness(lost)


@pytest.mark.parametrize(
    "good",
    [
        GOOD,
        "seven lanterns on a slow river",
        "metallica owns my kitchen",
        "Tulpen-Regen-Fahrrad-Acht",
        "mi abuela cuece arroz",
    ],
)
def test_what_nobody_has_lost_is_taken(good: str) -> None:
    assert weakness(good) is None


def test_the_list_is_small_quick_and_built_from_the_package(tmp_path: Path) -> None:
    source = tmp_path / refused.SOURCE
    source.parent.mkdir(parents=True)
    source.write_text('["Pass\\u00efon99", "12345678", "pa55"]')
    built = refused.build(tmp_path).read_bytes()
    assert len(built) == 4 * refused.SIZE  # two forms of the first, one of each of the others
    whole = (refused.PROJECT / refused.BUILT).read_bytes()
    assert len(whole) // refused.SIZE > 40_000
    assert len(whole) < 1_000_000
    began = time.perf_counter()
    for number in range(1000):
        refused.is_refused(f"nobody has this {number}")
    assert time.perf_counter() - began < 1


def test_without_the_list_no_password_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(refused, "PROJECT", tmp_path)
    monkeypatch.setattr(refused, "_digests", refused._digests.__wrapped__)  # noqa: SLF001 - as if it were not read yet
    with pytest.raises(Refused, match="not built"):
        weakness(GOOD)
