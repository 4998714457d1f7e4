"""A file that comes in pieces is the same file however the line is cut, and nothing of it lies there in plain."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.infra.arriving import STRETCH, Arrival, Conflict, Digest, Mixed, NotThere, arrivals_of
from app.infra.storage import CHUNK, Damaged, Storage

KEY = b"k" * 32
OWNER = "o" * 22
TEXT = b"The officer struck me twice. "
# Inside a chunk, just before and after a border, on it, in the last one, and at the very end.
CLASSES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 100, 3 * CHUNK - 1, 3 * CHUNK, 3 * CHUNK + 16]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path / "files", KEY)


def content(size: int) -> bytes:
    return (TEXT * (size // len(TEXT) + 1))[:size]


def begun(storage: Storage, length: int, owner: str = OWNER) -> Arrival:
    return Arrival.begin(storage, owner, "film.mp4", length, 1_000)


def read(storage: Storage, arrival: Arrival) -> bytes:
    return b"".join(storage.open(arrival.finish(2_000).stored))


@pytest.mark.parametrize("cut", CLASSES)
def test_cut_at_every_class_of_offset_it_goes_on_from_there(storage: Storage, cut: int) -> None:
    data = content(3 * CHUNK + 17)
    arrival = begun(storage, len(data))
    if cut:
        arrival.add(0, data[:cut])
    again = Arrival(storage, OWNER, arrival.id)
    assert again.offset() == cut
    again.add(cut, data[cut:])
    arrived = again.finish(2_000)
    assert (arrived.stored.size, arrived.stored.sha256) == (len(data), hashlib.sha256(data).digest())
    storage.verify(arrived.stored)
    assert read(storage, again) == data


@given(size=st.integers(1, 4 * CHUNK), steps=st.lists(st.integers(1, 2 * CHUNK), max_size=8))
@settings(deadline=None, max_examples=40)
def test_however_often_it_is_cut_it_is_the_same_file(size: int, steps: list[int]) -> None:
    data, storage = content(size), Storage.at("memory:///", KEY)
    arrival = begun(storage, size)
    at = 0
    for step in [*steps, size]:
        arrival = Arrival(storage, OWNER, arrival.id)
        assert arrival.offset() == at
        if at < size:
            arrival.add(at, data[at : at + step])
            at = min(size, at + step)
    arrived = arrival.finish(2_000)
    assert arrived.stored.sha256 == hashlib.sha256(data).digest()
    assert b"".join(storage.open(arrived.stored)) == data


def test_nothing_of_what_arrives_lies_there_in_plain(storage: Storage, tmp_path: Path) -> None:
    arrival = begun(storage, 2 * CHUNK)
    arrival.add(0, content(CHUNK + 5))
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    names = " ".join(str(path) for path in tmp_path.rglob("*"))
    assert len(kept) == 2
    assert all(TEXT not in data and b"film" not in data for data in kept)
    assert arrival.id not in names
    assert OWNER not in names


def test_another_owner_or_another_id_finds_nothing(storage: Storage) -> None:
    arrival = begun(storage, 10)
    arrival.add(0, b"0123")
    for other in (Arrival(storage, "p" * 22, arrival.id), Arrival(storage, OWNER, "x" * 22)):
        assert other.offset() == 0
        with pytest.raises(NotThere):
            other.about()
    assert arrivals_of(storage, "p" * 22) == []
    assert [(about.name, at) for about, at, _ in arrivals_of(storage, OWNER)] == [("film.mp4", 4)]


def test_of_two_senders_of_the_same_bytes_one_is_told_to_look_again(storage: Storage) -> None:
    arrival = begun(storage, 10)
    arrival.add(0, b"01234")
    with pytest.raises(Conflict):
        arrival.add(0, b"0123456789")
    assert arrival.offset() == 5


def test_what_is_not_whole_becomes_no_file_and_a_gap_is_none(storage: Storage) -> None:
    arrival = begun(storage, 10)
    arrival.add(5, b"56789")
    assert arrival.offset() == 0
    with pytest.raises(Conflict):
        arrival.finish(2_000)
    arrival.add(0, b"01234")
    assert read(storage, arrival) == b"0123456789"


def test_finished_twice_it_is_one_file_and_its_pieces_are_gone(storage: Storage) -> None:
    arrival = begun(storage, 10)
    arrival.add(0, b"0123456789")
    assert arrival.finish(2_000) == Arrival(storage, OWNER, arrival.id).finish(2_000)
    assert len(list(storage.names())) == 1
    assert [done is not None for _, _, done in arrivals_of(storage, OWNER)] == [True]
    arrival.drop()
    assert arrivals_of(storage, OWNER) == []
    assert arrival.done() is None
    assert len(list(storage.names())) == 1


def test_a_piece_altered_or_exchanged_makes_no_file(storage: Storage, tmp_path: Path) -> None:
    arrival = begun(storage, 2 * CHUNK)
    arrival.add(0, content(CHUNK))
    arrival.add(CHUNK, content(CHUNK))
    first, second = sorted(path for path in tmp_path.rglob("00*") if path.is_file())
    first.write_bytes(second.read_bytes())
    with pytest.raises(Damaged):
        arrival.finish(2_000)
    assert list(storage.names()) == []


def test_what_was_never_finished_is_swept_and_backups_never_meet_it(storage: Storage) -> None:
    arrival = begun(storage, 10)
    arrival.add(0, b"01234")
    assert list(storage.names()) == []
    assert storage.drop_unfinished(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert arrival.offset() == 5
    assert storage.drop_unfinished(datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert arrival.offset() == 0


def test_what_it_is_its_first_bytes_say(storage: Storage) -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(100)
    arrival = begun(storage, len(data))
    arrival.add(0, data[:1])
    assert arrival.head() == data[:1]
    arrival.add(1, data[1:])
    assert arrival.finish(2_000).media_type == "image/png"


def digest_of(data: bytes) -> str:
    """As the page's script digests a file."""
    stretches = [hashlib.sha256(data[at : at + STRETCH]).digest() for at in range(0, len(data), STRETCH)]
    return hashlib.sha256(b"".join(stretches)).hexdigest()


@pytest.mark.parametrize("size", [1, STRETCH - 1, STRETCH, STRETCH + 1, 2 * STRETCH])
def test_however_it_comes_the_digest_is_the_one_that_a_browser_makes(size: int) -> None:
    data, digest = content(size), Digest()
    passed = b"".join(digest.pieces(data[at : at + 1_000_003] for at in range(0, size, 1_000_003)))
    assert (passed, digest.hex()) == (data, digest_of(data))


def test_two_files_that_look_alike_are_never_joined(storage: Storage) -> None:
    one, two = content(2 * CHUNK), bytes(2 * CHUNK)
    arrival = begun(storage, len(one))
    arrival.add(0, one[:CHUNK])
    arrival.add(CHUNK, two[CHUNK:])
    with pytest.raises(Mixed):
        arrival.finish(2_000, digest_of(two))
    with pytest.raises(NotThere):
        arrival.about()
    assert list(storage.names()) == []


def test_what_its_sender_says_it_is_becomes_a_file_and_another_one_s_word_does_not_undo_it(storage: Storage) -> None:
    data = content(CHUNK + 5)
    arrival = begun(storage, len(data))
    arrival.add(0, data)
    arrived = arrival.finish(2_000, digest_of(data))
    assert arrived.digest == digest_of(data)
    assert arrival.finish(3_000, digest_of(b"other")) == arrived
    storage.verify(arrived.stored)
