"""Other systems that have a token: who answers for each, what it may do, when it was last here, and ending it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import machines as actions
from app.administration.commands import MakeMachine
from app.administration.queries import machines as queries
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

HERE = "/office/machines"
router = APIRouter(prefix=HERE, include_in_schema=False)

Manager = Annotated[Work, may(Permission.USER_MANAGE)]


@router.get("")
def list_machines(request: Request, work: Manager, form: Blank) -> Response:
    """Every machine, and a form for the next one."""
    rules = work.house.access.machines
    return show(
        request,
        work,
        "administration/machines.html",
        title="Machines",
        typed=form,
        lines=queries.list_machines(work),
        owners=queries.owners(work),
        scopes=[(str(scope), why, str(scope)) for scope, why in rules.scopes.items()],
        most_days=rules.most_days,
    )


@router.post("/make")
@or_show(list_machines)
def make_machine(request: Request, form: Posted, work: Manager) -> Response:
    """The one time that the token is shown: it is kept nowhere."""
    made = actions.make_machine(work, form.ask(MakeMachine))
    work.flush()
    return show(
        request,
        work,
        "administration/machine_token.html",
        title="The token is ready",
        line=queries.show_machine(work, made.account.id),
        token=made.token,
    )


@router.get("/{machine_id}")
def show_machine(request: Request, work: Manager, form: Blank, machine_id: UUID) -> Response:
    """One machine, and ending its token."""
    line = queries.show_machine(work, machine_id)
    return show(request, work, "administration/machine.html", title=line.name, typed=form, line=line)


@router.post("/{machine_id}/revoke")
@or_show(show_machine)
def revoke_machine(request: Request, form: Posted, work: Manager, machine_id: UUID) -> Response:
    actions.revoke_machine(work, machine_id)
    return done(request, goto=f"{HERE}/{machine_id}?done=saved")
