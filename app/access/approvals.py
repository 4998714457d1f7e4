"""Reads again, now and then, which translations people have approved: one question for all of them."""

from time import monotonic

from sqlalchemy import select

from app.access.records import TranslationApproval
from app.access.work import Work
from app.infra.db import Door
from app.kernel.translations import APPROVED

# Another process may show an approval, or its end, so many seconds later.
FRESH_FOR = 20.0
_READERS = {Door.RESIDENT, Door.OFFICE, Door.WORKER}


def keep_fresh(work: Work) -> None:
    """Before words of a machine are shown to anybody. The public door may not ask: it shows what was last read."""
    known = work.house.approvals
    if work.actor.door not in _READERS or monotonic() < known.read_again_at:
        return
    standing = select(TranslationApproval.text_hash).where(TranslationApproval.withdrawn_at.is_(None))
    APPROVED.replace(work.session.scalars(standing))
    known.read_again_at = monotonic() + FRESH_FOR
