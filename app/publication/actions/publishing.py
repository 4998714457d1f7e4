"""Publishes a release: copies it into the public schema, if it verifies, withstands and is protected."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from app.access.acts import stops_with
from app.access.work import Work
from app.kernel.errors import Refused
from app.policy.model.powers import Act
from app.publication.actions.building import signer_of
from app.publication.actions.checking import attack_files, verify_release
from app.publication.events import ReleasePublished
from app.publication.queries import published
from app.publication.records import PublishedFile, PublishedRelease, PublishedTable
from app.publication.rules.manifest import (
    DEFINITIONS,
    FIGURES,
    KEY,
    MANIFEST,
    NOTE,
    UNPROTECTED,
    Manifest,
    read_manifest,
)

TYPES = {MANIFEST: "application/json", DEFINITIONS: "application/json", NOTE: "text/plain", KEY: "text/plain"}


@stops_with(Act.PUBLICATION)
def publish_release(work: Work, files: Mapping[str, bytes], asked_by_id: UUID | None = None) -> Manifest:
    """Copies what may be public, under the publisher's role; everything else is refused with the reason."""
    manifest = check_publishable(work, files)
    content = files[MANIFEST]
    work.session.add(
        PublishedRelease(
            id=manifest.id,
            through_on=manifest.through,
            published_at=work.now,
            manifest=json.loads(content),
            note=files[NOTE].decode(),
        )
    )
    work.session.add_all(_tables(manifest, files))
    work.session.add_all(_files(manifest.id, [(name, TYPES[name], files[name]) for name in TYPES]))
    for part in work.parts("release_files"):
        work.session.add_all(_files(manifest.id, part(work, files)))
    work.happened(
        ReleasePublished(
            release_id=manifest.id, manifest_sha256=hashlib.sha256(content).hexdigest(), asked_by_id=asked_by_id
        )
    )
    return manifest


def check_publishable(work: Work, files: Mapping[str, bytes]) -> Manifest:
    """The manifest of a release that may be published; refused in words otherwise."""
    key = signer_of(work.keys, work.house.agency, protected=True).verifier_key
    try:
        manifest = read_manifest(files.get(MANIFEST, b""))
    except ValueError as wrong:
        raise Refused(f"{wrong}.") from wrong
    if not manifest.protected or manifest.id.startswith("unprotected") or any(UNPROTECTED in name for name in files):
        raise Refused("This release is not protected: it is for work inside the office and is never published.")
    done = verify_release(files, key)
    if not done.ok:
        raise Refused(f"The release does not verify: {done.problems[0]}")
    if published.is_published(work, manifest.id):
        raise Refused(f"The release {manifest.id} is public already.")
    findings = attack_files(files, published.earlier_files(work))
    if findings:
        first = findings[0]
        raise Refused(f"The release does not withstand: {first.file}: {first.words}. Run release attack for all of it.")
    return manifest


def _tables(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[PublishedTable]:
    rows = {file.name: file.rows for file in manifest.files}
    named = [("figures", FIGURES), *((table.name, table.file) for table in manifest.tables)]
    for name, file in named:
        yield PublishedTable(release_id=manifest.id, name=name, csv=files[file], row_count=rows[file])


def _files(release_id: str, files: Iterable[tuple[str, str, bytes]]) -> Iterator[PublishedFile]:
    for name, media_type, body in files:
        digest = hashlib.sha256(body).digest()
        yield PublishedFile(release_id=release_id, name=name, media_type=media_type, sha256=digest, body=body)
