"""A case that nobody complained of is opened by the office itself, where the rulebook has such a kind."""

from uuid import uuid4

from app.access.acts import stops_with
from app.access.work import Work
from app.cases import queries, rules
from app.cases.actions.cases import keep_reason, tick
from app.cases.commands import OpenOwnCase
from app.cases.events import OwnCaseOpened
from app.cases.records import Case
from app.intake.rules import filing as told
from app.kernel.dates import Precision
from app.kernel.numbers import number_from
from app.kernel.text import DEFAULT_LANGUAGE
from app.policy.model import Rulebook
from app.policy.model.intake import CaseKind
from app.policy.model.powers import Act


@stops_with(Act.CASES)
def open_own_case(work: Work, ask: OpenOwnCase) -> Case:
    """Opens a case with no filing and no filer; why it was opened stands among the notes of its team."""
    book = work.policies.for_case(work.house.agency, work.today, incident_on=ask.incident_on)
    rules.check_own_kind(work.book, ask.kind, work.actor.roles)
    kind = rules.check_own_kind(book, ask.kind, work.actor.roles)
    told.check_department(book, ask.department_id)
    told.check_category(book, ask.category)
    rules.check_own_case(kind, ask.category, ask.incident_on, work.today)
    rules.check_not_open_yet(queries.same_own_case(work, ask))
    case = work.add(_new_case(work, book, kind, ask))
    work.happened(
        OwnCaseOpened(case_id=case.id, kind=kind.code, policy_id=case.policy_id, department_id=case.department_id)
    )
    work.flush()
    keep_reason(work, case, ask.reason)
    tick(work, case, "case_opened", work.today)
    if (begun := rules.clock_event(book, case.stage)) is not None:
        # It begins in the middle of the road: the clocks hear of it as if the case had moved there.
        tick(work, case, begun, work.today)
    return case


def _new_case(work: Work, book: Rulebook, kind: CaseKind, ask: OpenOwnCase) -> Case:
    return Case(
        id=uuid4(),
        number=number_from(book.number_mask, work.today.year),
        policy_id=book.policy_id,
        department_id=ask.department_id,
        stage=rules.begins_at(book, kind),
        category=ask.category,
        language=DEFAULT_LANGUAGE,
        received_on=work.today,
        opened_on=work.today,
        incident_date=ask.incident_on,
        incident_precision=Precision.DAY if ask.incident_on else Precision.UNKNOWN,
        place=ask.place,
        narrative=ask.narrative,
        origin=kind.code,
        queue_on=rules.NO_DATE,
    )
