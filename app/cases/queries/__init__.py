"""Selects of cases: which are visible, the queue by keyset, one case, and what waits for a person."""

from app.cases.queries.case import (
    activity_of,
    assignment_of,
    attempts_of,
    case_frame,
    case_view,
    filings_of,
    get_task,
    investigator_assigned,
    is_classified,
    notes_of,
    tasks_of,
)
from app.cases.queries.mine import lapsing_clocks, my_open_tasks, my_work, unread_messages
from app.cases.queries.queue import QueuePage, category_labels, queue_page, saved_filters, stage_labels
from app.cases.queries.visible import (
    account_named,
    case_by_number,
    get_case,
    investigators,
    names_of,
    visible_cases,
)

__all__ = [
    "QueuePage",
    "account_named",
    "activity_of",
    "assignment_of",
    "attempts_of",
    "case_by_number",
    "case_frame",
    "case_view",
    "category_labels",
    "filings_of",
    "get_case",
    "get_task",
    "investigator_assigned",
    "investigators",
    "is_classified",
    "lapsing_clocks",
    "my_open_tasks",
    "my_work",
    "names_of",
    "notes_of",
    "queue_page",
    "saved_filters",
    "stage_labels",
    "tasks_of",
    "unread_messages",
    "visible_cases",
]
