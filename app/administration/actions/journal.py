"""Taking the proof of an entry out of the house."""

from typing import Any
from uuid import UUID

from app.access.work import Work
from app.administration.events import EntryProved
from app.administration.queries import journal as queries
from app.audit.checkpoints import Signer
from app.audit.proofs import proof_document
from app.kernel.errors import Refused


def take_proof(work: Work, entry_id: UUID) -> dict[str, Any]:
    """The proof as a document; that it was taken is an event as every export is."""
    entry = queries.get_entry(work, entry_id)
    proof = queries.proof_of(work, entry)
    if proof is None:
        raise Refused("This entry is not sealed yet. That takes a moment: try again in a minute.")
    work.happened(EntryProved(entry_id=entry_id))
    return proof_document(proof, signer(work).verifier_key, entry=entry.body.decode())


def signer(work: Work) -> Signer:
    """Who signs this installation's checkpoints."""
    return Signer(f"candor/{work.house.agency}", work.keys.checkpoint_key)
