"""Standing for a machine's translation, and taking that back. The words themselves are changed in their files alone."""

import hashlib
from uuid import uuid4

from app.access.acts import never_stopped
from app.access.permissions import Permission
from app.access.records import TranslationApproval
from app.access.work import Work
from app.administration.commands import ApproveTranslations, WithdrawApproval
from app.administration.events import TranslationsApproved, TranslationWithdrawn
from app.administration.queries import translations as queries
from app.kernel.errors import Refused

CHANGED = "One of these texts has changed, or somebody else has approved it. Load the page again and read it once more."


@never_stopped("words may always be read again")
def approve_translations(work: Work, language: str, ask: ApproveTranslations) -> int:
    """Whoever does this has read each of them beside its English."""
    work.need(Permission.TRANSLATION_APPROVE)
    open_ones = {line.text.known_as for line in queries.lines(work, language) if line.state in {"waiting", "machine"}}
    chosen = list(dict.fromkeys(ask.texts))
    if not open_ones.issuperset(chosen):
        raise Refused(CHANGED)
    for known_as in chosen:
        work.add(
            TranslationApproval(
                id=uuid4(), language=language, text_hash=known_as, approved_by_id=work.actor.id, approved_at=work.now
            )
        )
    digest = hashlib.sha256("".join(chosen).encode()).hexdigest()
    work.happened(TranslationsApproved(language=language, texts=len(chosen), digest=digest))
    _ask_again(work)
    return len(chosen)


@never_stopped("words may always be read again")
def withdraw_approval(work: Work, language: str, ask: WithdrawApproval) -> None:
    """From now on these words wait again; protected ones stand in English."""
    work.need(Permission.TRANSLATION_APPROVE)
    approval = queries.standing_approval(work, language, ask.text)
    approval.withdrawn_at, approval.withdrawn_by_id = work.now, work.actor.id
    work.happened(TranslationWithdrawn(language=language, text_hash=ask.text))
    _ask_again(work)


def _ask_again(work: Work) -> None:
    """This process shows it with the next page; others within seconds."""
    work.flush()
    work.house.approvals.read_again_at = 0.0
