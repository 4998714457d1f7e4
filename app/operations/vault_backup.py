"""The vault's own short backup: every key, apart from the backup that may live for years, and when it must die."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from sqlalchemy import func, select

from app.access.work import Work
from app.infra.keyfiles import MASTER_FILE
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.people.records import Erasure

SUFFIX = ".keys"
FORMAT = 2
NEEDED = {"format", "secrets", "person_keys"}


class VaultBackupsPruned(Event):
    """Backups of the vault that had reached their last day were deleted."""

    tag: ClassVar[str] = "operations:vault_backups:pruned"
    sentence: ClassVar[str] = "Deleted {count} backups of the vault that had reached their last day."

    count: int


@dataclass(frozen=True)
class VaultBackup:
    """Without it the long-lived backup gives back everything but names; it is restored with any of them."""

    secrets: Mapping[str, str] = field(repr=False)
    person_keys: Sequence[str] = field(repr=False)
    written_at: str = ""
    dies_on: str = ""
    # Of the first format, whose main backup was opened by a key of its own.
    opens: Mapping[str, Any] | None = field(default=None, repr=False)
    key: str = field(default="", repr=False)

    @classmethod
    def of(cls, secrets_dir: Path, person_keys: Sequence[str], now: datetime, days: int) -> Self:
        """The keys as they are now."""
        secrets = {path.name: b64encode(path.read_bytes()).decode() for path in sorted(secrets_dir.glob("*.key"))}
        return cls(secrets, person_keys, now.isoformat(), (now.date() + timedelta(days=days)).isoformat())

    @classmethod
    def read(cls, path: Path) -> Self:
        """From its file; refused in words where it is none."""
        if not path.is_file():
            raise Refused(f"{path.name} is not there: a restore needs the backup and its keys.")
        try:
            found = json.loads(path.read_text())
            is_whole = set(found) >= NEEDED and MASTER_FILE in found["secrets"]
        except (ValueError, TypeError):
            is_whole = False
        if not is_whole:
            raise Refused(f"{path.name} is damaged or is no file of keys; nothing was changed.")
        known = {name: found[name] for name in ("written_at", "dies_on", "opens", "key") if name in found}
        return cls(found["secrets"], found["person_keys"], **known)

    @property
    def master(self) -> bytes:
        """The installation's own secret, by which its backups open."""
        return b64decode(self.secrets[MASTER_FILE])

    def write(self, path: Path) -> None:
        """Private from its first moment, and on the disk when this returns."""
        text = json.dumps(
            {
                "format": FORMAT,
                "written_at": self.written_at,
                "dies_on": self.dies_on,
                "secrets": dict(self.secrets),
                "person_keys": list(self.person_keys),
            }
        )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


def prune(folder: Path, today: date, last_erased: datetime | None) -> list[str]:
    """Deletes what has reached its last day.

    The newest of a folder stays while nobody was erased after it was written: there is nothing in it that must go, and
    it may be the only one.
    """
    ours = sorted(_ours(folder), key=lambda each: each[1].written_at)
    gone = []
    for path, kept in ours:
        is_newest = path == ours[-1][0]
        holds_erased = last_erased is not None and datetime.fromisoformat(kept.written_at) <= last_erased
        if date.fromisoformat(kept.dies_on) < today and (holds_erased or not is_newest):
            path.unlink()
            gone.append(path.name)
    return gone


def overdue(folder: Path, today: date) -> list[str]:
    """What should have been deleted by now, for `doctor`."""
    return [path.name for path, kept in _ours(folder) if date.fromisoformat(kept.dies_on) < today]


def prune_backups(work: Work) -> None:
    """What the worker does every few hours with the backups on this machine."""
    last_erased = work.session.scalar(select(func.max(Erasure.erased_at)))
    gone = [name for folder in work.house.backup_dirs for name in prune(folder, work.today, last_erased)]
    if gone:
        work.happened(VaultBackupsPruned(count=len(gone)))


def _ours(folder: Path) -> list[tuple[Path, VaultBackup]]:
    """The vault backups of a folder; other files that end alike are left alone."""
    found = []
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        try:
            kept = VaultBackup.read(path)
        except (Refused, OSError):
            continue
        if kept.written_at and kept.dies_on:
            found.append((path, kept))
    return found
