"""Saying that somebody is away and who stands in, and ending it."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from app.access.absences import Absence
from app.access.permissions import Permission
from app.access.work import Work
from app.administration import rules
from app.administration.commands import SayAbsence
from app.administration.events import AbsenceEnded, AbsenceSaid
from app.administration.queries import absences as queries
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused


def say_absence(work: Work, ask: SayAbsence) -> Absence:
    """From the first day on the deputy has the other's roles in addition, and what is kept from either is kept."""
    work.need(Permission.SESSION_OWN)
    work.need_step_up()
    me = work.actor.id
    if me is None:
        raise NotFound()
    absent = queries.person(work, ask.account or me, "account")
    deputy = queries.person(work, ask.deputy, "deputy")
    _check_people(work, absent, deputy)
    rules.check_absence(ask.first_day, ask.last_day, work.today, work.house.access.deputies.most_days)
    queries.hold(work, absent.account.id, deputy.account.id)
    _check_free(work, absent, deputy, ask)
    lent, by_roles = work.house.access.deputies.lent(absent.roles, deputy.roles)
    row = work.add(
        Absence(
            id=uuid4(),
            account_id=absent.account.id,
            deputy_id=deputy.account.id,
            roles=sorted(lent),
            by_roles=sorted(by_roles),
            first_day=ask.first_day,
            last_day=ask.last_day,
            starts_at=_begins(work, ask.first_day),
            ends_at=_begins(work, ask.last_day + timedelta(days=1)),
            said_by_id=me,
            said_at=work.now,
        )
    )
    work.happened(
        AbsenceSaid(
            account_id=row.account_id,
            deputy_id=row.deputy_id,
            first_day=row.first_day,
            last_day=row.last_day,
            roles=tuple(row.roles),
        )
    )
    work.flush()
    return row


def end_absence(work: Work, absence_id: UUID) -> Absence:
    """At once: by whoever is away, who stands in, who said it, or who may say it for them."""
    work.need(Permission.SESSION_OWN)
    row = queries.get_absence(work, absence_id)
    row.ended_at, row.ended_by_id = work.now, work.actor.id
    work.happened(AbsenceEnded(account_id=row.account_id, deputy_id=row.deputy_id))
    work.flush()
    return row


def _check_people(work: Work, absent: queries.Person, deputy: queries.Person) -> None:
    """Everybody says it for themselves; for others those whom the rules name, and nobody names themselves."""
    if absent.account.id != work.actor.id and not queries.may_say_for(work, absent.roles):
        raise NotAllowed("You cannot say this for them. They say it themselves, or whoever answers for them does.")
    if deputy.account.id == work.actor.id:
        raise Refused("Nobody gives themselves the roles of another. Somebody else says that you stand in.")
    if not queries.may_stand_in(work, absent, deputy):
        raise Invalid({"deputy": "They cannot stand in here: it takes somebody of the same kind of work."})


def _check_free(work: Work, absent: queries.Person, deputy: queries.Person, ask: SayAbsence) -> None:
    if queries.in_these_days(work, absent.account.id, ask.first_day, ask.last_day):
        raise Refused("Somebody stands in on one of these days already. End that first.")
    if queries.in_these_days(work, deputy.account.id, ask.first_day, ask.last_day):
        raise Invalid({"deputy": "They are away on one of these days themselves."})


def _begins(work: Work, day: date) -> datetime:
    """The agency's own midnight."""
    return datetime.combine(day, time(), work.house.zone)
