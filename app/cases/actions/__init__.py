"""What is done with cases: opened, assigned, moved, worked on; and what happened outside, put on file."""

from app.cases.actions.appealing import review_was_asked
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
from app.cases.actions.closing import as_asked
from app.cases.actions.deciding import decide_half, note_referral, send_another_way, take_back
from app.cases.actions.links import link_case, seek_filer
from app.cases.actions.milestones import put_on_file, record_milestone
from app.cases.actions.opening import open_own_case
from app.cases.actions.waiting import note_extension, note_pause, settle_extension, settle_pauses
from app.cases.actions.walls import end_side, keep_case, keep_filer, keep_filer_apart, lift_case, name_side
from app.cases.actions.withdrawing import withdraw_link, withdraw_milestone

__all__ = [
    "add_task",
    "as_asked",
    "assign_case",
    "decide_half",
    "end_side",
    "finish_task",
    "follow_clock",
    "keep_case",
    "keep_filer",
    "keep_filer_apart",
    "keep_reason",
    "letter_went_out",
    "lift_case",
    "link_case",
    "log_contact",
    "move_case",
    "name_side",
    "note_extension",
    "note_pause",
    "note_referral",
    "open_case",
    "open_own_case",
    "place_cases",
    "put_on_file",
    "read_case",
    "record_milestone",
    "review_was_asked",
    "seek_filer",
    "send_another_way",
    "settle_extension",
    "settle_pauses",
    "take_back",
    "tick",
    "withdraw_link",
    "withdraw_milestone",
    "write_note",
]
