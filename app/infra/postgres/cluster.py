"""The data folder of the server: made once by initdb, opened for whoever runs it, its settings written."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from app.infra.postgres import processes
from app.infra.postgres.binaries import server_program
from app.infra.postgres.processes import Identity
from app.infra.postgres.settings import RULES_OF_ENTRY, configuration, quoted
from app.kernel.errors import Refused

DATABASE = "candor"
OWNER = "candor_owner"
FOLDER = "database"
USERS = "database.users"
KEEPER = "database.keeper"
STATE = "database.json"
EARLY_LOG = "database.log"
PASSWORD_FILE = "database.password"  # noqa: S105 -- a file's name
CLEAN_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# Rules of entry that refuse everybody: ours replace them before the first start, and so the superuser never
# has a password.
INITDB = [
    "--username=postgres",
    "--auth=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--data-checksums",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
]


def private_folder(path: Path) -> None:
    """Make the data folder, for us alone; one that exists stays as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(path: Path, text: str) -> None:
    """Write a file that only the data folder's owner may read, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    with os.fdopen(handle, "w") as file:
        file.write(text)
        give_to_owner(path.parent, file.fileno())
        file.flush()
        os.fsync(file.fileno())
    Path(name).rename(path)


def give_to_owner(folder: Path, file: int) -> None:
    """What root makes in somebody's data folder stays usable for them."""
    if processes.current().is_root:
        owner = processes.owner_of(folder)
        os.fchown(file, owner.uid, owner.gid)


def password(data_dir: Path) -> str:
    """The owner role's password."""
    return (data_dir / PASSWORD_FILE).read_text().strip()


def prepare(data_dir: Path, progress: Callable[[str], None]) -> Identity:
    """Make the cluster where there is none; returns who must run it."""
    folder = data_dir / FOLDER
    if not (folder / "PG_VERSION").exists():
        if folder.exists():
            raise Refused(f"{folder} is not a database of ours: move it away, or name another data folder.")
        progress("making the database (a few seconds, once)")
        _make(data_dir, folder)
    return _runner(folder)


def write_settings(folder: Path, socket_dir: Path, runner: Identity, own: Mapping[str, str]) -> None:
    """Write the configuration and the rules of entry."""
    _write_inside(folder, "postgresql.conf", configuration(socket_dir, own), runner)
    _write_inside(folder, "pg_hba.conf", RULES_OF_ENTRY, runner)


def run_as(who: Identity, *extra: int, parent: int | None = None, number: int = 0) -> dict[str, object]:
    """The arguments with which subprocess starts one of the server's programs as its own user."""
    given: dict[str, object] = {"pass_fds": extra, "cwd": "/", "env": CLEAN_ENVIRONMENT, "umask": 0o077}
    if parent is not None:
        given["preexec_fn"] = lambda: processes.die_with_parent(number, parent)
    if processes.current().is_root:
        given |= {"user": who.uid, "group": who.gid, "extra_groups": []}
    return given


def open_folder(folder: Path) -> int:
    """A descriptor by which the server reaches its folder when every parent is closed to it."""
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def _make(data_dir: Path, folder: Path) -> None:
    """All in a folder beside, renamed at the end: a killed attempt leaves nothing that looks finished."""
    part = data_dir / f"{FOLDER}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    maker = processes.nobody() if processes.current().is_root else processes.current()
    secret = secrets.token_urlsafe(32)
    _give(part, maker)
    handle = open_folder(part)
    try:
        _initdb(maker, handle)
        _single_user(
            maker,
            handle,
            "postgres",
            [
                f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD {quoted(secret)}",
                f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
                "ALTER ROLE postgres NOLOGIN",
            ],
        )
    finally:
        os.close(handle)
    _give(part, _home_user(data_dir))
    private_file(data_dir / PASSWORD_FILE, secret + "\n")
    part.rename(folder)


def _initdb(maker: Identity, handle: int) -> None:
    _run(maker, [*_server_command("initdb"), *INITDB, f"--pgdata=/proc/self/fd/{handle}"], (handle,), "")


def _single_user(maker: Identity, handle: int, database: str, statements: list[str]) -> None:
    quiet = ["-c", "log_min_messages=error", "-c", "log_min_error_statement=panic"]
    command = [*_server_command("postgres"), "--single", "-D", f"/proc/self/fd/{handle}", *quiet, database]
    said = _run(maker, command, (handle,), "\n".join(statements) + "\n")
    if "ERROR" in said:  # single-user mode ends with 0 all the same
        raise Refused(f"The database could not be made: {_last_line(said)}")


def _run(maker: Identity, command: list[str], handles: tuple[int, ...], text: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own programs
        command,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        **run_as(maker, *handles),
    )  # type: ignore[call-overload]
    if done.returncode:
        raise Refused(f"The database could not be made: {_last_line(done.stderr)}")
    return str(done.stderr)


def _server_command(name: str) -> list[str]:
    return [str(server_program(name, for_another_user=processes.current().is_root))]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"


def _home_user(data_dir: Path) -> Identity:
    """Who the server runs as: we ourselves; for root the data folder's owner, or the service's number."""
    if not processes.current().is_root:
        return processes.current()
    owner = processes.owner_of(data_dir)
    return processes.service() if owner.is_root else owner


def _runner(folder: Path) -> Identity:
    owner = processes.owner_of(folder)
    we = processes.current()
    if we.is_root and owner.is_root:  # brought here by a copy
        owner = _home_user(folder.parent)
        _give(folder, owner)
    if not we.is_root and owner.uid != we.uid:
        raise Refused(f"{folder} belongs to another user: run the command as that user or as root.")
    return owner


def _give(folder: Path, who: Identity) -> None:
    if not processes.current().is_root:
        return
    for _, _, files, handle in os.fwalk(folder):
        os.fchown(handle, who.uid, who.gid)
        for name in files:
            os.chown(name, who.uid, who.gid, dir_fd=handle, follow_symlinks=False)


def _write_inside(folder: Path, name: str, text: str, who: Identity) -> None:
    """Root writes into a folder of a lesser user here: follow no link, replace by renaming."""
    inside = open_folder(folder)
    part = f".part-{secrets.token_hex(8)}"
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=inside)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            if processes.current().is_root:
                os.fchown(file.fileno(), who.uid, who.gid)
        os.rename(part, name, src_dir_fd=inside, dst_dir_fd=inside)
    finally:
        os.close(inside)
