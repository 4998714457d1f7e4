"""What is done at intake: a filing is received, added to, read, screened."""

from app.intake.actions.drafts import FoundDraft, drop_draft, end_drafts, find_draft, save_draft
from app.intake.actions.files import Sent, keep_upload, open_filing_file, sent_of
from app.intake.actions.following import add_file_to_filing, add_to_filing, name_filer, own, own_by_passphrase
from app.intake.actions.office import (
    add_translation,
    look_up_filer,
    open_filer,
    open_filing,
    screen_filing,
    send_another_way,
    send_usual_way,
)
from app.intake.actions.scribing import take_down
from app.intake.actions.submitting import Acknowledged, KeyUsed, submit_filing
from app.intake.actions.talking import (
    answer_request,
    ask_for_review,
    ask_to_take_back,
    choose_contact,
    open_own_file,
    write_to_filer,
    write_to_office,
)
from app.intake.actions.words import WORDS, fresh_passphrase, passphrase_of

__all__ = [
    "WORDS",
    "Acknowledged",
    "FoundDraft",
    "KeyUsed",
    "Sent",
    "add_file_to_filing",
    "add_to_filing",
    "add_translation",
    "answer_request",
    "ask_for_review",
    "ask_to_take_back",
    "choose_contact",
    "drop_draft",
    "end_drafts",
    "find_draft",
    "fresh_passphrase",
    "keep_upload",
    "look_up_filer",
    "name_filer",
    "open_filer",
    "open_filing",
    "open_filing_file",
    "open_own_file",
    "own",
    "own_by_passphrase",
    "passphrase_of",
    "save_draft",
    "screen_filing",
    "send_another_way",
    "send_usual_way",
    "sent_of",
    "submit_filing",
    "take_down",
    "write_to_filer",
    "write_to_office",
]
