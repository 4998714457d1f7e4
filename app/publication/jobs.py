"""What the worker does for releases: builds what was asked for, and publishes what a second person approved."""

from contextlib import suppress
from uuid import UUID

from sqlalchemy.exc import TimeoutError as NoConnection

from app.access.actor import Actor
from app.access.work import Work, open_work
from app.infra.db import Door
from app.infra.storage import StoredFile
from app.kernel.errors import Refusal
from app.publication import actions
from app.publication.commands import BuildRelease
from app.publication.queries import builds, published

PUBLISHED = "published"


def build_release(work: Work, build_id: UUID) -> None:
    """Builds a release that the office asked for; a build that is done already is left as it is."""
    build = builds.get_build(work, build_id)
    if build.release_id:
        return

    def tell(step: int, steps: int, words: str) -> None:
        # Another connection, so that the office sees it now; if none is free, nobody sees it and that is all.
        with suppress(NoConnection), open_work(work.house, work.actor) as aside:
            builds.note_step(aside, build_id, step, steps)

    try:
        built = actions.build_release(work, BuildRelease(through=build.through_on), tell)
    except Refusal as refusal:
        actions.fail_build(work, build_id, refusal.words)
        return
    work.session.expire_all()
    actions.finish_build(work, build_id, built)


def publish_release(work: Work, build_id: UUID) -> None:
    """Copies an approved release into the public schema, under the publisher's role."""
    build = builds.get_build(work, build_id)
    if build.wrapped_key is None or build.sha256 is None or build.state == PUBLISHED:
        return
    stored = StoredFile(build.object_name, build.size, build.sha256, build.wrapped_key)
    files = actions.unpack(b"".join(work.storage.open(stored)))
    refused = ""
    if not published.is_published(work, build.release_id):
        try:
            with open_work(work.house, Actor.system("publication", Door.PUBLISHER)) as publisher:
                actions.publish_release(publisher, files, build.publish_asked_by_id)
        except Refusal as refusal:
            refused = refusal.words
    with open_work(work.house, Actor.system("publication")) as after:
        actions.note_outcome(after, build_id, refused)
