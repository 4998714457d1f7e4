"""The page of one's own complaint: where it stands, what happens next, what was written both ways."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.access.work import Work
from app.correspondence import queries as kept
from app.intake import actions, letters, queries
from app.intake.pages import uploads
from app.intake.pages.asking import translate
from app.intake.pages.file_question import largest_file
from app.intake.pages.tracking.signing import Tracker, language_here, signed_in, way_in
from app.intake.queries import OwnFiling
from app.intake.queries.lost_words import own_new_words
from app.intake.rules.filing import AnonymityKind, kinds_with_a_name, may_be_named
from app.intake.rules.status import FilerStatus
from app.people import queries as people
from app.policy.model import Rulebook
from app.policy.model.intake import Anonymity
from app.web.answers import show
from app.web.forms import Blank

router = APIRouter(prefix="/my", include_in_schema=False)


@router.get("")
def show_complaint(request: Request, work: Tracker, form: Blank) -> Response:
    """The complaint of whoever holds the passphrase; without one, the way in."""
    own = actions.own(work)
    if own is None:
        return way_in(request, work, form)
    language = language_here(request, work, own)
    standing = letters.told_status(work, own, language)
    book = queries.book_of_own(work, own, standing)
    view = {
        **_standing(work, own, standing, language),
        **_history(work, own, book, standing, language),
        **_written(request, work, own),
        **_filer(work, own, language),
    }
    title = translate(language)("Your complaint")
    response = show(request, work, "intake/my.html", title=title, lang=language, typed=form, own=own, **view)
    return signed_in(request, work, response)


def _standing(work: Work, own: OwnFiling, standing: FilerStatus, language: str) -> dict[str, Any]:
    """Where the complaint stands, and the proof of it."""
    return {
        "standing": standing,
        "new_words": own_new_words(work, own.id),
        "another_way": queries.way_of(work, own, language),
        "place": queries.place_of_own(work, own),
        "is_exact": own.anonymity != AnonymityKind.ANONYMOUS,
        "contact": work.book.meta.contact,
        "taken_down": queries.own_scribing(work, own.id),
        "channels": {each.code: each.label.to(language) for each in work.book.intake.channels},
    }


def _history(work: Work, own: OwnFiling, book: Rulebook, standing: FilerStatus, language: str) -> dict[str, Any]:
    """What has happened so far, who opened the file, and what may still be asked."""
    noted = queries.noted_of_own(work)
    return {
        "story": queries.story_of(work, own, book, standing, noted, language),
        "openings": queries.openings_of(work, book, noted),
        "appeals": queries.appeals_of(work, own, book, standing, language),
        "taking_back": queries.open_taking_back(work, own.id),
    }


def _written(request: Request, work: Work, own: OwnFiling) -> dict[str, Any]:
    """What was written both ways, and what was added."""
    messages = kept.messages_of(work, own.id)
    return {
        "messages": messages,
        "sent_files": queries.files_of_messages(work, own.id),
        "is_new": any(not message.is_from_filer and message.read_at is None for message in messages),
        "letters": kept.letters_of(work, own.id),
        "amendments": queries.amendments_of(work, own.id),
        "files": queries.files_of(work, own.id),
        "largest": largest_file(work),
        "offer": uploads.offer(request, work, uploads.owner_of_filing(work), largest_file(work)),
    }


def _filer(work: Work, own: OwnFiling, language: str) -> dict[str, Any]:
    """How the filer is known and told, and who read their name."""
    told = queries.own_contact(work, own)
    ways = dict(queries.ways_offered(work, work.book, told, language))
    return {
        "namings": _namings(work, own, language),
        "known_as": _known_as(work, own, language),
        "told_by": ways.get(told.way, ""),
        "seen": people.seen_by_filer(work, own.id),
    }


def _namings(work: Work, own: OwnFiling, language: str) -> list[tuple[str, str, str]]:
    """How whoever filed without a name may be known from now on: code, label and what it means."""
    book = work.policies.named(own.policy_id)
    if not may_be_named(book, own.anonymity):
        return []
    kinds = kinds_with_a_name(book)
    said = [each for each in book.intake.anonymity if each.code in kinds]
    return [(each.code, each.label.to(language), each.meaning.to(language)) for each in said]


def _known_as(work: Work, own: OwnFiling, language: str) -> str:
    """What was agreed about the filer's name, in the rulebook's words."""
    said = work.policies.named(own.policy_id).intake.anonymity
    return next((_meaning(each, language) for each in said if each.code == own.anonymity), "")


def _meaning(known: Anonymity, language: str) -> str:
    return known.meaning.to(language) or known.label.to(language)
