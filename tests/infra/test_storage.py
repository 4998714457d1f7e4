"""Files come back byte for byte, lie there encrypted, and no tampering with them goes unnoticed."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.infra.storage import CHUNK, SEALED_CHUNK, Damaged, Missing, Storage, StoredFile, TooLarge

KEY = b"k" * 32
LIMIT = 100 * CHUNK
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17, 16 * CHUNK, 33 * CHUNK + 5]
TEXT = b"The officer struck me twice. "


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path / "files", KEY)


def content(size: int) -> bytes:
    return (TEXT * (size // len(TEXT) + 1))[:size]


def file_of(tmp_path: Path, stored: StoredFile) -> Path:
    return tmp_path / "files" / stored.name[:2] / stored.name


def read(storage: Storage, stored: StoredFile) -> bytes:
    return b"".join(storage.open(stored))


@pytest.mark.parametrize("name", ["our files", "año 50%", "a%20b"])
def test_a_folder_is_the_one_that_its_address_names_whatever_is_in_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "files"
    stored = Storage.at(folder.as_uri(), KEY).put(TEXT, limit=LIMIT)
    assert read(Storage.at(folder, KEY), stored) == TEXT
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_files_that_an_earlier_release_kept_under_the_quoted_name_are_brought_home(tmp_path: Path) -> None:
    folder, quoted = tmp_path / "our files", tmp_path / "our%20files"
    stored = Storage.at(quoted, KEY).put(TEXT, limit=LIMIT)
    assert read(Storage.at(folder.as_uri(), KEY), stored) == TEXT
    assert not quoted.exists()


@pytest.mark.parametrize("size", EDGES)
def test_a_file_comes_back_as_it_came(storage: Storage, size: int) -> None:
    data = content(size)
    for source in (data, BytesIO(data), [data[:10], b"", data[10:]]):
        stored = storage.put(source, limit=LIMIT)
        assert (stored.size, stored.sha256) == (size, hashlib.sha256(data).digest())
        assert read(storage, stored) == data
        storage.verify(stored)


@given(size=st.integers(0, 5 * CHUNK), steps=st.lists(st.integers(1, 2 * CHUNK), max_size=5))
@settings(deadline=None, max_examples=40)
def test_however_it_is_cut_on_its_way_in_it_is_the_same_file(size: int, steps: list[int]) -> None:
    data, storage = content(size), Storage.at("memory:///", KEY)
    with storage.writer(limit=LIMIT) as writer:
        rest = data
        for step in steps:
            writer.write(rest[:step])
            rest = rest[step:]
        writer.write(rest)
        stored = writer.finish()
    assert read(storage, stored) == data
    assert sum(map(len, storage.raw(stored.name))) == size + 16 * max(-(-size // CHUNK), 1)


@given(st.integers(0, 3 * CHUNK), st.integers(0, 4 * CHUNK), st.integers(0, 4 * CHUNK))
@settings(deadline=None, max_examples=80)
def test_any_range_is_read_without_the_rest(size: int, start: int, length: int) -> None:
    data, storage = content(size), Storage.at("memory:///", KEY)
    stored = storage.put(data, limit=LIMIT)
    assert b"".join(storage.read_range(stored, start, length)) == data[start : start + length]


def test_a_range_of_a_long_file_reads_only_its_chunks(storage: Storage, tmp_path: Path) -> None:
    stored = storage.put(content(20 * CHUNK), limit=LIMIT)
    place = file_of(tmp_path, stored)
    spoilt = bytearray(place.read_bytes())
    spoilt[0] ^= 1
    place.write_bytes(spoilt)
    data = content(20 * CHUNK)
    assert b"".join(storage.read_range(stored, 5 * CHUNK + 3, 10)) == data[5 * CHUNK + 3 : 5 * CHUNK + 13]
    with pytest.raises(Damaged):
        list(storage.read_range(stored, CHUNK - 1, 2))


@pytest.mark.parametrize(("start", "length"), [(-1, 5), (0, -1)])
def test_a_negative_range_is_refused(storage: Storage, start: int, length: int) -> None:
    stored = storage.put(b"abc", limit=LIMIT)
    with pytest.raises(ValueError, match="negative"):
        storage.read_range(stored, start, length)


def test_nothing_readable_ever_lies_on_the_disk(storage: Storage, tmp_path: Path) -> None:
    with storage.writer(limit=1000 * CHUNK) as writer:
        for _ in range(300):
            writer.write(content(CHUNK))
        halfway = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        stored = writer.finish()
    whole = file_of(tmp_path, stored).read_bytes()
    assert len(halfway) > CHUNK
    for lying in (halfway, whole):
        assert TEXT not in lying
        assert TEXT[:8] not in lying


def test_two_copies_of_a_file_look_nothing_alike(storage: Storage, tmp_path: Path) -> None:
    one, two = (storage.put(content(CHUNK), limit=LIMIT) for _ in range(2))
    assert one.name != two.name
    assert file_of(tmp_path, one).read_bytes()[:64] != file_of(tmp_path, two).read_bytes()[:64]


def test_names_tell_nothing_and_files_are_private(storage: Storage, tmp_path: Path) -> None:
    stored = storage.put(b"abc", limit=LIMIT)
    assert len(stored.name) == 32
    assert int(stored.name, 16) >= 0
    assert stat.S_IMODE(file_of(tmp_path, stored).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700


def chunks(data: bytes) -> list[bytes]:
    return [data[start : start + SEALED_CHUNK] for start in range(0, len(data), SEALED_CHUNK)]


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "a bit turned": lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
    "the last bit turned": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "cut by a byte": lambda data: data[:-1],
    "cut at a chunk": lambda data: data[: 2 * SEALED_CHUNK],
    "emptied": lambda _: b"",
    "a byte added": lambda data: data + b"\x00",
    "a chunk added": lambda data: data + data[:SEALED_CHUNK],
    "two chunks exchanged": lambda data: b"".join([chunks(data)[1], chunks(data)[0], *chunks(data)[2:]]),
    "a chunk repeated": lambda data: b"".join([chunks(data)[0], chunks(data)[0], *chunks(data)[2:]]),
    "a chunk left out": lambda data: b"".join([chunks(data)[0], *chunks(data)[2:]]),
    "the last chunk first": lambda data: b"".join([chunks(data)[-1], *chunks(data)[1:]]),
}


@pytest.mark.parametrize("how", TAMPERINGS)
@pytest.mark.parametrize("size", [3 * CHUNK, 3 * CHUNK + 50])
def test_tampering_with_the_file_is_found(storage: Storage, tmp_path: Path, how: str, size: int) -> None:
    stored = storage.put(content(size), limit=LIMIT)
    place = file_of(tmp_path, stored)
    place.write_bytes(TAMPERINGS[how](place.read_bytes()))
    with pytest.raises(Damaged):
        storage.verify(stored)


def test_a_file_put_in_the_place_of_another_is_found(storage: Storage, tmp_path: Path) -> None:
    one, two = (storage.put(content(CHUNK), limit=LIMIT) for _ in range(2))
    file_of(tmp_path, one).write_bytes(file_of(tmp_path, two).read_bytes())
    for row in (one, replace(one, wrapped_key=two.wrapped_key), replace(two, name=one.name)):
        with pytest.raises(Damaged):
            read(storage, row)


def test_a_file_and_its_row_cut_short_together_are_found(storage: Storage, tmp_path: Path) -> None:
    stored = storage.put(content(3 * CHUNK), limit=LIMIT)
    place = file_of(tmp_path, stored)
    place.write_bytes(place.read_bytes()[: 2 * SEALED_CHUNK])
    with pytest.raises(Damaged):
        read(storage, replace(stored, size=2 * CHUNK))


def test_a_file_moved_with_its_key_into_another_row_is_found(storage: Storage, tmp_path: Path) -> None:
    one, two = (storage.put(content(CHUNK), limit=LIMIT) for _ in range(2))
    file_of(tmp_path, one).write_bytes(file_of(tmp_path, two).read_bytes())
    with pytest.raises(Damaged):
        read(storage, replace(two, name=one.name))


def test_equal_chunks_of_one_file_look_nothing_alike(storage: Storage, tmp_path: Path) -> None:
    stored = storage.put(b"x" * 3 * CHUNK, limit=LIMIT)
    sealed = chunks(file_of(tmp_path, stored).read_bytes())
    assert len({piece[:64] for piece in sealed}) == 3


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * CHUNK, 2 * CHUNK - 1, 2 * CHUNK + 2, 4 * CHUNK])
def test_a_size_altered_in_the_database_is_found(storage: Storage, size: int) -> None:
    stored = storage.put(content(2 * CHUNK + 1), limit=LIMIT)
    with pytest.raises(Damaged):
        storage.verify(replace(stored, size=size))


def test_a_digest_altered_in_the_database_is_found(storage: Storage) -> None:
    stored = storage.put(b"abc", limit=LIMIT)
    with pytest.raises(Damaged):
        storage.verify(replace(stored, sha256=b"\x00" * 32))


def test_another_installations_key_opens_nothing(storage: Storage, tmp_path: Path) -> None:
    stored = storage.put(b"abc", limit=LIMIT)
    with pytest.raises(Damaged):
        read(Storage.at(tmp_path / "files", b"o" * 32), stored)


@pytest.mark.parametrize("step", [1000, CHUNK, 5 * CHUNK])
def test_a_file_over_the_limit_leaves_nothing(storage: Storage, tmp_path: Path, step: int) -> None:
    given_out = 0

    def endless() -> Iterator[bytes]:
        nonlocal given_out
        while True:
            given_out += step
            yield b"x" * step

    with pytest.raises(TooLarge):
        storage.put(endless(), limit=200 * CHUNK)
    assert given_out <= 200 * CHUNK + step
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_of_exactly_the_limit_is_taken(storage: Storage) -> None:
    assert storage.put(content(CHUNK), limit=CHUNK).size == CHUNK
    with pytest.raises(TooLarge):
        storage.put(content(CHUNK + 1), limit=CHUNK)


def test_an_upload_that_breaks_off_leaves_nothing(storage: Storage, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        for _ in range(400):
            yield content(CHUNK)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        storage.put(broken(), limit=1000 * CHUNK)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert list(storage.names()) == []


def test_a_writer_that_was_left_cannot_be_finished(storage: Storage) -> None:
    with storage.writer(limit=LIMIT) as writer:
        writer.write(b"abc")
    with pytest.raises(ValueError, match="given up"):
        writer.finish()


def test_a_writer_that_was_sent_too_much_cannot_be_finished(storage: Storage) -> None:
    writer = storage.writer(limit=2)
    with pytest.raises(TooLarge):
        writer.write(b"abc")
    with pytest.raises(ValueError, match="given up"):
        writer.finish()


def test_an_empty_file_that_is_gone_is_missed(storage: Storage) -> None:
    stored = storage.put(b"", limit=LIMIT)
    storage.delete(stored.name)
    with pytest.raises(Missing):
        read(storage, stored)


def test_a_missing_file_is_said_to_be_missing(storage: Storage) -> None:
    stored = storage.put(b"abc", limit=LIMIT)
    storage.delete(stored.name)
    storage.delete(stored.name)
    asks = (
        lambda: read(storage, stored),
        lambda: storage.verify(stored),
        lambda: list(storage.raw(stored.name)),
    )
    for ask in asks:
        with pytest.raises(Missing):
            ask()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", ""])
def test_only_names_of_our_own_making_reach_the_disk(storage: Storage, name: str) -> None:
    asks = (
        lambda: storage.delete(name),
        lambda: storage.put_raw(name, [b"x"]),
        lambda: list(storage.raw(name)),
    )
    for ask in asks:
        with pytest.raises(ValueError, match="name"):
            ask()


def test_a_backup_without_the_key_restores_to_readable_files(storage: Storage, tmp_path: Path) -> None:
    kept = [storage.put(content(size), limit=LIMIT) for size in EDGES]
    elsewhere = Storage.at(tmp_path / "restored", KEY)
    keyless = Storage.at(tmp_path / "files", b"\x00" * 32)
    assert sorted(keyless.names()) == sorted(stored.name for stored in kept)
    for name in keyless.names():
        elsewhere.put_raw(name, keyless.raw(name))
    for stored in kept:
        elsewhere.verify(stored)


def test_the_check_leaves_nothing_behind(storage: Storage) -> None:
    storage.check()
    assert list(storage.names()) == []


def test_a_storage_that_is_full_or_closed_is_an_error(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path / "files", KEY)
    (tmp_path / "files").rmdir()
    (tmp_path / "files").write_bytes(b"a file in the way")
    with pytest.raises(OSError):  # noqa: PT011  whichever the system gives
        storage.check()


def test_the_file_and_its_folders_reach_the_disk_before_put_returns(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    stored = storage.put(content(3 * CHUNK), limit=LIMIT)
    place = file_of(tmp_path, stored)
    assert synced == [str(place), str(place.parent), str(tmp_path / "files")]


def test_a_sync_that_fails_is_never_passed_over(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="input/output"):
        storage.put(b"abc", limit=LIMIT)


PROGRAM = """
import resource, sys
from app.infra.storage import Storage
storage = Storage.at(sys.argv[1], b"k" * 32)
storage.check()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
stored = storage.put((b"x" * 65536 for _ in range(6400)), limit=2**40)
storage.verify(stored)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_four_hundred_megabytes_pass_through_a_hundred_of_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert int(ran.stdout) < 100 * 1024


