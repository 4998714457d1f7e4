"""Those who run the installation let people in, lock them out, and give them a new way in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.actions import accounts as actions
from app.administration.actions import locking
from app.administration.commands import InviteUser
from app.administration.queries import accounts as queries
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office/users", include_in_schema=False)

Manager = Annotated[Work, may(Permission.USER_MANAGE)]


@router.get("")
def list_users(request: Request, work: Manager, form: Blank) -> Response:
    """Everybody who has an account, what was reset lately, and a form for the next one."""
    return show(
        request,
        work,
        "administration/users.html",
        title="Users",
        typed=form,
        people=queries.list_people(work),
        resets=queries.recent_resets(work),
        roles=[(str(role), str(role).capitalize(), work.house.access.roles[role].why) for role in actions.ASSIGNABLE],
        departments=[(department.code, department.label.to("en")) for department in work.book.departments],
        outsiders=[(each.code, f"{each.label.to('en')}, {each.office}") for each in work.book.outsiders],
    )


@router.post("/invite")
@or_show(list_users)
def invite_user(request: Request, form: Posted, work: Manager) -> Response:
    return _link(request, work, actions.invite_user(work, form.ask(InviteUser)), title="Invited")


@router.get("/{account_id}")
def show_user(request: Request, work: Manager, form: Blank, account_id: UUID) -> Response:
    """One person: what may be done about their account."""
    account = queries.get_person(work, account_id)
    return show(
        request,
        work,
        "administration/user.html",
        title=account.display_name,
        typed=form,
        account=account,
        roles=sorted(queries.roles_of(work, account.id)),
        is_me=account.id == work.actor.id,
    )


@router.post("/{account_id}/disable")
@or_show(show_user)
def disable_user(request: Request, form: Posted, work: Manager, account_id: UUID) -> Response:
    actions.disable_user(work, account_id)
    return done(request, goto="/office/users?done=saved")


@router.post("/{account_id}/reset")
@or_show(show_user)
def reset_user(request: Request, form: Posted, work: Manager, account_id: UUID) -> Response:
    return _link(request, work, actions.reset_user(work, account_id), title="Access was reset")


@router.post("/{account_id}/release")
@or_show(show_user)
def release_user(request: Request, form: Posted, work: Manager, account_id: UUID) -> Response:
    locking.release_user(work, account_id)
    return done(request, goto=f"/office/users/{account_id}?done=saved")


def _link(request: Request, work: Work, invited: actions.Invited, *, title: str) -> Response:
    """The one time the link is shown: it is kept nowhere, so it cannot be a redirect to a page that shows it again."""
    return show(
        request,
        work,
        "administration/link.html",
        title=title,
        account=invited.account,
        link=invited.link,
        waits=invited.waits,
    )
