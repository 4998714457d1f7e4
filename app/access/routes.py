"""Complaints that go another way, because of whom they are against: sent there, followed, and taken back."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from app.access.permissions import Role
from app.access.records import Account, AccountRole, SpecialRoute, Wall
from app.access.walls import is_kept_from
from app.access.work import Work
from app.infra.db import hidden_key
from app.kernel.errors import NotAllowed, Refused
from app.kernel.events import Event
from app.policy.model import Rulebook
from app.policy.model.outside import SpecialRoute as RouteRule

CONCERNED = "concerned"
# In whose place somebody from outside acts, where the office itself may not.
OFFICE = frozenset({Role.INTAKE, Role.INVESTIGATOR, Role.SUPERVISOR, Role.COUNSEL, Role.DIRECTOR, Role.SECRETARY})


class SentAnotherWay(Event):
    """A complaint goes the way that the rulebook names for whom it is against; which way that is, is said to nobody."""

    tag: ClassVar[str] = "access:route:set"
    sentence: ClassVar[str] = "Sent the complaint the way that the rulebook names for it."

    filing_id: UUID | None = None


class LeadFreed(Event):
    """Whoever led the case may not know of it any more."""

    tag: ClassVar[str] = "access:route:freed"
    sentence: ClassVar[str] = "Took the case from its lead."


class SentBack(Event):
    """A complaint goes the usual way again."""

    tag: ClassVar[str] = "access:route:lifted"
    sentence: ClassVar[str] = "Sent the complaint the usual way again."

    filing_id: UUID | None = None


class RouteReferred(Event):
    """It was referred to the body that the rulebook names."""

    tag: ClassVar[str] = "access:route:referred"
    sentence: ClassVar[str] = "Noted that the complaint was referred to the body that the rulebook names."

    filing_id: UUID | None = None


def standing_route(work: Work, *, case_id: UUID | None = None, filing_id: UUID | None = None) -> SpecialRoute | None:
    """The other way that a case or filing goes, as far as this person may know of it."""
    of = [SpecialRoute.case_id == case_id] if case_id else []
    of += [SpecialRoute.filing_id == filing_id] if filing_id else []
    query = select(SpecialRoute).where(SpecialRoute.lifted_at.is_(None), or_(*of))
    return work.session.scalars(query.order_by(SpecialRoute.set_at).limit(1)).first() if of else None


def way_said(work: Work, case_id: UUID | None, filing_id: UUID) -> RouteRule | None:
    """The same for the filer, by the columns that their door may read: what the rulebook tells them of it."""
    of = or_(SpecialRoute.filing_id == filing_id, *([SpecialRoute.case_id == case_id] if case_id else []))
    query = select(SpecialRoute.route, SpecialRoute.policy_id).where(SpecialRoute.lifted_at.is_(None), of)
    row = work.session.execute(query.limit(1)).first()
    return rule_of(work.policies.named(row.policy_id), row.route) if row else None


def rule_of(book: Rulebook, code: str) -> RouteRule | None:
    """The rulebook's words for a way; one of long ago may have had it."""
    return next((each for each in book.special_routes if each.code == code), None)


def acting_as(work: Work, case_id: UUID | None, *, filing_id: UUID | None = None) -> frozenset[str]:
    """What this person acts as in one case: from outside, on what is theirs to handle, in the place of the office."""
    mine = work.actor.roles
    return mine | {str(role) for role in OFFICE} if _handles(work, case_id, filing_id) else mine


def check_handles(work: Work, *, case_id: UUID | None = None, filing_id: UUID | None = None) -> None:
    """Whoever from outside is only asked about one step of a case does nothing else in it."""
    if work.actor.outsider is not None and not _handles(work, case_id, filing_id):
        raise NotAllowed("This is for whoever handles the complaint: you are asked about one step of it.")


def _handles(work: Work, case_id: UUID | None, filing_id: UUID | None) -> bool:
    """True for somebody from outside to whom this case or filing was sent; nobody else is asked about."""
    if work.actor.outsider is None:
        return False
    route = standing_route(work, case_id=case_id, filing_id=filing_id)
    return route is not None and work.actor.outsider in route.handled_by


