"""What is done with people's records: officers, identities, holds and erasures."""

from app.people.actions.erasing import ask_erasing, erase_agreed, lift_hold, set_hold
from app.people.actions.indexing import index_identities, rewrap_keys
from app.people.actions.officers import add_officer, identify_officer
from app.people.actions.vault import (
    filer_of_case,
    keep_filer,
    keep_identity,
    keep_named,
    look_at_use,
    look_up,
    note_look_up,
    open_identity,
)

__all__ = [
    "add_officer",
    "ask_erasing",
    "erase_agreed",
    "filer_of_case",
    "identify_officer",
    "index_identities",
    "keep_filer",
    "keep_identity",
    "keep_named",
    "lift_hold",
    "look_at_use",
    "look_up",
    "note_look_up",
    "open_identity",
    "rewrap_keys",
    "set_hold",
]
