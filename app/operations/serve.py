"""`up`: one parent that starts the database, the web and the worker, watches them and ends them all.

The parent imports the application once and forks; it opens no connection and starts no thread, so that no
child shares one. Every child asks the kernel to be killed when the parent dies.
"""

import fcntl
import gc
import http.client
import importlib
import importlib.util
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

from app.config import Settings
from app.infra.assets import build_assets
from app.infra.postgres.processes import die_with_parent, wait_until
from app.kernel.errors import Refusal, Refused, words_of
from app.operations import database, system

WEB = ("app.main", "create_app")  # named, not imported: they stand above this module
WORKER = ("app.worker", "main")
WEB_PROCESSES = 2
LOOPBACK = ("127.0.0.1", "::1", "localhost")
END_WITHIN = 7.0
TAKE_OVER_WITHIN = 10.0
SHORT_LIFE = 5.0  # seconds
SHORT_LIVES_ALLOWED = 5
SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD}

Progress = Callable[[str], None]


class Prepare(Protocol):
    """Makes the installation in the running database, or brings it to this release."""

    def __call__(self, settings: Settings, *, demo: bool, progress: Progress) -> None: ...


@dataclass(frozen=True)
class Place:
    """Where to listen."""

    address: str = "127.0.0.1"
    port: int = 8000

    @property
    def is_loopback(self) -> bool:
        """True where only this machine can reach it."""
        return self.address in LOOPBACK


def up(settings: Settings, place: Place, prepare: Prepare, *, demo: bool, progress: Progress) -> None:
    """Serve until a signal; everything started here has ended when this returns."""
    if demo and not place.is_loopback:
        raise Refused("Demonstration log-ins have no second factor: --listen beyond this machine needs --no-demo.")
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_one(settings.data_dir), _listening(place) as sockets:
        system.offer_for_reports(progress)
        build_assets(progress)
        with database.running_database(settings, progress) as ready:
            _serve(ready, place, sockets, lambda: prepare(ready, demo=demo, progress=progress))


def _serve(settings: Settings, place: Place, sockets: list[socket.socket], set_up: Callable[[], None]) -> None:
    crew = Crew()
    # From here on signals wait until we ask for them. Not before: what was started so far would inherit that.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        crew.run_once(set_up)
        for module, _ in (WEB, WORKER):
            _load(module)
        gc.collect()
        gc.freeze()  # what was imported is never copied by a child's collector
        for number in range(WEB_PROCESSES):
            crew.start(f"web {number + 1}", lambda: _serve_web(settings, sockets))
        crew.start("worker", lambda: _work(settings))
        crew.watch(lambda: _announce(place, settings.data_dir))
    except Stopped:
        return
    finally:
        crew.end()


class Stopped(Exception):
    """Somebody asked us to stop before we were ready."""


@dataclass
class Child:
    """A process we started."""

    name: str
    job: Callable[[], None]
    started: float = field(default_factory=time.monotonic)
    short_lives: int = 0


class Crew:
    """The children: started, watched, started again when they die, ended."""

    def __init__(self) -> None:
        self.children: dict[int, Child] = {}

    def start(self, name: str, job: Callable[[], None], short_lives: int = 0) -> int:
        """Fork a child for this job."""
        pid = _fork(job)
        self.children[pid] = Child(name, job, short_lives=short_lives)
        return pid

    def run_once(self, job: Callable[[], None]) -> None:
        """Do something in a child, so that its connections, threads and memory are never ours."""
        pid = self.start("set-up", job)
        while pid in self.children:
            if signal.sigwait(SIGNALS) != signal.SIGCHLD:
                raise Stopped
            for ended, code in _ended():
                child = self.children.pop(ended, None)
                if child is not None and code:
                    raise SystemExit(1)  # it has said why

    def watch(self, announce: Callable[[], bool]) -> None:
        """Until a signal: announce the start, and replace who dies."""
        is_announced = False
        while True:
            is_announced = is_announced or announce()
            got = signal.sigtimedwait(SIGNALS, 2.0 if is_announced else 0.05)
            if got is not None and got.si_signo != signal.SIGCHLD:
                return
            for pid, _ in _ended():
                self._replace(pid)

    def end(self) -> None:
        """End all, gently, then for good."""
        for pid in list(self.children):
            _send(pid, signal.SIGTERM)
        if not wait_until(self._is_empty, END_WITHIN):
            for pid in list(self.children):
                _send(pid, signal.SIGKILL)
            wait_until(self._is_empty, END_WITHIN)

    def _is_empty(self) -> bool:
        for pid, _ in _ended():
            self.children.pop(pid, None)
        return not self.children

    def _replace(self, pid: int) -> None:
        child = self.children.pop(pid, None)
        if child is None:
            return
        is_short = time.monotonic() - child.started < SHORT_LIFE
        short_lives = child.short_lives + 1 if is_short else 0
        if short_lives > SHORT_LIVES_ALLOWED:
            raise Refused(f"The {child.name} process keeps ending; its reasons stand above.")
        time.sleep(0.2 * short_lives)
        self.start(child.name, child.job, short_lives)


