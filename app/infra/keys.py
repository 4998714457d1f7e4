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

from app.infra import keyfiles, recovery
from app.infra.boxes import public_of
from app.infra.keyfiles import IDENTITY_FILE as IDENTITY_FILE
from app.infra.keyfiles import KEY, key_id_of
from app.infra.keyfiles import MASTER_FILE as MASTER_FILE
from app.infra.keyfiles import PUBLIC_FILE as PUBLIC_FILE
from app.infra.keyfiles import KeyFileError as KeyFileError
from app.infra.keyholder import FileHolder, KeyHolder
from app.infra.keyservice import ServiceHolder

# The order of the group of P-256: a private key is a number from 1 to one less than this.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_PURPOSE = re.compile(r"[a-z][a-z0-9:_-]*")

SheetKind = Literal["master", "identity"]


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

    def __init__(self, master: bytes, identity: Sequence[bytes] = (), holder: KeyHolder | None = None) -> None:
        if any(len(key) != KEY for key in (master, *identity)):
            raise KeyFileError("A key has 32 bytes.")
        self._master = master
        # The first is the one in use; others are being rotated out and only open what they sealed.
        self._identity = tuple(identity)
        self._derived: dict[tuple[str, int], bytes] = {}
        # Who wraps and unwraps the keys of persons; nothing else of the house touches an identity key.
        self.holder: KeyHolder = holder or FileHolder(keys=self._identity)

    def __repr__(self) -> str:
        return "Keys(…)"

    @classmethod
    def create(cls, folder: Path, service: Path | None = None) -> Self:
        """Once, at installation. Never overwrites: a lost key cannot be had again."""
        if service is None:
            return cls._write(folder, os.urandom(KEY), os.urandom(KEY))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keyfiles.create(folder / MASTER_FILE, os.urandom(KEY))
        return cls.load(folder, service=service)

    @classmethod
    def load(cls, place: Path, identity: Path | None = None, service: Path | None = None) -> Self:
        """From the folder, or from the master file; the identity key may be elsewhere, absent, or with a service."""
        master = place / MASTER_FILE if place.is_dir() else place
        if service is not None:
            return cls(keyfiles.read_private(master), holder=ServiceHolder(service, master.with_name(PUBLIC_FILE)))
        apart = identity or master.with_name(IDENTITY_FILE)
        found = keyfiles.read_keys(apart) if identity or apart.exists() else ()
        return cls(keyfiles.read_private(master), found, FileHolder(apart))

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
        keyfiles.create(folder / IDENTITY_FILE, identity)
        keyfiles.write_public(folder / PUBLIC_FILE, key_id_of(identity), public_of(identity))
        keyfiles.create(folder / MASTER_FILE, master)
        return cls.load(folder)

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
        return key_id_of(self.identity_key)

    def recovery_sheet(self) -> RecoverySheet:
        """Of the identity key only where it is here: behind a service its own side has that envelope."""
        identity = recovery.to_words("identity", self._identity[0]) if self._identity else ()
        return RecoverySheet(recovery.to_words("master", self._master), identity)

    def check_readback(self, kind: SheetKind, text: str) -> list[int]:
        """The numbers of the lines that were written down wrongly; none, and the envelope may be closed."""
        sheet = self.recovery_sheet()
        return recovery.wrong_lines(sheet.master if kind == "master" else sheet.identity, text)


def show_public_half(folder: Path) -> None:
    """For an installation of before there was one."""
    if (folder / IDENTITY_FILE).exists() and not (folder / PUBLIC_FILE).exists():
        first = keyfiles.read_keys(folder / IDENTITY_FILE)[0]
        keyfiles.write_public(folder / PUBLIC_FILE, key_id_of(first), public_of(first))


def add_identity_key(folder: Path) -> None:
    """Rotation, first step: a new key seals from now on, the old ones still open what they sealed."""
    fresh = os.urandom(KEY)
    keyfiles.replace(folder / IDENTITY_FILE, fresh + keyfiles.read_private(folder / IDENTITY_FILE))
    keyfiles.write_public(folder / PUBLIC_FILE, key_id_of(fresh), public_of(fresh))


def drop_identity_key(folder: Path, key_id: str) -> None:
    """Rotation, last step: only after every person's key is wrapped by another one; never the one in use."""
    keys = keyfiles.read_keys(folder / IDENTITY_FILE)
    if key_id not in map(key_id_of, keys[1:]):
        raise KeyFileError(f"{key_id} is no old key of {folder / IDENTITY_FILE}.")
    keyfiles.replace(folder / IDENTITY_FILE, b"".join(key for key in keys if key_id_of(key) != key_id))
