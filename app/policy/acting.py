"""What the law of today does not let be done is refused, in the words that say why; the history stays and is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.kernel.errors import Refused
from app.policy.model import Rulebook
from app.policy.model.powers import Act

WORDS: Mapping[Act, str] = {
    Act.FILINGS: "Complaints are not taken here now.",
    Act.CASES: "No case can be opened now.",
    Act.MOVES: "Cases stand still here now.",
    Act.CLOCKS: "Clocks stand still here now.",
    Act.DEMANDS: "Nothing can be asked of the department now.",
    Act.SUBPOENAS: "No subpoena can be issued now.",
    Act.DEPARTMENT_FILES: "What the department handed over cannot be opened now.",
    Act.INTERVIEWS: "No interview can be held now.",
    Act.FINDINGS: "No finding can be made now.",
    Act.VOTES: "Nothing can be voted on now.",
    Act.DISCIPLINE: "No discipline can be recommended now.",
    Act.RECOMMENDATIONS: "No recommendation can be sent now.",
    Act.MEDIATION: "No mediation can be offered now.",
    Act.PUBLICATION: "Nothing can be published now.",
}
ENDED = "This office has ended, and opens no case."
UNSETTLED = "This rulebook is not settled yet: no case can be opened under it before its open questions are answered."


def check_may(book: Rulebook, act: Act, on: date) -> None:
    """Refuses what a lost power carried; `book` is the rulebook in force today, whatever a case is pinned to."""
    found = book.stopped(act, on)
    if found is not None:
        raise Refused(f"{WORDS[act]} {found.sentence()}".strip())


def check_takes_cases(book: Rulebook, on: date) -> None:
    """An agency that lost the power, or has ended, opens no case; whoever follows it is named."""
    check_may(book, Act.CASES, on)
    if book.meta.to_on is not None and on >= book.meta.to_on:
        notice = book.meta.public_notice or book.meta.successor
        raise Refused(f"{ENDED} {notice.to('en') if notice else ''}".strip())


def check_opens_cases(book: Rulebook, on: date) -> None:
    """Nor does a draft or a proposal, whatever its law says."""
    check_takes_cases(book, on)
    if not book.opens_cases:
        raise Refused(UNSETTLED)
