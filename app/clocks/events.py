"""What happened to clocks."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class ClockStarted(Event):
    """A deadline began to run."""

    tag: ClassVar[str] = "clocks:clock:started"
    sentence: ClassVar[str] = "Started the clock {rule}, due {due_on}."

    clock_id: UUID
    rule: str
    started_on: date
    due_on: date
    officer_id: UUID | None = None


class EventHeard(Event):
    """The case came to something from which clocks of its officers count, also of one who is named only later."""

    tag: ClassVar[str] = "clocks:event:heard"
    sentence: ClassVar[str] = "For the clocks of the officers of the case, on {day}: {event}."

    event: str
    day: date


class CountBegan(Event):
    """A duty began for which the law gives no number of days: they are counted."""

    tag: ClassVar[str] = "clocks:clock:counts_up"
    sentence: ClassVar[str] = "Began to count the days of {rule} from {started_on}."

    clock_id: UUID
    rule: str
    started_on: date
    officer_id: UUID | None = None


class RoundBegun(Event):
    """A duty that comes back was done, and is due again."""

    tag: ClassVar[str] = "clocks:round:begun"
    sentence: ClassVar[str] = "Round {round} of the clock {rule} began, due {due_on}."

    clock_id: UUID
    rule: str
    round: int
    started_on: date
    due_on: date
    officer_id: UUID | None = None


class StartNoted(Event):
    """There is one more day from which a clock may count: another event came, or a party holds another day."""

    tag: ClassVar[str] = "clocks:start:noted"
    sentence: ClassVar[str] = "Noted that the clock {rule} may count from {day}."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    day: date
    party: str = ""


class StartWithdrawn(Event):
    """An event from which a clock might have counted never happened."""

    tag: ClassVar[str] = "clocks:start:withdrawn"
    sentence: ClassVar[str] = "Withdrew a start of the clock {rule}, on {day}: {event}. It never happened."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    day: date


class StartMoved(Event):
    """By the rulebook another start counts, and the date moved."""

    tag: ClassVar[str] = "clocks:start:moved"
    sentence: ClassVar[str] = "The clock {rule} counts from {started_on}; now due {due_on}."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    started_on: date
    due_on: date | None


class StartChosen(Event):
    """Somebody chose the day from which a clock counts, and said why."""

    tag: ClassVar[str] = "clocks:start:chosen"
    sentence: ClassVar[str] = "Chose the day from which the clock {rule} counts: {started_on}; due {due_on}."

    clock_id: UUID
    start_id: UUID
    rule: str
    event: str
    party: str
    started_on: date
    from_on: date | None
    due_on: date | None


class ClockStopped(Event):
    """What the clock waited for has happened."""

    tag: ClassVar[str] = "clocks:clock:stopped"
    sentence: ClassVar[str] = "Stopped the clock {rule}: {reason}."

    clock_id: UUID
    rule: str
    stopped_on: date
    reason: str


class ClockVoided(Event):
    """What had started the clock never happened: it never began."""

    tag: ClassVar[str] = "clocks:clock:voided"
    sentence: ClassVar[str] = "The clock {rule} never began: what had started it was withdrawn."

    clock_id: UUID
    rule: str


class StoppedTooEarly(Event):
    """The law wants more time to lie between: it was done before."""

    tag: ClassVar[str] = "clocks:clock:too_early"
    sentence: ClassVar[str] = "The clock {rule} was stopped before {due_on}: too early."

    clock_id: UUID
    warning_id: UUID
    rule: str
    due_on: date
    level: str
    held_by_id: UUID | None = None


class ClockPaused(Event):
    """A clock stands still for a reason that the rulebook allows; its date moved."""

    tag: ClassVar[str] = "clocks:clock:paused"
    sentence: ClassVar[str] = "Paused the clock {rule} for {kind} from {from_on}; now due {due_on}."

    clock_id: UUID
    rule: str
    kind: str
    from_on: date
    until_on: date | None = None
    due_on: date | None


class PauseEnded(Event):
    """A pause that had no end has one: the clock runs again."""

    tag: ClassVar[str] = "clocks:clock:resumed"
    sentence: ClassVar[str] = "Ended the pause of the clock {rule} on {until_on}; due {due_on}."

    clock_id: UUID
    rule: str
    until_on: date
    due_on: date | None


class ClockRunsAgain(Event):
    """The case went back to an earlier stage: what had ended with the later one runs on, with its first date."""

    tag: ClassVar[str] = "clocks:clock:reopened"
    sentence: ClassVar[str] = "The clock {rule} runs again, due {due_on}."

    clock_id: UUID
    rule: str
    due_on: date | None


class StartCorrected(Event):
    """The day that a clock counts from was put on file wrong; it is counted from the right one."""

    tag: ClassVar[str] = "clocks:clock:corrected"
    sentence: ClassVar[str] = "Counted the clock {rule} from {started_on} instead of {was_on}; now due {due_on}."

    clock_id: UUID
    rule: str
    was_on: date
    started_on: date
    due_on: date | None = None


class StopCorrected(Event):
    """The day on which a clock stopped was put on file wrong; it stopped on the right one."""

    tag: ClassVar[str] = "clocks:stop:corrected"
    sentence: ClassVar[str] = "The clock {rule} was stopped on {stopped_on} instead of {was_on}."

    clock_id: UUID
    rule: str
    was_on: date
    stopped_on: date


class PauseAsked(Event):
    """Somebody asked for a pause; another one decides."""

    tag: ClassVar[str] = "clocks:pause:asked"
    sentence: ClassVar[str] = "Asked to pause the clock {rule} for {kind} from {from_on}."

    clock_id: UUID
    pause_id: UUID
    rule: str
    kind: str
    from_on: date
    until_on: date | None = None


class PauseRefused(Event):
    """A pause that was asked for was not granted."""

    tag: ClassVar[str] = "clocks:pause:refused"
    sentence: ClassVar[str] = "Refused to pause the clock {rule} for {kind}."

    clock_id: UUID
    pause_id: UUID
    rule: str
    kind: str


class ExtensionAsked(Event):
    """Somebody asked for more time on a clock."""

    tag: ClassVar[str] = "clocks:extension:asked"
    sentence: ClassVar[str] = "Asked for more time on the clock {rule}: {amount} {unit}."

    clock_id: UUID
    extension_id: UUID
    rule: str
    amount: int
    unit: str


class AgreementNoted(Event):
    """One of those who may agree on more time has agreed."""

    tag: ClassVar[str] = "clocks:extension:agreed"
    sentence: ClassVar[str] = "Noted that more time on the clock {rule} was agreed to by the {party} on {agreed_on}."

    clock_id: UUID
    extension_id: UUID
    rule: str
    party: str
    agreed_on: date


class ExtensionGranted(Event):
    """A clock has more time; its date moved."""

    tag: ClassVar[str] = "clocks:extension:granted"
    sentence: ClassVar[str] = "Gave more time on the clock {rule}: {amount} {unit}; now due {due_on}."

    clock_id: UUID
    extension_id: UUID
    rule: str
    amount: int
    unit: str
    due_on: date


class ExtensionRefused(Event):
    """More time was asked for and not given."""

    tag: ClassVar[str] = "clocks:extension:refused"
    sentence: ClassVar[str] = "Gave no more time on the clock {rule}."

    clock_id: UUID
    extension_id: UUID
    rule: str


class WarningRaised(Event):
    """A clock came so near its end that somebody must take notice."""

    tag: ClassVar[str] = "clocks:warning:raised"
    sentence: ClassVar[str] = "Warned of the clock {rule}, due {due_on}: {step} days are left."

    clock_id: UUID
    warning_id: UUID
    rule: str
    step: int
    level: str
    due_on: date


class WarningRose(Event):
    """Nobody took notice, and it went to the next above."""

    tag: ClassVar[str] = "clocks:warning:risen"
    sentence: ClassVar[str] = "Nobody answered the warning of the clock {rule}: it rose to the {level}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    step: int
    level: str


class WarningAcknowledged(Event):
    """Somebody took notice and wrote down what will be done."""

    tag: ClassVar[str] = "clocks:warning:acknowledged"
    sentence: ClassVar[str] = "Answered the warning of the clock {rule}, due {due_on}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    step: int
    level: str
    due_on: date


class ClockLapsed(Event):
    """The last day passed and nothing stopped the clock."""

    tag: ClassVar[str] = "clocks:clock:lapsed"
    sentence: ClassVar[str] = "The clock {rule} lapsed on {due_on}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    due_on: date
    level: str
    held_by_id: UUID | None = None


class LapseExplained(Event):
    """Why a clock lapsed was written down, with who held the file."""

    tag: ClassVar[str] = "clocks:clock:explained"
    sentence: ClassVar[str] = "Said why the clock {rule} lapsed on {due_on}."

    clock_id: UUID
    warning_id: UUID
    rule: str
    due_on: date
    cause: str = ""
    held_by_id: UUID


class ClockRecounted(Event):
    """A corrected rulebook, or another table of holidays, gives an open clock another date."""

    tag: ClassVar[str] = "clocks:clock:recounted"
    sentence: ClassVar[str] = "Counted the clock {rule} again: due {due_on} instead of {from_on}."

    clock_id: UUID
    recount_id: UUID
    rule: str
    from_on: date
    due_on: date
    policy_id: str


class ClockStoodStill(Event):
    """A day passed while a pause is open, and the date moved with it."""

    tag: ClassVar[str] = "clocks:clock:stood_still"
    sentence: ClassVar[str] = "The clock {rule} still stands still: if the pause ended now, it would be due {due_on}."

    clock_id: UUID
    recount_id: UUID
    rule: str
    from_on: date
    due_on: date


class RecountBegun(Event):
    """All running clocks are counted again."""

    tag: ClassVar[str] = "clocks:recount:begun"
    sentence: ClassVar[str] = "Began to count all {total} running clocks again ({kind})."

    recount_id: UUID
    kind: str
    total: int


class ClocksCounted(Event):
    """One batch of a recount is done; each clock that moved has an entry of its own."""

    tag: ClassVar[str] = "clocks:recount:went_on"
    sentence: ClassVar[str] = "Counted {counted} clocks again: {moved} dates moved, {warned} warnings given or risen."

    recount_id: UUID
    counted: int
    moved: int
    warned: int


class RecountTakenUp(Event):
    """A recount that had stopped half-way goes on."""

    tag: ClassVar[str] = "clocks:recount:taken_up"
    sentence: ClassVar[str] = "Took up a recount that had stopped."

    recount_id: UUID


class RecountFinished(Event):
    """Every running clock was counted again."""

    tag: ClassVar[str] = "clocks:recount:finished"
    sentence: ClassVar[str] = "Counted all running clocks again: {moved} of {counted} dates moved."

    recount_id: UUID
    counted: int
    moved: int
    warned: int


class ChangesSeen(Event):
    """Whoever holds the file has seen which dates moved."""

    tag: ClassVar[str] = "clocks:change:seen"
    sentence: ClassVar[str] = "Saw that {changes} dates had moved."

    changes: int


class DigestDue(Event):
    """Somebody has clocks to look after and is told so by mail."""

    tag: ClassVar[str] = "clocks:digest:due"
    sentence: ClassVar[str] = "A digest of clocks is due to go out."

    account_id: UUID


class DigestSent(Event):
    """Case numbers and dates went out by mail."""

    tag: ClassVar[str] = "clocks:digest:sent"
    sentence: ClassVar[str] = "Mailed a digest of {clocks} clocks."

    account_id: UUID
    clocks: int
