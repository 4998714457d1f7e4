"""Two cases are linked, with a reason; and somebody looks for other cases of the same filer, which is no secret."""

from uuid import UUID

from app.access import routes
from app.access.acts import never_stopped, stops_with
from app.access.keeping import marks_for
from app.access.permissions import Permission
from app.access.work import Work
from app.cases import queries, rules
from app.cases.commands import LinkCase
from app.cases.events import CasesLinked, FilerSought
from app.cases.records import CaseLink
from app.kernel.errors import Invalid
from app.policy.model.powers import Act


@stops_with(Act.CASEWORK)
def link_case(work: Work, case_id: UUID, ask: LinkCase) -> CaseLink:
    """Links a case with another that this person may see too; what they may not see is not there."""
    case = queries.get_case(work, case_id, for_update=True)
    other = queries.case_by_number(work, ask.number)
    standing = [(each.case_id, each.other_id, each.kind) for each in queries.links_of(work, case.id)]
    if other is None:
        raise Invalid({"number": rules.NO_CASE})
    rules.check_link(ask.relation, case.id, other.id, standing)
    link = work.add(
        CaseLink(
            case_id=case.id,
            other_id=other.id,
            kind=ask.relation,
            turn=1 + queries.times_linked(work, case.id, other.id, ask.relation),
            reason=ask.reason,
            linked_by_id=work.actor.id,
            linked_at=work.now,
            compartments=marks_for(work, case.id, None, ask.reason),
        )
    )
    work.happened(CasesLinked(case_id=case.id, other_id=other.id, relation=ask.relation))
    return link


@never_stopped("history stays and is read")
def seek_filer(work: Work, case_id: UUID) -> list[queries.OtherCase]:
    """Other cases of whoever filed this one: by their sealed contact, for those who may open it; it is journalled."""
    work.need(Permission.IDENTITY_OPEN)
    case = queries.get_case(work, case_id)
    routes.check_handles(work, case_id=case.id)
    work.happened(FilerSought(case_id=case.id))
    return queries.cases_of_filer(work, case.id)
