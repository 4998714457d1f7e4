"""A complaint that is being written: saved sealed under its own words, found by them, dropped, and ended in time."""

import zlib
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from app.access.acts import never_stopped
from app.access.work import Work
from app.infra.db import Door
from app.infra.sealing import KEY, SealingError, open_sealed, seal
from app.infra.sending import Statement, send
from app.intake import queries
from app.intake.actions.words import WORDS
from app.intake.rules.draft import LIFE, Draft
from app.intake.rules.passphrase import Passphrase, lookup_of, read
from app.kernel.dates import hour_of

_KEEP = "SELECT keep_draft(%s, %s, %s, %s)"
_DROP = "SELECT drop_draft(%s)"
_EMPTY = "SELECT empty_drafts(%s)"


@dataclass(frozen=True)
class FoundDraft:
    """What a passphrase opens; of one that ended only its last day is known."""

    draft: Draft | None
    ends_on: date


@never_stopped("nothing has happened yet: what somebody types is theirs")
def save_draft(work: Work, draft: Draft) -> date | None:
    """Saves it for whoever has its words, in one statement; its last day, or nothing where it was sent already."""
    passphrase = _passphrase(draft)
    lookup = lookup_of(work.keys.derive("lookup"), passphrase)
    content = zlib.compress(draft.model_dump_json(exclude={"secret"}).encode())
    sealed = seal(_key(work, passphrase), content, _place(lookup))
    ends_on = work.today + LIFE
    kept = send(work.session, [Statement(_KEEP, [lookup, sealed, hour_of(work.now, work.house.zone), ends_on])])
    return ends_on if kept is not None and kept[0] else None


@never_stopped("nothing has happened yet: what somebody types is theirs")
def find_draft(work: Work, words: str) -> FoundDraft | None:
    """The draft that was saved under these words; nothing where there is none."""
    passphrase = read(words, WORDS)
    if passphrase is None:
        return None
    lookup = lookup_of(work.keys.derive("lookup"), passphrase)
    saved = queries.saved_draft(work, lookup)
    if saved is None:
        return None
    draft = None if saved.sealed is None else _opened(work, passphrase, lookup, saved.sealed)
    return FoundDraft(draft, saved.ends_on)


@never_stopped("nothing has happened yet: what somebody types is theirs to throw away")
def drop_draft(work: Work, draft: Draft) -> None:
    """Nothing of it is left here, not even that there was one."""
    drop_saved(work, lookup_of(work.keys.derive("lookup"), _passphrase(draft)))


def drop_saved(work: Work, lookup: bytes) -> None:
    """With the rest of what this Work writes: what was sent is a complaint and no draft any more."""
    if work.actor.door is not Door.RESIDENT:
        return  # nobody of the office had one
    work.send_later(Statement(_DROP, [lookup]))


@never_stopped("what was promised to end ends")
def end_drafts(work: Work) -> None:
    """Empties those whose last day is over, and forgets those that ended long ago."""
    send(work.session, [Statement(_EMPTY, [work.today])])


def _passphrase(draft: Draft) -> Passphrase:
    found = read(draft.secret, WORDS)
    assert found is not None  # noqa: S101 -- a draft is given its words before it is saved
    return found


def _opened(work: Work, passphrase: Passphrase, lookup: bytes, sealed: bytes) -> Draft | None:
    try:
        content = zlib.decompress(open_sealed(_key(work, passphrase), sealed, _place(lookup)))
        return Draft.model_validate_json(content).with_(secret=passphrase.digits.replace(" ", ""))
    except (SealingError, ValidationError):
        return None


def _key(work: Work, passphrase: Passphrase) -> bytes:
    """Of the house's key and the words: neither opens a draft without the other, and the words are nowhere here."""
    house = work.keys.derive("draft")
    return HKDF(hashes.SHA256(), KEY, salt=house, info=b"candor|draft|v1").derive(passphrase.digits.encode())


def _place(lookup: bytes) -> bytes:
    return b"drafts|sealed|" + lookup.hex().encode() + b"|v1"
