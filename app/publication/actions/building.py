"""Builds a release: counts, protects, computes the figures, writes down what it holds, and signs it."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access.acts import never_stopped
from app.access.work import Work
from app.audit.checkpoints import Signer
from app.infra.keys import Keys
from app.kernel.canonical import canonical_json
from app.kernel.errors import Refused
from app.publication.commands import BuildRelease
from app.publication.events import ReleaseBuilt
from app.publication.queries import cubes, published, sources
from app.publication.rules.definitions import definitions_of
from app.publication.rules.figures import figures_csv, figures_of
from app.publication.rules.manifest import (
    DEFINITIONS,
    FIGURES,
    KEY,
    MANIFEST,
    NOTE,
    UNPROTECTED,
    Manifest,
    entries,
    listed,
    manifest_bytes,
    origin,
    table_files,
)
from app.publication.rules.measures import DEFINITIONS_VERSION
from app.publication.rules.population import population_table
from app.publication.rules.protection import protect
from app.publication.rules.tables import Table

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
Progress = Callable[[int, int, str], None]
WARNING = (
    b"This release holds exact numbers, small ones too. It is for work inside the office and must never be published.\n"
    b"It is signed under another name than releases for the public, and `release publish` refuses it.\n"
)


@dataclass(frozen=True)
class Built:
    """A release that was built, not yet written anywhere."""

    manifest: Manifest
    files: Mapping[str, bytes]
    figures: int

    @property
    def withheld(self) -> dict[str, str]:
        """The tables that are withheld, and why."""
        return {table.name: table.withheld for table in self.manifest.tables if table.withheld}


def _quiet(step: int, steps: int, words: str) -> None:
    """Nobody is waiting to see how far it is."""


@never_stopped("counting what was done is reading it")
def build_release(work: Work, ask: BuildRelease, progress: Progress = _quiet) -> Built:
    """Counts everything up to the day, by set queries alone, and makes the files of the release."""
    through = min(ask.through, work.today)
    book = work.book
    tables = _tables(work, ask, through, progress)
    if not ask.unprotected:
        earlier = published.earlier_tables(work)
        kept = protect(tables.values(), book.publication.small_cell_threshold, earlier)
        tables = {table.name: table for table in kept}
    figures = figures_of(tables)
    books = sources.books_of(work)
    files = table_files(tables, protected=not ask.unprotected) | {
        FIGURES: figures_csv(figures),
        DEFINITIONS: canonical_json(definitions_of(books, protected=not ask.unprotected)),
    }
    if ask.unprotected:
        files[f"{UNPROTECTED}.txt"] = WARNING
    manifest = Manifest(
        format=1,
        id=_new_id(through, protected=not ask.unprotected),
        through=through,
        built_at=work.now.isoformat(),
        agency=work.house.agency,
        rulebooks=tuple(each.policy_id for each in books),
        protected=not ask.unprotected,
        threshold=book.publication.small_cell_threshold,
        definitions=DEFINITIONS_VERSION,
        windows=tuple(f"{first}-{last}" for first, last in ask.windows),
        population=ask.population_name,
        source=ask.source,
        tables=entries(tables, protected=not ask.unprotected),
        files=listed(files),
    )
    signed = _signed(work.keys, manifest, files)
    digest = hashlib.sha256(signed[MANIFEST]).hexdigest()
    work.happened(
        ReleaseBuilt(release_id=manifest.id, through=through, protected=manifest.protected, manifest_sha256=digest)
    )
    return Built(manifest, signed, len(figures))


def _tables(work: Work, ask: BuildRelease, through: date, progress: Progress) -> dict[str, Table]:
    """Each stage's own public tables, in the order of the process, and the population where one is given."""
    scope = sources.scope_of(work, through, ask.windows, ask.source)
    parts = work.parts("release_tables")
    cubes.read_everything(work)
    tables: dict[str, Table] = {}
    for place, part in enumerate(parts):
        progress(place, len(parts), part.__name__.replace("_", " "))
        tables |= {table.name: table for table in part(work, scope)}
    progress(len(parts), len(parts), "figures")
    if ask.population is not None:
        try:
            tables["population"] = population_table(ask.population, ask.city or str(work.book.meta.city))
        except (ValueError, UnicodeDecodeError) as wrong:
            raise Refused(f"The population file cannot be used: {wrong}") from wrong
    return tables


def _new_id(through: date, *, protected: bool) -> str:
    """Random, with the day in front, so that a person can tell two releases apart."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(10))
    return f"{'' if protected else 'unprotected-'}{through.isoformat()}-{drawn}"


def _signed(keys: Keys, manifest: Manifest, files: Mapping[str, bytes]) -> dict[str, bytes]:
    content = manifest_bytes(manifest)
    signer = signer_of(keys, manifest.agency, protected=manifest.protected)
    note = signer.sign(len(manifest.files), hashlib.sha256(content).digest())
    return {**files, MANIFEST: content, NOTE: note.encode(), KEY: f"{signer.verifier_key}\n".encode()}


def signer_of(keys: Keys, agency: str, *, protected: bool) -> Signer:
    """Who signs releases: a key of its own, and for exact ones another name that publishing does not know."""
    key = Ed25519PrivateKey.from_private_bytes(keys.derive("release-signing"))
    return Signer(origin(agency, protected=protected), key)
