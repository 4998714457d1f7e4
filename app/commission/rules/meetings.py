"""What may be done at a meeting, and by whom: its states, who may vote, which cases may stand on its docket."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.agency import Body, BodyKind
from app.policy.model.process import Phase

SCHEDULED, IN_SESSION, ENDED = "scheduled", "in_session", "ended"
STATE_WORDS = {SCHEDULED: "Planned", IN_SESSION: "In session", ENDED: "Ended"}
FINDING, SEND_BACK = "finding", "send_back"
SENT_BACK_GUARD = "sent_back_by_vote"
SEND_BACK_WORDS = "That the case go back for more work: "
DOCKET_GUARD = "on_a_docket"
UNSTATED = "unstated"
GONE = "this body does not meet now."
VOTING_KINDS = {BodyKind.BOARD, BodyKind.PANEL}


def voting_bodies(book: Rulebook) -> tuple[Body, ...]:
    """The bodies of the rulebook that meet and vote."""
    return tuple(body for body in book.bodies if body.kind in VOTING_KINDS)


def check_body(book: Rulebook, code: str, field: str = "body") -> Body:
    """The body, where it is one that votes."""
    found = next((body for body in voting_bodies(book) if body.code == code), None)
    if found is None:
        raise Invalid({field: "Choose one of the list."})
    return found


def stages_for_docket(book: Rulebook) -> frozenset[str]:
    """Where a case stands when it may be put on a docket: before the commission, or one guarded step away from it."""
    deciding = {stage.code for stage in book.stages if stage.phase is Phase.DECISION}
    one_step = {move.from_ for move in book.moves if move.to in deciding and DOCKET_GUARD in move.only_if}
    return frozenset(deciding | one_step)


def send_back_to(book: Rulebook, stage: str) -> str | None:
    """Where a case goes that the body sends back from here for more work; None where the rulebook has no such way."""
    return next((move.to for move in book.moves_from(stage) if SENT_BACK_GUARD in move.only_if), None)


def work_wanted(wording: str) -> str:
    """What is still to be done, out of the motion that sends a case back."""
    return wording.removeprefix(SEND_BACK_WORDS)


def check_exists(body: Body, on: date) -> None:
    """A body that was ended meets no more and takes no members; who ended it and who took over is said."""
    if not body.exists(on):
        said = ": ".join(text.to("en") for text in (body.ended_by, body.reason) if text)
        law = f" ({body.authority})" if body.authority and said else ""
        follower = body.successor.to("en") if body.successor else ""
        raise Refused(" ".join(part for part in (f"{body.label.to('en')}: {GONE}", f"{said}{law}", follower) if part))


def check_state(state: str, wanted: str) -> None:
    """The meeting must be where this act belongs."""
    if state != wanted:
        raise Refused(f"The meeting is {STATE_WORDS[state].lower()}; this belongs to one that is {_said(wanted)}.")


def check_day(held_on: date, today: date) -> None:
    """A meeting was announced for its day: it does not begin before."""
    if today < held_on:
        raise Refused("This meeting is announced for a later day. It cannot begin before.")


def check_ground(body: Body, ground: str) -> str:
    """A ground of the rulebook; where it names none, none is asked for."""
    if not body.recusal_grounds:
        return UNSTATED
    if ground not in {each.code for each in body.recusal_grounds}:
        raise Invalid({"ground": "Choose one of the answers."})
    return ground


def check_voter(account_id: UUID, members: Collection[UUID], present: Collection[UUID]) -> None:
    """Members vote who are here; whoever is recused does not even see the motion."""
    if account_id not in members:
        raise Refused("Only a member with a seat in this body may vote.")
    if account_id not in present:
        raise Refused("The roll does not show you as present. Ask the secretary to note that you are here.")


def check_mover(account_id: UUID, present: Collection[UUID], recused: Collection[UUID]) -> None:
    """A motion is moved by a member who is here and not recused."""
    if account_id not in present:
        raise Refused("A motion is moved by a member who is here.")
    if account_id in recused:
        raise Refused("A member who is recused moves nothing in this case.")


def _said(state: str) -> str:
    return {SCHEDULED: "still planned", IN_SESSION: "in session", ENDED: "over"}[state]
