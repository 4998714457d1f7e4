"""A lost passphrase: the office knows the filer and gives a code for one turn; the filer takes new words with it."""

import hmac
from uuid import UUID, uuid4

from app.access import routes
from app.access.acts import never_stopped
from app.access.work import Work
from app.infra.codes import is_paper, new_paper_code, plain
from app.infra.sending import Statement, send
from app.intake.actions.words import fresh_passphrase
from app.intake.commands import GiveNewWords, SecondNewWords, TakeNewWords
from app.intake.events import FilerChecked, WordsEnded, WordsSeconded, WordsTaken
from app.intake.queries import get_filing
from app.intake.queries import lost_words as queries
from app.intake.records import NewWords
from app.intake.rules import lost_words as rules
from app.intake.rules.passphrase import Passphrase, lookup_of
from app.kernel.errors import NotFound, Refused
from app.people import queries as people

_TAKE = "SELECT filing_id, case_id FROM take_new_words(%s, %s, %s, %s, %s)"
FIRST, SECOND = b"", b"second half "


@never_stopped("whoever complained keeps the way to their complaint")
def give_new_words(work: Work, filing_id: UUID, ask: GiveNewWords) -> str:
    """Ends the old passphrase at once, and gives the first half of a code; nobody here ever sees the new words."""
    work.need_step_up()
    filing = get_filing(work, filing_id, for_update=True)
    routes.check_handles(work, case_id=filing.case_id, filing_id=filing.id)
    rules.check_replaceable(work.book, filing.anonymity)
    person = people.person_of_filing(work, filing.id)
    if person is None or not people.has_identity(work, person.id):
        raise Refused(rules.NAMELESS)
    rules.check_asked(work.book, ask.asked)
    checked = FilerChecked(case_id=filing.case_id, filing_id=filing.id, asked=", ".join(sorted(ask.asked)))
    work.happened(checked)
    for standing in queries.standing_new_words(work, filing.id):
        standing.voided_at = work.now
    code = new_paper_code()
    given = work.add(
        NewWords(
            id=uuid4(),
            filing_id=filing.id,
            code_hash=_hash_of(work, FIRST, code),
            asked=sorted(ask.asked),
            given_by_id=work.actor.id,
            given_at=work.now,
            ends_at=work.now + rules.CODE_LIFE,
        )
    )
    filing.lookup = None
    work.happened(WordsEnded(case_id=filing.case_id, filing_id=filing.id, new_words_id=given.id))
    return code


@never_stopped("whoever complained keeps the way to their complaint")
def second_new_words(work: Work, filing_id: UUID, ask: SecondNewWords) -> str:
    """The second half, by somebody else who saw or called the filer too: with one half alone nobody takes words."""
    work.need_step_up()
    filing = get_filing(work, filing_id)
    routes.check_handles(work, case_id=filing.case_id, filing_id=filing.id)
    given = queries.half_to_give(work, filing.id, for_update=True)
    if given is None:
        raise Refused(rules.NO_FIRST_HALF)
    rules.check_seconds(given.given_by_id, work.actor.places)
    code = new_paper_code()
    given.second_hash, given.seconded_by_id, given.seconded_at = _hash_of(work, SECOND, code), work.actor.id, work.now
    work.happened(WordsSeconded(case_id=filing.case_id, filing_id=filing.id, new_words_id=given.id))
    return code


@never_stopped("whoever complained keeps the way to their complaint")
def take_new_words(work: Work, ask: TakeNewWords) -> Passphrase:
    """The new passphrase, for whoever has both halves of the code; they work once."""
    if not all(is_paper(plain(half)) for half in (ask.code, ask.second)):
        raise NotFound()
    passphrase, entry_id = fresh_passphrase(), uuid4()
    halves = _hash_of(work, FIRST, ask.code), _hash_of(work, SECOND, ask.second)
    lookup = lookup_of(work.keys.derive("lookup"), passphrase)
    taken = send(work.session, [Statement(_TAKE, [*halves, lookup, work.now, entry_id])])
    if taken is None:
        raise NotFound()
    work.identify(lookup)
    work.happened(WordsTaken(case_id=taken[1], filing_id=taken[0]), entry_id=entry_id)
    return passphrase


def _hash_of(work: Work, half: bytes, code: str) -> bytes:
    """What is kept of half a code: of no use without the installation's key, nor in place of the other half."""
    return hmac.digest(work.keys.derive("new-words"), half + plain(code).encode(), "sha256")
