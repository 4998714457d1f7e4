"""The process that keeps the server running while anybody uses it, and stops it when nobody does.

Every user holds a shared lock on the users' file. The keeper waits for the exclusive one: the kernel hands
it over when the last user has gone, killed ones included. While the keeper stops the server it keeps that
lock to its own end, so that newcomers wait and then start a new one.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from app.infra.postgres import cluster, processes
from app.infra.postgres.binaries import server_program
from app.infra.postgres.cluster import EARLY_LOG, KEEPER, STATE, USERS
from app.infra.postgres.processes import Identity, wait_until
from app.kernel.errors import Refused

LOOK_EVERY = 0.1
ATTEMPTS = 3
STEPS = ((signal.SIGINT, 7.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


class Keeper:
    """One server on one data folder."""

    def __init__(self, data_dir: Path, own: dict[str, str], say: Callable[[str], None]) -> None:
        self.data_dir = data_dir
        self.own = own
        self.say = say
        self.folder = data_dir / cluster.FOLDER
        self.is_ending = False
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, users: IO[str]) -> None:
        """Start the server, keep it, stop it."""
        self.runner = cluster.prepare(self.data_dir, lambda words: self.say(f"progress {words}"))
        self.socket_dir = self._socket_dir()
        try:
            self._retract()  # the note of a killed keeper would send newcomers to a server that is not there yet
            self._start()
            self._announce()
            self._keep(users)
        finally:
            self._clear()

    def end(self, *_: object) -> None:
        """What a signal asks for."""
        self.is_ending = True

    def _start(self) -> None:
        self._take_over()
        cluster.write_settings(self.folder, self.socket_dir, self.runner, self.own)
        handle = cluster.open_folder(self.folder)
        given = cluster.run_as(self.runner, handle, parent=os.getpid(), number=signal.SIGINT)
        postgres = server_program("postgres", for_another_user=processes.current().is_root)
        self.process = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603 -- ours
            [postgres, "-D", f"/proc/self/fd/{handle}"],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            **given,
        )
        os.close(handle)
        self._wait_until_ready()

    def _take_over(self) -> None:
        """We hold the keeper's lock, so whatever still lives in the folder has lost its keeper."""
        note = self.folder / "postmaster.pid"
        if not note.exists():
            return
        self.say("progress taking over after a crash")
        processes.end_all(self.folder)
        note.unlink(missing_ok=True)  # nobody lives there: the number in it may be a stranger's by now
        self._clear_socket()

    def _wait_until_ready(self) -> None:
        started = time.monotonic()
        told = False
        while not self._is_ready():
            if self.process is None or self.process.poll() is not None:
                raise Refused(f"The database did not start: {self._reason()}")
            if not told and time.monotonic() - started > 1.5:
                self.say("progress waiting for the database: it reads back what a crash interrupted")
                told = True
            time.sleep(0.01)

    def _is_ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _reason(self) -> str:
        wait_until(lambda: bool(self._fatal()), 1.0)  # the last line is written by another process
        return self._fatal() or f"see {self.data_dir / EARLY_LOG}"

    def _fatal(self) -> str:
        logs = sorted((self.folder / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)
        for log in [*logs[-1:], self.data_dir / EARLY_LOG]:
            said = [line for line in log.read_text(errors="replace").splitlines() if "FATAL:" in line]
            if said:
                return said[-1].partition("FATAL:")[2].strip()
        return ""

    def _announce(self) -> None:
        cluster.private_file(self.data_dir / STATE, json.dumps({"socket": str(self.socket_dir), "keeper": os.getpid()}))
        self.say("ready")
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

    def _keep(self, users: IO[str]) -> None:
        failed = 0
        while not self.is_ending and not _is_free(users):
            if self.process is not None and self.process.poll() is not None:
                failed += 1
                if failed > ATTEMPTS:
                    raise Refused("The database keeps dying.")
                self._start()  # at the same place, so that whoever uses it finds it again
            time.sleep(LOOK_EVERY)

    def _stop(self) -> None:
        process = self.process
        for number, patience in STEPS if process else ():
            assert process is not None  # noqa: S101 -- the loop is empty without one
            if process.poll() is None:
                process.send_signal(number)
            if wait_until(lambda: process.poll() is not None, patience):
                return

    def _clear(self) -> None:
        self._retract()
        self._stop()
        self._clear_socket()
        self.socket_dir.rmdir()

    def _retract(self) -> None:
        """Before it ends, not after: whoever still found the note would go to a server that is shutting down."""
        (self.data_dir / STATE).unlink(missing_ok=True)

    def _clear_socket(self) -> None:
        for left in self.socket_dir.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _socket_dir(self) -> Path:
        """Short, as a socket's path may have a hundred bytes; a killed keeper's folder is used again."""
        left = _left_behind(self.data_dir / STATE, self.runner)
        if left is not None:
            return left
        place = "/run" if processes.current().is_root and os.access("/run", os.W_OK) else "/tmp"  # noqa: S108 -- mkdtemp below
        made = Path(tempfile.mkdtemp(dir=place, prefix="candor-"))
        if processes.current().is_root:
            os.chown(made, self.runner.uid, self.runner.gid)
        return made


def _left_behind(state: Path, runner: Identity) -> Path | None:
    try:
        found = Path(json.loads(state.read_text())["socket"])
        status = found.lstat()
    except (OSError, ValueError, KeyError):
        return None
    is_ours = found.is_dir() and not found.is_symlink() and status.st_uid == runner.uid and status.st_mode & 0o077 == 0
    return found if is_ours else None


def _is_free(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main(arguments: list[str]) -> None:
    """`keeper DATA_DIR SETTINGS`: answers on stdout with `progress …`, then `ready` or `refused …`."""

    def say(words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    data_dir, own = Path(arguments[0]), json.loads(arguments[1])
    if os.fork():  # nobody's child, so that whoever started it may end first
        os._exit(0)
    # The users' lock is given back last: by then the keeper's own is free, and a newcomer starts another.
    with (data_dir / USERS).open("r+") as users, (data_dir / KEEPER).open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        keeper = Keeper(data_dir, own, say)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, keeper.end)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        try:
            keeper.run(users)
        except Refused as refusal:
            say(f"refused {refusal.words}")


if __name__ == "__main__":
    main(sys.argv[1:])
