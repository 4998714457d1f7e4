"""A file on its way out of the storage to somebody of the office: what was not scanned takes a step."""

from typing import Any

from fastapi import Request, Response

from app.access.work import Work
from app.intake.actions.giving import Verdict, can_be_copied, content_of, verdict_of
from app.web.answers import download, show


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


def given_out(request: Request, work: Work, file: Any) -> Response:
    """The original, for the office itself; or the copy that may be passed on."""
    as_copy = request.query_params.get("as") == "copy"
    name = f"copy-{file.file_name}" if as_copy else file.file_name
    return download(name, file.media_type, content_of(work, file, as_copy=as_copy))
