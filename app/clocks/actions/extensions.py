"""More time: asked for, granted by somebody else or agreed to by those concerned; it moves the date at once."""

from datetime import date
from uuid import UUID, uuid4

from app.access.acts import stops_with
from app.access.permissions import Permission
from app.access.routes import acting_as
from app.access.work import Work
from app.clocks import queries, rules
from app.clocks.actions import dates
from app.clocks.commands import AskExtension, Decide, NoteAgreement
from app.clocks.events import AgreementNoted, ExtensionAsked, ExtensionGranted, ExtensionRefused
from app.clocks.queries import ASKED, GRANTED, REFUSED
from app.clocks.records import Agreement, Clock, Extension
from app.clocks.rules import Grant
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.powers import Act
from app.policy.model.process import Extension as ExtensionRule

EXTENSION = "extension"


@stops_with(Act.CASEWORK)
def ask_extension(work: Work, clock_id: UUID, ask: AskExtension) -> Extension:
    """Asks for more time, within the rulebook's limits; somebody else decides."""
    clock, book = dates.get_running(work, clock_id)
    _, grant = _allowed(work, clock, book, ask, asked_on=_asked_on(work, ask))
    extension = _extension(work, clock, ask, grant)
    extension.state, extension.asked_by_id = ASKED, work.actor.id
    work.happened(
        ExtensionAsked(
            case_id=clock.case_id,
            clock_id=clock.id,
            extension_id=extension.id,
            rule=clock.rule,
            amount=grant.amount,
            unit=grant.unit,
        )
    )
    return extension


@stops_with(Act.CASEWORK)
def extend_clock(work: Work, clock_id: UUID, ask: AskExtension) -> Clock:
    """Gives more time at once, where the rulebook does not want two people for it."""
    work.need(Permission.CLOCK_EXTEND)
    clock, book = dates.get_running(work, clock_id)
    rule, grant = _allowed(work, clock, book, ask, asked_on=_asked_on(work, ask))
    rules.check_direct(book, EXTENSION)
    rules.check_may_grant(rule, acting_as(work, clock.case_id))
    extension = _extension(work, clock, ask, grant)
    extension.decided_by_id = work.actor.id
    return _extended(work, clock, extension)


@stops_with(Act.CASEWORK)
def decide_extension(work: Work, clock_id: UUID, extension_id: UUID, ask: Decide) -> Extension:
    """Grants or refuses more time that somebody else asked for; in time is what was asked for in time."""
    clock, book = dates.get_running(work, clock_id)
    extension = queries.get_extension(work, clock.id, extension_id)
    _check_asked(extension.state)
    rule = rules.extension_of(book, clock.rule, extension.kind)
    rules.check_may_grant(rule, acting_as(work, clock.case_id))
    asked_by_decider = extension.asked_by_id in work.actor.places
    rules.check_decider(book, EXTENSION, asked_by_decider=asked_by_decider, roles=acting_as(work, clock.case_id))
    extension.decision, extension.decided_by_id = ask.words, work.actor.id
    if ask.answer == "grant":
        again = AskExtension(more=extension.kind, why=extension.reason, days=extension.amount)
        _allowed(work, clock, book, again, asked_on=extension.asked_on)
        _extended(work, clock, extension)
        return extension
    extension.state, extension.decided_on = REFUSED, work.today
    work.happened(
        ExtensionRefused(case_id=clock.case_id, clock_id=clock.id, extension_id=extension.id, rule=clock.rule)
    )
    return extension


@stops_with(Act.CASEWORK)
def note_agreement(work: Work, clock_id: UUID, extension_id: UUID, ask: NoteAgreement) -> Extension:
    """A party agreed to more time that was asked for; once all of them have, it is granted by that alone."""
    work.need(Permission.CLOCK_ASK)
    clock, book = dates.get_running(work, clock_id)
    extension = queries.get_extension(work, clock.id, extension_id)
    _check_asked(extension.state)
    rule = rules.extension_of(book, clock.rule, extension.kind)
    rules.check_agreement(rule, ask.party, ask.agreed_on, clock.started_on, work.today)
    known = {each.party for each in queries.agreements_of(work, clock.id).get(extension.id, [])}
    if ask.party in known:
        raise Refused("Their agreement is noted already.")
    work.add(
        Agreement(
            id=uuid4(),
            extension_id=extension.id,
            clock_id=clock.id,
            case_id=clock.case_id,
            party=ask.party,
            agreed_on=ask.agreed_on,
            proof=ask.proof,
            noted_on=work.today,
            noted_by_id=work.actor.id,
        )
    )
    work.happened(
        AgreementNoted(
            case_id=clock.case_id,
            clock_id=clock.id,
            extension_id=extension.id,
            rule=clock.rule,
            party=ask.party,
            agreed_on=ask.agreed_on,
        )
    )
    if rules.have_all_agreed(rule, known | {ask.party}):
        _extended(work, clock, extension)
    return extension


def _asked_on(work: Work, ask: AskExtension) -> date:
    """Today, or the earlier day of a paper on which it was agreed."""
    if ask.asked_on is not None and ask.asked_on > work.today:
        raise Invalid({"asked_on": "This day is still to come."})
    return ask.asked_on or work.today


def _date_of(clock: Clock) -> date:
    if clock.due_on is None:
        raise Refused("The law gives no number of days here: there is nothing to add to.")
    return clock.due_on


def _allowed(
    work: Work, clock: Clock, book: Rulebook, ask: AskExtension, *, asked_on: date
) -> tuple[ExtensionRule, Grant]:
    rule = rules.extension_of(book, clock.rule, ask.more)
    given = queries.extensions_of(work, [clock.id]).get(clock.id, [])
    grant = rules.check_extension(
        rule,
        granted=sum((each.kind, each.state) == (ask.more, GRANTED) for each in given),
        due_on=_date_of(clock),
        asked_on=asked_on,
        days=ask.days,
        reason=ask.why,
    )
    return rule, grant


def _extension(work: Work, clock: Clock, ask: AskExtension, grant: Grant) -> Extension:
    return work.add(
        Extension(
            id=uuid4(),
            clock_id=clock.id,
            case_id=clock.case_id,
            kind=ask.more,
            amount=grant.amount,
            unit=grant.unit,
            reason=ask.why,
            asked_on=_asked_on(work, ask),
        )
    )


def _extended(work: Work, clock: Clock, extension: Extension) -> Clock:
    extension.state, extension.decided_on = GRANTED, work.today
    before = queries.extensions_of(work, [clock.id]).get(clock.id, [])
    given = [*(each for each in before if each.id != extension.id), extension]
    dates.move(work, clock, queries.pauses_of(work, [clock.id]).get(clock.id, []), given)
    work.happened(
        ExtensionGranted(
            case_id=clock.case_id,
            clock_id=clock.id,
            extension_id=extension.id,
            rule=clock.rule,
            amount=extension.amount,
            unit=extension.unit,
            due_on=_date_of(clock),
        )
    )
    return clock


def _check_asked(state: str) -> None:
    if state != ASKED:
        raise Refused("This was decided already.")
