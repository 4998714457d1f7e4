"""The office's page of evidence: files with their digests and who held them, demands with their age."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions as case_actions
from app.cases import queries as cases
from app.evidence import actions, queries
from app.evidence.commands import AddFile, ContradictDemand, SendDemand
from app.intake.actions import Sent
from app.intake.pages.scanned import given_out, step_before
from app.kernel.errors import Invalid
from app.web.answers import done, show
from app.web.forms import Blank, Form, Posted, or_show
from app.web.uploads import LARGEST_FILE
from app.web.work import may

router = APIRouter(prefix="/office/cases/{case_id}/evidence", include_in_schema=False)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Adder = Annotated[Work, may(Permission.FILE_ADD)]
Opener = Annotated[Work, may(Permission.FILE_OPEN)]
Demander = Annotated[Work, may(Permission.DEMAND_SEND)]


@router.get("")
def show_evidence(request: Request, work: Reader, case_id: UUID, form: Blank) -> Response:
    """The files and demands of one case."""
    case = case_actions.read_case(work, case_id)
    return show(
        request,
        work,
        "evidence/case.html",
        title=f"Case {case.number}: evidence",
        typed=form,
        **cases.case_frame(work, case, "evidence"),
        **queries.evidence_view(work, case),
    )


def sent_file(work: Work, form: Form) -> Sent | None:
    """The file that came with a form, stored sealed; none where there was none."""
    if "file" in form.oversized:
        raise Invalid({"file": f"This file is too large: at most {LARGEST_FILE // 1_000_000} MB."})
    upload = form.files.get("file")
    if upload is None:
        return None
    return actions.keep_file(work, upload.filename or "", upload.file, limit=LARGEST_FILE)


@router.post("/add")
@or_show(show_evidence)
def add_file(request: Request, form: Posted, work: Adder, case_id: UUID) -> Response:
    ask = form.ask(AddFile)
    file = sent_file(work, form)
    if file is None:
        raise Invalid({"file": "Choose a file."})
    actions.add_file(work, case_id, ask, file)
    return done(request, goto=f"/office/cases/{case_id}/evidence?done=saved")


@router.post("/demands/send")
@or_show(show_evidence)
def send_demand(request: Request, form: Posted, work: Demander, case_id: UUID) -> Response:
    actions.send_demand(work, case_id, form.ask(SendDemand))
    return done(request, goto=f"/office/cases/{case_id}/evidence?done=sent")


@router.post("/demands/{demand_id}/contradict")
@or_show(show_evidence)
def contradict_demand(request: Request, form: Posted, work: Demander, case_id: UUID, demand_id: UUID) -> Response:
    actions.contradict_demand(work, case_id, demand_id, form.ask(ContradictDemand))
    return done(request, goto=f"/office/cases/{case_id}/evidence?done=saved")


@router.get("/{item_id}/download")
def open_file(request: Request, work: Opener, case_id: UUID, item_id: UUID) -> Response:
    """A copy of a file; that it was taken stands in the journal and in the file's custody."""
    item = actions.find_file(work, case_id, item_id)
    back = f"/office/cases/{case_id}/evidence"
    step = step_before(request, work, item, back)
    return step or given_out(request, work, actions.open_file(work, case_id, item_id), back)


@router.get("/filing-files/{file_id}/download")
def open_filing_file(request: Request, work: Opener, case_id: UUID, file_id: UUID) -> Response:
    """A copy of a file that came with the complaint."""
    file = queries.get_filing_file(work, cases.get_case(work, case_id).id, file_id)
    back = f"/office/cases/{case_id}/evidence"
    step = step_before(request, work, file, back)
    return step or given_out(request, work, actions.open_filing_file(work, case_id, file_id), back)