def _fork(job: Callable[[], None]) -> int:
    parent = os.getpid()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _be_a_child(job, parent)
    return pid


def _be_a_child(job: Callable[[], None], parent: int) -> NoReturn:
    """Of a process group of its own, so that Ctrl-C reaches the parent alone, which ends all in order."""
    code = 1
    try:
        os.setpgid(0, 0)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        die_with_parent(signal.SIGKILL, parent)
        _new_randomness()
        job()
        code = 0
    except Refusal as refusal:
        sys.stderr.write(f"candor: {' '.join(refusal.words.split())}\n")
    except Exception as problem:  # noqa: BLE001 -- the last frame of a process: shown, and told by the exit code
        words = words_of(problem) if isinstance(problem, OSError) else None
        if words is None:
            sys.excepthook(*sys.exc_info())
        else:
            sys.stderr.write(f"candor: {words}\n")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _new_randomness() -> None:
    """The generator of our keys lives in a library that does not notice a fork."""
    import uuid_utils

    uuid_utils.reseed_rng()


def _serve_web(settings: Settings, sockets: list[socket.socket]) -> None:
    import uvicorn

    create_app = _load(*WEB)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings, database.owner_url(settings)),
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            loop="uvloop",
            http="httptools",
            ws="none",
            timeout_graceful_shutdown=4,
        )
    )
    # The application lives as long as the process: a collector that walks it again and again takes a tenth of its time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    server.run(sockets=sockets)


def _work(settings: Settings) -> None:
    main = _load(*WORKER)
    if main is None:
        signal.pause()
    else:
        main(settings, database.owner_url(settings))


def _load(module: str, name: str | None = None) -> Any:
    """A part of the application that stands above this module, or None where it is not there."""
    if importlib.util.find_spec(module) is None:
        return None
    loaded = importlib.import_module(module)
    return getattr(loaded, name) if name else loaded


def _announce(place: Place, data_dir: Path) -> bool:
    if not _answers(place):
        return False
    from app.operations.demonstration import login_lines

    sys.stdout.write("\n".join([f"ready http://127.0.0.1:{place.port}", *login_lines(data_dir)]) + "\n")
    sys.stdout.flush()
    return True


def _answers(place: Place) -> bool:
    address = "127.0.0.1" if place.address in ("0.0.0.0", "localhost") else place.address  # noqa: S104 -- compared
    connection = http.client.HTTPConnection(address, place.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _ended() -> Iterator[tuple[int, int]]:
    """Whoever has ended, also strangers: in a container we are the first process and inherit orphans."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """One `up` for each data folder. Its children share the lock: it is free when the last one is gone."""
    path = data_dir / "up.lock"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+") as lock:
        if not _try_lock(lock):
            _wait_for_the_dead(lock, data_dir)
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _wait_for_the_dead(lock: IO[str], data_dir: Path) -> None:
    """Refuse while the other one lives; its children need a moment to follow it."""
    words = f"Another `up` is serving {data_dir}: stop that one first, or name another folder with --data."
    number = lock.read().strip()
    if number.isdigit() and Path(f"/proc/{number}").exists():
        raise Refused(words)
    if not wait_until(lambda: _try_lock(lock), TAKE_OVER_WITHIN):
        raise Refused(words)


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _listening(place: Place) -> Iterator[list[socket.socket]]:
    """The sockets that all web processes share; `localhost` may mean either kind of loopback."""
    addresses = [(socket.AF_INET6 if ":" in place.address else socket.AF_INET, place.address)]
    if place.address in ("127.0.0.1", "localhost"):
        addresses = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    opened: list[socket.socket] = []
    try:
        for family, address in addresses:
            opened.extend(_bind(family, address, place.port, is_needed=not opened))
        yield opened
    finally:
        for one in opened:
            one.close()


def _bind(family: socket.AddressFamily, address: str, port: int, *, is_needed: bool) -> list[socket.socket]:
    try:
        one = socket.socket(family, socket.SOCK_STREAM)
    except OSError as problem:
        return _unusable(port, problem, is_needed=is_needed)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
        # At once: until somebody listens, a second `up` may bind the same port, and would then share it or fail late.
        one.listen()
    except OSError as problem:
        one.close()
        return _unusable(port, problem, is_needed=is_needed)
    return [one]


def _unusable(port: int, problem: OSError, *, is_needed: bool) -> list[socket.socket]:
    if is_needed:
        raise Refused(f"Port {port} cannot be used ({problem.strerror}): name another with --port.") from problem
    return []
