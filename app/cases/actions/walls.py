"""What is kept of a whole case, who is on which side of it, and a filer who works for the department."""

from uuid import UUID

from app.access import routes, sides
from app.access.acts import never_stopped
from app.access.compartments import Kind, Side, together
from app.access.permissions import Permission
from app.access.records import CaseSide
from app.access.work import Work
from app.cases import queries
from app.cases.actions.cases import keep_reason
from app.cases.commands import KeepCase, NameSide
from app.cases.events import CaseKept, CaseNoLongerKept, FilerKept
from app.cases.queries import walls
from app.cases.records import Case
from app.kernel.errors import Refused

MAY_STAND = "walls stand whatever the law took away"


@never_stopped(MAY_STAND)
def keep_case(work: Work, case_id: UUID, ask: KeepCase) -> Case:
    """The whole case is there from now on for those alone who are inside; whoever keeps it may lose it by that."""
    case = _to_change(work, case_id)
    if ask.keep in case.compartments:
        raise Refused("The case is kept so already.")
    keep_reason(work, case, ask.reason)
    entry = work.happened(CaseKept(case_id=case.id, kind=ask.keep))
    # Written last: once it stands, the database takes nothing more on this case from whoever is outside.
    work.flush()
    case.compartments, case.last_entry_id = together(case.compartments, [ask.keep]), entry
    return case


@never_stopped(MAY_STAND)
def lift_case(work: Work, case_id: UUID, ask: KeepCase) -> Case:
    """A court unsealed it, or it turned out to be about no child: it is there again for whoever may read cases."""
    case = _to_change(work, case_id)
    if ask.keep not in case.compartments:
        raise Refused("The case is not kept so.")
    keep_reason(work, case, ask.reason)
    case.compartments = [each for each in case.compartments if each != ask.keep]
    work.happened(CaseNoLongerKept(case_id=case.id, kind=ask.keep))
    return case


@never_stopped(MAY_STAND)
def name_side(work: Work, case_id: UUID, ask: NameSide) -> CaseSide:
    """Somebody is on one side of the case; refused for ever for whoever has read what that side must never read."""
    case = _to_change(work, case_id)
    return sides.name_side(work, case.id, ask.account_id, Side(ask.side), ask.reason)


@never_stopped(MAY_STAND)
def end_side(work: Work, case_id: UUID, side_id: UUID) -> CaseSide:
    """Somebody is on that side no more."""
    case = _to_change(work, case_id)
    return sides.end_side(work, case.id, side_id)


@never_stopped(MAY_STAND)
def keep_filer(work: Work, case_id: UUID) -> Case:
    """The filer works for the department: from now on one role alone can learn who they are."""
    case = _to_change(work, case_id)
    work.happened(FilerKept(case_id=case.id), kept_in=[Kind.WHISTLEBLOWER])
    return case


@never_stopped(MAY_STAND)
def keep_filer_apart(work: Work, case_id: UUID) -> None:
    """Done by the worker: whoever asked for it need not be inside, and once it is done no longer is."""
    changed = False
    for identity in walls.identities_of_filers(work, case_id):
        identity.compartments = together(identity.compartments, [Kind.WHISTLEBLOWER])
        changed = True
    if changed:
        work.happened(FilerKept(case_id=case_id, done=True), kept_in=[Kind.WHISTLEBLOWER])


def _to_change(work: Work, case_id: UUID) -> Case:
    work.need(Permission.CASE_ASSIGN)
    work.need_step_up()
    case = queries.get_case(work, case_id, for_update=True)
    routes.check_handles(work, case_id=case.id)
    return case
