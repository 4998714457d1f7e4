"""The steps of an explanation as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.deadlines.terms import OPEN_DAYS, Unit


class StepKind(StrEnum):
    """The kinds of line in an explanation."""

    START = "start"
    CHOICE = "choice"  # why that event counts
    WHOSE = "whose"  # whose date it is, and its proof
    EXTENSION = "extension"
    STRETCH = "stretch"  # days that ran between two pauses
    PAUSE = "pause"
    NO_EFFECT = "no_effect"  # a pause that moved nothing
    HOLIDAY = "holiday"
    COUNTED = "counted"
    ROLL = "roll"
    RESULT = "result"
    CONSEQUENCE = "consequence"
    AUTHORITY = "authority"


class Because(StrEnum):
    """Why a pause moved nothing or ended, or what became of an extension."""

    BEFORE_START = "before_start"
    AFTER_END = "after_end"
    WITHIN_ANOTHER = "within_another"
    LONGEST = "longest"  # the law let the pause last no longer
    IN_TIME = "in_time"
    LATE_BUT_ALLOWED = "late_but_allowed"
    TOO_LATE = "too_late"
    REFUSED = "refused"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic, as data."""

    kind: StepKind
    on: date | None = None
    to_on: date | None = None
    amount: int | None = None
    unit: Unit | None = None
    tolling: str | None = None
    text: str | None = None
    is_open: bool = False
    days: int | None = None
    """The calendar days that months were turned into."""
    lost: int | None = None
    """Of a pause: how many days that would have counted."""
    stood_on: date | None = None
    """Of an extension: the date as it was when more time was asked for."""
    because: Because | None = None
    evidence: str = ""
    approver: str = ""
    authority: str | None = None

    def sentence(self) -> str:
        return _SENTENCES[self.kind](self)


def say_day(day: date | None) -> str:
    """Such as "Monday, March 2, 2026"."""
    return f"{day:%A}, {day:%B} {day.day}, {day.year}" if day else "an unknown day"


_UNIT_WORDS = {
    Unit.DAYS: ("calendar day", "calendar days"),
    Unit.BUSINESS_DAYS: ("business day", "business days"),
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.WEEKS: ("week", "weeks"),
    Unit.MONTHS: ("month", "months"),
    Unit.YEARS: ("year", "years"),
    Unit.YEARS_AND_A_DAY: ("year and a day", "years and a day"),
}


def in_words(amount: int, unit: Unit) -> str:
    """Such as "5 business days" or "1 year and a day"."""
    return f"{amount} {_UNIT_WORDS[unit][amount != 1]}"


def _amount(step: Step) -> str:
    return in_words(step.amount or 0, step.unit or Unit.DAYS)


def _text(step: Step) -> str:
    return (step.text or "").rstrip(". ")


def _reason(step: Step) -> str:
    """The reason with its paper, who granted it, and its law."""
    longest = "the law lets it last no longer" if step.because is Because.LONGEST else ""
    about = [step.evidence, f"granted by {step.approver}" if step.approver else "", step.authority or "", longest]
    shown = "; ".join(each.rstrip(". ") for each in about if each)
    said = f": {_text(step)}" if step.text else ""
    return f"{said} ({shown})" if shown else said


def _span(step: Step) -> str:
    if step.on == step.to_on:
        return f"on {say_day(step.on)}"
    return f"from {say_day(step.on)} to {say_day(step.to_on)}"


def _say_start(step: Step) -> str:
    event = f" ({_text(step)})" if step.text else ""
    return f"The clock starts on {say_day(step.on)}{event}; that day is not counted."


def _say_choice(step: Step) -> str:
    return f"Why it starts there: {_text(step)}."


def _say_whose(step: Step) -> str:
    whose = f"Whose date this is: {_text(step)}." if step.text else ""
    proof = f"What shows it: {step.evidence.rstrip('. ')}." if step.evidence else ""
    return f"{whose} {proof}".strip()


def _say_stretch(step: Step) -> str:
    span = _span(step)
    return f"{span[0].upper()}{span[1:]}, {_amount(step)} ran."


def _say_counted(step: Step) -> str:
    more = " more" if step.is_open else ""
    turned = f", counted as {in_words(step.days, Unit.DAYS)}," if step.days is not None else ""
    ends = "ends" if step.amount == 1 else "end"
    return f"{_amount(step)}{more}{turned} {ends} on {say_day(step.to_on)}."


def _say_pause(step: Step) -> str:
    days = in_words(step.amount or 0, Unit.DAYS)
    if step.unit in OPEN_DAYS and step.unit is not None:
        days = f"{days} with {in_words(step.lost or 0, step.unit)}"
    if step.is_open:
        return f"It has stood still since {say_day(step.on)}, {days} so far{_reason(step)}."
    return f"It stood still {_span(step)}, {days}{_reason(step)}."


_NO_EFFECT = {
    Because.BEFORE_START: "it was over before the first day that counts",
    Because.AFTER_END: "the clock had run out before",
    Because.WITHIN_ANOTHER: "the clock stood still already",
}


def _say_no_effect(step: Step) -> str:
    span = f"since {say_day(step.on)}" if step.is_open else _span(step)
    why = _NO_EFFECT.get(step.because or Because.WITHIN_ANOTHER, "")
    return f"The pause {span} adds nothing, because {why}{_reason(step)}."


def _say_holiday(step: Step) -> str:
    return f"{say_day(step.on)} is not counted: {_text(step)}."


def _say_extension(step: Step) -> str:
    late = step.on is not None and step.stood_on is not None and step.on > step.stood_on
    timing = f"after {say_day(step.stood_on)} had passed" if late else f"in time for {say_day(step.stood_on)}"
    asked = f"{_amount(step)} more {'was' if step.amount == 1 else 'were'} asked for on {say_day(step.on)}, {timing}"
    return f"{asked}{_outcome(step)}{_reason(step)}."


def _outcome(step: Step) -> str:
    if step.because is Because.TOO_LATE:
        return ", which is too late: nothing is added"
    if step.because is Because.REFUSED:
        return f", and refused on {say_day(step.to_on)}"
    if step.because is Because.UNDECIDED:
        return ", and nothing is decided yet"
    allowed = ", which the law allows" if step.because is Because.LATE_BUT_ALLOWED else ""
    return f"{allowed}, and granted on {say_day(step.to_on)}"


def _say_roll(step: Step) -> str:
    return f"{say_day(step.on)} is closed ({_text(step)}), so the date moves to {say_day(step.to_on)}."


def _say_result(step: Step) -> str:
    if step.is_open:
        return f"If the pause ended today it would be due on {say_day(step.on)}."
    return f"It is due on {say_day(step.on)}."


def _say_consequence(step: Step) -> str:
    return f"If it lapses: {_text(step)}."


def _say_authority(step: Step) -> str:
    return f"Authority: {_text(step)}."


_SENTENCES = {
    StepKind.START: _say_start,
    StepKind.CHOICE: _say_choice,
    StepKind.WHOSE: _say_whose,
    StepKind.EXTENSION: _say_extension,
    StepKind.STRETCH: _say_stretch,
    StepKind.PAUSE: _say_pause,
    StepKind.NO_EFFECT: _say_no_effect,
    StepKind.HOLIDAY: _say_holiday,
    StepKind.COUNTED: _say_counted,
    StepKind.ROLL: _say_roll,
    StepKind.RESULT: _say_result,
    StepKind.CONSEQUENCE: _say_consequence,
    StepKind.AUTHORITY: _say_authority,
}
