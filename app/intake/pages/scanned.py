"""A file on its way out of the storage to somebody of the office: what was not scanned takes a step."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request, Response

from app.access.work import Work
from app.infra.copies import Unstrippable, can_be_copied, copy_for
from app.infra.scanning import Verdict
from app.infra.storage import StoredFile
from app.intake.records import FilingFile
from app.kernel.errors import Refused
from app.web.answers import download, show

UNSTRIPPABLE = "No copy can be made of this file: we cannot be sure that no place and no device stays hidden in it."


def verdict_of(work: Work, file: Any) -> tuple[Verdict, str]:
    """What the malware scanner said of a file, and the name of what it found."""
    for part in work.parts("file_scans"):
        scan = part(work, [file.object_name]).get(file.object_name)
        if scan is not None:
            return Verdict(scan.verdict), scan.found
    return Verdict.UNSCANNED, ""


def step_before(request: Request, work: Work, file: Any, back: str) -> Response | None:
    """The file's page, where it was not found clean and nobody has said that they know."""
    verdict, found = verdict_of(work, file)
    if request.query_params.get("knowing") == "yes" or verdict is Verdict.CLEAN:
        return None
    return show(
        request,
        work,
        "evidence/file.html",
        title=file.file_name,
        file=file,
        verdict=verdict,
        found=found,
        address=request.url.path,
        back=back,
        can_copy=can_be_copied(file.media_type, file.size),
    )


def given_out(request: Request, work: Work, file: FilingFile | Any) -> Response:
    """The original, for the office itself; or the copy that may be passed on."""
    stored = StoredFile(file.object_name, file.size, file.sha256, file.wrapped_key)
    if request.query_params.get("as") == "copy":
        return download(f"copy-{file.file_name}", file.media_type, copy_or_refused(work, stored, file.media_type))
    return download(file.file_name, file.media_type, work.storage.open(stored))


def copy_or_refused(work: Work, stored: StoredFile, media_type: str) -> Iterator[bytes]:
    """The copy without place, device and time; why not, where there can be none."""
    try:
        return copy_for(work.storage, stored, media_type)
    except Unstrippable:
        raise Refused(UNSTRIPPABLE) from None
