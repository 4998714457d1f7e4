"""Files in a store that speaks S3: the real client on a real line, against a stand-in of this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.infra.arriving import Arrival, Conflict, arrivals_of
from app.infra.copies import copy_for
from app.infra.storage import CHUNK, Damaged, Missing, Storage, TooLarge
from tests.infra.object_store import Bucket, object_store
from tests.infra.test_copies import PLACE, jpeg

KEY = b"k" * 32
# Smaller than ours, so that a test sends little.
PART = 8 * CHUNK
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with object_store() as (address, bucket):
        for name, value in {
            "AWS_ENDPOINT": address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        yield bucket


@pytest.fixture
def storage(bucket: Bucket) -> Storage:
    return Storage.at("s3://files", KEY)


def test_a_large_file_goes_in_parts_and_comes_back_also_from_its_middle(
    storage: Storage, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.infra.storage.PART", PART)
    data = bytes(range(256)) * (2 * PART // 256) + b"the end"
    stored = storage.put(data, limit=3 * PART)
    assert bucket.asked.count("part") == 3
    assert bucket.parts == {}
    storage.verify(stored)
    assert b"".join(storage.read_range(stored, PART - 3, 8)) == data[PART - 3 : PART + 5]
    assert list(storage.names()) == [stored.name]
    assert all(b"the end" not in kept for kept, _ in bucket.objects.values())


def test_what_is_too_large_or_gone_or_cut_short_is_said_as_in_a_folder(storage: Storage, bucket: Bucket) -> None:
    with pytest.raises(TooLarge):
        storage.put(bytes(CHUNK), limit=10)
    assert bucket.objects == {}
    stored = storage.put(bytes(3 * CHUNK), limit=PART)
    (path,) = bucket.objects
    bucket.keep(path, bucket.objects[path][0][: 2 * CHUNK])
    with pytest.raises(Damaged):
        b"".join(storage.open(stored))
    storage.delete(stored.name)
    storage.delete(stored.name)
    for ask in (lambda: b"".join(storage.open(stored)), lambda: storage.verify(stored)):
        with pytest.raises(Missing):
            ask()


def test_the_check_of_the_doctor_and_a_backup_work_there(storage: Storage, bucket: Bucket) -> None:
    storage.check()
    assert bucket.objects == {}
    stored = storage.put(b"words", limit=PART)
    raw = b"".join(storage.raw(stored.name))
    storage.delete(stored.name)
    storage.put_raw(stored.name, [raw])
    storage.verify(stored)


def test_an_upload_goes_on_after_a_cut_line_and_two_senders_never_write_the_same_piece(storage: Storage) -> None:
    data = bytes(range(256)) * 1024
    arrival = Arrival.begin(storage, "o" * 22, "film.mp4", len(data), 1_000)
    arrival.add(0, data[:100_000])
    with pytest.raises(Conflict):
        Arrival(storage, "o" * 22, arrival.id).add(0, data[:50_000])
    again = Arrival(storage, "o" * 22, arrival.id)
    assert again.offset() == 100_000
    for at in range(100_000, len(data), 50_000):
        again.add(at, data[at : at + 50_000])
    ((about, offset, done),) = arrivals_of(storage, "o" * 22)
    assert (about.name, offset, done) == ("film.mp4", len(data), None)
    arrived = again.finish(2_000)
    assert b"".join(storage.open(arrived.stored)) == data
    assert list(storage.names()) == [arrived.stored.name]


def test_what_was_never_finished_and_what_nobody_names_is_found_page_by_page(storage: Storage, bucket: Bucket) -> None:
    for number in range(5):
        arrival = Arrival.begin(storage, f"{number}" * 22, "a.txt", 10, 1_000)
        arrival.add(0, b"half")
    kept = {storage.put(bytes([number]), limit=10).name for number in range(4)}
    assert set(storage.names()) == kept
    assert kept <= set(storage.names_before(LATER))
    assert storage.drop_unfinished(LATER) == 5
    assert "delete many" in bucket.asked
    assert {path.rpartition("/")[2] for path in bucket.objects} == kept
    assert storage.free is None


def test_a_copy_that_leaves_is_made_from_there_too(storage: Storage) -> None:
    stored = storage.put(jpeg(), limit=PART)
    assert PLACE not in b"".join(copy_for(storage, stored, "image/jpeg"))
