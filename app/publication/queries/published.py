"""What is public: releases, their tables and files, and bulletins; all that the public door can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.access.permissions import Permission
from app.access.reading import found, one_or_not_found
from app.access.work import Work
from app.publication.records import Bulletin, PublishedFile, PublishedRelease, PublishedTable
from app.publication.rules.manifest import DEFINITIONS, FIGURES, MANIFEST, Manifest, read_manifest
from app.publication.rules.tables import Table, parse_table

NEWEST = 100


@dataclass(frozen=True)
class ReleaseRow:
    """One published release, as a list shows it."""

    id: str
    through_on: date
    published_at: datetime


def list_releases(work: Work) -> list[ReleaseRow]:
    """What is published, the newest first."""
    work.need(Permission.RELEASE_READ)
    query = (
        select(PublishedRelease.id, PublishedRelease.through_on, PublishedRelease.published_at)
        .order_by(PublishedRelease.through_on.desc(), PublishedRelease.published_at.desc())
        .limit(NEWEST)
    )
    return [ReleaseRow(*row) for row in work.session.execute(query)]


def get_manifest(work: Work, release_id: str) -> tuple[Manifest, datetime]:
    """What one release is, or 404."""
    work.need(Permission.RELEASE_READ)
    query = select(PublishedRelease).where(PublishedRelease.id == release_id)
    release = one_or_not_found(work, query)
    return read_manifest(get_file(work, release_id, MANIFEST).body), release.published_at


def get_file(work: Work, release_id: str, name: str) -> PublishedFile:
    """One file of a published release, or 404."""
    work.need(Permission.RELEASE_READ)
    query = select(PublishedFile).where(PublishedFile.release_id == release_id, PublishedFile.name == name)
    return one_or_not_found(work, query)


def get_table(work: Work, release_id: str, name: str) -> PublishedTable:
    """One table of a published release, or 404; its figures are a table like any other."""
    work.need(Permission.RELEASE_READ)
    query = select(PublishedTable).where(PublishedTable.release_id == release_id, PublishedTable.name == name)
    return one_or_not_found(work, query)


def file_names(work: Work, release_id: str) -> Sequence[tuple[str, str, int]]:
    """Names, media types and sizes of the files of one release."""
    work.need(Permission.RELEASE_READ)
    query = (
        select(PublishedFile.name, PublishedFile.media_type, func.length(PublishedFile.body))
        .where(PublishedFile.release_id == release_id)
        .order_by(PublishedFile.name)
    )
    return [(str(row[0]), str(row[1]), int(row[2])) for row in work.session.execute(query)]


def reports(work: Work) -> Sequence[tuple[str, str, int, date]]:
    """Every published report: release, file name, size, and the day its figures reach to."""
    work.need(Permission.RELEASE_READ)
    query = (
        select(
            PublishedFile.release_id, PublishedFile.name, func.length(PublishedFile.body), PublishedRelease.through_on
        )
        .join(PublishedRelease, PublishedRelease.id == PublishedFile.release_id)
        .where(PublishedFile.media_type == "application/pdf")
        .order_by(PublishedRelease.through_on.desc(), PublishedFile.release_id, PublishedFile.name)
        .limit(NEWEST)
    )
    return [(str(r[0]), str(r[1]), int(r[2]), r[3]) for r in work.session.execute(query)]


def release_files(work: Work, release_id: str) -> dict[str, bytes]:
    """The words and figures of a release, from which pages are made."""
    names = (MANIFEST, DEFINITIONS, FIGURES)
    files = {name: get_file(work, release_id, name).body for name in names if name != FIGURES}
    files[FIGURES] = get_table(work, release_id, "figures").csv
    return files


def earlier_tables(work: Work) -> list[dict[str, Table]]:
    """The tables about filers of every published release: a new one is held against each of them."""
    query = select(PublishedFile.release_id, PublishedFile.body).where(PublishedFile.name == MANIFEST)
    found_: list[dict[str, Table]] = []
    for release_id, body in work.session.execute(query):
        manifest = read_manifest(body)
        entries = {entry.name: entry for entry in manifest.tables if entry.describes_filers}
        rows = select(PublishedTable).where(
            PublishedTable.release_id == release_id, PublishedTable.name.in_(entries or ("",))
        )
        found_.append(
            {
                row.name: parse_table(row.name, row.csv, entries[row.name].dims, entries[row.name].withheld)
                for row in work.session.scalars(rows)
            }
        )
    return found_


def earlier_files(work: Work) -> list[dict[str, bytes]]:
    """Every published table of every release, as the attacker downloads them."""
    files: dict[str, dict[str, bytes]] = {}
    for row in work.session.scalars(select(PublishedTable).order_by(PublishedTable.release_id)):
        name = f"{row.name}.csv" if row.name == "figures" else f"tables/{row.name}.csv"
        files.setdefault(row.release_id, {})[name] = row.csv
    for release_id, body in work.session.execute(
        select(PublishedFile.release_id, PublishedFile.body).where(PublishedFile.name == MANIFEST)
    ):
        files.setdefault(release_id, {})[MANIFEST] = body
    return list(files.values())


def is_published(work: Work, release_id: str) -> bool:
    """Whether a release of that id is public already."""
    return work.session.get(PublishedRelease, release_id) is not None


def bulletins(work: Work, kind: str) -> list[Bulletin]:
    """Published bulletins of one kind, the newest first."""
    work.need(Permission.RELEASE_READ)
    query = select(Bulletin).where(Bulletin.kind == kind).order_by(Bulletin.published_at.desc()).limit(NEWEST)
    return list(work.session.scalars(query))


def newest_id(work: Work) -> str:
    """The release that the dashboard shows, or 404."""
    releases = list_releases(work)
    return found(releases[0] if releases else None).id
