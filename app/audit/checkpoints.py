"""Signed checkpoints of the journal, in the signed-note format of C2SP that other tools can check."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# C2SP signed-note: the algorithm byte of Ed25519, which stands before the public key.
ED25519 = b"\x01"
SIGNATURE = "\u2014 "
LONGEST = 16_384

_ORIGIN = re.compile(r"[!-*,-~]{1,200}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadCheckpoint(Exception):
    """The note is not a checkpoint that this key signed."""


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


class Signer:
    def __init__(self, origin: str, key: Ed25519PrivateKey) -> None:
        self.origin = _checked_origin(origin)
        self._key = key
        self._public = key.public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        """What is printed and published: the name, the key's short id and the key, in C2SP's form."""
        return f"{self.origin}+{_key_id(self.origin, self._public).hex()}+{_base64(ED25519 + self._public)}"

    def sign(self, size: int, root: bytes) -> str:
        text = Checkpoint(self.origin, size, root).text
        signature = _key_id(self.origin, self._public) + self._key.sign(text.encode())
        return f"{text}\n{SIGNATURE}{self.origin} {_base64(signature)}\n"


class Verifier:
    def __init__(self, verifier_key: str) -> None:
        try:
            # The key's own base64 may hold a plus sign; name and id cannot.
            name, key_id, key = verifier_key.split("+", 2)
            raw = base64.b64decode(key, validate=True)
            self.origin, self._public = _checked_origin(name), raw[1:]
            self._key = Ed25519PublicKey.from_public_bytes(self._public)
        except (ValueError, binascii.Error) as error:
            raise BadCheckpoint("not a verifier key") from error
        if raw[:1] != ED25519 or key_id != _key_id(name, self._public).hex():
            raise BadCheckpoint("not a verifier key")

    def verify(self, note: str) -> Checkpoint:
        """The checkpoint, if this key signed it; signatures of other keys (witnesses) are passed over."""
        text, signatures = _parts(note)
        checkpoint = parse_text(text)
        if checkpoint.origin != self.origin:
            raise BadCheckpoint("a checkpoint of another journal")
        # Every line is looked at: one false signature in our name spoils the note, wherever it stands.
        ours = [self._signed(text, line) for line in signatures]
        if not any(ours):
            raise BadCheckpoint("no signature by this key, or a false one")
        return checkpoint

    def _signed(self, text: str, line: str) -> bool:
        name, _, encoded = line.removeprefix(SIGNATURE).partition(" ")
        signature = _decoded(encoded)
        if name != self.origin or signature[:4] != _key_id(self.origin, self._public):
            return False
        try:
            self._key.verify(signature[4:], text.encode())
        except InvalidSignature as error:
            # A line that bears our name and id but does not verify is a forgery, not a stranger's.
            raise BadCheckpoint("a false signature") from error
        return True


def parse_text(text: str) -> Checkpoint:
    """The three lines that are signed. Lines after them are refused: we never write any."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadCheckpoint("a checkpoint has three lines")
    origin, size, encoded = lines[:3]
    root = _decoded(encoded)
    if not _SIZE.fullmatch(size) or len(root) != 32:
        raise BadCheckpoint("not a size and a root")
    return Checkpoint(_checked_origin(origin), int(size), root)


def _parts(note: str) -> tuple[str, list[str]]:
    if len(note) > LONGEST or not note.endswith("\n"):
        raise BadCheckpoint("not a signed note")
    text, gap, signatures = note.rpartition("\n\n")
    lines = signatures[:-1].split("\n")
    if not gap or not all(line.startswith(SIGNATURE) for line in lines):
        raise BadCheckpoint("not a signed note")
    return text + "\n", lines


def _checked_origin(origin: str) -> str:
    if not _ORIGIN.fullmatch(origin):
        raise BadCheckpoint("an origin is visible ASCII without spaces or plus signs")
    return origin


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadCheckpoint("not base64") from error
    if _base64(data) != text:
        raise BadCheckpoint("not base64 in its one spelling")
    return data
