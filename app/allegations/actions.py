"""What is done with allegations: stated, withdrawn, moved to an officer who got a name; and found upon."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from app.access import halves, routes
from app.access.acts import never_stopped, stops_with
from app.access.compartments import together
from app.access.keeping import marks_for
from app.access.permissions import Permission, Role
from app.access.work import Work
from app.allegations import queries, rules
from app.allegations.commands import (
    IdentifyOfficer,
    RecommendFinding,
    ReviewFinding,
    StateAllegation,
    WithdrawAllegation,
)
from app.allegations.events import AllegationStated, AllegationWithdrawn, FindingMade, FindingSuperseded
from app.allegations.records import Allegation, Finding
from app.cases import actions as case_actions
from app.cases import queries as cases
from app.cases.records import Case
from app.commission.rules.meetings import FINDING
from app.commission.rules.voting import CARRIED
from app.infra.db import hidden_key
from app.kernel.errors import Invalid, Refused, Stale
from app.people import actions as people_actions
from app.people import queries as people
from app.people.records import Officer
from app.policy.model import Rulebook
from app.policy.model.decisions import LifeCode
from app.policy.model.powers import Act


@stops_with(Act.CASEWORK)
def state_allegation(work: Work, case_id: UUID, ask: StateAllegation) -> Allegation:
    """Writes down what one officer is said to have done; an officer nobody can name yet is kept by description."""
    work.need(Permission.ALLEGATION_STATE)
    case = _open_case(work, case_id)
    book = work.policies.named(case.policy_id)
    category = rules.check_category(book, ask.category)
    if ask.person_id is not None:
        queries.person_of_case(work, case.id, ask.person_id)
    officer = _officer(work, book, case, ask)
    is_first = queries.is_first_of_officer(work, case.id, officer.id)

    allegation = work.add(
        Allegation(
            id=uuid4(),
            case_id=case.id,
            position=queries.next_position(work, case.id),
            officer_id=officer.id,
            person_id=ask.person_id,
            category=category,
            wording=ask.wording,
            stated_on=work.today,
            compartments=marks_for(work, case.id, ask, ask.wording),
        )
    )
    if not case.category:
        case.category = category
    work.happened(
        AllegationStated(case_id=case.id, allegation_id=allegation.id, officer_id=officer.id, category=category)
    )
    if is_first and not officer.is_unknown:
        _start_clocks_of(work, case, officer.id)
    return allegation


def _officer(work: Work, book: Rulebook, case: Case, ask: StateAllegation) -> Officer:
    if ask.officer_id is not None:
        officer = people.get_officer(work, ask.officer_id)
        rules.check_overseen(book, officer.department_id)
        return officer
    if not ask.description.strip():
        raise Invalid({"description": "Choose an officer, or say what is known of them."})
    department_id = ask.department_id or case.department_id
    rules.check_overseen(book, department_id, "department_id")
    return people_actions.add_officer(work, department_id, description=ask.description)


def _start_clocks_of(work: Work, case: Case, officer_id: UUID) -> None:
    """The officer has a name in this case from now on: the clocks of their own hear all that the case went through."""
    work.flush()
    earlier = [(each.code, each.on) for each in cases.gone_through(work, case)]
    for event, on in [*earlier, ("officer_identified", work.today)]:
        case_actions.tick(work, case, event, on, officer_id=officer_id)


def _open_case(work: Work, case_id: UUID) -> Case:
    case = cases.get_case(work, case_id)
    if work.policies.named(case.policy_id).stage(case.stage).final:
        raise Refused("This case is closed.")
    return case


@stops_with(Act.CASEWORK)
def withdraw_allegation(work: Work, allegation_id: UUID, ask: WithdrawAllegation) -> Allegation:
    """An allegation is no longer pursued; it stays on file, and why stands among the notes."""
    work.need(Permission.ALLEGATION_STATE)
    allegation = queries.get_allegation(work, allegation_id, for_update=True)
    case = _open_case(work, allegation.case_id)
    if allegation.version != ask.version:
        raise Stale()
    if allegation.withdrawn_at is not None:
        raise Refused("This allegation has been withdrawn already.")
    allegation.withdrawn_at = work.now
    work.happened(
        AllegationWithdrawn(case_id=case.id, allegation_id=allegation.id, category=allegation.category),
    )
    case_actions.keep_reason(work, case, ask.reason)
    work.flush()
    _name_case(work, case)
    return allegation


@stops_with(Act.CASEWORK)
def identify_officer(work: Work, case_id: UUID, unknown_id: UUID, ask: IdentifyOfficer) -> Officer:
    """An unknown officer has a name: what is alleged goes to the known one, and the journal keeps both."""
    case = _open_case(work, case_id)
    known = people.get_officer(work, ask.officer_id)
    rules.check_overseen(work.policies.named(case.policy_id), known.department_id)
    moved = queries.allegations_against(work, case.id, unknown_id)
    if not moved:
        raise Refused("This officer is not named in the case.")
    is_first = queries.is_first_of_officer(work, case.id, known.id)
    for allegation in moved:
        allegation.officer_id = known.id
    people_actions.identify_officer(work, unknown_id, known.id, case_id=case.id)
    if is_first:
        _start_clocks_of(work, case, known.id)
    return known


@stops_with(Act.FINDINGS)
def recommend_finding(work: Work, allegation_id: UUID, ask: RecommendFinding) -> Finding:
    """The investigator says what was found, by which standard and why."""
    work.need(Permission.FINDING_RECOMMEND)
    allegation, case = _to_find_on(work, allegation_id, LifeCode.INVESTIGATOR)
    book = work.policies.named(case.policy_id)
    if halves.open_half(work, halves.FINDING, allegation.id) is None:
        halves.note_first(work, book, halves.FINDING, allegation.id, case_id=case.id)
    kept = together(allegation.compartments, marks_for(work, case.id, ask, ask.reasons))
    return write_finding(work, allegation, case, LifeCode.INVESTIGATOR, ask.disposition, ask.reasons, compartments=kept)


@stops_with(Act.FINDINGS)
def review_finding(work: Work, allegation_id: UUID, ask: ReviewFinding) -> Finding:
    """The supervisor agrees with the investigator, or writes another finding; both stand side by side."""
    work.need(Permission.FINDING_REVIEW)
    allegation, case = _to_find_on(work, allegation_id, LifeCode.SUPERVISOR)
    found = queries.standing_finding(work, allegation.id, LifeCode.INVESTIGATOR)
    if found is None:
        raise Refused("The investigator has not found on this allegation yet.")
    if not ask.agrees and not ask.reasons.strip():
        raise Invalid({"reasons": "Say why you find otherwise."})
    book = work.policies.named(case.policy_id)
    halves.check_second(book, halves.FINDING, found.found_by_id, work.actor.places, routes.acting_as(work, case.id))
    disposition = found.disposition if ask.agrees else ask.disposition
    # What reviews a finding is made from it.
    kept = together(found.compartments, marks_for(work, case.id, ask, ask.reasons))
    reviewed = write_finding(
        work,
        allegation,
        case,
        LifeCode.SUPERVISOR,
        disposition,
        ask.reasons,
        first_by_id=found.found_by_id,
        compartments=kept,
    )
    halves.settle(work, halves.FINDING, allegation.id)
    return reviewed


def _to_find_on(work: Work, allegation_id: UUID, life: str) -> tuple[Allegation, Case]:
    allegation = queries.get_allegation(work, allegation_id, for_update=True)
    case = cases.get_case(work, allegation.case_id)
    book = work.policies.named(case.policy_id)
    rules.check_may_write(book, life, case.stage, _acts_as(work, book, case.id, life))
    return allegation, case


def _acts_as(work: Work, book: Rulebook, case_id: UUID, life: str) -> frozenset[str]:
    """Whom the rulebook names from outside as the second person of a review writes it as the supervisor would."""
    mine = routes.acting_as(work, case_id)
    is_second = work.actor.outsider in book.second_persons_for(halves.FINDING)
    return mine | {Role.SUPERVISOR} if life == LifeCode.SUPERVISOR and is_second else mine


@never_stopped("part of what was let through")
def write_finding(
    work: Work,
    allegation: Allegation,
    case: Case,
    life: str,
    disposition: str,
    reasons: str,
    *,
    motion_id: UUID | None = None,
    first_by_id: UUID | None = None,
    compartments: Sequence[str] = (),
) -> Finding:
    """One authority's word on one allegation; its earlier word is superseded and kept. The caller checks who may."""
    if allegation.withdrawn_at is not None:
        raise Refused("This allegation has been withdrawn.")
    word = rules.check_word(work.policies.named(case.policy_id), life, disposition)
    _supersede(work, allegation, case, life)
    finding = work.add(
        Finding(
            id=hidden_key(),
            allegation_id=allegation.id,
            case_id=case.id,
            life=str(life),
            disposition=word.code,
            finding_class=str(word.canonical or ""),
            standard=str(word.standard or ""),
            reasons=reasons,
            found_on=work.today,
            found_by_id=work.actor.id,
            first_by_id=first_by_id,
            motion_id=motion_id,
            compartments=list(compartments),
        )
    )
    work.happened(
        FindingMade(
            case_id=case.id,
            allegation_id=allegation.id,
            finding_id=finding.id,
            life=str(life),
            disposition=word.code,
            finding_class=finding.finding_class,
            motion_id=motion_id,
        )
    )
    work.flush()
    _name_case(work, case)
    return finding


