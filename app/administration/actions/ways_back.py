"""A way back in for an evening: one person asks, another sees who it is and grants it, and it ends by itself."""

from datetime import timedelta
from uuid import UUID, uuid4

from app.access.factors import KEY_NAME
from app.access.permissions import Permission
from app.access.records import WayBack
from app.access.work import Work
from app.administration import rules
from app.administration.commands import AskWayBack, SettleWayBack
from app.administration.events import WayBackAsked, WayBackGranted, WayBackOver, WayBackRefused
from app.administration.queries import ways_back as queries
from app.infra.codes import new_paper_code, paper_hash
from app.kernel.errors import Refused


def ask_way_back(work: Work, ask: AskWayBack) -> WayBack:
    """The first half; who is to be let in must have lost something, and be somebody else."""
    work.need(Permission.WAY_BACK_GIVE)
    account = queries.person(work, ask.account)
    rules.check_three(account.id, work.actor.id, None)
    if account.status != "active":
        raise Refused("This account is not one that can sign in. An administrator must let it in first.")
    _end_late(work, account.id)
    if queries.standing(work, account.id) is not None:
        raise Refused("Somebody has asked for this person already. It waits below.")
    row = work.add(
        WayBack(
            id=uuid4(),
            account_id=account.id,
            asked_by_id=work.actor.id,
            asked_at=work.now,
            expires_at=work.now + life(work),
            state="asked",
        )
    )
    work.happened(WayBackAsked(account_id=account.id))
    work.flush()
    return row


def grant_way_back(work: Work, ask: SettleWayBack) -> str:
    """The second half, by somebody else who has seen the person: the code, shown this once and kept nowhere."""
    work.need(Permission.WAY_BACK_GIVE)
    work.need_step_up()
    row = queries.asked(work, ask.way_back)
    for place in work.actor.places:
        rules.check_three(row.account_id, row.asked_by_id, place)
    rules.check_seen(ask.seen)
    code = new_paper_code()
    row.granted_by_id, row.granted_at = work.actor.id, work.now
    row.code_hash = paper_hash(work.keys.derive(KEY_NAME), row.account_id.bytes, code)
    row.expires_at = work.now + life(work)
    row.state = "granted"
    hours = work.house.access.factors.way_back_hours
    work.happened(WayBackGranted(account_id=row.account_id, hours=hours))
    work.flush()
    return code


def refuse_way_back(work: Work, way_back: UUID) -> None:
    """Not let in; whoever asked may take it back as well."""
    work.need(Permission.WAY_BACK_GIVE)
    row = queries.asked(work, way_back)
    if row.account_id == work.actor.id:
        raise Refused("This is about you. Somebody else answers it.")
    row.state = "refused"
    work.happened(WayBackRefused(account_id=row.account_id))
    work.flush()


def _end_late(work: Work, account_id: UUID) -> None:
    """One whose time is over makes room for another."""
    late = queries.late(work, account_id)
    if late is not None:
        late.state = "over"
        work.happened(WayBackOver(account_id=account_id))
        work.flush()


def life(work: Work) -> timedelta:
    """How long it holds."""
    return timedelta(hours=work.house.access.factors.way_back_hours)
