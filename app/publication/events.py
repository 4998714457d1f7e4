"""What happened to releases."""

from datetime import date
from uuid import UUID

from app.kernel.events import Event


class ReleaseBuilt(Event):
    """The counts of a release were made; nothing is public yet."""

    tag = "publication:release:built"
    sentence = "Built the release {release_id} of everything up to {through}."

    release_id: str
    through: date
    protected: bool
    manifest_sha256: str


class ReleaseAsked(Event):
    """Somebody of the office asked for a release."""

    tag = "publication:release:asked"
    sentence = "Asked for a release of everything up to {through}."

    build_id: UUID
    through: date


class ReleaseBuildFailed(Event):
    """A release could not be built."""

    tag = "publication:release:failed"
    sentence = "A release could not be built."

    build_id: UUID


class PublicationAsked(Event):
    """A second person asked that a release be shown to the public."""

    tag = "publication:release:approved"
    sentence = "Approved the release {release_id} for publication."

    build_id: UUID
    release_id: str


class ReleasePublished(Event):
    """A release is public from now on."""

    tag = "publication:release:published"
    sentence = "Published the release {release_id}."

    release_id: str
    manifest_sha256: str
    asked_by_id: UUID | None = None


class PublicationRefused(Event):
    """A release was not published: it does not verify, does not withstand, or is not protected."""

    tag = "publication:release:refused"
    sentence = "Did not publish the release {release_id}."

    release_id: str
