"""Milestones: which may be put on file, what a move still waits for, when a case is formal, complete and final."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.deadlines import say_day
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.model import Rulebook
from app.policy.model.base import Cited
from app.policy.model.decisions import Dispute
from app.policy.model.duties import ExternalReport
from app.policy.model.intake import Classification
from app.policy.model.process import Milestone, Move, Per

REASON_WANTED = "Say why the day on file was wrong: what stood there stays as history."
FROM_A_FILING = "filing"


@dataclass(frozen=True)
class OnFile:
    """One milestone or event with its day; of one officer, by whatever the caller names officers by."""

    code: str
    on: date
    officer: object = None


@dataclass(frozen=True)
class Formality:
    """Whether a complaint is formal yet: the day it was filed, the day it was made formal, and what is awaited."""

    filed_on: date
    formal_on: date | None
    is_never: bool
    awaits: str
    stages: tuple[str, ...]

    @property
    def is_informal(self) -> bool:
        """True while only an informal look is allowed."""
        return self.is_never or self.formal_on is None


@dataclass(frozen=True)
class LegalDays:
    """When the law held the case complete, and when its outcome could no longer change; for one officer or for all."""

    officer: object
    complete_on: date | None
    final_on: date | None


# --- putting one on file ---


def check_milestone(book: Rulebook, code: str, roles: Iterable[str]) -> Milestone:
    """The milestone, where the rulebook has it and lets one of these roles put it on file."""
    found = next((each for each in book.milestones if each.code == code), None)
    if found is None:
        raise Invalid({"milestone": "Choose a milestone of the rulebook."})
    if not set(found.by) & set(roles):
        raise NotAllowed(f"Only {' or '.join(found.by)} may put this on file.")
    return found


def check_not_of_a_report(book: Rulebook, code: str) -> None:
    """What reports and disputes are to the clocks is put on file with them, where the law about it is asked."""
    dispute = dispute_of(book, code)
    if dispute is not None:
        raise Refused(
            f"This belongs to “{dispute.label.to('en')}”: record the decision under Discipline, "
            "where the law about it is checked."
        )
    report = report_of(book, code)
    if report is not None:
        raise Refused(
            f"This belongs to “{report.label.to('en')}”: put it on file under Reports to others, "
            "where the law about it is checked."
        )


def report_of(book: Rulebook, code: str) -> ExternalReport | None:
    """The report to others that this milestone is part of."""
    for each in book.external_reports:
        if code == each.recorded_as or (each.minor is not None and code == each.minor.recorded_as):
            return each
    return None


def dispute_of(book: Rulebook, code: str) -> Dispute | None:
    """The dispute whose decision this milestone is to the clocks."""
    return next((each for each in book.discipline.disputes if each.recorded_as == code), None)


def check_withdrawal(book: Rulebook, code: str) -> None:
    """What holds the day of a report or of a dispute is not taken away below it: its day is corrected."""
    above = report_of(book, code) or dispute_of(book, code)
    if above is not None:
        raise Refused(f"This is the day of “{above.label.to('en')}”, which is on file: correct the day instead.")


def check_subject(milestone: Milestone, officer: object, in_case: Collection[object]) -> None:
    """A milestone of an officer names one of the case; any other names none."""
    if milestone.per is not Per.OFFICER:
        if officer is not None:
            raise Invalid({"officer_id": "This milestone is the case’s, not one officer’s. Choose no officer."})
    elif officer not in in_case:
        raise Invalid({"officer_id": "Choose the officer of this case whom it concerns."})


def check_day(on: date, today: date, incident_on: date | None) -> None:
    """Nothing is on file before it has happened, nor from before the incident itself."""
    if on > today:
        raise Invalid({"happened_on": "This day has not come yet. Put it on file once it has happened."})
    if incident_on is not None and on < incident_on:
        words = f"This day lies before the incident of {say_day(incident_on)}. Check the year and the month."
        raise Invalid({"happened_on": words})


def check_new(
    book: Rulebook, milestone: Milestone, on: date, standing: Collection[date], returns: Iterable[date] = ()
) -> None:
    """It happens once; again only in the next round of a duty, or after the case went back since, on another day."""
    is_due_again = comes_back(book, milestone.code) or any(day >= max(standing, default=day) for day in returns)
    if on in standing or (standing and not is_due_again):
        there = say_day(on if on in standing else max(standing))
        raise Refused(
            f"“{milestone.label.to('en')}” is on file already, with the day {there}. If that is wrong, correct it."
        )


def comes_back(book: Rulebook, code: str) -> bool:
    """True for what fulfils one round after another of a duty."""
    return any(code in rule.repeat.done_by for rule in book.deadlines if rule.repeat is not None)


def check_correction(was: tuple[str, object], now: tuple[str, object], reason: str) -> None:
    """A correction is of the same milestone and officer, and says why."""
    if was != now:
        raise Refused("A correction is of the same milestone and the same officer. Put another one on file instead.")
    if not reason.strip():
        raise Invalid({"reason": REASON_WANTED})


def tied_clocks(book: Rulebook, code: str) -> tuple[list[str], list[str]]:
    """The names of the clocks that a milestone starts, and of those it stops or of which it fulfils a round."""
    starts = [rule.label.to("en") for rule in book.deadlines if code in rule.starts]
    ends = (rule for rule in book.deadlines if code in rule.stops or (rule.repeat and code in rule.repeat.done_by))
    return starts, [rule.label.to("en") for rule in ends]


# --- what a move waits for ---


def missing_before(book: Rulebook, move: Move, on_file: Iterable[OnFile], officers: Collection[object]) -> list[str]:
    """The milestones that this move still waits for, in words; one of officers is needed of each of them."""
    held: dict[str, set[object]] = {}
    for each in on_file:
        held.setdefault(each.code, set()).add(each.officer)
    return [
        words for code in move.after if (words := _missing(book.milestone(code), held.get(code, set()), officers)) != ""
    ]


def _missing(milestone: Milestone, held: Collection[object], officers: Collection[object]) -> str:
    label = milestone.label.to("en")
    if not held:
        return f"“{label}” must be on file first."
    if milestone.per is Per.OFFICER and set(officers) - set(held):
        return f"“{label}” must be on file for every officer of the case first."
    return ""


def awaited_at(book: Rulebook, stage: str, formal: Formality | None) -> set[str]:
    """The milestones without which a case does not go on from where it stands."""
    waits = formal is not None and formal.is_informal and not formal.is_never
    makes = {each.code for each in book.milestones if waits and makes_formal(book, each.code)}
    return makes | {code for move in book.moves_from(stage) for code in move.after}


def check_ready(missing: Sequence[str]) -> None:
    """Refuses a move that something is missing for; the first is named."""
    if missing:
        raise Refused(missing[0])


# --- informal until something is on file ---


def formality(
    book: Rulebook, origin: str, anonymity: str, filed_on: date, on_file: Iterable[OnFile]
) -> Formality | None:
    """How far a case of a filing is formal; nothing where its rulebook makes none, or nobody filed it."""
    sworn = book.intake.sworn_statement
    if sworn is None or sworn.milestone is None or origin != FROM_A_FILING:
        return None
    made = min((each.on for each in on_file if each.code == sworn.milestone), default=None)
    is_never = anonymity in sworn.never_formal
    return Formality(
        filed_on,
        None if is_never else made,
        is_never,
        book.milestone(sworn.milestone).label.to("en"),
        sworn.informal_stages,
    )


def makes_formal(book: Rulebook, code: str) -> bool:
    """True for the milestone that ends the informal time."""
    sworn = book.intake.sworn_statement
    return sworn is not None and sworn.milestone == code


def informal_words(book: Rulebook, formal: Formality | None, to: str) -> str:
    """Why an informal case may not come to this stage; nothing where it may. An end is open to every case."""
    if formal is None or not formal.is_informal or not formal.stages:
        return ""
    stage = book.stage(to)
    if stage.final or to in formal.stages:
        return ""
    names = " or ".join(book.stage(code).label.to("en") for code in formal.stages)
    if formal.is_never:
        return f"A complaint of this kind stays informal: it may stand only at {names}, or end."
    return (
        f"This complaint is informal until “{formal.awaits}” is on file: until then it may stand only at {names}, "
        "or end."
    )


def first_stage(book: Rulebook, found: Classification, formal: Formality | None) -> str:
    """Where a new case begins: an informal one waits at the last informal stage that leads to where it belongs."""
    if not informal_words(book, formal, found.leads_to) or formal is None:
        return found.leads_to
    on_the_way = [code for code in formal.stages if book.move(code, found.leads_to) is not None]
    return (on_the_way or list(formal.stages))[-1]


def takes_effect(book: Rulebook, classification: str, stage: str, to: str, formal: Formality | None) -> bool:
    """True where a case that had waited informally comes to where it was classified to: only now does that count."""
    if formal is None or stage not in formal.stages:
        return False
    return any(each.code == classification and each.leads_to == to for each in book.classification)


# --- complete and final ---


def legal_days(book: Rulebook, happened: Iterable[OnFile], officers: Sequence[object]) -> list[LegalDays]:
    """Complete from the first of the days that the law names, final from the last; for each officer, if so told."""
    if book.completion is None:
        return []
    days = list(happened)
    named = {*book.completion.complete_on, *book.completion.final_on}
    is_of_officers = any(each.code in named and each.per is Per.OFFICER for each in book.milestones)
    whom: Sequence[object] = officers if is_of_officers and officers else [None]
    return [
        LegalDays(
            officer,
            min(_days(days, book.completion.complete_on, officer), default=None),
            max(_days(days, book.completion.final_on, officer), default=None),
        )
        for officer in whom
    ]


def _days(days: Iterable[OnFile], codes: Collection[str], officer: object) -> list[date]:
    return [each.on for each in days if each.code in codes and each.officer in (None, officer)]


def law_of(book: Rulebook, cited: Cited) -> str:
    """The section and its source, as a page shows them."""
    source = cited.source or book.meta.source
    title = next((each.title for each in book.meta.sources if each.code == source), "")
    return ", ".join(words for words in (cited.authority, title) if words)
