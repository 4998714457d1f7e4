#!/usr/bin/env python3
"""Checks a proof from Candor's journal, anywhere, without the house: Python and `cryptography` are all it needs.

    python3 candor_verify.py FILE [--key KEY] [--receipt LINE] [--checkpoint NOTE] ...

FILE is a proof of a receipt, a proof that one checkpoint grew out of another, or an exported journal. It is told
apart by its own first words. Nothing is written, nothing is fetched, and nothing of the house's own program is used.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROOF, CONSISTENCY, JOURNAL = "candor proof v1", "candor consistency v1", "candor journal v1"
LONGEST = 1 << 26
ED25519 = b"\x01"
HASH = 32


class Bad(Exception):
    """What is wrong, in a sentence."""


@dataclass(frozen=True)
class Signed:
    """A checkpoint whose signature was checked."""

    origin: str
    size: int
    root: bytes


def leaf_of(body: bytes) -> bytes:
    """RFC 6962: the hash of an entry."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """RFC 6962: the hash over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def signed(note: str, key: str) -> Signed:
    """A C2SP signed note, checked against a verifier key `name+id+base64`."""
    name, key_id, public = _verifier_key(key)
    text, gap, lines = note.rpartition("\n\n")
    parts = f"{text}\n".split("\n")
    if not gap or len(parts) != 4 or parts[0] != name or not parts[1].isdecimal():
        raise Bad("The checkpoint is not a signed note of this journal.")
    ours = [line for line in lines.split("\n") if line.startswith(f"\u2014 {name} ")]
    good = [line for line in ours if _is_by(public, key_id, line.rsplit(" ", 1)[1], f"{text}\n".encode())]
    if not good or len(good) != len(ours):
        raise Bad("The checkpoint is not signed by this key.")
    return Signed(name, int(parts[1]), _bytes(parts[2]))


def _verifier_key(key: str) -> tuple[str, bytes, Ed25519PublicKey]:
    name, _, rest = key.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _bytes(encoded)
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != ED25519 or len(raw) != 33 or key_id != expected.hex():
        raise Bad("This is not a verifier key: it looks like name+12345678+letters.")
    return name, expected, Ed25519PublicKey.from_public_bytes(raw[1:])


def _is_by(public: Ed25519PublicKey, key_id: bytes, encoded: str, text: bytes) -> bool:
    signature = _bytes(encoded)
    try:
        public.verify(signature[4:], text)
    except InvalidSignature:
        return False
    return signature[:4] == key_id


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2: the root to which these hashes lead."""
    if not 0 <= index < size:
        raise Bad("The proof names a place outside the tree.")
    node, last, found = index, size - 1, leaf
    for step in path:
        if not last:
            raise Bad("The proof has too many hashes.")
        if node & 1 or node == last:
            found = node_of(step, found)
            node, last = _climbed(node, last)
        else:
            found = node_of(found, step)
        node, last = node >> 1, last >> 1
    if last:
        raise Bad("The proof has too few hashes.")
    return found


def grew(old: Signed, new: Signed, path: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the older checkpoint's entries are the first of the newer one's, untouched."""
    if old.size == new.size or not old.size:
        return not path and (not old.size or old.root == new.root)
    # Where the older tree is a perfect one its own root is the first step, and the proof leaves it out.
    steps = list(path) if old.size & (old.size - 1) else [old.root, *path]
    return old.size < new.size and bool(steps) and _both_roots(old.size, new.size, steps) == (old.root, new.root)


def _both_roots(old_size: int, new_size: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if not last:
            raise Bad("The proof has too many hashes.")
        if node & 1 or node == last:
            before, after = node_of(step, before), node_of(step, after)
            node, last = _climbed(node, last)
        else:
            after = node_of(after, step)
        node, last = node >> 1, last >> 1
    return (before, after) if not last else (b"", b"")


def _climbed(node: int, last: int) -> tuple[int, int]:
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


class Grown:
    """A tree that grows leaf by leaf: of each perfect part only its root is kept."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Appends one leaf."""
        height, found = 0, leaf
        while self._parts and self._parts[-1][0] == height:
            found = node_of(self._parts.pop()[1], found)
            height += 1
        self._parts.append((height, found))
        self.size += 1

    def root(self) -> bytes:
        """The root over all of them."""
        if not self._parts:
            return hashlib.sha256(b"").digest()
        found = self._parts[-1][1]
        for _, part in reversed(self._parts[:-1]):
            found = node_of(part, found)
        return found


# -- the three kinds of file ----------------------------------------------------------------------


def check_proof(proof: dict[str, Any], key: str, receipt: str, held: Sequence[Signed]) -> list[str]:
    """That an entry is in the tree that was signed; with a receipt, that it is the one acknowledged."""
    found, leaf = signed(proof["checkpoint"], key), bytes.fromhex(proof["leaf"])
    if included(leaf, int(proof["index"]), found.size, _hashes(proof["proof"])) != found.root:
        raise Bad("The proof does not lead to the checkpoint: the entry is not in that journal.")
    _agrees(found, held)
    said = [f"The entry is number {proof['index'] + 1} of the {found.size} that were signed for."]
    if proof.get("entry") is not None and leaf_of(proof["entry"].encode()) != leaf:
        raise Bad("The entry in the file is not the one that the proof is for.")
    if receipt or proof.get("receipt"):
        said += _acknowledged(proof, receipt or proof["receipt"], leaf)
    return said + (_kept(proof) if proof.get("filing") else [])


def _acknowledged(proof: dict[str, Any], receipt: str, leaf: bytes) -> list[str]:
    parts = "".join(receipt.split()).split(".")
    if len(parts) != 3 or parts[0] != "candor1":
        raise Bad("A receipt has three parts and begins with candor1.")
    if base64.urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4)) != leaf:
        raise Bad("The entry is not the one of this receipt.")
    return ["It is the entry of this receipt, as it was given when the complaint was filed."]


