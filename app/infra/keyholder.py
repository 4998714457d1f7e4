"""Who holds the vault's identity keys. A file here or a service elsewhere: a person's key is wrapped without asking
anybody, and unwrapped only where the key is. Another adapter is one more class of this shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import NamedTuple, Protocol
from uuid import UUID

from app.infra import keyfiles
from app.infra.boxes import close_box, is_box, open_box, public_of
from app.infra.keyfiles import IDENTITY_FILE, MASTER_FILE, KeyFileError, key_id_of
from app.infra.sealing import key_place, unwrap_key, wrap_key
from app.kernel.errors import Refused


class KeysAway(Refused):
    """Nothing is opened while the key cannot be asked; what is new is sealed all the same."""

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words
            or "The keeper of the keys does not answer, so no name can be opened now. Try again later; "
            "complaints are taken all the same."
        )


class Wrapped(NamedTuple):
    """A person's key as the database keeps it, and the name of the key that wrapped it."""

    key_id: str
    sealed: bytes


class KeyHolder(Protocol):
    """What an adapter does: a file, a service on this machine, a city's key management."""

    @property
    def key_id(self) -> str:
        """The name of the key that wraps from now on."""

    @property
    def can_open(self) -> bool:
        """True where names can be opened at this moment."""

    def wrap(self, data_key: bytes, person_id: UUID) -> Wrapped:
        """Never needs the keeper: a complaint is taken whether or not it answers."""

    def unwrap(self, wrapped: Wrapped, person_id: UUID) -> bytes:
        """One person's key; KeysAway where the keeper is not there, SealingError where it does not fit."""

    def rewrap(self, many: Sequence[tuple[UUID, Wrapped]]) -> list[Wrapped]:
        """The same keys under the newest one; the keys themselves do not come out."""


@dataclass
class FileHolder:
    """The keys of one file, read again when the file changes: a rotation needs no restart.

    Where only the public half is there, names are sealed and none is opened.
    """

    path: Path | None = None
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    public: tuple[str, bytes] | None = None
    _mark: tuple[int, ...] = ()
    _one: Lock = field(default_factory=Lock, repr=False)

    @property
    def key_id(self) -> str:
        keys = self._now()
        if keys:
            return key_id_of(keys[0])
        return self._public()[0]

    @property
    def can_open(self) -> bool:
        return bool(self._now())

    @property
    def key_ids(self) -> list[str]:
        """Every key of the file, the one in use first; the others are being rotated out."""
        return [key_id_of(key) for key in self._now()]

    def wrap(self, data_key: bytes, person_id: UUID) -> Wrapped:
        keys = self._now()
        if keys:
            key_id = key_id_of(keys[0])
            return Wrapped(key_id, wrap_key(keys[0], data_key, person_id, key_id))
        key_id, public = self._public()
        return box_of(data_key, person_id, key_id, public)

    def unwrap(self, wrapped: Wrapped, person_id: UUID) -> bytes:
        return unwrap_with(self._named(wrapped.key_id), wrapped, person_id)

    def rewrap(self, many: Sequence[tuple[UUID, Wrapped]]) -> list[Wrapped]:
        return [self.wrap(self.unwrap(wrapped, person_id), person_id) for person_id, wrapped in many]

    def _named(self, key_id: str) -> bytes:
        keys = self._now()
        for key in keys:
            if key_id_of(key) == key_id:
                return key
        if not keys:
            raise KeysAway(
                f"The identity key is not here, so no name can be opened: {IDENTITY_FILE} belongs beside {MASTER_FILE}."
            )
        raise KeysAway(f"The identity key {key_id} is not here, so this name cannot be opened.")

    def _now(self) -> tuple[bytes, ...]:
        """As the file has them; another process may have begun or ended a rotation."""
        if self.path is None:
            return self.keys
        try:
            found = self.path.stat()
        except OSError:
            return ()  # taken away on purpose: then nothing is opened here
        mark = (found.st_mtime_ns, found.st_ino, found.st_size)
        if mark != self._mark:
            with self._one:
                self.keys, self._mark = self._read(self.path), mark
        return self.keys

    def _read(self, path: Path) -> tuple[bytes, ...]:
        try:
            keys = keyfiles.read_keys(path)
        except KeyFileError:
            if self.public is None:
                raise
            return ()  # what was right before was spoiled while we run: new names are sealed, none is opened
        self.public = (key_id_of(keys[0]), public_of(keys[0])) if keys else None
        return keys

    def _public(self) -> tuple[str, bytes]:
        if self.public is None and self.path is not None:
            self.public = keyfiles.read_public(self.path.with_name(keyfiles.PUBLIC_FILE))
        if self.public is None:
            raise KeyFileError(f"The identity key is not here: {IDENTITY_FILE} belongs beside {MASTER_FILE}.")
        return self.public


def box_of(data_key: bytes, person_id: UUID, key_id: str, public: bytes) -> Wrapped:
    """Wrapped with the public half alone."""
    return Wrapped(key_id, close_box(public, data_key, key_place(person_id, key_id)))


def unwrap_with(key: bytes, wrapped: Wrapped, person_id: UUID) -> bytes:
    """Opens either kind: wrapped under the key itself, or in a box closed with its public half."""
    if is_box(wrapped.sealed):
        return open_box(key, wrapped.sealed, key_place(person_id, wrapped.key_id))
    return unwrap_key(key, wrapped.sealed, person_id, wrapped.key_id)
