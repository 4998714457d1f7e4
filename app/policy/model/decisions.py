"""What is decided: findings and their lives, closures, discipline and answers, mediation, review."""

from __future__ import annotations

from enum import StrEnum

from pydantic.json_schema import SkipJsonSchema

from app.kernel.deadlines import Unit
from app.kernel.text import LocalText
from app.policy.model.agency import VoteRule
from app.policy.model.base import Cited, Code, Count, Day, Flag, Keyed, Line, Lines, Named, Names, Percent, Positive
from app.policy.model.process import Owner


class Canonical(StrEnum):
    """Classes of finding that can be compared between cities; the local word is always kept beside it."""

    SUSTAINED = "sustained"
    INSUFFICIENT = "insufficient"
    WITHIN_POLICY = "within_policy"
    DID_NOT_OCCUR = "did_not_occur"
    TRAINING_OR_COACHING = "training_or_coaching"
    POLICY_GAP = "policy_gap"
    RESOLVED_OTHERWISE = "resolved_otherwise"
    NOT_INVESTIGATED = "not_investigated"
    CLOSED_RESOURCE = "closed_resource"
    OFFICER_LEFT = "officer_left"
    OFFICER_UNIDENTIFIED = "officer_unidentified"


class Standard(StrEnum):
    """How sure one must be."""

    PREPONDERANCE = "preponderance"
    CLEAR_AND_CONVINCING = "clear_and_convincing"
    SUFFICIENT_EVIDENCE = "sufficient_evidence"
    SUBSTANTIAL_EVIDENCE = "substantial_evidence"


class LifeCode(StrEnum):
    """Whose finding it is; the lives stand side by side."""

    INVESTIGATOR = "investigator"
    SUPERVISOR = "supervisor"
    BOARD = "board"
    DEPARTMENT = "department"
    APPEAL = "appeal"


class Life(Named):
    """One life of a finding, and who may write it."""

    code: SkipJsonSchema[LifeCode]
    by: Names
    body: Code | None = None
    stages: Names = ()
    """Stages at which it may be written; every open one when left out."""
    needs_motion: Flag = False
    is_binding: Flag = False
    is_published: Flag = False


class StricterStandard(Cited):
    """One must be surer in some cases, such as a dismissal that ends a career."""

    when: Line
    standard: Standard | None = None
    """Left out where the law says only that it is higher."""


class Finding(Named, Cited):
    """A disposition of one allegation against one officer."""

    definition: LocalText
    """One plain sentence, as it stands in the closing letter."""
    canonical: Canonical | None = None
    standard: Standard | None = None
    stricter: StricterStandard | None = None
    precedence: Positive
    """The lowest number among a case's findings names the case."""
    merits: Flag
    """Whether it answers what happened."""
    burden_on: Owner | None = None
    """Who must prove it."""
    lives: tuple[LifeCode, ...] = tuple(LifeCode)
    calls_for_discipline: Flag = False
    needs_vote: Flag = False
    is_published: Flag = True
    renamed_from: Line | None = None
    also_known_as: tuple[Line, ...] = ()
    from_on: Day | None = None
    to_on: Day | None = None


class Closure(Named, Cited):
    """A reason to end a case without deciding what happened."""

    definition: LocalText
    canonical: Canonical | None = None
    by: Names = ()
    contact_attempts: Count = 0
    """How many tries to reach the person must be on file."""
    needs_reason: Flag = True
    concurrence_of: Code | None = None
    asked_by_filer: Flag = False
    """Whether this is how a case ends that its filer takes back."""
    may_reopen: Flag = False
    reopen_when: LocalText | None = None
    is_published: Flag = True
    renamed_from: Line | None = None
    also_known_as: tuple[Line, ...] = ()
    from_on: Day | None = None
    to_on: Day | None = None


class Answer(Named, Cited):
    """What the department may answer."""

    accepts: Flag
    needs_reason: Flag = False
    sends_back: Flag = False
    """Whether the case returns to investigation."""
    opens: Code | None = None
    """The dispute that follows."""


class DisputeOutcome(Named):
    """How a dispute ends, and whose word then stands."""

    stands: Owner


class Dispute(Named, Cited):
    """The department differs, and somebody else decides: one member of a police board, a panel, a judge."""

    decided_by: Code
    """A code of `bodies` or of `external_bodies`."""
    deciders: Positive | None = None
    """How many decide; one for a single member."""
    chosen: Line | None = None
    """How they are chosen, such as by lot."""
    burden_on: Owner
    """Who must convince: without that the other's word stands."""
    test: LocalText | None = None
    """What must be shown."""
    on_the_record: Flag = False
    """Whether nothing new may be brought."""
    excluded_deciders: Keyed[Named] = ()
    """Circumstances in which a person may not decide, such as having had a hand in the recommendation."""
    clock: Code | None = None
    recorded_as: Code | None = None
    """The event or milestone that the decision is to the clocks, once all disputes of this kind are decided."""
    outcomes: Keyed[DisputeOutcome] = ()


