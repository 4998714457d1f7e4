"""Checks a release from outside: its signature, its digests, its figures, and what an attacker learns."""

import hashlib
from collections.abc import Mapping, Sequence

from app.audit.checkpoints import BadCheckpoint, Verifier
from app.publication.rules.attack import Finding, attack
from app.publication.rules.manifest import KEY, MANIFEST, NOTE, origin, read_manifest
from app.publication.rules.verification import Verification, verify_files

DEFAULT_THRESHOLD = 5


def verify_release(files: Mapping[str, bytes], key: str | None = None) -> Verification:
    """Everything that can be checked without the installation; `key` is the one it must be signed with."""
    done = verify_files(files)
    problem = _signature_problem(files, key)
    if problem:
        done.problems.insert(0, problem)
    return done


def _signature_problem(files: Mapping[str, bytes], key: str | None) -> str:
    try:
        own = files.get(KEY, b"").decode("ascii").strip()
        manifest = read_manifest(files.get(MANIFEST, b""))
        verifier = Verifier(key or own)
        signed = verifier.verify(files.get(NOTE, b"").decode("utf-8"))
    except (BadCheckpoint, ValueError) as wrong:
        return f"The signature does not hold: {wrong}."
    if verifier.origin != origin(manifest.agency, protected=manifest.protected):
        return "The signature is of another kind of release."
    if signed.root != hashlib.sha256(files[MANIFEST]).digest() or signed.size != len(manifest.files):
        return "The signature is of another manifest."
    return ""


def attack_files(files: Mapping[str, bytes], earlier: Sequence[Mapping[str, bytes]] = ()) -> list[Finding]:
    """What can be learnt, by the threshold that the release itself names."""
    try:
        threshold = read_manifest(files.get(MANIFEST, b"")).threshold
    except ValueError:
        threshold = DEFAULT_THRESHOLD
    return attack(files, max(threshold, 2), earlier)
