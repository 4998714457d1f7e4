"""Key files on the disk: private from their first moment, never half written, never loosened."""

import hashlib
import json
import os
from pathlib import Path

KEY = 32
MASTER_FILE = "master.key"
IDENTITY_FILE = "identity.key"
# The half of the newest identity key that may be known: with it a name is sealed, and nothing is opened.
PUBLIC_FILE = "identity.pub"


class KeyFileError(Exception):
    """A key file is missing, damaged, already there, or open to others; the text says what to do."""


def key_id_of(key: bytes) -> str:
    """How an identity key is named in every row that it wraps."""
    return hashlib.sha256(b"candor identity key\n" + key).hexdigest()[:16]


def read_private(path: Path) -> bytes:
    """A key file's bytes; refused where everybody on the machine can read it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o007:
                raise KeyFileError(f"{path} can be read by everyone here: chmod 600 it, then try again.")
            return file.read(KEY * 64)
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}.") from error


def read_keys(path: Path) -> tuple[bytes, ...]:
    """The keys of an identity file, the one in use first."""
    data = read_private(path)
    if len(data) % KEY:
        raise KeyFileError(f"{path} is damaged: it should hold 32 bytes for each key.")
    return tuple(data[start : start + KEY] for start in range(0, len(data), KEY))


def create(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Its permissions from the first moment, and on the disk before anything is sealed with it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    """The old content or the new, whatever happens in between."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    create(fresh, data, mode)
    fresh.replace(path)
    _sync_folder(path.parent)


def write_public(path: Path, key_id: str, public: bytes) -> None:
    """The public half beside the private one, for a process that may seal and not open."""
    replace(path, json.dumps({"key_id": key_id, "public": public.hex()}).encode(), 0o644)


def read_public(path: Path) -> tuple[str, bytes] | None:
    """Its key's name and the half itself; None where there is no such file."""
    try:
        found = json.loads(path.read_text())
        return str(found["key_id"]), bytes.fromhex(found["public"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileError(f"{path} is damaged: delete it, it is made anew from the key.") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
