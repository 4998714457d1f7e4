"""The letters that follow from where a case comes to: written by the worker, once, in each filer's language."""

from uuid import UUID

from app.access import halves
from app.access.work import Work
from app.cases import actions, queries
from app.cases.queries import filer
from app.correspondence import actions as correspondence
from app.correspondence import queries as letters_kept
from app.intake import letters
from app.intake import queries as intake
from app.intake.records import Filing
from app.policy.model import Rulebook


def write_acknowledgement(work: Work, filing_id: UUID) -> None:
    """Tells the filer that the complaint was read and what comes next; a case that ended at once gets that letter."""
    filing = intake.get_filing(work, filing_id)
    if filing.case_id is not None and filer.ending_of(work, filing.case_id) is None:
        for kind in _kinds(work.policies.named(filing.policy_id), "acknowledgement_sent"):
            if not _is_written(work, filing, kind):
                _write_standing(work, filing, kind)


def carry_on(work: Work, half_id: UUID) -> None:
    """What a second person agreed to is done, by the same rules as if it were asked now; once."""
    half = queries.agreed_half(work, half_id)
    if half is None or half.case_id is None:
        return
    case = queries.get_case(work, half.case_id, for_update=True)
    half.state = halves.USED
    ask = actions.as_asked(work, half, case)
    actions.move_case(work, case.id, ask, agreed=True)
    half.last_entry_id = work.entries[-1]


def write_stage_letter(work: Work, case_id: UUID) -> None:
    """What the rulebook lets the filer know of when a case comes to a stage, such as what the board decided."""
    event = filer.reached_event(work, case_id)
    for filing in intake.filings_of_case(work, case_id) if event else []:
        for kind in _kinds(work.policies.named(filing.policy_id), event or ""):
            if not _is_written(work, filing, kind):
                filled = letters.closing_letter(work, filing, case_id, kind)
                correspondence.write_letter(work, filing.id, case_id, kind, filing.language, filled)


def write_closing_letter(work: Work, case_id: UUID) -> None:
    """How it ended, to each filer of the case."""
    event = filer.ending_of(work, case_id)
    for filing in intake.filings_of_case(work, case_id) if event else []:
        for kind in _kinds(work.policies.named(filing.policy_id), event or ""):
            if not _is_written_today(work, filing, kind):
                filled = letters.closing_letter(work, filing, case_id, kind)
                correspondence.write_letter(work, filing.id, case_id, kind, filing.language, filled)


def tell_clocks_of_request(work: Work, request_id: UUID) -> None:
    """A review that a filer asked for begins and ends what the rulebook ties to it, from the day it was asked for."""
    request = letters_kept.request_by_id(work, request_id)
    filing = intake.get_filing(work, request.filing_id)
    if filing.case_id is not None and request.appeal:
        actions.review_was_asked(work, filing.case_id, request.asked_at.astimezone(work.house.zone).date())


def _write_standing(work: Work, filing: Filing, kind: str) -> None:
    filled = letters.standing_letter(work, filing, kind)
    correspondence.write_letter(work, filing.id, filing.case_id, kind, filing.language, filled)


def _kinds(book: Rulebook, event: str) -> list[str]:
    """The letters to a filer that the rulebook ties to an event."""
    return [kind.code for kind in book.letters if kind.on == event and kind.to == letters_kept.FILER]


def _is_written(work: Work, filing: Filing, kind: str) -> bool:
    return any(letter.kind == kind for letter in letters_kept.letters_of(work, filing.id))


def _is_written_today(work: Work, filing: Filing, kind: str) -> bool:
    """A job that runs twice writes one letter; a case that is closed again another day is told again."""
    today = work.today
    written = [letter for letter in letters_kept.letters_of(work, filing.id) if letter.kind == kind]
    return any(letter.written_at.astimezone(work.house.zone).date() == today for letter in written)
