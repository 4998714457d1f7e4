"""What is done at intake: a filing is received, added to, read, screened."""

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
from app.intake.actions.submitting import WORDS, Acknowledged, KeyUsed, submit_filing

__all__ = [
    "WORDS",
    "Acknowledged",
    "KeyUsed",
    "Sent",
    "add_file_to_filing",
    "add_to_filing",
    "add_translation",
    "keep_upload",
    "look_up_filer",
    "name_filer",
    "open_filer",
    "open_filing",
    "open_filing_file",
    "own",
    "own_by_passphrase",
    "screen_filing",
    "send_another_way",
    "send_usual_way",
    "sent_of",
    "submit_filing",
    "take_down",
]
