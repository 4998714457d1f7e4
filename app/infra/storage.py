"""Files as encrypted chunks under random names, in a local folder or an object store."""

import hashlib
import hmac
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self
from urllib.parse import unquote

import obstore
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from obstore.store import LocalStore, ObjectStore, from_url

from app.infra import sealing

if TYPE_CHECKING:
    from obstore import WritableFile

CHUNK = 64 * 1024
SEALED_CHUNK = CHUNK + sealing.TAG
# An object store takes ten thousand parts at most: eight mebibytes each allow eighty gigabytes a file.
PART = 8 * 1024 * 1024
PARTS_AT_ONCE = 2
READ_AT_ONCE = 16 * SEALED_CHUNK
# Of the disk so much stays free whatever arrives: a complaint without its film can still be kept.
RESERVE = 2_000_000_000

# A name is eleven random bytes and five that only the storage key makes of them.
RANDOM, PROVED = 11, 5

_NAME = re.compile(r"[0-9a-f]{32}")
# Where what is still arriving lies (decision 66): no file yet, and named by nobody.
ARRIVING = "arriving"
# What obstore's local store writes to until a file is whole; a process killed meanwhile leaves it there for ever.
_UNFINISHED = re.compile(r"[0-9a-f]{32}#\d+")


class NoRoom(Exception):
    """The disk is nearly full: nothing more is taken that no complaint needs."""


class TooLarge(Exception):
    """The file is larger than what is accepted here; nothing of it was kept."""


class Damaged(Exception):
    """The file kept is not the file stored: altered, cut, swapped, or sealed with another key."""


class Missing(Exception):
    """There is no file of that name in the storage."""


@dataclass(frozen=True)
class StoredFile:
    """What the database keeps of a file. Without the wrapped key nobody can read it, in any backup."""

    name: str
    size: int
    sha256: bytes
    wrapped_key: bytes = field(repr=False)


