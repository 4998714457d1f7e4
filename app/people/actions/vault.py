"""What is done with identities: keep one, open one, look one up, and look at what was out of the ordinary."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID, uuid4

from app.access.acts import never_stopped
from app.access.permissions import Permission
from app.access.reading import found
from app.access.work import Work
from app.infra.db import hidden_key
from app.infra.sealing import Kind, aad, new_data_key, seal
from app.kernel.errors import Invalid, Refused
from app.people import queries, rules
from app.people.commands import LookUp
from app.people.events import IdentityLookedUp, IdentityOpened, UseLookedAt
from app.people.records import Identity, IdentityKey, Person, VaultUse
from app.people.rules import OpeningReason, Who

ENOUGH = "You have used the vault very often in this hour. Go on in an hour, or ask a colleague."


@never_stopped("part of what was let through")
def keep_filer(work: Work, filing_id: UUID, who: Who, *, kept_in: Sequence[str] = ()) -> Person:
    """The filer as a person; the identity, where one was given, sealed with a key of its own."""
    return keep_named(work, filing_id, "filer", "C1", who, kept_in=kept_in)


@never_stopped("part of what was let through")
def keep_named(work: Work, filing_id: UUID, role: str, label: str, who: Who, *, kept_in: Sequence[str] = ()) -> Person:
    """Somebody whom a filing names, as a person; who that is stands in the vault alone."""
    person = work.put(Person(id=uuid4(), filing_id=filing_id, case_id=None, role=role, label=label))
    if who != Who():
        keep_identity(work, person.id, who, kept_in=kept_in)
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
def keep_identity(work: Work, person_id: UUID, who: Who, *, kept_in: Sequence[str] = ()) -> None:
    """Seals a name and contact; exact look-up works by keyed hashes alone. The event of whoever asks covers it."""
    key = new_data_key()
    wrapped = work.keys.holder.wrap(key, person_id)
    place = aad("identities", "sealed", person_id, wrapped.key_id)
    work.put(
        Identity(
            person_id=person_id,
            key_id=wrapped.key_id,
            sealed=seal(key, json.dumps(asdict(who)).encode(), place),
            email_index=queries.index_of(work, "email", who.email),
            phone_index=queries.index_of(work, "phone", who.phone),
            name_index=queries.index_of(work, "name", who.name),
            index_version=queries.INDEX,
            compartments=list(kept_in),
        )
    )
    work.put(IdentityKey(person_id=person_id, key_id=wrapped.key_id, wrapped_key=wrapped.sealed, shredded_at=None))


@never_stopped("history stays and is read")
def open_identity(
    work: Work, person_id: UUID, reason: OpeningReason, *, refers_to: str = "", is_theirs: bool = True
) -> Who:
    """Reads who one person is; the opening, its reason and its day stand in the journal and are told to the filer."""
    person = queries.get_person(work, person_id)
    unusual = ""
    if work.actor.kind == "account":
        work.need_step_up()
        unusual = _use(work, person, reason, refers_to, is_theirs=is_theirs)
    who = queries.read_identity(work, person.id)
    opened = IdentityOpened(case_id=person.case_id, person_id=person.id, reason=reason, is_unusual=bool(unusual))
    work.happened(opened, kept_in=queries.kept_in(work, person.id))
    return who


def _use(work: Work, person: Person, reason: OpeningReason, refers_to: str, *, is_theirs: bool) -> str:
    """Notes it for the filer and for those who answer for the vault, before anything is read."""
    pace = queries.pace_of(work, rules.OPENED)
    if pace.is_full:
        raise Refused(ENOUGH)
    unusual = rules.unusual(pace, is_theirs=is_theirs)
    work.put(
        VaultUse(
            id=uuid4(),
            kind=rules.OPENED,
            account_id=work.actor.id,
            role=_role(work),
            person_id=person.id,
            filing_id=person.filing_id,
            case_id=person.case_id,
            reason=reason,
            refers_to=refers_to,
            used_at=work.now,
            unusual=unusual,
        )
    )
    return unusual


def _role(work: Work) -> str:
    """One of this person's roles that lets them do it: what the filer is told of them."""
    roles = work.house.access.roles
    return next(
        (str(role) for role in roles if role in work.actor.roles and Permission.IDENTITY_OPEN in roles[role].may), ""
    )


@never_stopped("history stays and is read")
def look_up(work: Work, ask: LookUp) -> dict[UUID, str]:
    """Filings by somebody with exactly this name, e-mail or telephone; the caller shows what this person may know of.

    Whoever calls this says `note_look_up` with what was shown: the journal never counts what a wall hides.
    """
    given: dict[Kind, str] = {"email": ask.email, "phone": ask.phone, "name": ask.name}
    if not any(given.values()):
        raise Invalid({"name": "Give a name, an email address or a telephone."})
    if queries.pace_of(work, rules.LOOKED_UP).is_full:
        raise Refused(ENOUGH)
    return queries.filings_of_person(work, given)


@never_stopped("history stays and is read")
def note_look_up(work: Work, ask: LookUp, shown: int) -> None:
    """Who asked, by which marks and why, and how much was shown; never what was asked for."""
    pace = queries.pace_of(work, rules.LOOKED_UP)
    work.put(
        VaultUse(
            id=hidden_key(),
            kind=rules.LOOKED_UP,
            account_id=work.actor.id,
            role=_role(work),
            reason=ask.reason,
            hits=shown,
            used_at=work.now,
            unusual=rules.unusual(pace, is_theirs=True),
        )
    )
    by = [kind for kind in ("name", "email", "phone") if getattr(ask, kind)]
    work.happened(IdentityLookedUp(by=by, reason=ask.reason, hits=shown))


@never_stopped("history stays and is read")
def look_at_use(work: Work, use_id: UUID) -> VaultUse:
    """Somebody else than who did it has looked at an unusual use; it leaves the list."""
    use = found(next((each for each in queries.unusual_uses(work) if each.id == use_id), None))
    use.looked_by_id, use.looked_at = work.actor.id, work.now
    work.happened(UseLookedAt(case_id=use.case_id, use_id=use.id))
    return use
