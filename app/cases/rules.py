"""The road of a case: which moves are open, to whom, and what stands in the way."""

from collections.abc import Callable, Iterable
from datetime import date

from app.kernel.errors import NotAllowed, Refused
from app.policy.model import Rulebook
from app.policy.model.process import Move

NO_DATE = date(9999, 12, 31)
READERS = ("team", "mine")
CONTACT_CHANNELS = ("phone", "email", "mail", "portal", "visit")
CONTACT_RESULTS = ("reached", "left_message", "no_answer", "wrong_address", "refused")

GUARD_WORDS = {
    "is_classified": "The case must be classified first.",
    "investigator_assigned": "Somebody must be assigned to the case first.",
    "every_allegation_has_a_finding": "Every allegation needs a finding first.",
    "supervisor_approved": "A supervisor must review every finding first.",
    "on_a_docket": "The case must be on a docket first.",
    "motion_carried": "The commission must carry a motion on every allegation first.",
    "findings_sent": "The findings must be sent first.",
    "answer_received": "The department must answer first.",
    "answer_lapsed": "The department still has time to answer.",
    "closing_letter_sent": "The closing letter must be sent first.",
    "closure_reason_given": "Choose why the case closes without a finding.",
    "referral_sent": "The referral must be sent first.",
    "no_open_demand": "A demand is still open.",
}


def check_move(book: Rulebook, stage: str, to: str, roles: Iterable[str], reason: str) -> Move:
    """The move, where the rulebook has it and gives it to one of these roles."""
    move = book.move(stage, to)
    if move is None:
        raise Refused(f"A case does not go from {_said(book, stage)} to {_said(book, to)}.")
    if not set(move.by) & set(roles):
        raise NotAllowed(f"Only {' or '.join(move.by)} may do this.")
    if move.needs_reason and not reason.strip():
        raise Refused("Say why: the rulebook asks for a reason here.")
    return move


def check_guards(move: Move, holds: Callable[[str], bool]) -> None:
    """Everything the rulebook asks for before this move; the first that is missing is named."""
    for guard in move.only_if:
        if not holds(guard):
            raise Refused(GUARD_WORDS.get(guard, "Something is missing before this step."))


def moves_for(book: Rulebook, stage: str, roles: Iterable[str]) -> tuple[Move, ...]:
    """The moves that these roles may make from here; guards are asked when the move is made."""
    held = set(roles)
    return tuple(move for move in book.moves_from(stage) if held & set(move.by))


def queue_day(due_on: date | None) -> date:
    """Where a case stands in the queue; one without a running clock stands at the end."""
    return due_on or NO_DATE


def clock_event(book: Rulebook, to: str) -> str | None:
    """What arriving at a stage means to the clocks: told by the stage's phase, not by its name."""
    stage = book.stage(to)
    if not stage.final:
        return {
            "investigation": "investigation_started",
            "review": "investigation_finished",
            "decision": "supervisor_approved",
            "answer": "findings_sent",
        }.get(stage.phase)
    return "case_closed"


def closed_how(book: Rulebook, stage: str, closure: str, *, refers: bool) -> str:
    """Which ending the clocks and letters are told of."""
    if refers:
        return "case_referred"
    return "case_closed_early" if closure else "case_closed"


def _said(book: Rulebook, stage: str) -> str:
    known = {each.code: each.label.to("en") for each in book.stages}
    return known.get(stage, stage)
