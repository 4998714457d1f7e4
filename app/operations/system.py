"""The few libraries that pip cannot bring: what is missing, and installed where we may."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from app.kernel.errors import Refused

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
FONTS = ("fonts-dejavu-core", "fonts-noto-core")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

Progress = Callable[[str], None]


def browser() -> str | None:
    """The installed Chromium, for tests in a real browser."""
    return next((found for name in BROWSERS if (found := shutil.which(name)) and _is_real(found)), None)


def offer_for_reports(progress: Progress) -> None:
    """What PDF reports need; without it everything else works, so its lack is said and no more."""
    lacking = lacking_for_reports()
    if lacking and not _install(lacking, progress):
        progress(f"PDF reports and letters need: {_command(lacking)}")


def require_for_tests(progress: Progress) -> None:
    """What the tests need; they cannot pass without it."""
    lacking = lacking_for_reports()
    if browser() is None:
        lacking.append("chromium")
    if lacking and not _install(lacking, progress):
        raise Refused(f"The tests need system packages: {_command(lacking)}")


def lacking_for_reports() -> list[str]:
    """The system packages that PDF reports lack on this machine."""
    lacking = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if not any(Path("/usr/share/fonts").rglob("*.[ot]tf")):
        lacking.extend(FONTS)
    return lacking


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _is_real(path: str) -> bool:
    """Ubuntu's package is a stub that asks for snap."""
    with Path(path).open("rb") as file:
        return b"snap" not in file.read(4096)


def _install(packages: Iterable[str], progress: Progress) -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    wanted = [package for package in packages if package != "chromium" or not _is_ubuntu()]
    progress(f"installing {', '.join(packages)} (a minute, once)")
    done = _run("apt-get", "-q", "update") and _run(
        "apt-get", "-q", "-y", "--no-install-recommends", "install", *wanted
    )
    if done and "chromium" in packages and _is_ubuntu():
        done = _run(sys.executable, "-m", "playwright", "install", "--with-deps", "chromium")
    return done


def _run(*command: str) -> bool:
    environment = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=False, env=environment, stdout=sys.stderr).returncode == 0  # noqa: S603 -- fixed words


def _is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=ubuntu" in release.read_text().splitlines()


def _command(packages: Iterable[str]) -> str:
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
