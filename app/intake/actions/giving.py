"""A stored file on its way to somebody of the office: what the scanner said, the original, the copy to pass on."""

from collections.abc import Iterator

from app.access.acts import never_stopped
from app.access.work import Work
from app.infra.copies import Unstrippable, can_be_copied, copy_for
from app.infra.files import FileColumns, stored_of
from app.infra.hidden import READ, HiddenFacts
from app.infra.scanning import Verdict
from app.kernel.errors import Refused

__all__ = ["READ", "HiddenFacts", "Verdict", "can_be_copied", "content_of", "hidden_facts_of", "verdict_of"]

UNSTRIPPABLE = "No copy can be made of this file: we cannot be sure that no place and no device stays hidden in it."


@never_stopped("history stays and is read")
def verdict_of(work: Work, file: FileColumns) -> tuple[Verdict, str]:
    """What the malware scanner said of a file, and the name of what it found."""
    for part in work.parts("file_scans"):
        scan = part(work, [file.object_name]).get(file.object_name)
        if scan is not None:
            return Verdict(scan.verdict), scan.found
    return Verdict.UNSCANNED, ""


@never_stopped("history stays and is read")
def hidden_facts_of(work: Work, file: FileColumns) -> HiddenFacts | None:
    """What a file that was just opened says of place, time and device; nothing where that is still to be read."""
    for part in work.parts("hidden_facts"):
        found: HiddenFacts | None = part(work, file)
        if found is not None:
            return found
    return None


@never_stopped("history stays and is read")
def content_of(work: Work, file: FileColumns, *, as_copy: bool) -> Iterator[bytes]:
    """The original, or the copy without place, device and time; refused where there can be none."""
    stored = stored_of(file)
    if not as_copy:
        return work.storage.open(stored)
    try:
        return copy_for(work.storage, stored, file.media_type)
    except Unstrippable:
        raise Refused(UNSTRIPPABLE) from None
