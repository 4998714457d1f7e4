"""A release as a folder, or as one archive: read with bounds, written whole or not at all."""

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from app.kernel.errors import NotFound, Refused
from app.publication.rules.manifest import FILE, MANIFEST

MOST_FILES = 200
MOST_BYTES = 256 * 1024 * 1024


def write_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files into a new folder, which appears only when all of them are there."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(f"{out} is there already. Give a folder that does not exist yet.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".candor-release-", dir=out.parent))
    except OSError as problem:
        raise Refused(f"Nothing can be written at {out}: {problem.strerror}.") from problem
    try:
        for name, content in files.items():
            place = made / name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(content)
        made.chmod(0o755)
        if out.exists():
            out.rmdir()
        os.rename(made, out)
    except OSError as problem:
        raise Refused(f"The release could not be written to {out}: {problem.strerror}.") from problem
    finally:
        shutil.rmtree(made, ignore_errors=True)


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a release; refuses a folder that is none."""
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    if not (folder / MANIFEST).is_file():
        raise NotFound(f"{folder} holds no release: there is no {MANIFEST} in it.")
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for place in sorted(path for path in folder.rglob("*") if not path.is_dir()):
        if place.is_symlink() or len(files) >= MOST_FILES or place.stat().st_size > left:
            raise Refused(f"{folder} holds links, or more than a release ever has.")
        files[place.relative_to(folder).as_posix()] = place.read_bytes()
        left -= len(files[place.relative_to(folder).as_posix()])
    return files


def pack(files: Mapping[str, bytes]) -> bytes:
    """The same files as one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of an archive that `pack` made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
            raise Refused("The archive holds more than a release ever has.")
        return {member.filename: archive.read(member) for member in members if FILE.fullmatch(member.filename)}


def write_file(out: Path, content: bytes) -> None:
    """Writes one file, whole or not at all."""
    beside = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        os.replace(beside, out)
    except OSError as problem:
        raise Refused(f"{out} cannot be written: {problem.strerror}.") from problem
    finally:
        beside.unlink(missing_ok=True)