class Penalty(Named, Cited):
    """A step of discipline, the lightest first."""

    rank: Positive
    is_discipline: Flag = True


class Discipline(Cited):
    """What is recommended, who answers and by when."""

    recommender: Code | None = None
    matrix: LocalText | None = None
    penalties: Keyed[Penalty] = ()
    answers: Keyed[Answer] = ()
    answer_clock: Code | None = None
    silence: LocalText | None = None
    """What follows when no answer comes."""
    final_authority: LocalText | None = None
    floor: LocalText | None = None
    escalation: LocalText | None = None
    disputes: Keyed[Dispute] = ()
    officer_left: LocalText | None = None


class PolicyRecommendations(Cited):
    """Advice on rules and training, and its answer."""

    recommender: Code | None = None
    answers: Keyed[Answer] = ()
    answer_clock: Code | None = None
    is_published: Flag = True


class Mediation(Cited):
    """Talking it through instead."""

    is_offered: Flag
    eligible_categories: Names = ()
    """Left out, every kind that is not excluded."""
    excluded_categories: Names = ()
    consents: Names = ()
    provider: LocalText | None = None
    closure: Code | None = None
    clock: Code | None = None
    refusal: LocalText | None = None
    """What follows when somebody refuses."""
    is_confidential: Flag = True
    is_published: Flag = False


class Appeal(Named, Cited):
    """A way to have a decision looked at again."""

    by: Names
    limit_amount: Count | None = None
    limit_unit: Unit | None = None
    limit_from: Code | None = None
    may_be_waived: Flag | None = None
    """Whether one that comes late may be taken all the same."""
    waived_by: Names = ()
    grounds: Keyed[Named] = ()
    body: Code | None = None
    outcomes: Keyed[Named] = ()
    vote: VoteRule | None = None


class ReviewRule(Named, Cited):
    """What must, or what may, be reviewed: by kind of allegation, by finding, or by lot."""

    is_mandatory: Flag
    categories: Names = ()
    """Left out, every kind of allegation."""
    findings: Names = ()
    """Left out, whatever was found."""
    body: Code | None = None
    clock: Code | None = None
    sample_percent: Percent | None = None


class ReviewOutcome(Named, Cited):
    """What a review says of the work it read."""

    sends_back: Flag = False
    leads_to: Code | None = None


class Review(Cited):
    """Looking at the department's own files, and at our own decisions again."""

    rules: Keyed[ReviewRule] = ()
    appeals: Keyed[Appeal] = ()
    outcomes: Keyed[ReviewOutcome] = ()
    test: LocalText | None = None
    """When a finding of the department may be set aside."""
    sample_percent: Percent | None = None


class Subpoena(Cited):
    """Compelling what is not given."""

    issuer: Code | None = None
    requester: Code | None = None
    vote: VoteRule | None = None
    delegation: LocalText | None = None
    kinds: Keyed[Named] = ()
    targets: Keyed[Named] = ()
    excluded_targets: Keyed[Named] = ()
    service_methods: Keyed[Named] = ()
    return_clock: Code | None = None
    served_through: LocalText | None = None
    seal: Line | None = None
    """Under whose seal it is issued."""
    tolling: Code | None = None
    """The pause that a fight over it in court gives."""
    enforcer: LocalText | None = None
    suspended_by: LocalText | None = None


class Admonition(Named, Cited):
    """Words read to an officer before an interview."""

    text: LocalText


class OfficerRights(Cited):
    """What an officer under investigation is owed."""

    notice_clock: Code | None = None
    interview_notice_clock: Code | None = None
    recording: LocalText | None = None
    representative: LocalText | None = None
    most_questioners: Positive | None = None
    admonitions: Keyed[Admonition] = ()


class DemandKind(Named, Cited):
    """A kind of thing asked of the department."""

    clock: Code
    goes_to: LocalText | None = None
    answers: Keyed[Named] = ()
    escalates_to: Code | None = None
    preserve_first: Flag = False


class Demands(Cited):
    """What the department must give."""

    kinds: Keyed[DemandKind] = ()


class ClosedGround(Named, Cited):
    """A reason the law gives for meeting without the public."""

    officer_notice_hours: Count | None = None
    officer_may_waive: Flag = False
    open_on_request: Flag = False
    """Whether it is open after all when the person spoken of asks."""
    rights: Lines = ()
    """What the person spoken of may do there."""
    vote: VoteRule | None = None


class Meetings(Cited):
    """Meeting in the open."""

    law: LocalText | None = None
    notice_hours: Count | None = None
    minutes_clock: Code | None = None
    closed_grounds: Keyed[ClosedGround] = ()
    public_comment: LocalText | None = None
    remote_allowed: Flag | None = None
    officer_notice_hours: Count | None = None
