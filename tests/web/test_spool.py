"""A file that comes with a form: small in memory, else in sealed pieces; read as often as anybody likes, then gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.infra.storage import Storage
from app.web.spool import IN_MEMORY, SealedSpool

TEXT = b"The officer struck me twice. "


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path / "files", b"k" * 32)


@pytest.fixture
def spool(storage: Storage) -> Iterator[SealedSpool]:
    with SealedSpool(storage) as spool:
        yield spool


def lying(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY - 1, IN_MEMORY, 3 * IN_MEMORY + 17])
def test_it_comes_back_as_it_came_and_is_stored_like_any_source(
    spool: SealedSpool, storage: Storage, size: int, tmp_path: Path
) -> None:
    data = (TEXT * (size // len(TEXT) + 1))[:size]
    for start in range(0, size, 50_000):
        spool.write(data[start : start + 50_000])
    assert spool.tell() == size
    assert all(TEXT not in each for each in lying(tmp_path))
    spool.seek(0)
    assert spool.read(10) == data[:10]
    assert spool.read() == data[10:]
    spool.seek(0)
    stored = storage.put(spool, limit=size)
    assert b"".join(storage.open(stored)) == data


def test_closed_it_leaves_nothing(spool: SealedSpool, tmp_path: Path) -> None:
    spool.write(TEXT * 20_000)
    assert lying(tmp_path)
    spool.close()
    assert lying(tmp_path) == []


def test_it_is_read_from_its_beginning_alone(spool: SealedSpool) -> None:
    with pytest.raises(ValueError, match="beginning"):
        spool.seek(5)