class Storage:
    def __init__(self, store: ObjectStore, key: bytes, folder: Path | None = None) -> None:
        self._store = store
        self._key = key
        self._folder = folder

    @classmethod
    def at(cls, place: str | Path, key: bytes) -> Self:
        """A folder, or a URL: file://, s3://, az://, gs://, and memory:// for tests."""
        address = str(place)
        if "://" in address and not address.startswith("file://"):
            return cls(from_url(address), key)
        folder = _folder_of(address)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(folder), key, folder)

    def put(self, source: Iterable[bytes] | BinaryIO | bytes, *, limit: int) -> StoredFile:
        with self.writer(limit=limit) as writer:
            for piece in _pieces(source):
                writer.write(piece)
            return writer.finish()

    def writer(self, *, limit: int) -> "FileWriter":
        """For uploads that arrive piece by piece; unless it is finished, leaving it keeps nothing."""
        return FileWriter(self, limit)

    def open(self, stored: StoredFile) -> Iterator[bytes]:
        """The plaintext, each piece proved before it is handed on."""
        return self.read_range(stored, 0, stored.size)

    def read_range(self, stored: StoredFile, start: int, length: int) -> Iterator[bytes]:
        """As `open`, from a byte for a length; what lies past the end of the file is left out."""
        if start < 0 or length < 0:
            raise ValueError("a range has no negative start or length")
        return self._range(stored, start, min(start + length, stored.size))

    def verify(self, stored: StoredFile) -> None:
        """Reads all of it, and compares size and digest with what was noted when it came in."""
        digest = hashlib.sha256()
        for piece in self.open(stored):
            digest.update(piece)
        if digest.digest() != stored.sha256 or self._length(stored.name) != _sealed_length(stored.size):
            raise Damaged(stored.name)

    def delete(self, name: str) -> None:
        try:
            obstore.delete(self._store, _path(name))
        except FileNotFoundError:
            return
        if self._folder is not None:
            _fsync((self._folder / _path(name)).parent)

    @property
    def place(self) -> ObjectStore:
        """Where the objects lie, for what arrives in pieces."""
        return self._store

    @property
    def free(self) -> int | None:
        """How many bytes the disk still takes; of a rented store nobody knows."""
        return shutil.disk_usage(self._folder).free if self._folder is not None else None

    def check_room(self, length: int = 0) -> None:
        """Whether so much more may come; asked again for each piece, as others were promised the same room."""
        free = self.free
        if free is not None and free < length + RESERVE:
            raise NoRoom

    def seal_beside(self, stored: StoredFile, what: str, text: bytes) -> bytes:
        """Something about a file, for those alone who can open the file: sealed under a key made of the file's own."""
        return sealing.seal(self._beside(stored, what), text, _key_place(stored.name))

    def open_beside(self, stored: StoredFile, what: str, text: bytes) -> bytes:
        """What was sealed so."""
        try:
            return sealing.open_sealed(self._beside(stored, what), text, _key_place(stored.name))
        except sealing.SealingError:
            raise Damaged(stored.name) from None

    def _beside(self, stored: StoredFile, what: str) -> bytes:
        info = f"candor file|beside|{what}|v1".encode()
        return HKDF(hashes.SHA256(), sealing.KEY, salt=None, info=info).derive(self._file_key(stored))

    def derive(self, info: bytes) -> bytes:
        """A key for another purpose, made of this storage's own."""
        return HKDF(hashes.SHA256(), sealing.KEY, salt=None, info=info).derive(self._key)

    def names(self) -> Iterator[str]:
        for listed in obstore.list(self._store):
            for entry in listed:
                if not entry["path"].startswith(f"{ARRIVING}/"):
                    yield entry["path"].rpartition("/")[2]

    def names_before(self, moment: datetime) -> Iterator[str]:
        """Of the files that were last written before a moment, a few at a time: for the sweep."""
        for listed in obstore.list(self._store):
            for entry in listed:
                if entry["last_modified"] < moment:
                    yield entry["path"].rpartition("/")[2]

    def drop_unfinished(self, moment: datetime) -> int:
        """Removes what cut-off uploads left before a moment; what an object store began, its own rule ends."""
        dropped = self._drop_arriving(moment)
        for path in self._folder.glob("*/*#*") if self._folder is not None else ():
            with suppress(FileNotFoundError):  # it became whole in this very moment
                if _UNFINISHED.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
                    path.unlink()
                    dropped += 1
        return dropped

    def _drop_arriving(self, moment: datetime) -> int:
        """Uploads that were never finished; each is counted by its first piece."""
        dropped = 0
        for listed in obstore.list(self._store, prefix=ARRIVING):
            old = [entry["path"] for entry in listed if entry["last_modified"] < moment]
            if old:
                obstore.delete(self._store, old)
            dropped += sum(path.endswith(f"/{0:013d}") for path in old)
        return dropped

    def new_name(self) -> str:
        """Random, and yet known again by whoever has this key: nothing else in a shared place is ever swept."""
        drawn = secrets.token_bytes(RANDOM)
        return (drawn + self._proof(drawn)).hex()

    def is_ours(self, name: str) -> bool:
        """True where the name was made under this key."""
        if not _NAME.fullmatch(name):
            return False
        given = bytes.fromhex(name)
        return hmac.compare_digest(given[RANDOM:], self._proof(given[:RANDOM]))

    def _proof(self, drawn: bytes) -> bytes:
        return hmac.digest(self._key, b"candor file name|v1|" + drawn, "sha256")[:PROVED]

    def raw(self, name: str) -> Iterator[bytes]:
        """The file as it lies there, encrypted: for backups, which must not need the key."""
        length = self._length(name)
        for start in range(0, length, READ_AT_ONCE):
            yield self._read(name, start, min(start + READ_AT_ONCE, length))

    def put_raw(self, name: str, source: Iterable[bytes]) -> None:
        # Left by an exception, the writer throws away what it had.
        with self.opened(name) as file:
            for piece in source:
                file.write(piece)
        self.settle(name)

    def opened(self, name: str) -> "WritableFile":
        return obstore.open_writer(self._store, _path(name), buffer_size=PART, max_concurrency=PARTS_AT_ONCE)

    def wrapped(self, name: str, file_key: bytes) -> bytes:
        return sealing.seal(self._key, file_key, _key_place(name))

    def check(self) -> None:
        """Writes, reads and deletes a small file: whether the storage really is one."""
        stored = self.put(b"candor", limit=CHUNK)
        try:
            self.verify(stored)
        finally:
            self.delete(stored.name)

    def settle(self, name: str) -> None:
        """obstore's local store leaves it to the system when bytes reach the disk; an answer must not."""
        if self._folder is None:
            return
        path = self._folder / _path(name)
        path.chmod(0o600)
        for place in (path, path.parent, self._folder):
            _fsync(place)

    def _range(self, stored: StoredFile, start: int, end: int) -> Iterator[bytes]:
        cipher = AESGCM(self._file_key(stored))
        last = _chunks(stored.size) - 1
        # An empty file has one chunk, and reading nothing still proves that it is there and whole.
        first, stop = start // CHUNK, max(-(-end // CHUNK), 1)
        for number, sealed in self._sealed_chunks(stored, first, stop):
            place = _place(stored.name, number, is_last=number == last)
            try:
                piece = cipher.decrypt(_nonce(number), sealed, place)
            except InvalidTag:
                raise Damaged(stored.name) from None
            yield piece[max(start - number * CHUNK, 0) : max(end - number * CHUNK, 0)]

    def _sealed_chunks(self, stored: StoredFile, first: int, stop: int) -> Iterator[tuple[int, bytes]]:
        length = _sealed_length(stored.size)
        for number in range(first, stop, READ_AT_ONCE // SEALED_CHUNK):
            start = number * SEALED_CHUNK
            data = self._read(stored.name, start, min(start + READ_AT_ONCE, stop * SEALED_CHUNK, length))
            for offset in range(0, len(data), SEALED_CHUNK):
                yield number + offset // SEALED_CHUNK, data[offset : offset + SEALED_CHUNK]

    def _file_key(self, stored: StoredFile) -> bytes:
        try:
            return sealing.open_sealed(self._key, stored.wrapped_key, _key_place(stored.name))
        except sealing.SealingError:
            raise Damaged(stored.name) from None

    def _read(self, name: str, start: int, end: int) -> bytes:
        try:
            data = bytes(obstore.get_range(self._store, _path(name), start=start, end=end))
        except FileNotFoundError:
            raise Missing(name) from None
        except obstore.exceptions.GenericError:
            # The local store reports a start past the end in this way, and so a file that was cut short.
            if self._length(name) < end:
                raise Damaged(name) from None
            raise
        if len(data) != end - start:
            raise Damaged(name)
        return data

    def _length(self, name: str) -> int:
        try:
            return obstore.head(self._store, _path(name))["size"]
        except FileNotFoundError:
            raise Missing(name) from None


class FileWriter:
    """One file on its way in: cut into chunks, each sealed before it leaves this process."""

    def __init__(self, storage: Storage, limit: int) -> None:
        self.name = storage.new_name()
        self.size = 0
        self._storage = storage
        self._limit = limit
        self._key = sealing.new_data_key()
        self._cipher = AESGCM(self._key)
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._number = 0
        self._file: WritableFile | None = storage.opened(self.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abort()

    def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._limit:
            self.abort()
            raise TooLarge(f"The file is larger than {self._limit} bytes.")
        self._digest.update(piece)
        self._waiting += piece
        # One byte more than a chunk must be waiting: only then is it certain that this one is not the last.
        whole = (len(self._waiting) - 1) // CHUNK * CHUNK
        for start in range(0, whole, CHUNK):
            self._send(self._waiting[start : start + CHUNK], is_last=False)
        del self._waiting[: max(whole, 0)]

    def finish(self) -> StoredFile:
        """The file is on the disk, or with the store, when this returns: before the database commits."""
        self._send(self._waiting, is_last=True)
        self._opened().close()
        self._file = None
        self._storage.settle(self.name)
        return StoredFile(self.name, self.size, self._digest.digest(), self._storage.wrapped(self.name, self._key))

    def abort(self) -> None:
        # Letting go of an unfinished writer is what makes obstore remove what it staged.
        self._file = None
        self._waiting.clear()

    def _send(self, piece: bytes | bytearray, *, is_last: bool) -> None:
        place = _place(self.name, self._number, is_last=is_last)
        self._opened().write(self._cipher.encrypt(_nonce(self._number), bytes(piece), place))
        self._number += 1

    def _opened(self) -> "WritableFile":
        if self._file is None:
            raise ValueError("this file is finished or was given up")
        return self._file


def _folder_of(address: str) -> Path:
    quoted = Path(address.removeprefix("file://")).absolute()
    folder = Path(unquote(str(quoted))) if address.startswith("file://") else quoted
    # What was kept under the quoted name, before an address was read as one, comes home once.
    return quoted.rename(folder) if quoted != folder and quoted.is_dir() and not folder.exists() else folder


def _pieces(source: Iterable[bytes] | BinaryIO | bytes) -> Iterable[bytes]:
    if isinstance(source, bytes):
        return [source]
    if hasattr(source, "read"):
        return iter(lambda: source.read(CHUNK), b"")
    return source


def _chunks(size: int) -> int:
    return max(-(-size // CHUNK), 1)


def _sealed_length(size: int) -> int:
    return size + _chunks(size) * sealing.TAG


def _nonce(number: int) -> bytes:
    # A counter is safe because every file has a key of its own, used for one pass and never again.
    return number.to_bytes(sealing.NONCE, "big")


def _place(name: str, number: int, *, is_last: bool) -> bytes:
    """What a chunk is bound to: cut, reordered or moved to another file, it does not open."""
    return f"candor file|{name}|{number}|{'last' if is_last else 'more'}|v1".encode()


def _key_place(name: str) -> bytes:
    return sealing.aad("files", "wrapped_key", name, "storage")


def _path(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a stored file")
    return f"{name[:2]}/{name}"


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
