"""What happened in one case, as its journal entries tell it."""

from app.access.history import HistoryPage, HistoryView, history_page
from app.access.work import Work
from app.audit.records import JournalEntry
from app.cases.records import Case


def case_history(work: Work, case: Case, view: HistoryView) -> HistoryPage:
    """Of a case that this person has opened; what lies behind a wall inside it, row security leaves out."""
    return history_page(work, view, JournalEntry.case_id == case.id)


def history_tab(_: Work, case: Case) -> tuple[str, str, int]:
    """The tab of the history; how long it is, the page says."""
    return ("History", f"/office/cases/{case.id}/history", 0)
