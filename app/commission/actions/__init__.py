"""What is done in the commission's room, before, at and after its meetings."""

from app.commission.actions.closing import (
    drop_closed_session,
    end_closed_session,
    plan_closed_session,
    record_word,
    strike_word,
)
from app.commission.actions.deciding import (
    call_roll,
    cast_vote,
    close_motion,
    end_meeting,
    move_to_close,
    move_to_send_back,
    open_meeting,
    put_motion,
    read_docketed_case,
    send_on,
    withdraw_motion,
)
from app.commission.actions.preparing import (
    freeze_packet,
    open_packet,
    put_on_docket,
    request_packet,
    schedule_meeting,
    seat_member,
    take_off_docket,
)
from app.commission.actions.recusing import declare_recusal

__all__ = [
    "call_roll",
    "cast_vote",
    "close_motion",
    "declare_recusal",
    "drop_closed_session",
    "end_closed_session",
    "end_meeting",
    "freeze_packet",
    "move_to_close",
    "move_to_send_back",
    "open_meeting",
    "open_packet",
    "plan_closed_session",
    "put_motion",
    "put_on_docket",
    "read_docketed_case",
    "record_word",
    "request_packet",
    "schedule_meeting",
    "seat_member",
    "send_on",
    "strike_word",
    "take_off_docket",
    "withdraw_motion",
]
