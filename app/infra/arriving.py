"""A file that arrives in pieces: each is sealed before it is kept, and what is whole becomes a stored file."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError

from app.infra import sealing
from app.infra.sniff import HEAD, sniff
from app.infra.storage import ARRIVING, CHUNK, Damaged, Storage, StoredFile

# So much is held in memory of one upload at a time, at most.
PIECE = 16 * CHUNK
# A line that breaks off leaves short pieces; whoever sends byte by byte fills the disk with files of nothing.
SHORT_PIECES, SMALL = 500, CHUNK
# A browser digests a file in stretches of this length, and then the digests: it cannot hold a film in memory at once.
STRETCH = 4 * 1024 * 1024
SEAL = len(sealing.VERSION) + sealing.NONCE + sealing.TAG
ABOUT, DONE = "about", "done"


class Conflict(Exception):
    """These bytes do not follow what is here: somebody else was faster, or the sender counts wrongly."""


class Mixed(Exception):
    """What came is not the file that its sender has: parts of two files were joined."""


class NotThere(Exception):
    """There is no such upload of this owner."""


@dataclass(frozen=True)
class About:
    """What is said of a file before it comes."""

    id: str
    name: str
    length: int
    begun: int
    # Made by the browser of the file's first and last bytes and its time: by it the same file is known again.
    mark: str = ""


@dataclass(frozen=True)
class Arrived:
    """A file that came whole: how it is kept, what its content says it is, and when it was made."""

    stored: StoredFile
    media_type: str
    at: int
    # Of the digests of its stretches.
    digest: str = ""


class Digest:
    """The digest of the digests of a file's stretches."""

    def __init__(self) -> None:
        self._whole, self._stretch, self._room = hashlib.sha256(), hashlib.sha256(), STRETCH

    def pieces(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """What passes through is what is digested."""
        for piece in source:
            self.update(piece)
            yield piece

    def update(self, piece: bytes) -> None:
        """Goes on with these bytes."""
        while piece:
            now, piece = piece[: self._room], piece[self._room :]
            self._stretch.update(now)
            self._room -= len(now)
            if not self._room:
                self._close()

    def hex(self) -> str:
        """Once all has passed."""
        if self._room < STRETCH:
            self._close()
        return self._whole.hexdigest()

    def _close(self) -> None:
        self._whole.update(self._stretch.digest())
        self._stretch, self._room = hashlib.sha256(), STRETCH


class Arrival:
    """One upload of one owner. Its pieces lie under a name, and under a key, that only both together make.

    The state is what lies there: no row and no memory of a process says how far it came. A piece is named by where it
    begins and is only ever created, so of two senders of the same bytes one is told to look again.
    """

    def __init__(self, storage: Storage, owner: str, upload_id: str) -> None:
        self._storage = storage
        self._folder = f"{_folder(storage, owner)}/{_mark(storage, 'upload', owner, upload_id)}"
        self._key = storage.derive(f"arriving|{owner}|{upload_id}|v1".encode())
        self._owner_key = _owner_key(storage, owner)
        self.id = upload_id

    @classmethod
    def begin(cls, storage: Storage, owner: str, name: str, length: int, now: int, mark: str = "") -> "Arrival":
        """A new one, with nothing in it yet."""
        arrival = cls(storage, owner, secrets.token_urlsafe(16))
        about = {"id": arrival.id, "name": name, "length": length, "begun": now, "mark": mark}
        arrival._keep(ABOUT, about)
        return arrival

    def about(self) -> About:
        """What was said at its beginning."""
        found = self._kept(ABOUT)
        if found is None:
            raise NotThere
        return About(**found)

    def offset(self) -> int:
        """How many bytes are here, one after the other without a gap."""
        end = 0
        for start, size in self._pieces():
            if start != end:
                break
            end += size
        return end

    def is_crumbled(self, length: int) -> bool:
        """True where it came in more pieces than any bad line makes of it."""
        return len(self._pieces()) > SHORT_PIECES + length // SMALL

    def add(self, start: int, data: bytes) -> None:
        """Keeps one piece. It is here, or with the store, when this returns."""
        self._storage.check_room()
        sealed = b"".join(
            sealing.seal(self._key, data[at : at + CHUNK], _place(start + at)) for at in range(0, len(data), CHUNK)
        )
        try:
            obstore.put(self._storage.place, self._path(_piece(start)), sealed, mode="create")
        except AlreadyExistsError:
            raise Conflict from None

    def head(self) -> bytes:
        """The first bytes, which say what it is; fewer where fewer are here."""
        found = b""
        for piece in self.pieces():
            found += piece
            if len(found) >= HEAD:
                break
        return found[:HEAD]

    def finish(self, now: int, said: str = "") -> Arrived:
        """Makes one stored file of all pieces: every byte is opened, digested and sealed anew. Twice is once.

        Where the sender says what the digest of its file is, nothing is made of another one, and what came is dropped.
        """
        done = self.done()
        if done is not None:
            return done
        about = self.about()
        if self.offset() != about.length:
            raise Conflict
        digest = Digest()
        arrived = Arrived(self._whole(about, digest), sniff(self.head()), now, digest.hex())
        if said not in ("", arrived.digest):
            self._storage.delete(arrived.stored.name)
            self.drop()
            raise Mixed
        try:
            self._keep(DONE, _told(arrived))
        except AlreadyExistsError:
            self._storage.delete(arrived.stored.name)
            return self.finish(now, said)
        self._drop([_piece(start) for start, _ in self._pieces()])
        return arrived

    def done(self) -> Arrived | None:
        """The stored file, once it was made."""
        found = self._kept(DONE)
        return _arrived(found) if found else None

    def drop(self) -> None:
        """Forgets the upload; the file that was made of it is whoever's took it."""
        self._drop([*(_piece(start) for start, _ in self._pieces()), DONE, ABOUT])

    def _whole(self, about: About, digest: Digest) -> StoredFile:
        try:
            return self._storage.put(digest.pieces(self.pieces()), limit=about.length)
        except FileNotFoundError:
            # Whoever finished it in this very moment has taken the pieces away.
            raise Conflict from None

    def _pieces(self) -> list[tuple[int, int]]:
        """Where each piece begins and how long it is, in order."""
        found = []
        for listed in obstore.list(self._storage.place, prefix=self._folder):
            for entry in listed:
                name = entry["path"].rpartition("/")[2]
                if name.isdigit():
                    found.append((int(name), _plain_length(entry["size"])))
        return sorted(found)

    def pieces(self) -> Iterator[bytes]:
        """What is here, from the first byte on, each chunk proved before it is handed on."""
        end = 0
        for start, size in self._pieces():
            if start != end:
                return
            yield from self._chunks(start)
            end += size

    def _chunks(self, start: int) -> Iterator[bytes]:
        data = bytes(obstore.get(self._storage.place, self._path(_piece(start))).bytes())
        for number, at in enumerate(range(0, len(data), CHUNK + SEAL)):
            try:
                yield sealing.open_sealed(self._key, data[at : at + CHUNK + SEAL], _place(start + number * CHUNK))
            except sealing.SealingError:
                raise Damaged(self.id) from None

    def _keep(self, name: str, said: dict[str, Any]) -> None:
        sealed = sealing.seal(self._owner_key, json.dumps(said).encode(), self._said_place(name))
        obstore.put(self._storage.place, self._path(name), sealed, mode="create")

    def _kept(self, name: str) -> dict[str, Any] | None:
        return _read_said(self._storage, self._owner_key, self._folder, name)

    def _said_place(self, name: str) -> bytes:
        return _place_of_said(self._folder, name)

    def _drop(self, names: list[str]) -> None:
        for name in names:
            with suppress(FileNotFoundError):
                obstore.delete(self._storage.place, self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"


def arrivals_of(storage: Storage, owner: str) -> list[tuple[About, int, Arrived | None]]:
    """What this owner has begun, with how far each came, and the file where it is whole."""
    folders = {
        entry["path"].rpartition("/")[0]
        for listed in obstore.list(storage.place, prefix=_folder(storage, owner))
        for entry in listed
    }
    key = _owner_key(storage, owner)
    found = []
    for folder in sorted(folders):
        said = _read_said(storage, key, folder, ABOUT)
        if said is not None:
            about = About(**said)
            arrival = Arrival(storage, owner, about.id)
            found.append((about, arrival.offset(), arrival.done()))
    return sorted(found, key=lambda each: each[0].begun)


def _read_said(storage: Storage, key: bytes, folder: str, name: str) -> dict[str, Any] | None:
    try:
        sealed = bytes(obstore.get(storage.place, f"{folder}/{name}").bytes())
    except FileNotFoundError:
        return None
    try:
        said: dict[str, Any] = json.loads(sealing.open_sealed(key, sealed, _place_of_said(folder, name)))
    except sealing.SealingError:
        raise Damaged(folder) from None
    return said


def _told(arrived: Arrived) -> dict[str, Any]:
    stored = arrived.stored
    return {
        "name": stored.name,
        "size": stored.size,
        "sha256": stored.sha256.hex(),
        "wrapped_key": stored.wrapped_key.hex(),
        "media_type": arrived.media_type,
        "at": arrived.at,
        "digest": arrived.digest,
    }


def _arrived(said: dict[str, Any]) -> Arrived:
    hashed, wrapped = bytes.fromhex(said["sha256"]), bytes.fromhex(said["wrapped_key"])
    stored = StoredFile(said["name"], said["size"], hashed, wrapped)
    return Arrived(stored, said["media_type"], said["at"], said.get("digest", ""))


def _folder(storage: Storage, owner: str) -> str:
    return f"{ARRIVING}/{_mark(storage, 'owner', owner)}"


def _mark(storage: Storage, *of: str) -> str:
    return hmac.digest(storage.derive(b"arriving names|v1"), "|".join(of).encode(), "sha256")[:16].hex()


def _owner_key(storage: Storage, owner: str) -> bytes:
    return storage.derive(f"arriving about|{owner}|v1".encode())


def _piece(start: int) -> str:
    return f"{start:013d}"


def _place(start: int) -> bytes:
    return f"candor arriving|{start}|v1".encode()


def _place_of_said(folder: str, name: str) -> bytes:
    return f"candor arriving|{folder}|{name}|v1".encode()


def _plain_length(sealed: int) -> int:
    return sealed - -(-sealed // (CHUNK + SEAL)) * SEAL
