"""What is done with cases: opened, assigned, moved, worked on; and what happened outside, put on file."""

from app.cases.actions.cases import (
    add_task,
    assign_case,
    finish_task,
    follow_clock,
    keep_reason,
    letter_went_out,
    log_contact,
    move_case,
    open_case,
    place_cases,
    read_case,
    tick,
    write_note,
)
from app.cases.actions.milestones import record_milestone

__all__ = [
    "add_task",
    "assign_case",
    "finish_task",
    "follow_clock",
    "keep_reason",
    "letter_went_out",
    "log_contact",
    "move_case",
    "open_case",
    "place_cases",
    "read_case",
    "record_milestone",
    "tick",
    "write_note",
]
