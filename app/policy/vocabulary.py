"""The names a rulebook may use for what the code does: roles, guards, events, letters and their facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = frozenset(
    {
        "intake",
        "investigator",
        "supervisor",
        "counsel",
        "director",
        "analyst",
        "administrator",
        "auditor",
        "commissioner",
        "secretary",
        "liaison",
        "system",
    }
)

# Questions a move may depend on; each is a named function of the stage that can answer it. Every start brings the
# names that `app/stages.py` really answers; a test keeps this list, for reading a rulebook without them, the same.
GUARDS = frozenset(
    {
        "is_classified",
        "investigator_assigned",
        "every_allegation_has_a_finding",
        "supervisor_approved",
        "on_a_docket",
        "motion_carried",
        "sent_back_by_vote",
        "findings_sent",
        "answer_received",
        "answer_lapsed",
        "closing_letter_sent",
        "closure_reason_given",
        "no_open_demand",
        "dispute_open",
        "no_open_dispute",
    }
)

# What may start or stop a clock, or send a letter.
EVENTS = frozenset(
    {
        "incident",
        "discovery",
        "filing_received",
        "acknowledgement_sent",
        "case_opened",
        "case_classified",
        "case_assigned",
        "case_forwarded",
        "case_referred",
        "case_closed",
        "case_closed_early",
        "case_reopened",
        "stage_changed",
        "officer_identified",
        "officer_notified",
        "investigation_started",
        "investigation_finished",
        "progress_reviewed",
        "interview_announced",
        "interview_held",
        "demand_sent",
        "demand_answered",
        "subpoena_served",
        "subpoena_returned",
        "supervisor_approved",
        "docketed",
        "motion_carried",
        "findings_adopted",
        "findings_sent",
        "answer_received",
        "report_received",
        "recommendation_sent",
        "recommendation_answered",
        "charges_filed",
        "charges_served",
        "discipline_imposed",
        "dispute_opened",
        "dispute_decided",
        "outcome_proposed",
        "outcome_final",
        "report_filed",
        "appeal_filed",
        "appeal_decided",
        "mediation_offered",
        "mediation_ended",
        "meeting_announced",
        "meeting_held",
        "minutes_adopted",
        "filer_updated",
        "closing_letter_sent",
        "release_published",
        "footage_released",
    }
)

_EVERY_LETTER = frozenset(
    {
        "today",
        "office_name",
        "office_address",
        "office_phone",
        "office_email",
        "office_web",
        "signed_by",
        "filing_number",
        "case_number",
        "tracking_link",
        "status_link",
    }
)
_TO_FILER = _EVERY_LETTER | {"filer_name", "received_on", "incident_date"}

LETTERS: Mapping[str, frozenset[str]] = {
    "receipt": _TO_FILER | {"passphrase", "received_at"},
    "acknowledgement": _TO_FILER | {"next_step", "next_by"},
    # Goes where others may read it: nothing in it says what it is about.
    "notice": frozenset({"tracking_link", "status_link"}),
    "status_update": _TO_FILER | {"stage_text", "next_step", "next_by", "contact_name"},
    "question": _TO_FILER | {"question", "answer_by", "contact_name"},
    "referral": _TO_FILER | {"referred_to", "reason"},
    "finding": _TO_FILER | {"findings", "next_step", "next_by"},
    "closing": _TO_FILER | {"findings", "outcome", "reason", "review_text", "closed_on"},
    "closed_early": _TO_FILER | {"reason", "reopen_text", "closed_on"},
    "officer_notice": _EVERY_LETTER | {"officer_name", "allegations", "rights_text", "department_name"},
    "officer_finding": _EVERY_LETTER | {"officer_name", "findings", "department_name"},
    "interview_notice": _EVERY_LETTER | {"officer_name", "interview_at", "interview_place", "rights_text"},
    "demand": _EVERY_LETTER | {"department_name", "demand_number", "items", "due_on", "authority", "incident_date"},
    "demand_reminder": _EVERY_LETTER | {"department_name", "demand_number", "items", "due_on", "days_late"},
    "findings_to_department": _EVERY_LETTER
    | {"department_name", "chief_title", "findings", "recommendation", "due_on", "authority"},
    "recommendation": _EVERY_LETTER | {"department_name", "chief_title", "recommendation", "due_on", "authority"},
}

# Where an answer of the form may go in a filing.
FILLS = frozenset(
    {
        "language",
        "kind",
        "anonymity",
        "filer.relationship",
        "filer.name",
        "filer.email",
        "filer.phone",
        "filer.contact_preference",
        "filer.contact_rules",
        "filer.contact_times",
        "filer.safe_contact",
        "filer.custody_place",
        "filer.accommodation",
        "affected.name",
        "affected.phone",
        "affected.knows",
        "affected.age",
        "incident.date",
        "incident.time",
        "incident.location",
        "incident.narrative",
        "incident.department",
        "incident.matters",
        "incident.injuries",
        "incident.medical_care",
        "officers.name",
        "officers.badge",
        "officers.car",
        "officers.description",
        "witnesses.name",
        "witnesses.email",
        "witnesses.phone",
        "witnesses.saw",
        "files",
        "heard_of_us",
        "against",
        "mediation",
        "sworn",
        "demographics.race",
        "demographics.gender",
        "demographics.age",
        "demographics.disability",
        "demographics.sexual_orientation",
        "demographics.housing",
        # Asked only for the pages that it opens.
        "nothing",
    }
)
# Of these nothing is taken from somebody who gives no name.
IDENTIFYING_FILLS = frozenset(
    {
        "filer.name",
        "filer.email",
        "filer.phone",
        "filer.contact_preference",
        "filer.contact_rules",
        "filer.contact_times",
        "filer.safe_contact",
        "filer.custody_place",
        "affected.name",
        "affected.phone",
    }
)
MUST_FILL = frozenset({"language", "anonymity", "filer.relationship", "incident.narrative"})
# Of these a filing has several: a page that repeats asks for one after the other.
LISTS = frozenset({"officers", "witnesses"})
# Pages that somebody must pass who gives no name and knows only what happened.
MOST_PAGES = 7

# Steps that two people take together: the rulebook may name who may be the second one.
STEPS = frozenset({"summary", "release", "destruction", "finding_review", "pause", "extension", "closure", "identity"})

# Lists of the rulebook from which a question may take its choices.
CHOICE_LISTS = frozenset(
    {
        "anonymity",
        "relationships",
        "languages",
        "departments",
        "contact_preferences",
        "contact_rules",
        "contact_kinds",
        "matters",
        "accommodations",
        "heard_of_us",
        "special_routes",
    }
)


@dataclass(frozen=True)
class Vocabulary:
    """Handed to the lint, so that a test or a later version of the code can bring its own."""

    roles: frozenset[str] = ROLES
    guards: frozenset[str] = GUARDS
    events: frozenset[str] = EVENTS
    letters: Mapping[str, frozenset[str]] = field(default_factory=lambda: LETTERS)
    fills: frozenset[str] = FILLS
    must_fill: frozenset[str] = MUST_FILL
    choice_lists: frozenset[str] = CHOICE_LISTS
    steps: frozenset[str] = STEPS
    anonymity: frozenset[str] = frozenset({"named", "confidential", "anonymous"})
    relationships: frozenset[str] = frozenset(
        {"self", "parent", "witness", "representative", "lawyer", "custody", "officer", "other"}
    )
    contact_kinds: frozenset[str] = frozenset({"complaint", "compliment", "concern"})