def test_the_row_does_not_show_its_key(storage: Storage) -> None:
    stored = storage.put(b"abc", limit=LIMIT)
    assert "wrapped_key" not in repr(stored)


def test_what_was_last_written_before_a_moment_is_listed_and_nothing_younger(storage: Storage, tmp_path: Path) -> None:
    old, young = storage.put(b"old", limit=LIMIT), storage.put(b"young", limit=LIMIT)
    os.utime(file_of(tmp_path, old), (1000, 1000))
    assert list(storage.names_before(datetime.fromtimestamp(2000, UTC))) == [old.name]
    assert sorted(storage.names_before(datetime.fromtimestamp(9e9, UTC))) == sorted([old.name, young.name])


def test_a_name_tells_under_which_key_it_was_made_and_nothing_else(storage: Storage, tmp_path: Path) -> None:
    names = [storage.put(b"", limit=LIMIT).name for _ in range(3)]
    other = Storage.at(tmp_path / "other", b"o" * 32)
    assert all(storage.is_ours(name) for name in names)
    assert not any(other.is_ours(name) for name in names)
    assert not storage.is_ours("0" * 32)
    assert not storage.is_ours("readme.txt")
    assert len({name[:22] for name in names}) == len({name[22:] for name in names}) == 3


def test_the_rest_of_an_upload_that_a_death_cut_off_is_dropped_once_it_is_old(storage: Storage, tmp_path: Path) -> None:
    whole = storage.put(b"whole", limit=LIMIT)
    folder = file_of(tmp_path, whole).parent
    old, young, foreign = folder / f"{'a' * 32}#1", folder / f"{'b' * 32}#2", folder / "notes.txt"
    for path in (old, young, foreign):
        path.write_bytes(b"half")
    for path in (old, foreign, file_of(tmp_path, whole)):
        os.utime(path, (1000, 1000))
    assert storage.drop_unfinished(datetime.fromtimestamp(2000, UTC)) == 1
    assert [path.exists() for path in (old, young, foreign, file_of(tmp_path, whole))] == [False, True, True, True]
    assert Storage.at("memory:///", KEY).drop_unfinished(datetime.fromtimestamp(2000, UTC)) == 0
