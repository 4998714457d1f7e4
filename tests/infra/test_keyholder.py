"""Who holds the identity keys: a file or a service; sealing needs neither, opening fails in words and never open."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.infra import keyservice
from app.infra.boxes import close_box, open_box, public_of
from app.infra.keyfiles import IDENTITY_FILE, PUBLIC_FILE, key_id_of, read_keys
from app.infra.keyholder import FileHolder, KeyHolder, KeysAway, Wrapped
from app.infra.keys import Keys, add_identity_key, drop_identity_key
from app.infra.keyservice import KeyServer, ServiceHolder, keeper_at
from app.infra.sealing import SealingError, new_data_key

PERSON, OTHER = uuid4(), uuid4()
PLACE = b"identity_keys|wrapped_key|1|k|v1"


@contextmanager
def kept(
    folder: Path, per_minute: int = 100, may_ask: frozenset[int] | None = None
) -> Iterator[list[dict[str, object]]]:
    """A key service in a thread; what it noted."""
    noted: list[dict[str, object]] = []
    keeper = keeper_at(folder / "keeper", per_minute, noted.append)
    with KeyServer(folder / "keys.sock", keeper, may_ask or frozenset({os.getuid()})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield noted
        finally:
            server.shutdown()
            thread.join()
    (folder / "keys.sock").unlink(missing_ok=True)


def service_at(folder: Path) -> ServiceHolder:
    return ServiceHolder(folder / "keys.sock", folder / PUBLIC_FILE)


def test_a_box_opens_for_its_key_its_place_and_whole_alone() -> None:
    key = b"i" * 32
    box = close_box(public_of(key), b"data key", PLACE)
    assert open_box(key, box, PLACE) == b"data key"
    spoiled = [box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :] for at in range(len(box))]
    for wrong in (*spoiled, box[:-1], box + b"x", b"", b"\x02", b"\x02" + bytes(80)):
        with pytest.raises(SealingError):
            open_box(key, wrong, PLACE)
    for other_key, place in ((b"j" * 32, PLACE), (key, PLACE + b"x")):
        with pytest.raises(SealingError):
            open_box(other_key, box, place)


def test_both_holders_open_what_either_wrapped_and_nothing_of_another_person(tmp_path: Path) -> None:
    with kept(tmp_path):
        service, file = service_at(tmp_path), FileHolder(tmp_path / "keeper" / IDENTITY_FILE)
        for maker in (service, file):
            data_key = new_data_key()
            wrapped = maker.wrap(data_key, PERSON)
            assert service.unwrap(wrapped, PERSON) == file.unwrap(wrapped, PERSON) == data_key
            holders: list[KeyHolder] = [service, file]
            for holder in holders:
                with pytest.raises(SealingError):
                    holder.unwrap(wrapped, OTHER)
                with pytest.raises(KeysAway):
                    holder.unwrap(Wrapped("0" * 16, wrapped.sealed), PERSON)


def test_while_the_service_is_down_names_are_sealed_and_none_is_opened(tmp_path: Path) -> None:
    with kept(tmp_path):
        assert service_at(tmp_path).can_open
    fresh = service_at(tmp_path)
    data_key = new_data_key()
    wrapped = fresh.wrap(data_key, PERSON)
    assert not fresh.can_open
    with pytest.raises(KeysAway, match="complaints are taken"):
        fresh.unwrap(wrapped, PERSON)
    with pytest.raises(KeysAway):
        fresh.rewrap([(PERSON, wrapped)])
    with kept(tmp_path):
        assert fresh.unwrap(wrapped, PERSON) == data_key


def test_a_service_that_was_never_reached_seals_nothing_rather_than_openly(tmp_path: Path) -> None:
    with pytest.raises(KeysAway):
        service_at(tmp_path).wrap(new_data_key(), PERSON)


def test_the_side_of_the_web_never_has_the_identity_key(tmp_path: Path) -> None:
    with kept(tmp_path):
        keys = Keys.create(tmp_path / "keys", service=tmp_path / "keys.sock")
        keys.holder.wrap(new_data_key(), PERSON)
    secret = read_keys(tmp_path / "keeper" / IDENTITY_FILE)[0]
    held = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert secret not in held
    assert secret.hex().encode() not in held
    assert not keys.has_identity
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [PUBLIC_FILE, "master.key"]


def test_the_service_opens_so_many_names_a_minute_and_notes_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept(tmp_path, per_minute=2) as noted:
        holder = service_at(tmp_path)
        wrapped = holder.wrap(b"k" * 32, PERSON)
        holder.unwrap(wrapped, PERSON)
        holder.unwrap(wrapped, PERSON)
        with pytest.raises(KeysAway, match="no more names"):
            holder.unwrap(wrapped, PERSON)
        opened = [each for each in noted if each["do"] == "unwrap"]
        assert [each["refused"] for each in opened] == [None, None, "too-many"]
        assert {each["person"] for each in opened} == {str(PERSON)}
        monkeypatch.setattr(keyservice, "MINUTE", 0.0)
        assert holder.unwrap(wrapped, PERSON) == b"k" * 32


def test_somebody_else_on_the_machine_is_not_answered(tmp_path: Path) -> None:
    with kept(tmp_path, may_ask=frozenset({os.getuid() + 1})) as noted:
        assert (tmp_path / "keys.sock").stat().st_mode & 0o077 == 0
        with pytest.raises(KeysAway):
            service_at(tmp_path).learn()
        assert noted == []


@pytest.mark.parametrize(
    "question",
    [
        b"",
        b"\x00",
        b"[]",
        b"1",
        b"{}",
        b'{"do": 7}',
        b'{"do": "unwrap"}',
        b'{"do": "unwrap", "one": ["x"]}',
        b'{"do": "unwrap", "one": ["00000000-0000-0000-0000-000000000001", "k", "%%"]}',
        b'{"do": "rewrap", "many": 3}',
    ],
)
def test_rubbish_is_refused_without_a_word_and_the_service_lives_on(tmp_path: Path, question: bytes) -> None:
    import socket

    with kept(tmp_path):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(tmp_path / "keys.sock"))
            line.sendall(question + b"\n")
            assert set(json.loads(line.makefile().readline())) == {"refused"}
        assert service_at(tmp_path).can_open


def test_a_running_process_follows_a_rotation_of_its_file(tmp_path: Path) -> None:
    first = Keys.create(tmp_path)
    running = Keys.load(tmp_path).holder
    before = running.wrap(b"k" * 32, PERSON)
    add_identity_key(tmp_path)
    after = running.wrap(b"l" * 32, OTHER)
    assert before.key_id == first.identity_key_id != after.key_id == running.key_id
    moved = running.rewrap([(PERSON, before)])
    drop_identity_key(tmp_path, before.key_id)
    assert running.unwrap(moved[0], PERSON) == b"k" * 32
    with pytest.raises(KeysAway, match=before.key_id):
        running.unwrap(before, PERSON)


def test_a_running_service_follows_a_rotation_and_rewraps_in_batches(tmp_path: Path) -> None:
    with kept(tmp_path) as noted:
        holder = service_at(tmp_path)
        people = [(UUID(int=number), bytes([number % 251]) * 32) for number in range(1, 1203)]
        before = [(person, holder.wrap(key, person)) for person, key in people[:3]] * 400
        add_identity_key(tmp_path / "keeper")
        holder.learn()
        after = holder.rewrap(before)
        newest = key_id_of(read_keys(tmp_path / "keeper" / IDENTITY_FILE)[0])
        assert {each.key_id for each in after} == {newest} == {holder.key_id}
        assert [each["count"] for each in noted if each["do"] == "rewrap"] == [1000, 200]
        assert holder.unwrap(after[-1], before[-1][0]) == bytes([3]) * 32


def test_a_key_file_that_was_taken_away_closes_names_and_lets_complaints_in(tmp_path: Path) -> None:
    Keys.create(tmp_path)
    running, key = Keys.load(tmp_path).holder, new_data_key()
    before = running.wrap(key, PERSON)
    (tmp_path / IDENTITY_FILE).rename(tmp_path / "safe")
    for holder in (running, Keys.load(tmp_path).holder):
        sealed = holder.wrap(key, OTHER)
        assert not holder.can_open
        for wrapped, person in ((before, PERSON), (sealed, OTHER)):
            with pytest.raises(KeysAway, match="not here"):
                holder.unwrap(wrapped, person)
    (tmp_path / "safe").rename(tmp_path / IDENTITY_FILE)
    assert running.unwrap(sealed, OTHER) == running.unwrap(before, PERSON) == key
