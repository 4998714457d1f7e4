"""Making an identity unreadable for ever, by two people; and the holds that stop it."""

from uuid import UUID, uuid4

from app.access import halves
from app.access.acts import never_stopped
from app.access.permissions import Permission
from app.access.records import SecondHalf
from app.access.work import Work
from app.kernel.errors import NotAllowed, Refused
from app.people import queries, rules
from app.people.commands import AskErasing, SetHold
from app.people.events import (
    ErasingAsked,
    ErasingStopped,
    HoldLiftAsked,
    HoldLifted,
    HoldSet,
    IdentityErased,
)
from app.people.records import Erasure, Hold

HELD = "A hold stands: this identity must be kept. It can be erased when two people have lifted the hold."


@never_stopped("what the law lets go is let go, whoever is in office")
def ask_erasing(work: Work, person_id: UUID, number: str, ask: AskErasing) -> SecondHalf:
    """The first half: nothing is destroyed before somebody else agrees."""
    work.need(Permission.IDENTITY_ERASE)
    work.need_step_up()
    person = queries.lock_person(work, person_id)
    if not queries.has_identity(work, person.id):
        raise Refused("There is no identity here that could be erased.")
    if queries.standing_hold(work, person.id, person.case_id) is not None:
        raise Refused(HELD)
    half = halves.ask_second(
        work,
        work.book,
        halves.DESTRUCTION,
        person.id,
        case_id=person.case_id,
        filing_id=person.filing_id,
        what={
            "reason": rules.REASON_WORDS[ask.reason],
            "code": ask.reason,
            "refers_to": ask.refers_to,
            "number": number,
        },
        always=halves.WHO_ERASES,
    )
    work.happened(ErasingAsked(case_id=person.case_id, person_id=person.id, reason=ask.reason))
    return half


@never_stopped("what the law lets go is let go, whoever is in office")
def erase_agreed(work: Work, half_id: UUID) -> None:
    """The worker destroys the key, once, after two people said so; a hold that came in between stops it."""
    half = queries.agreed_erasure(work, half_id, halves.DESTRUCTION)
    if half is None or half.first_by_id is None or half.second_by_id is None:
        return
    person = queries.lock_person(work, half.subject_id)
    half.state = halves.USED
    if queries.standing_hold(work, person.id, person.case_id) is not None:
        half.state = halves.REFUSED
        work.happened(ErasingStopped(case_id=person.case_id, person_id=person.id, half_id=half.id))
        return
    _destroy(work, person.id)
    ends_on = rules.last_copy_dies_on(work.today, work.house.vault_days)
    work.put(
        Erasure(
            person_id=person.id,
            filing_id=person.filing_id,
            case_id=person.case_id,
            half_id=half.id,
            reason=half.what["code"],
            refers_to=half.what["refers_to"],
            asked_by_id=half.first_by_id,
            agreed_by_id=half.second_by_id,
            erased_at=work.now,
            backups_end_on=ends_on,
        )
    )
    reason = half.what["code"]
    work.happened(
        IdentityErased(
            case_id=person.case_id, person_id=person.id, half_id=half.id, reason=reason, backups_end_on=ends_on
        )
    )


def _destroy(work: Work, person_id: UUID) -> None:
    """The key, and the hashes by which somebody could still ask whether it was this person."""
    key, identity = queries.lock_key(work, person_id), queries.lock_identity(work, person_id)
    if key is not None:
        key.wrapped_key, key.shredded_at = None, work.now
    if identity is not None:
        identity.email_index = identity.phone_index = identity.name_index = None


@never_stopped("what must be kept is kept, whoever is in office")
def set_hold(work: Work, person_id: UUID, ask: SetHold) -> Hold:
    """From now on this identity is kept, whoever else wants it gone."""
    work.need(Permission.IDENTITY_ERASE)
    person = queries.lock_person(work, person_id)
    of_case = person.case_id if ask.whole_case else None
    hold = work.add(
        Hold(
            id=uuid4(),
            person_id=None if of_case else person.id,
            case_id=of_case,
            issuer=ask.issuer,
            reason=ask.reason,
            set_by_id=work.actor.id,
            set_at=work.now,
        )
    )
    work.happened(HoldSet(case_id=person.case_id, hold_id=hold.id))
    return hold


@never_stopped("what cannot be decided can be taken back")
def lift_hold(work: Work, hold_id: UUID, *, case_id: UUID | None) -> Hold:
    """The first person asks, the second one ends it."""
    work.need(Permission.IDENTITY_ERASE)
    work.need_step_up()
    hold = queries.get_hold(work, hold_id)
    if hold.lift_asked_by_id is None:
        hold.lift_asked_by_id = work.actor.id
        work.happened(HoldLiftAsked(case_id=case_id, hold_id=hold.id))
        return hold
    if hold.lift_asked_by_id in work.actor.places:
        raise NotAllowed("You asked for this: somebody else lifts the hold.")
    hold.lifted_by_id, hold.lifted_at = work.actor.id, work.now
    work.happened(HoldLifted(case_id=case_id, hold_id=hold.id))
    return hold
