"""What is done in correspondence: messages and letters, what a filer asks, and how a filer is told."""

from app.correspondence.actions.calls import ask_for_call, log_call
from app.correspondence.actions.contact import choose_contact, note_mailed, note_texted
from app.correspondence.actions.letters import open_letter, write_letter
from app.correspondence.actions.messages import read_messages, title_of, write_to_filer, write_to_office
from app.correspondence.actions.requests import answer_request, ask_for_review, ask_to_take_back

__all__ = [
    "answer_request",
    "ask_for_call",
    "ask_for_review",
    "ask_to_take_back",
    "choose_contact",
    "log_call",
    "note_mailed",
    "note_texted",
    "open_letter",
    "read_messages",
    "title_of",
    "write_letter",
    "write_to_filer",
    "write_to_office",
]
