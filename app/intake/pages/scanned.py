"""A file on its way out of the storage to somebody of the office: its page, the original, the copy to pass on."""

from typing import Any

from fastapi import Request, Response

from app.access.work import Work
from app.intake.actions.giving import READ, HiddenFacts, Verdict, can_be_copied, content_of, hidden_facts_of, verdict_of
from app.web.answers import download, show


def step_before(request: Request, work: Work, file: Any, back: str) -> Response | None:
    """The file's page, where it was not found clean and nobody has said that they know; nothing of it is opened yet."""
    verdict, _ = verdict_of(work, file)
    knows = request.query_params.get("knowing") == "yes" or _wants_facts(request)
    return None if knows or verdict is Verdict.CLEAN else _page_of(request, work, file, back)


def given_out(request: Request, work: Work, file: Any, back: str) -> Response:
    """What was opened: the original, for the office itself; the copy that may be passed on; or what it hides."""
    if _wants_facts(request):
        return _page_of(request, work, file, back, with_facts=True, facts=hidden_facts_of(work, file))
    as_copy = request.query_params.get("as") == "copy"
    name = f"copy-{file.file_name}" if as_copy else file.file_name
    return download(name, file.media_type, content_of(work, file, as_copy=as_copy))


def _wants_facts(request: Request) -> bool:
    return request.query_params.get("as") == "facts"


def _page_of(
    request: Request,
    work: Work,
    file: Any,
    back: str,
    *,
    with_facts: bool = False,
    facts: HiddenFacts | None = None,
) -> Response:
    verdict, found = verdict_of(work, file)
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
        can_read=file.media_type in READ,
        with_facts=with_facts,
        facts=facts,
    )
