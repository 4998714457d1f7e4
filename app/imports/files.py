"""Which files under a path are the files of a source."""

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from app.imports.mapping import FileMapping, SourceMapping
from app.imports.reading import opened
from app.kernel.errors import Refused


@dataclass(frozen=True)
class Found:
    """A file and what the mapping says of it."""

    path: Path
    mapping: FileMapping


@dataclass(frozen=True)
class Plan:
    """What will be read, in order, and what lies there and will not be."""

    files: tuple[Found, ...]
    passed_over: tuple[str, ...]
    notes: tuple[str, ...] = ()


def plan(source: SourceMapping, path: Path) -> Plan:
    """Finds the files and looks at every header, before anything is written."""
    if path.is_dir():
        made = _in_folder(source, path)
    elif path.exists():
        made = Plan((Found(path, _mapping_of(source, path)),), ())
    else:
        raise Refused(f"There is no {path}.")
    notes = [note for found in made.files for note in _check_header(found)]
    return Plan(made.files, made.passed_over, tuple(notes))


def _in_folder(source: SourceMapping, folder: Path) -> Plan:
    there = sorted(file for file in folder.iterdir() if file.is_file())
    files = [found for mapping in source.files for found in _named(mapping, there)]
    missing = [m.file for m in source.files if not m.optional and m not in [found.mapping for found in files]]
    if missing or not files:
        wanted = ", ".join(missing or [mapping.file for mapping in source.files])
        raise Refused(f"{folder} does not hold {wanted}, which {source.source} needs (packed as .gz or not).")
    taken = {found.path for found in files}
    return Plan(tuple(files), tuple(_why(source, file) for file in there if file not in taken))


def _named(mapping: FileMapping, there: list[Path]) -> list[Found]:
    fitting = [file for file in there if _fits(file.name, mapping.file)]
    if len(fitting) > 1:
        names = ", ".join(file.name for file in fitting)
        raise Refused(f"More than one file could be {mapping.file}: {names}. Keep one, or give its path.")
    return [Found(file, mapping) for file in fitting]


def _fits(name: str, wanted: str) -> bool:
    return fnmatch(name.removesuffix(".gz"), wanted)


def _why(source: SourceMapping, file: Path) -> str:
    reason = next((known.why for known in source.passed_over if _fits(file.name, known.file)), "not of this source")
    return f"{file.name}: {reason}"


def _mapping_of(source: SourceMapping, path: Path) -> FileMapping:
    """By its name, else by its columns."""
    named = [mapping for mapping in source.files if _fits(path.name, mapping.file)]
    fitting = named or [mapping for mapping in source.files if _has_all(path, mapping)]
    if len(fitting) == 1:
        return fitting[0]
    wanted = ", ".join(mapping.file for mapping in source.files)
    raise Refused(f"{path.name} is none of the files of {source.source} ({wanted}), by its name or its columns.")


def _has_all(path: Path, mapping: FileMapping) -> bool:
    with opened(path, mapping.encoding) as file:
        return set(mapping.columns) <= set(file.header)


def _check_header(found: Found) -> list[str]:
    with opened(found.path, found.mapping.encoding) as file:
        header = file.header
    missing = [name for name in found.mapping.columns if name not in header]
    if missing:
        names = ", ".join(f'"{name}"' for name in missing)
        has = ", ".join(name[:40] for name in header[:40])
        raise Refused(f"{found.path.name} lacks the column{'s' if missing[1:] else ''} {names}. It has: {has}.")
    extra = [name[:60] for name in header if name not in found.mapping.columns]
    return [f"{found.path.name}: not read, because the mapping does not know it: {', '.join(extra)}"] if extra else []