def send_another_way(
    work: Work,
    book: Rulebook,
    rule: RouteRule,
    *,
    case_id: UUID | None = None,
    filing_id: UUID | None = None,
    person_id: UUID | None = None,
) -> None:
    """From the next request on it is there for those alone whom the rulebook names; the way before it is lifted."""
    check_handles(work, case_id=case_id, filing_id=filing_id)
    before = standing_route(work, case_id=case_id, filing_id=filing_id)
    filing_id = filing_id or (before.filing_id if before is not None else None)
    if before is not None:
        before.lifted_at = work.now
    entry = work.happened(SentAnotherWay(case_id=case_id, filing_id=filing_id))
    # Written last: once it stands, the database takes nothing more on this complaint from whom it is kept.
    work.flush()
    _stand(work, book, rule, entry, case_id, filing_id)
    if person_id is not None:
        _wall_before(work, person_id, entry, [key for key in (case_id, filing_id) if key is not None])


def file_another_way(work: Work, book: Rulebook, rule: RouteRule, filing_id: UUID) -> None:
    """Whoever files says whom it is against: it is never anywhere else."""
    _stand(work, book, rule, work.happened(SentAnotherWay(filing_id=filing_id)), None, filing_id)


def _stand(
    work: Work, book: Rulebook, rule: RouteRule, entry: UUID, case_id: UUID | None, filing_id: UUID | None
) -> None:
    work.put(
        SpecialRoute(
            id=uuid4(),
            case_id=case_id,
            filing_id=filing_id,
            route=rule.code,
            policy_id=book.policy_id,
            handled_by=list(rule.handled_by),
            hidden_from=list(rule.hidden_from),
            set_by_id=work.actor.id,
            set_at=work.now,
            last_entry_id=entry,
        )
    )


def _wall_before(work: Work, person_id: UUID, entry: UUID, of: Iterable[UUID]) -> None:
    for key in of:
        work.put(
            Wall(
                id=hidden_key(),
                account_id=person_id,
                case_id=key,
                kind=CONCERNED,
                raised_at=work.now,
                last_entry_id=entry,
            )
        )


def take_back(work: Work, route: SpecialRoute) -> None:
    """It goes the usual way again, and whom it concerned may know of it: what they read then cannot be taken back."""
    work.need_step_up()
    route.lifted_at = work.now
    for wall in _concerned(work, route):
        wall.lifted_at = work.now
    work.happened(SentBack(case_id=route.case_id, filing_id=route.filing_id))


def note_referral(work: Work, route: SpecialRoute) -> None:
    """Somebody who handles it has handed it to the body that the rulebook names."""
    route.referred_on, route.referred_by_id = work.today, work.actor.id
    work.happened(RouteReferred(case_id=route.case_id, filing_id=route.filing_id))


def follow_into_case(work: Work, filing_id: UUID, case_id: UUID) -> None:
    """A filing becomes a case, or joins one: the case goes the filing's way, before anything else of it is written."""
    route = standing_route(work, filing_id=filing_id)
    if route is None or standing_route(work, case_id=case_id) is not None:
        return
    route.case_id, route.last_entry_id = case_id, work.entries[-1]
    for wall in _concerned(work, route):
        _wall_before(work, wall.account_id, work.entries[-1], [case_id])
    work.flush()


def _concerned(work: Work, route: SpecialRoute) -> list[Wall]:
    keys = [key for key in (route.case_id, route.filing_id) if key is not None]
    query = select(Wall).where(Wall.case_id.in_(keys), Wall.kind == CONCERNED, Wall.lifted_at.is_(None))
    return list(work.session.scalars(query))


def would_keep_from(work: Work, rule: RouteRule, account_id: UUID) -> bool:
    """True where this way would take the complaint out of somebody's hands."""
    return is_kept_from(work, account_id, rule.handled_by, rule.hidden_from)


def check_may_lead(work: Work, case_id: UUID, account_id: UUID) -> None:
    """Nobody is given a case of which they may not know."""
    route = standing_route(work, case_id=case_id)
    walls = [wall.account_id for wall in _concerned(work, route)] if route is not None else []
    if route is not None and (
        account_id in walls or is_kept_from(work, account_id, route.handled_by, route.hidden_from)
    ):
        raise Refused("This case goes another way, and whoever you chose may not know of it.")


def people_here(work: Work) -> list[tuple[UUID, str]]:
    """Whose account may be that of the person complained of."""
    query = select(Account.id, Account.display_name, Account.title).where(Account.status == "active")
    rows = work.session.execute(query.order_by(Account.display_name, Account.id))
    return [(row.id, f"{row.display_name}, {row.title}" if row.title else row.display_name) for row in rows]


def held_here(work: Work) -> frozenset[str]:
    """The roles, and names of the rulebook for people from outside, that somebody who can sign in has."""
    roles = select(AccountRole.role).join(Account, Account.id == AccountRole.account_id)
    outside = select(Account.outsider).where(Account.outsider.is_not(None), Account.status == "active")
    found = work.session.scalars(roles.where(Account.status == "active").union(outside))
    return frozenset(found)