def _kept(proof: dict[str, Any]) -> list[str]:
    """That the words now kept are those to which the entry was bound."""
    words, salt = proof["filing"]["canonical"].encode(), bytes.fromhex(proof["filing"]["salt"])
    promised = json.loads(proof["entry"])["facts"]["commitment"]
    if not hmac.compare_digest(hmac.digest(salt, words, hashlib.sha256).hex(), promised):
        raise Bad("The words in the file are not those that were filed.")
    return ["The words in the file are those that were filed, letter by letter."]


def check_consistency(document: dict[str, Any], key: str, held: Sequence[Signed]) -> list[str]:
    """That one checkpoint grew out of another, and nothing before it was altered."""
    old, new = signed(document["old"], key), signed(document["new"], key)
    if not grew(old, new, _hashes(document["proof"])):
        raise Bad(f"The journal of {new.size} entries did not grow out of the one of {old.size}: it was rewritten.")
    _agrees(old, held)
    _agrees(new, held)
    return [f"The first {old.size} of the {new.size} entries are the same in both: nothing was altered or removed."]


def check_journal(lines: Iterable[dict[str, Any]], notes: Sequence[str], key: str, held: Sequence[Signed]) -> list[str]:
    """Every entry of an exported journal against every checkpoint, kept inside or outside."""
    due: dict[int, set[bytes]] = {}
    for each in [*(signed(note, key) for note in notes), *held]:
        due.setdefault(each.size, set()).add(each.root)
    tree = Grown()
    for line in lines:
        leaf = leaf_of(line["entry"].encode())
        if int(line["index"]) != tree.size or leaf.hex() != line["leaf"]:
            raise Bad(f"Entry {tree.size} is not the one that was sealed there.")
        tree.add(leaf)
        if tree.size in due and due.pop(tree.size) != {tree.root()}:
            raise Bad(f"The first {tree.size} entries are not those that were signed for: the journal was rewritten.")
    if due:
        raise Bad(f"A checkpoint counts {max(due)} entries, and only {tree.size} are left: the end was cut off.")
    return [f"All {tree.size} entries are those that were signed for."]


def _agrees(found: Signed, held: Sequence[Signed]) -> None:
    if any(each.size == found.size and each.root != found.root for each in held):
        raise Bad(f"There are two different checkpoints of {found.size} entries: one of them is of another journal.")


def _hashes(path: Iterable[str]) -> list[bytes]:
    found = [bytes.fromhex(step) for step in path]
    if any(len(step) != HASH for step in found):
        raise Bad("A hash has 32 bytes.")
    return found


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError as problem:
        raise Bad("Not base64.") from problem


# -- the program ----------------------------------------------------------------------------------


def check(file: Path, key: str, receipt: str, notes: Sequence[str]) -> list[str]:
    """What can be said of the file, in sentences; Bad where something is wrong."""
    try:
        with file.open(encoding="utf-8") as opened:
            head = _head(opened)
            used = key or head["verifier_key"]
            held = [signed(note, used) for note in notes]
            return _checked(head, opened, used, receipt, held) + _words_on(key, used, held)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Bad(f"{file} cannot be read as a proof ({type(problem).__name__}).") from problem


def _head(opened: IO[str]) -> dict[str, Any]:
    """The first line, or the whole file where somebody has set it out over several."""
    first = opened.readline(LONGEST)
    try:
        head: dict[str, Any] = json.loads(first)
    except ValueError:
        head = json.loads(first + opened.read(LONGEST))
    return head


def _checked(head: dict[str, Any], rest: Iterable[str], key: str, receipt: str, held: Sequence[Signed]) -> list[str]:
    if head["format"] == PROOF:
        return check_proof(head, key, receipt, held)
    if head["format"] == CONSISTENCY:
        return check_consistency(head, key, held)
    if head["format"] == JOURNAL:
        return check_journal(_lines(rest), head["checkpoints"], key, held)
    raise Bad("The file says that it is something else.")


def _lines(rest: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in rest:
        yield json.loads(line)


def _words_on(key: str, used: str, held: Sequence[Signed]) -> list[str]:
    said = [] if key else [f"The key was taken from the file itself; compare it with one you were given before: {used}"]
    return said if held else [*said, "No checkpoint of your own was given: the file agrees with itself, no more."]


def main(words: Sequence[str] | None = None) -> int:
    """0 where all holds, 1 where something is wrong."""
    asked = argparse.ArgumentParser(description="Check a proof from Candor's journal, without the house.")
    asked.add_argument("file", type=Path, help="a proof, a proof of consistency, or an exported journal")
    asked.add_argument("--key", default="", help="the verifier key, from paper or an earlier mail")
    asked.add_argument("--receipt", default="", help="the line of the receipt, beginning with candor1")
    asked.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint that you kept")
    given = asked.parse_args(words)
    try:
        notes = [place.read_text("utf-8") for place in given.checkpoint]
        said = check(given.file, given.key, given.receipt, notes)
    except (Bad, OSError, UnicodeDecodeError) as problem:
        sys.stdout.write(f"DOES NOT HOLD. {problem}\n")
        return 1
    sys.stdout.write("HOLDS. " + "\n       ".join(said) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
