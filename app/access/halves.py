"""Steps that two people take: what waits for the second one, who that may be, and that it is never the first."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import SecondHalf
from app.access.work import Work
from app.infra.db import hidden_key
from app.kernel.errors import NotAllowed, NotFound, Refused
from app.kernel.events import Event
from app.policy.model import Rulebook

CLOSURE, DESTRUCTION, EXTENSION, FINDING, IDENTITY, PAUSE, RELEASE = (
    "closure",
    "destruction",
    "extension",
    "finding_review",
    "identity",
    "pause",
    "release",
)
# These are decided on a page of their own; the others where they always stood.
ON_THEIR_OWN = (CLOSURE, DESTRUCTION, IDENTITY)
# A name once read, or erased: the second person proves to be themselves as the first one does.
NEVER_UNDONE = (DESTRUCTION, IDENTITY)
# What can never be undone is always for two, also where the rulebook names nobody.
WHO_ERASES = ("supervisor", "director")
ASKED, GRANTED, REFUSED, USED = "asked", "granted", "refused", "used"
FEW = 40


class HalfAsked(Event):
    """Somebody did the first half of a step; it waits for a second person."""

    tag: ClassVar[str] = "access:half:asked"
    sentence: ClassVar[str] = "Asked a second person to agree: {step}."

    half_id: UUID
    step: str


class HalfGranted(Event):
    """The second person agreed."""

    tag: ClassVar[str] = "access:half:granted"
    sentence: ClassVar[str] = "Agreed as the second person: {step}."

    half_id: UUID
    step: str


class HalfRefused(Event):
    """The second person did not agree."""

    tag: ClassVar[str] = "access:half:refused"
    sentence: ClassVar[str] = "Did not agree as the second person: {step}."

    half_id: UUID
    step: str


def wants_two(book: Rulebook, step: str) -> bool:
    """True where the rulebook has one person ask and another one decide."""
    return any(entry.code == step for entry in book.second_persons)


def said(book: Rulebook, named: Sequence[str]) -> str:
    """Roles and people from outside, as a sentence names them."""
    outside = {each.code: f"the {each.label.to('en').lower()}" for each in book.outsiders}
    return " or ".join(outside.get(name, name) for name in named)


def who_may(book: Rulebook, step: str) -> str:
    """Who the second person of a step may be, in words; empty where anybody else may."""
    return said(book, book.second_persons_for(step))


def check_second(
    book: Rulebook,
    step: str,
    first_by_id: UUID | None,
    places: Collection[UUID],
    acts_as: Collection[str],
    always: Sequence[str] = (),
) -> None:
    """Refuses whoever did the first half, or stands in for them, and whom the rulebook does not name, in words."""
    named = book.second_persons_for(step) or always
    if first_by_id in places:
        who = f" It is for {said(book, named)}." if named else ""
        raise NotAllowed(f"You did the first half of this step: somebody else does the second.{who}")
    if named and not set(named) & set(acts_as):
        raise NotAllowed(f"The second person here is {said(book, named)}.")


def note_first(
    work: Work,
    book: Rulebook,
    step: str,
    subject_id: UUID,
    *,
    case_id: UUID | None = None,
    filing_id: UUID | None = None,
    what: dict[str, Any] | None = None,
    first_by_id: UUID | None = None,
    always: Sequence[str] = (),
) -> SecondHalf | None:
    """Notes what waits and for whom, where the rulebook wants two; the caller says what happened, which marks it.

    `always`: who decides a step that is for two whatever the rulebook says, where it names nobody.
    """
    if not wants_two(book, step) and not always:
        return None
    return work.add(
        SecondHalf(
            id=hidden_key(),
            step=step,
            case_id=case_id,
            filing_id=filing_id,
            subject_id=subject_id,
            by=list(book.second_persons_for(step) or always),
            what={"policy_id": book.policy_id} | (what or {}),
            first_by_id=first_by_id or work.actor.id,
            first_at=work.now,
            state=ASKED,
        )
    )


def ask_second(work: Work, book: Rulebook, step: str, subject_id: UUID, **of: Any) -> SecondHalf:
    """Asks for the second half of a step that has no page of its own; once, until somebody has answered."""
    if open_half(work, step, subject_id) is not None:
        raise Refused("This was asked for already, and waits for a second person.")
    half = note_first(work, book, step, subject_id, **of)
    if half is None:
        raise Refused("The rulebook wants no second person here.")
    work.happened(HalfAsked(case_id=half.case_id, half_id=half.id, step=step))
    return half


def settle(work: Work, step: str, subject_id: UUID, state: str = GRANTED) -> None:
    """The second half was done where it always stood: nothing waits any more."""
    half = open_half(work, step, subject_id)
    if half is None:
        return
    # What was decided is written first: once nothing waits, whoever is from outside may see nothing of it.
    work.flush()
    half.state, half.second_by_id, half.second_at = state, work.actor.id, work.now
    half.last_entry_id = work.entries[-1]


def decide_half(work: Work, half: SecondHalf, acts_as: Collection[str], *, agrees: bool, words: str = "") -> None:
    """Agrees to a step that has no page of its own, or does not; what follows from it is in `stages.py`."""
    if half.state != ASKED:
        raise Refused("This was decided already.")
    if agrees and half.step in NEVER_UNDONE:
        work.need_step_up()
    book = work.policies.named(half.what["policy_id"])
    check_second(book, half.step, half.first_by_id, work.actor.places, acts_as, half.by)
    half.state, half.words = GRANTED if agrees else REFUSED, words
    half.second_by_id, half.second_at = work.actor.id, work.now
    kind = HalfGranted if agrees else HalfRefused
    work.happened(kind(case_id=half.case_id, half_id=half.id, step=half.step))


def open_half(work: Work, step: str, subject_id: UUID) -> SecondHalf | None:
    """What waits for a second person."""
    return _latest(work, step, subject_id, SecondHalf.state == ASKED)


def granted_half(work: Work, step: str, subject_id: UUID) -> SecondHalf | None:
    """What a second person has let this person do, once."""
    mine = and_(SecondHalf.state == GRANTED, SecondHalf.first_by_id == work.actor.id)
    return _latest(work, step, subject_id, mine)


def _latest(work: Work, step: str, subject_id: UUID, *which: ColumnElement[bool]) -> SecondHalf | None:
    query = select(SecondHalf).where(SecondHalf.step == step, SecondHalf.subject_id == subject_id, *which)
    return work.session.scalars(query.order_by(SecondHalf.first_at.desc(), SecondHalf.id).limit(1)).first()


def get_half(work: Work, half_id: UUID) -> SecondHalf:
    """One of them, locked, for whom the rulebook names and those who read cases: anybody else is nobody, and 404."""
    query = select(SecondHalf).where(SecondHalf.id == half_id, SecondHalf.step.in_(ON_THEIR_OWN))
    half = one_or_not_found(work, query.with_for_update())
    if not (work.may(Permission.CASE_READ) or set(half.by) & work.actor.roles):
        raise NotFound()
    return half


def waiting_halves(work: Work) -> list[SecondHalf]:
    """What waits for this person, the longest first; the office finds pauses and findings in lists of their own."""
    mine = SecondHalf.by.overlap(sorted(work.actor.roles))
    steps = [] if work.actor.outsider else [SecondHalf.step.in_(ON_THEIR_OWN)]
    other = or_(SecondHalf.first_by_id.is_(None), SecondHalf.first_by_id.not_in(work.actor.places))
    query = select(SecondHalf).where(SecondHalf.state == ASKED, mine, other, *steps)
    return list(work.session.scalars(query.order_by(SecondHalf.first_at, SecondHalf.id).limit(FEW)))
