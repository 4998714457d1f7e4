"""Who a server runs as, how its processes are found, and how a child is made to end with its parent."""

import ctypes
import os
import pwd
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
SERVICE_ID = 61543  # 60578-61183 and 61184-65519 are for services without an entry: nobody logs in as it


@dataclass(frozen=True)
class Identity:
    """The user and group a process runs as."""

    uid: int
    gid: int

    @property
    def is_root(self) -> bool:
        """Postgres refuses to be this one."""
        return self.uid == 0


def current() -> Identity:
    """Whoever runs this process."""
    return Identity(os.geteuid(), os.getegid())


def service() -> Identity:
    """Who the server runs as when root starts it: a number of its own, shared with no other service."""
    return Identity(SERVICE_ID, SERVICE_ID)


def nobody() -> Identity:
    """A user with an entry: initdb looks its own name up and fails for a bare number."""
    entry = pwd.getpwnam("nobody")
    return Identity(entry.pw_uid, entry.pw_gid)


def owner_of(path: Path) -> Identity:
    """Whose folder it is."""
    found = path.stat()
    return Identity(found.st_uid, found.st_gid)


def die_with_parent(number: int, parent: int) -> None:
    """Ask the kernel to send this process a signal when its parent dies, however that dies."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), number)


def living_in(folder: Path) -> list[int]:
    """The processes whose working folder this is: Postgres and all its children live in their data folder."""
    wanted = folder.stat()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            here, name = (entry / "cwd").stat(), (entry / "comm").read_text().strip()
        except OSError:
            continue
        if name == "postgres" and (here.st_dev, here.st_ino) == (wanted.st_dev, wanted.st_ino):
            found.append(int(entry.name))
    return found


def end_all(folder: Path) -> None:
    """End what a killed keeper left in a data folder: gently, then firmly, then for good."""
    for number, patience in ((signal.SIGINT, 6.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
        for pid in living_in(folder):
            _send(pid, number)
        if wait_until(lambda: not living_in(folder), patience):
            return


def wait_until(condition: Callable[[], bool], seconds: float, *, every: float = 0.02) -> bool:
    """Wait for something to become true; False when the time is up."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
