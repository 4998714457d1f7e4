"""What is done with people's records: keep an identity, open one, put an officer on the roster, identify one."""

import json
from dataclasses import asdict
from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.infra.sealing import aad, blind_index, new_data_key, seal
from app.kernel.errors import Refused
from app.people import queries
from app.people.events import IdentityOpened, OfficerAdded, OfficerIdentified
from app.people.records import Identity, IdentityKey, Officer, Person
from app.people.rules import OpeningReason, Who, sort_name
from app.policy.model.powers import Act


@never_stopped("part of what was let through")
def keep_filer(work: Work, filing_id: UUID, who: Who) -> Person:
    """The filer as a person; the identity, where one was given, sealed with a key of its own."""
    person = work.put(Person(id=uuid4(), filing_id=filing_id, case_id=None, role="filer", label="C1"))
    if not who.is_empty:
        keep_identity(work, person.id, who)
    return person


@never_stopped("part of what was let through")
def filer_of_case(work: Work, filing_id: UUID, case_id: UUID) -> Person:
    """The filer as a person of the case; one who gave no name is a person all the same."""
    person = queries.person_of_filing(work, filing_id)
    if person is None:
        return work.add(Person(id=uuid4(), filing_id=filing_id, case_id=case_id, role="filer", label="C1"))
    person.case_id = case_id
    return person


@never_stopped("part of what was let through")
def keep_identity(work: Work, person_id: UUID, who: Who) -> None:
    """Seals a name and contact; exact look-up works by keyed hashes alone. The event of whoever asks covers it."""
    key = new_data_key()
    wrapped = work.keys.holder.wrap(key, person_id)
    place = aad("identities", "sealed", person_id, wrapped.key_id)
    sealed = seal(key, json.dumps(asdict(who)).encode(), place)
    index = work.keys.derive("index")
    work.put(
        Identity(
            person_id=person_id,
            key_id=wrapped.key_id,
            sealed=sealed,
            email_index=blind_index(index, "email", who.email) if who.email else None,
            phone_index=blind_index(index, "phone", who.phone) if who.phone else None,
            name_index=blind_index(index, "name", who.name) if who.name else None,
        )
    )
    work.put(
        IdentityKey(person_id=person_id, key_id=wrapped.key_id, wrapped_key=wrapped.sealed, shredded_at=None)
    )


@never_stopped("history stays and is read")
def open_identity(work: Work, person_id: UUID, reason: OpeningReason) -> Who:
    """Reads who a person is; the opening and its reason stand in the journal."""
    person = queries.get_person(work, person_id)
    who = queries.read_identity(work, person.id)
    work.happened(IdentityOpened(case_id=person.case_id, person_id=person.id, reason=reason))
    return who


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
