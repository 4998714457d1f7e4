"""What the code calls a thing, in words for a reader: roles, happenings, guards, powers and kinds."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.policy.model.agency import BodyKind, CountedOn, OversightModel, Share, Status
from app.policy.model.base import Basis, Evidence
from app.policy.model.decisions import LifeCode, Standard
from app.policy.model.duties import DatePrecision, Disposal, Every, LetterTo
from app.policy.model.intake import NoticeWhen, Oath, Origin
from app.policy.model.law import PinnedBy, PolicyKind
from app.policy.model.outside import Against, ExternalKind, Fulfilment
from app.policy.model.powers import Act, PowerName
from app.policy.model.process import CountedFrom, Owner, Per, StartBy

ROLES: Mapping[str, str] = {
    "intake": "intake staff",
    "investigator": "an investigator",
    "supervisor": "a supervisor",
    "counsel": "counsel",
    "director": "the director",
    "analyst": "an analyst",
    "administrator": "the administrator",
    "auditor": "the auditor",
    "commissioner": "a commissioner",
    "secretary": "the secretary",
    "liaison": "the department's liaison",
    "system": "the system by itself",
    "filer": "the person who complained",
    "officer": "the officer",
    "department": "the department",
    "chief": "the chief",
}

# Each goes on from "the day", "until" and "when".
EVENTS: Mapping[str, str] = {
    "incident": "the incident happens",
    "discovery": "the matter becomes known",
    "filing_received": "a complaint is received",
    "acknowledgement_sent": "the acknowledgement is sent",
    "case_opened": "the case is opened",
    "case_classified": "the complaint is classified",
    "case_assigned": "the case is assigned",
    "case_forwarded": "the case is forwarded",
    "case_referred": "the case is referred",
    "case_closed": "the case is closed",
    "case_closed_early": "the case is closed without a finding",
    "case_reopened": "the case is reopened",
    "stage_changed": "the case goes to another stage",
    "officer_identified": "the officer is identified",
    "officer_notified": "the officer is told",
    "investigation_started": "the investigation begins",
    "investigation_finished": "the investigation is finished",
    "progress_reviewed": "the progress of the case is reviewed",
    "interview_announced": "the interview is announced",
    "interview_held": "the interview is held",
    "demand_sent": "the demand is sent",
    "demand_answered": "the demand is answered",
    "subpoena_served": "the subpoena is served",
    "subpoena_returned": "the subpoena is answered",
    "supervisor_approved": "the supervisor approves",
    "docketed": "the matter is put on a docket",
    "motion_carried": "the motion is carried",
    "findings_adopted": "the findings are adopted",
    "findings_sent": "the findings are sent",
    "answer_received": "the answer is received",
    "report_received": "the report is received",
    "recommendation_sent": "the recommendation is sent",
    "recommendation_answered": "the recommendation is answered",
    "charges_filed": "charges are filed",
    "charges_served": "charges are served",
    "discipline_imposed": "discipline is imposed",
    "dispute_opened": "a dispute is opened",
    "dispute_decided": "the dispute is decided",
    "outcome_proposed": "an outcome is proposed",
    "outcome_final": "the outcome is final",
    "report_filed": "the report is filed",
    "appeal_filed": "an appeal is filed",
    "appeal_decided": "the appeal is decided",
    "mediation_offered": "mediation is offered",
    "mediation_ended": "mediation ends",
    "meeting_announced": "the meeting is announced",
    "meeting_held": "the meeting is held",
    "minutes_adopted": "the minutes are adopted",
    "filer_updated": "the person who complained is told how it stands",
    "closing_letter_sent": "the closing letter is sent",
    "release_published": "a release is published",
    "footage_released": "the video is released",
}

GUARDS: Mapping[str, str] = {
    "is_classified": "the complaint is classified",
    "investigator_assigned": "an investigator is assigned",
    "every_allegation_has_a_finding": "every allegation has a finding",
    "supervisor_approved": "a supervisor has approved",
    "on_a_docket": "the matter is on a docket",
    "motion_carried": "a motion was carried",
    "sent_back_by_vote": "a vote sent it back",
    "findings_sent": "the findings were sent",
    "answer_received": "the department has answered",
    "answer_lapsed": "the time to answer is over",
    "closing_letter_sent": "the closing letter was sent",
    "closure_reason_given": "the reason for closing is given",
    "no_open_demand": "no demand is open",
    "dispute_open": "a dispute is open",
    "no_open_dispute": "no dispute is open",
}

STEPS: Mapping[str, str] = {
    "summary": "approving a redacted summary",
    "release": "publishing a release",
    "destruction": "destroying records",
    "finding_review": "reviewing a finding",
    "pause": "pausing a clock",
    "extension": "granting more time",
    "closure": "closing a case without a finding",
    "identity": "opening an identity",
}

# A thing that a code names in a list where it has no entry of its own.
THINGS: Mapping[str, str] = {
    "case": "case files",
    "identity": "identities",
    "rules": "making rules",
    "analyse": "analysis",
    "policy": "policy work",
    "answers": "answers",
    "timeliness": "timeliness",
}

_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    Status: {
        Status.DRAFT: "a draft",
        Status.ACTIVE: "active",
        Status.HISTORICAL: "historical",
        Status.PROPOSAL: "a proposal",
    },
    OversightModel: {
        OversightModel.REVIEW: "review",
        OversightModel.INVESTIGATION: "investigation",
        OversightModel.AUDITOR_MONITOR: "auditor and monitor",
        OversightModel.HYBRID: "hybrid",
    },
    Evidence: {
        Evidence.READ: "read in a source",
        Evidence.DERIVED: "worked out from what was read",
        Evidence.GENERAL: "general knowledge",
        Evidence.UNKNOWN: "not known",
    },
    Basis: {
        Basis.CONTRACT: "union contract",
    },
    PinnedBy: {
        PinnedBy.INCIDENT: "the day of the incident",
        PinnedBy.FILING: "the day the complaint was made",
        PinnedBy.OPENING: "the day the case was opened",
    },
    PolicyKind: {
        PolicyKind.POLICY: "policy of the department",
        PolicyKind.STANDARD: "standard of an accrediting body",
        PolicyKind.TRAINING: "training",
    },
    Share: {
        Share.MAJORITY: "a majority",
        Share.TWO_THIRDS: "two thirds",
        Share.THREE_QUARTERS: "three quarters",
        Share.ALL: "all",
        Share.NUMBER: "a fixed number",
    },
    CountedOn: {
        CountedOn.SEATS: "all seats, filled or not",
        CountedOn.SERVING: "the members now serving",
        CountedOn.PRESENT: "the members present",
        CountedOn.VOTING: "the members who vote yes or no",
    },
    BodyKind: {
        BodyKind.COUNSEL: "counsel",
    },
    Owner: {
        Owner.AGENCY: "this office",
        Owner.DEPARTMENT: "the department",
        Owner.CHIEF: "the chief",
        Owner.BOARD: "the board",
        Owner.OFFICER: "the officer",
        Owner.FILER: "the person who complained",
        Owner.EXTERNAL: "an outside body",
    },
    Per: {
        Per.CASE: "each case",
        Per.OFFICER: "each officer",
        Per.ALLEGATION: "each allegation",
        Per.DEMAND: "each demand",
        Per.MEETING: "each meeting",
        Per.RECOMMENDATION: "each recommendation",
    },
    StartBy: {
        StartBy.ANEW: "each of them begins the clock anew",
        StartBy.FIRST: "the first of them counts",
        StartBy.LAST: "the last of them counts",
        StartBy.CHOSEN: "a person chooses which counts, with the reason",
    },
    CountedFrom: {
        CountedFrom.DUE: "the day the last round was due",
        CountedFrom.DONE: "the day the last round was done",
    },
    LifeCode: {
        LifeCode.INVESTIGATOR: "the investigator",
        LifeCode.SUPERVISOR: "the supervisor",
        LifeCode.BOARD: "the board",
        LifeCode.DEPARTMENT: "the department",
        LifeCode.APPEAL: "the appeal",
    },
    Standard: {
        Standard.PREPONDERANCE: "a preponderance of the evidence (more likely than not)",
        Standard.CLEAR_AND_CONVINCING: "clear and convincing evidence",
        Standard.SUFFICIENT_EVIDENCE: "sufficient evidence",
        Standard.SUBSTANTIAL_EVIDENCE: "substantial evidence",
    },
    Against: {
        Against.CHIEF: "the chief",
        Against.LIAISON: "the department's liaison",
        Against.MEMBER: "a member of the board",
        Against.OFFICE: "the office itself",
        Against.STAFF: "the office's staff",
    },
    ExternalKind: {
        ExternalKind.OTHER: "another body",
    },
    Fulfilment: {
        Fulfilment.SENDING: "sending it",
        Fulfilment.PUBLISHING: "publishing it",
        Fulfilment.FILING: "filing it",
    },
    NoticeWhen: {
        NoticeWhen.BEFORE_FILING: "before the form begins",
        NoticeWhen.ON_A_PAGE: "on a page of the form",
        NoticeWhen.BEFORE_SENDING: "before the complaint is sent",
        NoticeWhen.AFTER_FILING: "after the complaint is sent",
    },
    Oath: {
        Oath.SIGNATURE: "a signature",
        Oath.PENALTY_OF_PERJURY: "a signature under penalty of perjury",
        Oath.OATH: "an oath",
        Oath.NOTARY: "a notary",
    },
    Origin: {
        Origin.COMPLAINT: "a complaint",
        Origin.DEPARTMENT: "the department",
        Origin.COMMISSION: "the commission",
        Origin.OWN_MOTION: "the office's own motion",
        Origin.CRITICAL_INCIDENT: "a critical incident",
        Origin.APPEAL: "an appeal",
        Origin.AUDIT: "an audit",
    },
    Every: {
        Every.MONTH: "every month",
        Every.QUARTER: "every quarter",
        Every.HALF_YEAR: "every half year",
        Every.YEAR: "every year",
    },
    DatePrecision: {
        DatePrecision.DAY: "the exact day",
    },
    Disposal: {
        Disposal.DESTROY: "destroyed",
        Disposal.ARCHIVE: "archived",
        Disposal.KEEP: "kept for ever",
    },
    LetterTo: {
        LetterTo.FILER: "the person who complained",
        LetterTo.OFFICER: "the officer",
        LetterTo.DEPARTMENT: "the department",
        LetterTo.BODY: "the board",
    },
    PowerName: {
        PowerName.INTAKE: "take complaints",
        PowerName.INVESTIGATE: "investigate",
        PowerName.MONITOR: "monitor the department's investigations",
        PowerName.REVIEW: "review the department's investigations",
        PowerName.SUBPOENA: "issue subpoenas",
        PowerName.RECORDS_ACCESS: "get the department's records",
        PowerName.BWC_DIRECT_ACCESS: "see body-camera video directly",
        PowerName.FIND: "make findings",
        PowerName.RECOMMEND_DISCIPLINE: "recommend discipline",
        PowerName.IMPOSE_DISCIPLINE: "impose discipline",
        PowerName.PROSECUTE: "prosecute charges",
        PowerName.MEDIATE: "mediate",
        PowerName.POLICY_REVIEW: "review policies and recommend changes",
        PowerName.PUBLISH: "publish",
    },
    Act: {
        Act.FILINGS: "no complaint can be filed here",
        Act.CASES: "no case can be opened",
        Act.MOVES: "no case can go to another stage",
        Act.CLOCKS: "clocks stand still",
        Act.DEMANDS: "nothing can be demanded of the department",
        Act.SUBPOENAS: "no subpoena can be issued",
        Act.DEPARTMENT_FILES: "what the department handed over stays closed",
        Act.INTERVIEWS: "no interview can be held",
        Act.FINDINGS: "no finding can be made",
        Act.VOTES: "no vote can be taken",
        Act.DISCIPLINE: "no discipline can be recommended",
        Act.RECOMMENDATIONS: "no recommendation can be made",
        Act.MEDIATION: "no mediation can be offered",
        Act.PUBLICATION: "nothing can be published",
    },
}


def spoken(value: StrEnum) -> str:
    """The words for one value of a kind; else its own name without the underscores."""
    return _WORDS.get(type(value), {}).get(value) or value.value.replace("_", " ")


# What a power is called as a thing, where it has a shorter name than what it lets one do.
_POWER_NAMES: Mapping[str, str] = {PowerName.SUBPOENA: "the subpoena power"}


def power_of(power: PowerName, holder: str) -> str:
    """A power as a thing that somebody has."""
    short = _POWER_NAMES.get(power)
    return f"{short} of {holder}" if short else f"the power of {holder} to {spoken(power)}"
