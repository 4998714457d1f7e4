"""What is done with officers: put one on the roster, identify one."""

from uuid import UUID, uuid4

from app.access.acts import stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.kernel.errors import Refused
from app.people import queries
from app.people.events import OfficerAdded, OfficerIdentified
from app.people.records import Officer
from app.people.rules import sort_name
from app.policy.model.powers import Act


@stops_with(Act.CASEWORK)
def add_officer(
    work: Work,
    department_id: str,
    *,
    last_name: str = "",
    first_name: str = "",
    badge: str = "",
    rank: str = "",
    unit: str = "",
    description: str = "",
    kind: str = "officer",
) -> Officer:
    """Puts somebody on the roster; without a name they are unknown, with what is known of them kept."""
    work.need(Permission.ALLEGATION_STATE)
    officer = work.add(
        Officer(
            id=uuid4(),
            department_id=department_id,
            kind=kind,
            is_unknown=not last_name,
            description=description,
            last_name=last_name,
            first_name=first_name,
            sort_name=sort_name(last_name, first_name),
            badge=badge,
            rank=rank,
            unit=unit,
        )
    )
    work.happened(OfficerAdded(officer_id=officer.id, is_unknown=officer.is_unknown))
    return officer


@stops_with(Act.CASEWORK)
def identify_officer(work: Work, unknown_id: UUID, known_id: UUID, *, case_id: UUID) -> Officer:
    """Ties a description to the officer it turned out to be; both records are kept."""
    work.need(Permission.OFFICER_IDENTIFY)
    unknown, known = queries.get_officer(work, unknown_id), queries.get_officer(work, known_id)
    if not unknown.is_unknown or known.is_unknown:
        raise Refused("Only an unknown officer is identified, and only as somebody with a name.")
    unknown.known_as_id = known.id
    work.happened(OfficerIdentified(case_id=case_id, officer_id=unknown.id, known_as_id=known.id))
    return known
