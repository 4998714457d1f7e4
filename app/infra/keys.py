"""The installation's keys: one master secret that all others derive from, and the identity key apart."""

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.infra import recovery

KEY = 32
MASTER_FILE = "master.key"
IDENTITY_FILE = "identity.key"

# The order of the group of P-256: a private key is a number from 1 to one less than this.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_PURPOSE = re.compile(r"[a-z][a-z0-9:_-]*")

SheetKind = Literal["master", "identity"]


class KeyFileError(Exception):
    """A key file is missing, damaged, already there, or open to others; the text says what to do."""


@dataclass(frozen=True)
class TokenPair:
    """What python-jose signs (ES256) and checks tokens with."""

    kid: str
    private_pem: str = field(repr=False)
    public_pem: str


@dataclass(frozen=True)
class RecoverySheet:
    """Both keys as words, for two sealed envelopes kept by two people."""

    master: tuple[str, ...] = field(repr=False)
    identity: tuple[str, ...] = field(repr=False)


class Keys:
    """The master secret opens the house; names and addresses open only with the identity key beside it."""

    def __init__(self, master: bytes, identity: Sequence[bytes] = ()) -> None:
        if any(len(key) != KEY for key in (master, *identity)):
            raise KeyFileError("A key has 32 bytes.")
        self._master = master
        # The first is the one in use; others are being rotated out and only open what they sealed.
        self._identity = tuple(identity)
        self._derived: dict[tuple[str, int], bytes] = {}

    def __repr__(self) -> str:
        return "Keys(…)"

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Once, at installation. Never overwrites: a lost key cannot be had again."""
        return cls._write(folder, os.urandom(KEY), os.urandom(KEY))

    @classmethod
    def load(cls, place: Path, identity: Path | None = None) -> Self:
        """From the folder, or from the master file; the identity file may be kept elsewhere, or be absent."""
        master = place / MASTER_FILE if place.is_dir() else place
        apart = identity or master.with_name(IDENTITY_FILE)
        found = _read(apart) if identity or apart.exists() else b""
        if len(found) % KEY:
            raise KeyFileError(f"{apart} is damaged: it should hold 32 bytes for each key.")
        return cls(_read(master), _cut(found))

    @classmethod
    def recover(cls, folder: Path, master_text: str, identity_text: str) -> Self:
        """Writes the key files anew from the words of the two envelopes."""
        try:
            master = recovery.from_words("master", master_text)
            identity = recovery.from_words("identity", identity_text)
        except recovery.Misread as error:
            raise KeyFileError(str(error)) from error
        return cls._write(folder, master, identity)

    @classmethod
    def _write(cls, folder: Path, master: bytes, identity: bytes) -> Self:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (MASTER_FILE, IDENTITY_FILE):
            if (folder / name).exists():
                raise KeyFileError(f"{folder / name} is already there and is not overwritten.")
        # The identity key first: a folder with a master key in it is a finished one.
        _create(folder / IDENTITY_FILE, identity)
        _create(folder / MASTER_FILE, master)
        return cls(master, [identity])

    def derive(self, purpose: str, length: int = KEY) -> bytes:
        """A key of its own for each purpose: none tells anything about another."""
        found = self._derived.get((purpose, length))
        if found is None:
            if not _PURPOSE.fullmatch(purpose):
                raise ValueError(f"not a purpose: {purpose!r}")
            info = f"candor|v1|{purpose}".encode()
            found = HKDF(hashes.SHA256(), length, salt=None, info=info).derive(self._master)
            self._derived[purpose, length] = found  # purposes are few and named in the code
        return found

    def password(self, door: str) -> str:
        """The database password of a door's role."""
        return base64.urlsafe_b64encode(self.derive(f"door:{door}")).decode("ascii").rstrip("=")

    @cached_property
    def checkpoint_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.derive("checkpoint"))

    def token_pair(self, generation: int = 1) -> TokenPair:
        """Rotation: publish the next generation, sign with it, drop the old when its last token has died."""
        # Sixteen bytes more than the order, so that the remainder is even to one part in 2**128.
        wide = int.from_bytes(self.derive(f"token:{generation}", KEY + 16), "big")
        private = ec.derive_private_key(wide % (P256_ORDER - 1) + 1, ec.SECP256R1())
        public = private.public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return TokenPair(
            hashlib.sha256(der).hexdigest()[:16],
            private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii"),
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii"),
        )

    @property
    def has_identity(self) -> bool:
        return bool(self._identity)

    @property
    def identity_key(self) -> bytes:
        if not self._identity:
            raise KeyFileError(f"The identity key is not here: {IDENTITY_FILE} belongs beside {MASTER_FILE}.")
        return self._identity[0]

    @property
    def identity_key_id(self) -> str:
        return _key_id(self.identity_key)

    def identity_key_named(self, key_id: str) -> bytes:
        for key in self._identity:
            if _key_id(key) == key_id:
                return key
        raise KeyFileError(f"The identity key {key_id} is not here.")

    def recovery_sheet(self) -> RecoverySheet:
        return RecoverySheet(
            recovery.to_words("master", self._master), recovery.to_words("identity", self.identity_key)
        )

    def check_readback(self, kind: SheetKind, text: str) -> list[int]:
        """The numbers of the lines that were written down wrongly; none, and the envelope may be closed."""
        sheet = self.recovery_sheet()
        return recovery.wrong_lines(sheet.master if kind == "master" else sheet.identity, text)


def add_identity_key(folder: Path) -> Keys:
    """Rotation, first step: a new key seals from now on, the old ones still open what they sealed."""
    _replace(folder / IDENTITY_FILE, os.urandom(KEY) + _read(folder / IDENTITY_FILE))
    return Keys.load(folder)


def drop_old_identity_keys(folder: Path) -> Keys:
    """Rotation, last step: only after every person's data key is wrapped by the new key."""
    _replace(folder / IDENTITY_FILE, Keys.load(folder).identity_key)
    return Keys.load(folder)


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"candor identity key\n" + key).hexdigest()[:16]


def _cut(data: bytes) -> list[bytes]:
    return [data[start : start + KEY] for start in range(0, len(data), KEY)]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o007:
                raise KeyFileError(f"{path} can be read by everyone here: chmod 600 it, then try again.")
            return file.read(KEY * 64)
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}.") from error


def _create(path: Path, data: bytes) -> None:
    # Its permissions from the first moment, and on the disk before anything is sealed with it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    _create(fresh, data)
    fresh.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
