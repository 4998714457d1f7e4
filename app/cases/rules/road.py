"""The road of a case: which moves are open, to whom, and what stands in the way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.acting import check_may
from app.policy.model import Rulebook
from app.policy.model.powers import Act
from app.policy.model.process import Move

NO_DATE = date(9999, 12, 31)
READERS = ("team", "mine")
CLOSURE_GUARD = "closure_reason_given"
CONTACT_CHANNELS = {
    "phone": "Phone",
    "email": "Email",
    "mail": "Mail",
    "portal": "Message by passphrase",
    "visit": "Visit",
}
CONTACT_RESULTS = {
    "reached": "Reached",
    "left_message": "Left a message",
    "no_answer": "No answer",
    "wrong_address": "Wrong number or address",
    "refused": "Did not want to talk",
}

GUARD_WORDS = {
    "is_classified": "The case must be classified first.",
    "investigator_assigned": "Somebody must be assigned to the case first.",
    "every_allegation_has_a_finding": "Every allegation needs a finding first.",
    "supervisor_approved": "A supervisor must review every finding first.",
    "on_a_docket": "The case must be on a docket first.",
    "motion_carried": "The commission must carry a motion on every allegation first.",
    "sent_back_by_vote": "The commission must carry a motion to send the case back first.",
    "findings_sent": "The findings must be sent first.",
    "answer_received": "The department must answer first.",
    "answer_lapsed": "The department has answered, or still has time to.",
    "closing_letter_sent": "The closing letter must be sent first.",
    "closure_reason_given": "Choose why the case closes without a finding.",
    "no_open_demand": "A demand is still open.",
    "dispute_open": "The department's answer must open a dispute first.",
    "no_open_dispute": "A dispute is still open.",
}
# Whose word stands after a dispute.
REASON_WANTED = "Say why: the rulebook asks for a reason here."


def check_move(book: Rulebook, stage: str, to: str, roles: Iterable[str], reason: str) -> Move:
    """The move, where the rulebook has it and gives it to one of these roles."""
    move = book.move(stage, to)
    if move is None:
        raise Refused(f"A case does not go from {_said(book, stage)} to {_said(book, to)}.")
    if not set(move.by) & set(roles):
        raise NotAllowed(f"Only {' or '.join(move.by)} may do this.")
    if move.needs_reason and not reason.strip():
        raise Invalid({"reason": REASON_WANTED})
    return move


def check_powers(today: Rulebook, move: Move, on: date) -> None:
    """What was lost stops a case where it stands: by the rulebook in force today, whatever it is pinned to."""
    check_may(today, Act.MOVES, on)
    if move.power is not None and not today.has_power(move.power, on):
        lost = today.why_without(move.power, on)
        raise Refused(f"Nobody holds the power for this step now. {lost.sentence() if lost else ''}".strip())


def check_guards(move: Move, holds: Callable[[str], bool]) -> None:
    """Everything the rulebook asks for before this move; the first that is missing is named."""
    for guard in move.only_if:
        if not holds(guard):
            raise Refused(_guard_words(guard))


def _guard_words(guard: str) -> str:
    return GUARD_WORDS.get(guard, "Something is missing before this step.")


def check_closure(book: Rulebook, code: str, reason: str, roles: Iterable[str], attempts: int) -> None:
    """A way to end without a finding: one of the rulebook's, by whom it names, on the ground it asks for."""
    closure = next((each for each in book.closures if each.code == code), None)
    if closure is None:
        raise Invalid({"closure": GUARD_WORDS[CLOSURE_GUARD]})
    if closure.by and not set(closure.by) & set(roles):
        raise NotAllowed(f"Only {' or '.join(closure.by)} may close a case for this.")
    if closure.needs_reason and not reason.strip():
        raise Invalid({"reason": REASON_WANTED})
    if attempts < closure.contact_attempts:
        raise Refused(
            f"{closure.label.to('en')}: the rulebook asks for {closure.contact_attempts} attempts to reach the person "
            f"in the log, and {attempts or 'none'} {'is' if attempts == 1 else 'are'} there."
        )


def moves_for(book: Rulebook, stage: str, roles: Iterable[str]) -> tuple[Move, ...]:
    """The moves that these roles may make from here; guards are asked when the move is made."""
    held = set(roles)
    return tuple(move for move in book.moves_from(stage) if held & set(move.by))


@dataclass(frozen=True)
class NextMove:
    """A move as a person is shown it: its name, what it asks for, and what is still missing."""

    to: str
    label: str
    needs_reason: bool
    needs_closure: bool
    missing: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """True where one button does it."""
        return not (self.needs_reason or self.needs_closure)


def next_move(book: Rulebook, move: Move, holds: Callable[[str], bool], lacks: Iterable[str] = ()) -> NextMove:
    """The move with whatever it still waits for, in words."""
    asked = [guard for guard in move.only_if if guard != CLOSURE_GUARD]
    label = move.label.to("en") if move.label else f"Move to: {book.stage(move.to).label.to('en')}"
    missing = tuple(_guard_words(guard) for guard in asked if not holds(guard))
    return NextMove(move.to, label, move.needs_reason, CLOSURE_GUARD in move.only_if, (*missing, *lacks))


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


def told_by_letter(on: str | None) -> tuple[str, ...]:
    """What a letter that goes out on this event means to the clocks: the one about the end acknowledges as well."""
    if on in {"acknowledgement_sent", "filer_updated"}:
        return (on,)
    return ("acknowledgement_sent", "closing_letter_sent") if (on or "").startswith("case_") else ()


def goes_back(book: Rulebook, stage: str, to: str) -> bool:
    """True where the case returns to a stage that stands earlier in the rulebook: what had ended there runs again."""
    order = [each.code for each in book.stages]
    return stage in order and to in order and order.index(to) < order.index(stage)


def undone_by_going_back(book: Rulebook, to: str) -> tuple[str, ...]:
    """The endings that a return takes back: what a later phase, or the closing itself, had ended runs on."""
    endings = ["investigation_finished", "supervisor_approved", "findings_sent"]
    kept = {"review": 1, "decision": 2, "answer": 3}.get(book.stage(to).phase, 0)
    return ("case_closed", "case_closed_early", "case_referred", *endings[kept:])


def is_referral(book: Rulebook, stage: str) -> bool:
    """True for a final stage to which intake sends what belongs to somebody else."""
    return any(each.leads_to == stage and each.refer_to for each in book.classification)


def road(book: Rulebook, stage: str) -> list[tuple[str, str]]:
    """The stages to show as steps: the whole road with its main end, or as far as every case goes that ended here."""
    here = next((each for each in book.stages if each.code == stage), None)
    end = book.final_stages[0] if book.final_stages else None
    going = [each for each in book.stages if not each.final]
    if here is not None and here.final and here != end:
        left = {move.from_ for move in book.moves if move.to == stage}
        earliest = next((place for place, each in enumerate(going) if each.code in left), 0)
        going, end = going[: earliest + 1], here
    return [(each.code, each.label.to("en")) for each in (*going, *([end] if end else []))]


def _said(book: Rulebook, stage: str) -> str:
    known = {each.code: each.label.to("en") for each in book.stages}
    return known.get(stage, "a stage the rulebook does not know")
