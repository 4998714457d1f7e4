"""Taking the proof of an entry out of the house."""

import csv
import io
from typing import Any
from uuid import UUID

from app.access.work import Work
from app.administration.commands import JournalView
from app.administration.events import EntryProved
from app.administration.queries import journal as queries
from app.audit.checkpoints import Signer
from app.audit.events import JournalTaken
from app.audit.proofs import proof_document
from app.kernel.errors import Refused

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def take_proof(work: Work, entry_id: UUID) -> dict[str, Any]:
    """The proof as a document; that it was taken is an event as every export is."""
    entry = queries.get_entry(work, entry_id)
    proof = queries.proof_of(work, entry)
    if proof is None:
        raise Refused("This entry is not sealed yet. That takes a moment: try again in a minute.")
    work.happened(EntryProved(entry_id=entry_id))
    return proof_document(proof, signer(work).verifier_key, entry=entry.body.decode())


def take_entries(work: Work, view: JournalView) -> str:
    """The entries that fit, as comma-separated lines that no spreadsheet takes for a formula."""
    page = queries.taken(work, view)
    work.happened(JournalTaken(count=len(page.lines)))
    kept = io.StringIO()
    lines = csv.writer(kept)
    lines.writerow(["when", "who", "what", "case", "kind", "entry"])
    for line in page.lines:
        number = page.numbers.get(line.case_id, "") if line.case_id else ""
        told = (line.at.isoformat(), line.who, line.sentence, number, line.kind, str(line.id))
        lines.writerow([_no_formula(text) for text in told])
    return kept.getvalue()


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text


def signer(work: Work) -> Signer:
    """Who signs this installation's checkpoints."""
    return Signer(f"candor/{work.house.agency}", work.keys.checkpoint_key)
