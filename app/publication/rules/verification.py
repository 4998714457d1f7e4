"""Does a release hold what its manifest says, and do its figures follow from its own tables?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.publication.rules.figures import Figure, figures_of, read_figures
from app.publication.rules.manifest import (
    DEFINITIONS,
    FIGURES,
    FILE,
    KEY,
    MANIFEST,
    NOTE,
    Manifest,
    listed,
    read_manifest,
)
from app.publication.rules.protection import join_small
from app.publication.rules.tables import Table, parse_table

UNLISTED = frozenset({MANIFEST, NOTE, KEY})
NEEDED = (FIGURES, DEFINITIONS)
MOST_PROBLEMS = 20


@dataclass
class Verification:
    """What was checked and what is wrong."""

    figures: int = 0
    recomputed: int = 0
    files: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.problems


def read_tables(manifest: Manifest, files: Mapping[str, bytes]) -> dict[str, Table]:
    """The tables of a release, as they were published; ValueError where one is not what the manifest says."""
    found = {}
    for entry in manifest.tables:
        table = parse_table(entry.name, files[entry.file], entry.dims, entry.withheld)
        if table.counts != entry.counts:
            raise ValueError(f"{entry.name} counts something else than the manifest says")
        found[entry.name] = Table(
            table.name, table.dims, table.counts, table.rows, entry.describes_filers, {}, entry.withheld
        )
    return found


def verify_files(files: Mapping[str, bytes]) -> Verification:
    """Digests, then every figure again from the tables; the signature is checked apart."""
    done = Verification()
    try:
        manifest = read_manifest(files.get(MANIFEST, b""))
    except ValueError as wrong:
        done.problems.append(f"{wrong}.")
        return done
    _check_files(manifest, files, done)
    if done.ok:
        _check_figures(manifest, files, done)
    return done


def _check_files(manifest: Manifest, files: Mapping[str, bytes], done: Verification) -> None:
    named = {file.name: file for file in manifest.files}
    odd = [name for name in files if not FILE.fullmatch(name)]
    done.problems += [f"{name!r} is no name of a release's file." for name in odd]
    for entry in listed({name: files[name] for name in files if name not in UNLISTED and name not in odd}):
        if entry.name not in named:
            done.problems.append(f"{entry.name} is not in the manifest.")
        elif named[entry.name] != entry:
            done.problems.append(f"{entry.name} is not the file that was signed.")
        done.files += 1
    wanted = {*named, *NEEDED, *(table.file for table in manifest.tables)}
    done.problems += [f"{name} is missing." for name in sorted(wanted) if name not in files]
    done.problems = done.problems[:MOST_PROBLEMS]


def _check_figures(manifest: Manifest, files: Mapping[str, bytes], done: Verification) -> None:
    try:
        tables = read_tables(manifest, files)
        published = read_figures(files[FIGURES])
        computed = figures_of(tables)
    except (ValueError, KeyError, IndexError, UnicodeDecodeError) as wrong:
        done.problems.append(f"The figures cannot be computed again: {wrong}.")
        return
    done.figures, again = len(published), set(computed)
    done.recomputed = sum(1 for figure in published if figure in again)
    wrong_ones = [figure for figure in published if figure not in again]
    missing = [figure for figure in computed if figure not in set(published)]
    done.problems += [f"{_named(figure)} does not follow from the tables." for figure in wrong_ones[:MOST_PROBLEMS]]
    done.problems += [f"{_named(figure)} is not in {FIGURES}." for figure in missing[: MOST_PROBLEMS - len(wrong_ones)]]
    if manifest.protected:
        done.problems += _unprotected_tables(tables, manifest.threshold)


def _unprotected_tables(tables: Mapping[str, Table], threshold: int) -> list[str]:
    """A table about filers that the protection would change was never protected."""
    about = [table for table in tables.values() if table.describes_filers and not table.withheld]
    return [
        f"{table.name} shows groups smaller than {threshold}."
        for table in about
        if join_small(table, threshold).rows != table.rows
    ]


def _named(figure: Figure) -> str:
    return f"{figure.measure} by {figure.by}, {figure.group}"
