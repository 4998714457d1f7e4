"""A new identity key while the office works: every person's key is wrapped anew; the old one goes when none names it.

Nothing is kept of how far it came but the rows themselves: killed anywhere, it is run again and goes on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.access.actor import Actor
from app.access.work import House, open_work
from app.infra.keyfiles import IDENTITY_FILE
from app.infra.keyholder import FileHolder
from app.infra.keys import add_identity_key, drop_identity_key
from app.infra.keyservice import ServiceHolder
from app.kernel.errors import Refused
from app.people import actions, queries
from app.people.events import KeyDropped

# Longer than any transaction may last: a complaint that was sealed with the old key a moment ago is in the database.
GRACE = 120.0
SECOND = 1.0
NONE = UUID(int=0)
NAME = "keys rotate"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Rotated:
    """The key in use now, how many persons' keys this run wrapped with it, and which old ones went."""

    key_id: str
    rewrapped: int
    dropped: tuple[str, ...]
    # With a key service: what is to be dropped on its own side.
    to_drop: tuple[str, ...] = ()


def rotate(house: House, progress: Progress, *, grace: float = GRACE) -> Rotated:
    """Begins a rotation, or goes on with one that was stopped."""
    holder = house.keys.holder
    if isinstance(holder, ServiceHolder):
        holder.learn()
        before = set(_names(house)) - {holder.key_id}
        count = _rewrap_all(house, holder.key_id, progress)
        return Rotated(holder.key_id, count, (), tuple(sorted(before)))
    if not isinstance(holder, FileHolder) or holder.path is None or not holder.can_open:
        raise Refused(f"The identity key is not here: {IDENTITY_FILE} is needed to wrap anything anew.")
    folder = holder.path.parent
    if len(holder.key_ids) == 1:
        add_identity_key(folder)
        progress(f"A new identity key is in {folder}. What is filed from now on is sealed with it")
    else:
        progress("Going on with the rotation that was stopped")
    count = _rewrap_all(house, holder.key_id, progress)
    _wait_for_late_ones(folder, grace, progress)
    count += _rewrap_all(house, holder.key_id, progress)
    return Rotated(holder.key_id, count, _drop_old(house, holder, folder))


def _rewrap_all(house: House, key_id: str, progress: Progress) -> int:
    """Pass after pass until nothing names another key; what somebody holds just now is met again in the next one."""
    count = 0
    while _others(house, key_id):
        found, total = _one_pass(house, key_id, progress, count), _others(house, key_id)
        count += found
        if total and not found:
            time.sleep(SECOND / 10)
    return count


def _one_pass(house: House, key_id: str, progress: Progress, before: int) -> int:
    count, after = 0, NONE
    while True:
        with open_work(house, Actor.system(NAME)) as work:
            wrapped, last = actions.rewrap_keys(work, key_id, after)
        if last is None:
            return count
        count, after = count + wrapped, last
        progress(f"{before + count} keys wrapped anew")


def _names(house: House) -> dict[str, int]:
    with open_work(house, Actor.system(NAME)) as work:
        return queries.keys_by_holder(work)


def _others(house: House, key_id: str) -> int:
    return sum(count for name, count in _names(house).items() if name != key_id)


def _wait_for_late_ones(folder: Path, grace: float, progress: Progress) -> None:
    """Counted from when the new key came: every process has seen it since, and ended what it had begun before."""
    until = (folder / IDENTITY_FILE).stat().st_mtime + grace
    if until > time.time():
        progress(f"The old key stays {round(until - time.time())} seconds longer, for who is just filing")
    while until > time.time():
        time.sleep(min(SECOND, max(0.0, until - time.time())))


def _drop_old(house: House, holder: FileHolder, folder: Path) -> tuple[str, ...]:
    """While nobody can write a key that names it; named by one row after all, it stays."""
    dropped = []
    for key_id in holder.key_ids[1:]:
        with open_work(house, Actor.system(NAME)) as work:
            queries.hold_keys_still(work)
            if queries.keys_by_holder(work).get(key_id):
                raise Refused(f"Something was sealed with the old key {key_id} just now: run this again.")
            work.happened(KeyDropped(key_id=key_id))
            work.flush()
            drop_identity_key(folder, key_id)
        dropped.append(key_id)
    return tuple(dropped)
