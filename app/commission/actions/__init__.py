"""What is done in the commission's room, before, at and after its meetings."""

from app.commission.actions.deciding import (
    call_roll,
    cast_vote,
    close_motion,
    end_meeting,
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
    "end_meeting",
    "freeze_packet",
    "move_to_send_back",
    "open_meeting",
    "open_packet",
    "put_motion",
    "put_on_docket",
    "read_docketed_case",
    "request_packet",
    "schedule_meeting",
    "seat_member",
    "send_on",
    "take_off_docket",
    "withdraw_motion",
]
