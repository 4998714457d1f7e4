"""The office asks for a release, sees it built, and a second person asks to publish it."""

from uuid import UUID, uuid4

from app.access import halves
from app.access.acts import never_stopped, stops_with
from app.access.work import Work
from app.kernel.errors import Invalid, Refused
from app.policy.model.powers import Act
from app.publication.actions.building import Built
from app.publication.actions.checking import attack_files, verify_release
from app.publication.actions.folders import pack
from app.publication.commands import AskForRelease
from app.publication.events import PublicationAsked, PublicationRefused, ReleaseAsked, ReleaseBuildFailed
from app.publication.queries import builds, published
from app.publication.records import ReleaseBuild

LARGEST = 64 * 1024 * 1024
WAITING, BUILT, FAILED, APPROVED, PUBLISHED = "waiting", "built", "failed", "approved", "published"


@never_stopped("counting what was done is reading it")
def ask_for_release(work: Work, ask: AskForRelease) -> ReleaseBuild:
    """Asks the worker for a release; it is built under the worker's role."""
    if ask.through > work.today:
        raise Invalid({"through": "Choose today or a day before it."})
    build = ReleaseBuild(
        id=uuid4(),
        through_on=ask.through,
        asked_by_id=work.actor.id,
        asked_at=work.now,
        state=WAITING,
    )
    work.session.add(build)
    halves.note_first(work, work.book, halves.RELEASE, build.id)
    work.happened(ReleaseAsked(build_id=build.id, through=ask.through))
    return build


@never_stopped("the machinery follows what was done")
def finish_build(work: Work, build_id: UUID, built: Built) -> ReleaseBuild:
    """Keeps the files of a build, with what the check and the attacker said of them."""
    build = builds.get_build(work, build_id, for_update=True)
    checked = verify_release(built.files)
    findings = attack_files(built.files, published.earlier_files(work))
    stored = work.storage.put(pack(built.files), limit=LARGEST)
    build.state, build.release_id, build.verified = BUILT, built.manifest.id, checked.ok
    build.findings = {
        "findings": [{"kind": f.kind, "file": f.file, "words": f.words} for f in findings],
        "withheld": built.withheld,
        "problems": checked.problems,
    }
    build.object_name, build.wrapped_key = stored.name, stored.wrapped_key
    build.size, build.sha256 = stored.size, stored.sha256
    return build


@never_stopped("the machinery follows what was done")
def fail_build(work: Work, build_id: UUID, words: str) -> None:
    """Says on the list that a build came to nothing."""
    build = builds.get_build(work, build_id, for_update=True)
    build.state, build.problem = FAILED, words
    work.happened(ReleaseBuildFailed(build_id=build_id))


@stops_with(Act.PUBLICATION)
def ask_to_publish(work: Work, build_id: UUID) -> ReleaseBuild:
    """A second person approves; the worker then publishes under the publisher's role, if all checks hold."""
    build = builds.get_build(work, build_id, for_update=True)
    if build.state not in (BUILT, FAILED) or not build.release_id:
        raise Refused("Only a release that was built and is not public yet can be published.")
    if build.asked_by_id in work.actor.places:
        raise Refused("Somebody other than the person who asked for this release has to publish it.")
    halves.check_second(work.book, halves.RELEASE, build.asked_by_id, work.actor.places, work.actor.roles)
    if not build.verified or (build.findings or {}).get("findings"):
        raise Refused("This release did not pass its checks, so it cannot be published.")
    build.state, build.publish_asked_by_id = APPROVED, work.actor.id
    work.happened(PublicationAsked(build_id=build.id, release_id=build.release_id))
    halves.settle(work, halves.RELEASE, build.id)
    return build


@never_stopped("the machinery follows what was done")
def note_outcome(work: Work, build_id: UUID, refused: str) -> None:
    """Says on the list what became of the publication."""
    build = builds.get_build(work, build_id, for_update=True)
    if not refused:
        build.state, build.problem = PUBLISHED, ""
        return
    build.state, build.problem = FAILED, refused
    work.happened(PublicationRefused(release_id=build.release_id))
