"""The manifest of a release: what is in the folder, by digest; and which file names may stand in it."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.kernel.canonical import NotCanonical, canonical_json, parse
from app.publication.rules.tables import Table, table_csv

FORMAT: Literal[1] = 1
MANIFEST, NOTE, KEY, FIGURES, DEFINITIONS = (
    "manifest.json",
    "manifest.note",
    "verifier.key",
    "figures.csv",
    "definitions.json",
)
UNPROTECTED = "UNPROTECTED"
NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}"
FILE = re.compile(rf"(?:tables/)?{NAME}", re.ASCII)
Name = Annotated[str, Field(pattern=rf"^{NAME}$")]
Words = Annotated[str, Field(max_length=300)]


class Part(BaseModel):
    """Base of what stands in a manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class File(Part):
    """One file of the release."""

    name: Annotated[str, Field(pattern=rf"^(tables/)?{NAME}$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    bytes: int
    rows: int


class TableEntry(Part):
    """One table of the release, and why it is empty where it is withheld."""

    name: Name
    file: Annotated[str, Field(pattern=rf"^tables/{NAME}$")]
    dims: tuple[Words, ...]
    counts: tuple[Words, ...]
    describes_filers: bool
    withheld: Words = ""


class Manifest(Part):
    """What a release is, signed as a whole."""

    format: Literal[1]
    id: Name
    through: date
    built_at: Words
    agency: Words
    rulebooks: tuple[Words, ...]
    protected: bool
    threshold: int
    definitions: int
    windows: tuple[Words, ...]
    population: Words
    source: Words
    tables: tuple[TableEntry, ...]
    files: tuple[File, ...]


def prefix(*, protected: bool) -> str:
    """What the name of every table's file begins with: an exact table can never be taken for a published one."""
    return "" if protected else f"{UNPROTECTED}-"


def table_files(tables: Mapping[str, Table], *, protected: bool) -> dict[str, bytes]:
    """The files of the tables."""
    start = prefix(protected=protected)
    return {f"tables/{start}{name}.csv": table_csv(table) for name, table in tables.items()}


def entries(tables: Mapping[str, Table], *, protected: bool) -> tuple[TableEntry, ...]:
    """What the manifest says of the tables."""
    start = prefix(protected=protected)
    return tuple(
        TableEntry(
            name=name,
            file=f"tables/{start}{name}.csv",
            dims=table.dims,
            counts=table.counts,
            describes_filers=table.describes_filers,
            withheld=table.withheld,
        )
        for name, table in tables.items()
    )


def listed(files: Mapping[str, bytes]) -> tuple[File, ...]:
    """Every file with its digest and, for a CSV, its rows without the header."""
    return tuple(
        File(name=name, sha256=digest(content), bytes=len(content), rows=_rows(name, content))
        for name, content in sorted(files.items())
    )


def digest(content: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def _rows(name: str, content: bytes) -> int:
    return max(content.count(b"\r\n") - 1, 0) if name.endswith(".csv") else 0


def manifest_bytes(manifest: Manifest) -> bytes:
    """The exact bytes that are signed."""
    return canonical_json(manifest.model_dump(mode="json"))


def read_manifest(content: bytes) -> Manifest:
    """The manifest; ValueError where it is not exactly one."""
    try:
        return Manifest.model_validate(parse(content))
    except (NotCanonical, ValidationError) as wrong:
        raise ValueError("manifest.json is not a manifest of this format") from wrong


def origin(agency: str, *, protected: bool) -> str:
    """Whose signature it is: exact releases are signed under a name that publishing never accepts."""
    return f"candor/{agency}/{'release' if protected else 'unprotected-release'}"
