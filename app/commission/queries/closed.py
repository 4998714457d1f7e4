"""Closed sessions of docketed cases: the ground, the officers spoken of, and how each of them stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.cases.rules import law_of
from app.commission.queries.meetings import body_of
from app.commission.records import ClosedSession, DocketItem, Meeting, Motion, SessionWord
from app.commission.rules import closed
from app.commission.rules.closed import Law, Spoken, State, Word
from app.policy.model.agency import VoteRule


@dataclass(frozen=True)
class Officer:
    """One officer spoken of: what is on file of them, and what follows from it."""

    id: UUID
    spoken: Spoken
    words: tuple[SessionWord, ...]
    says: str
    is_hindered: bool


@dataclass(frozen=True)
class Closing:
    """A closed session as it stands, planned or held."""

    session: ClosedSession
    state: State
    label: str
    cited: str

    @property
    def state_label(self) -> str:
        """The state in words."""
        return closed.STATE_LABELS[self.state]


def closings_of(work: Work, items: Iterable[DocketItem]) -> dict[UUID, list[Closing]]:
    """By docket item, the closed sessions that were planned for it, in their order."""
    query = select(ClosedSession).where(ClosedSession.docket_item_id.in_([item.id for item in items]))
    sessions = list(work.session.scalars(query.order_by(ClosedSession.planned_at, ClosedSession.id)))
    asked = _asked_open(work, [session.id for session in sessions])
    found: dict[UUID, list[Closing]] = {}
    for session in sessions:
        found.setdefault(session.docket_item_id, []).append(_closing(work, session, session.id in asked))
    return found


def _closing(work: Work, session: ClosedSession, is_asked_open: bool) -> Closing:  # noqa: FBT001 -- private
    book = work.policies.named(session.policy_id)
    ground = closed.find_ground(book, session.ground)
    gives = ground is not None and ground.open_on_request
    state = closed.state_of(
        began=session.began_at is not None,
        ended=session.ended_at is not None,
        dropped=session.dropped_at is not None,
        is_asked_open=is_asked_open and gives,
    )
    if ground is None:
        return Closing(session, state, session.ground, "")
    return Closing(session, state, ground.label.to("en"), law_of(book, ground))


def _asked_open(work: Work, session_ids: list[UUID]) -> set[UUID]:
    query = select(SessionWord.session_id).where(
        SessionWord.session_id.in_(session_ids), SessionWord.kind == Word.ASKS_OPEN, SessionWord.struck_at.is_(None)
    )
    return set(work.session.scalars(query))


def standing_session(work: Work, item_id: UUID, *, for_update: bool = False) -> ClosedSession | None:
    """The closed session that is planned for a docketed case or goes on now."""
    query = select(ClosedSession).where(
        ClosedSession.docket_item_id == item_id, ClosedSession.ended_at.is_(None), ClosedSession.dropped_at.is_(None)
    )
    return work.session.scalars(query.with_for_update() if for_update else query).one_or_none()


def get_word(work: Work, session_id: UUID, word_id: UUID) -> SessionWord:
    """One record of an officer, or 404."""
    return one_or_not_found(
        work, select(SessionWord).where(SessionWord.id == word_id, SessionWord.session_id == session_id)
    )


def goes_on_at(work: Work, meeting_id: UUID) -> bool:
    """Whether a closed session of this meeting has begun and not ended."""
    query = select(ClosedSession.id).join(DocketItem, DocketItem.id == ClosedSession.docket_item_id)
    query = query.where(
        DocketItem.meeting_id == meeting_id, ClosedSession.began_at.is_not(None), ClosedSession.ended_at.is_(None)
    )
    return work.session.scalar(query.limit(1)) is not None


def law_of_session(work: Work, session: ClosedSession, meeting: Meeting) -> Law | None:
    """What the rulebook asks: the one in force today until it began, then the one under which it began."""
    book = work.book if session.began_at is None else work.policies.named(session.policy_id)
    return closed.law_for(book, session.ground, meeting.held_on, meeting.starts_at)


def vote_rule_of(work: Work, meeting: Meeting, motion: Motion) -> VoteRule | None:
    """How many must agree to a motion; to close, what the ground in force today says of it."""
    body = body_of(work, meeting.body)
    ground = closed.find_ground(work.book, motion.proposal) if motion.kind == closed.CLOSE else None
    return closed.vote_rule(ground, body) if ground is not None else body.vote_rule(motion.kind)


def officers_of_session(work: Work, session: ClosedSession, law: Law | None) -> list[Officer]:
    """Every known officer of the case, with what they were told and said."""
    names = {each: name for part in work.parts("case_officers") for each, name in part(work, session.case_id)}
    words = words_of(work, session.id)
    found = []
    for officer_id, name in names.items():
        own = [word for word in words if word.officer_id == officer_id]
        spoken = _spoken(name, own)
        hindered = law is None or closed.hindrance(law, spoken, work.now) is not None
        says = closed.how_it_stands(law, spoken, work.now) if law is not None else closed.NO_GROUND
        found.append(Officer(officer_id, spoken, tuple(own), says, hindered))
    return found


def _spoken(name: str, words: list[SessionWord]) -> Spoken:
    standing = {word.kind: word for word in words if word.struck_at is None}
    told = standing.get(Word.TOLD)
    return Spoken(name, told.happened_at if told else None, Word.WAIVED in standing, Word.ASKS_OPEN in standing)


def words_of(work: Work, session_id: UUID) -> list[SessionWord]:
    """All that was recorded for a closed session, struck or not, as it happened."""
    query = select(SessionWord).where(SessionWord.session_id == session_id)
    return list(work.session.scalars(query.order_by(SessionWord.happened_at, SessionWord.recorded_at, SessionWord.id)))


def latest_closing(work: Work, case_id: UUID) -> Closing | None:
    """The closed session of the docket on which a case stands now, dropped ones aside."""
    query = select(DocketItem).join(Meeting, Meeting.id == DocketItem.meeting_id)
    query = query.where(DocketItem.case_id == case_id, DocketItem.taken_off_at.is_(None))
    item = work.session.scalars(query.order_by(Meeting.held_on.desc(), DocketItem.id).limit(1)).one_or_none()
    closings = closings_of(work, [item]).get(item.id, []) if item is not None else []
    return last_of(closings)


def grounds(work: Work) -> list[tuple[str, str, str]]:
    """The grounds that the rulebook in force names: code, words and citation; none where everything is open."""
    book = work.book
    return [(each.code, each.label.to("en"), law_of(book, each)) for each in book.meetings.closed_grounds]


def officers_spoken_of(work: Work, closing: Closing | None, meeting: Meeting) -> list[Officer]:
    """How the officers stand to a closed session that was planned or held; nobody where there is none."""
    if closing is None:
        return []
    return officers_of_session(work, closing.session, law_of_session(work, closing.session, meeting))


def last_of(closings: Iterable[Closing]) -> Closing | None:
    """The one that counts: the latest that was not given up."""
    return next((each for each in reversed(list(closings)) if each.state is not State.DROPPED), None)