def _supersede(work: Work, allegation: Allegation, case: Case, life: str) -> None:
    before = queries.standing_finding(work, allegation.id, life)
    if before is None:
        return
    before.superseded_at = work.now
    work.happened(
        FindingSuperseded(
            case_id=case.id,
            allegation_id=allegation.id,
            finding_id=before.id,
            life=str(life),
            disposition=before.disposition,
        )
    )
    # Only one word of a life may stand: the old one steps back before the new one is written.
    work.flush()


def _name_case(work: Work, case: Case) -> None:
    """The finding that names the case follows its allegations; the entry that moved it is the one that touched it."""
    result = rules.overall(work.policies.named(case.policy_id), queries.lives_of(work, case.id))
    if result != case.result:
        case.result = result
        case.last_entry_id = work.entries[-1]


@never_stopped("what was voted while it could be takes effect")
def adopt_finding(work: Work, motion_id: UUID) -> Finding | None:
    """What the commission carried becomes its finding; a motion on something else or adopted before is left alone."""
    motion = queries.motion_of(work, motion_id)
    if motion.subject_id is None or (motion.kind, motion.outcome) != (FINDING, CARRIED):
        return None
    allegation = queries.get_allegation(work, motion.subject_id, for_update=True)
    case = cases.get_case(work, allegation.case_id, for_update=True)
    before = queries.standing_finding(work, allegation.id, LifeCode.BOARD)
    if before is not None and before.motion_id == motion.id:
        return before
    return write_finding(work, allegation, case, LifeCode.BOARD, motion.proposal, motion.wording, motion_id=motion.id)
