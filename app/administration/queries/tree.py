"""Whether the journal is sealed in time, its tree is the one that was signed, and its checkpoints leave the house."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import text

from app.access.work import Work
from app.administration.queries import checkpoints
from app.administration.queries.health import Check
from app.audit.checkpoints import BadCheckpoint, Verifier
from app.audit.merkle import TreeError, root_at
from app.audit.proofs import SessionTiles

SEALED_WITHIN = timedelta(minutes=2)
PUBLISHED_WITHIN = timedelta(hours=3)
SENT_WITHIN = timedelta(days=2)
# What residents write bears the hour at most, and tells nothing of how long it waits.
_OLDEST = text(
    "SELECT min(e.at) FROM journal_entries e WHERE e.actor_kind NOT IN ('anyone', 'filer') AND (e.xid, e.seq) >"
    " (SELECT l.xid, l.seq FROM journal_leaves l ORDER BY l.index DESC LIMIT 1)"
    " AND e.seq > (SELECT coalesce(max(seq), 0) FROM journal_floors)"
)
_LEAVES = text("SELECT coalesce(max(index) + 1, 0) FROM journal_leaves")
MENDS: Mapping[str, str] = {
    "journal sealing": "see that the worker runs; a transaction left open also holds it back",
    "journal tree": "stop the installation, keep a copy of the database, run ./candor journal verify",
    "journal checkpoints": "see that the worker runs; with CANDOR_CHECKPOINT_MAIL, see that mail goes out",
}


def journal_checks(work: Work) -> list[Check]:
    """Three things that an office must hear of at once."""
    return [_sealing(work), _tree(work), _abroad(work)]


def _sealing(work: Work) -> Check:
    oldest = work.session.scalar(_OLDEST)
    waits = work.now - oldest if oldest is not None else timedelta()
    minutes = int(waits.total_seconds() // 60)
    words = "follows what happens" if waits <= SEALED_WITHIN else f"lags: an entry has waited for {minutes} minutes"
    return Check("journal sealing", ok=waits <= SEALED_WITHIN, words=words)


def _tree(work: Work) -> Check:
    """The edge of the tree alone: a few reads. The whole of it, `./candor journal verify` reads."""
    newest = checkpoints.newest(work)
    size = int(work.session.scalar(_LEAVES) or 0)
    if newest is None:
        return Check("journal tree", ok=size == 0, words="has no entry yet" if size == 0 else "was never signed")
    try:
        signed = Verifier(checkpoints.signer(work).verifier_key).verify(newest.note)
        is_same = (signed.size, signed.root) == (size, root_at(size, SessionTiles(work.session)))
    except (BadCheckpoint, TreeError):
        is_same = False
    words = "is the one that was last signed" if is_same else "is not the one that was last signed: it was altered"
    return Check("journal tree", ok=is_same, words=words)


def _abroad(work: Work) -> Check:
    last, waiting = checkpoints.last_published(work), checkpoints.mails_waiting(work, SENT_WITHIN)
    grown = checkpoints.has_grown(work, last.size if last is not None else 0)
    late = grown and last is not None and work.now - last.published_at > PUBLISHED_WITHIN
    if waiting:
        return Check("journal checkpoints", ok=False, words=f"do not get out: {waiting} mails wait to be sent")
    if late or (last is None and grown and _is_old(work)):
        return Check("journal checkpoints", ok=False, words="are not published: the journal has grown for hours")
    outside = "and sent outside" if work.house.witnesses else "and sent to nobody: CANDOR_CHECKPOINT_MAIL names whom"
    return Check("journal checkpoints", ok=True, words=f"are published {outside}")


def _is_old(work: Work) -> bool:
    first = work.session.scalar(text("SELECT min(signed_at) FROM checkpoints"))
    return first is not None and work.now - first > PUBLISHED_WITHIN
