"""The identity keys in a process of their own, behind a Unix socket: the web seals, this alone opens, one at a time."""

import json
import os
import socket
import socketserver
import struct
import time
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from app.infra import keyfiles
from app.infra.boxes import public_of
from app.infra.keyfiles import IDENTITY_FILE, KeyFileError
from app.infra.keyholder import FileHolder, KeysAway, Wrapped, box_of
from app.infra.sealing import SealingError

LONGEST = 1 << 20  # bytes of one question: a batch of a rotation, and nothing larger
WAIT = 5.0
AT_ONCE = 1000
MINUTE = 60.0
REFUSALS = {"too-many": "The keeper of the keys opens no more names in this minute. Wait, then try again."}
Note = Callable[[dict[str, Any]], None]


@dataclass
class ServiceHolder:
    """The other side of the socket. It knows the public half, so that a complaint is taken while nobody answers."""

    socket: Path
    public_file: Path
    _mark: tuple[int, ...] = ()
    _public: tuple[str, bytes] | None = field(default=None, repr=False)

    @property
    def key_id(self) -> str:
        return self._known()[0]

    @property
    def can_open(self) -> bool:
        try:
            self.learn()
        except KeysAway:
            return False
        return True

    def wrap(self, data_key: bytes, person_id: UUID) -> Wrapped:
        key_id, public = self._known()
        return box_of(data_key, person_id, key_id, public)

    def unwrap(self, wrapped: Wrapped, person_id: UUID) -> bytes:
        return b64decode(self._ask({"do": "unwrap", "one": _sent(person_id, wrapped)})["key"])

    def rewrap(self, many: Sequence[tuple[UUID, Wrapped]]) -> list[Wrapped]:
        found: list[Wrapped] = []
        for start in range(0, len(many), AT_ONCE):
            part = [_sent(person_id, wrapped) for person_id, wrapped in many[start : start + AT_ONCE]]
            found += [
                Wrapped(key_id, b64decode(sealed))
                for key_id, sealed in self._ask({"do": "rewrap", "many": part})["many"]
            ]
        return found

    def learn(self) -> None:
        """Keeps the public half of the newest key beside the master key: every process here seals with it at once."""
        said = self._ask({"do": "public"})
        key_id, public = str(said["key_id"]), bytes.fromhex(said["public"])
        if keyfiles.read_public(self.public_file) != (key_id, public):
            keyfiles.write_public(self.public_file, key_id, public)

    def _known(self) -> tuple[str, bytes]:
        try:
            found = self.public_file.stat()
        except FileNotFoundError:
            self.learn()
            found = self.public_file.stat()
        mark = (found.st_mtime_ns, found.st_ino)
        if self._public is None or mark != self._mark:
            self._public, self._mark = keyfiles.read_public(self.public_file), mark
        if self._public is None:
            raise KeysAway()
        return self._public

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(WAIT)
                line.connect(str(self.socket))
                with line.makefile("rwb") as talk:
                    talk.write(json.dumps(question).encode() + b"\n")
                    talk.flush()
                    answer: dict[str, Any] = json.loads(talk.readline(LONGEST))
        except (OSError, ValueError):
            raise KeysAway() from None
        if "refused" not in answer:
            return answer
        if answer["refused"] == "not-opened":
            raise SealingError
        raise KeysAway(REFUSALS.get(answer["refused"], ""))


@dataclass
class Keeper:
    """What answers: it opens one name a question and so many a minute, and notes each one for itself."""

    holder: FileHolder
    per_minute: int
    note: Note
    _opened: deque[float] = field(default_factory=deque)
    _one: Lock = field(default_factory=Lock)

    def answer(self, question: dict[str, Any], uid: int) -> dict[str, Any]:
        """The answer to one question; what it cannot do it refuses by one of three words, without detail."""
        acts = {"public": self._say_public, "unwrap": self._unwrap, "rewrap": self._rewrap}
        act = acts.get(str(question.get("do")))
        if act is None:
            return {"refused": "unknown"}
        try:
            found = act(question)
        except SealingError:
            found = {"refused": "not-opened"}
        except (KeysAway, KeyFileError):
            found = {"refused": "no-key"}
        self._note(question, found, uid)
        return found

    def _say_public(self, _: dict[str, Any]) -> dict[str, Any]:
        if not self.holder.can_open or self.holder.public is None:
            return {"refused": "no-key"}
        key_id, public = self.holder.public
        return {"key_id": key_id, "public": public.hex()}

    def _unwrap(self, question: dict[str, Any]) -> dict[str, Any]:
        if not self._has_turn():
            return {"refused": "too-many"}
        person_id, wrapped = _got(question["one"])
        return {"key": b64encode(self.holder.unwrap(wrapped, person_id)).decode()}

    def _rewrap(self, question: dict[str, Any]) -> dict[str, Any]:
        many = [_got(each) for each in question["many"][:AT_ONCE]]
        return {"many": [(each.key_id, b64encode(each.sealed).decode()) for each in self.holder.rewrap(many)]}

    def _has_turn(self) -> bool:
        now = time.monotonic()
        with self._one:
            while self._opened and now - self._opened[0] > MINUTE:
                self._opened.popleft()
            if len(self._opened) >= self.per_minute:
                return False
            self._opened.append(now)
        return True

    def _note(self, question: dict[str, Any], found: dict[str, Any], uid: int) -> None:
        what = {"do": question["do"], "by": uid, "refused": found.get("refused")}
        if question["do"] == "unwrap":
            what["person"] = str(question.get("one", [""])[0])
        elif question["do"] == "rewrap":
            what["count"] = len(found.get("many", ()))
        self.note(what)


class _Talk(socketserver.StreamRequestHandler):
    timeout = WAIT

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, KeyServer)  # noqa: S101 - its own
        uid = struct.unpack("3i", self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]
        if uid not in server.may_ask:
            return
        try:
            question = json.loads(self.rfile.readline(LONGEST))
            found = server.keeper.answer(question, uid)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
            found = {"refused": "unknown"}
        self.wfile.write(json.dumps(found).encode() + b"\n")


class KeyServer(socketserver.ThreadingUnixStreamServer):
    """Listens at a socket that only its owner and named others may use; the kernel says who asks."""

    daemon_threads = True

    def __init__(self, place: Path, keeper: Keeper, may_ask: frozenset[int], mode: int = 0o600) -> None:
        self.keeper, self.may_ask = keeper, may_ask
        place.unlink(missing_ok=True)
        before = os.umask(0o777 & ~mode)
        try:
            super().__init__(str(place), _Talk)
        finally:
            os.umask(before)


def keeper_at(folder: Path, per_minute: int, note: Note) -> Keeper:
    """A keeper of the key file of a folder; the first time it makes one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / IDENTITY_FILE
    if not path.exists():
        fresh = os.urandom(keyfiles.KEY)
        keyfiles.create(path, fresh)
        keyfiles.write_public(folder / keyfiles.PUBLIC_FILE, keyfiles.key_id_of(fresh), public_of(fresh))
    keyfiles.read_keys(path)
    return Keeper(FileHolder(path), per_minute, note)


def _sent(person_id: UUID, wrapped: Wrapped) -> list[str]:
    return [str(person_id), wrapped.key_id, b64encode(wrapped.sealed).decode()]


def _got(sent: list[str]) -> tuple[UUID, Wrapped]:
    person_id, key_id, sealed = sent
    return UUID(person_id), Wrapped(key_id, b64decode(sealed))
