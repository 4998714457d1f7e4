"""Table of contents: every stage's routes, and what reaches upwards from an earlier stage to a later one."""

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter

from app.access.halves import HalfGranted
from app.access.held import take_up_held
from app.access.work import Fact, Later, Part, Reaction, Wiring, Work, later
from app.administration import api as administration_api
from app.administration import events as account_events
from app.administration import jobs as administration_jobs
from app.administration.actions import machines as machine_actions
from app.administration.pages import access as access_pages
from app.administration.pages import (
    account,
    checkpoints,
    confirm,
    health,
    journal,
    machines,
    provider,
    rulebook,
    sign_in,
    sources,
    translations,
    users,
    ways_back,
    ways_in,
)
from app.administration.queries import sources as rulebook_sources
from app.administration.queries import touched
from app.allegations import api as allegation_api
from app.allegations import jobs as allegation_jobs
from app.allegations import pages as allegation_pages
from app.allegations import queries as allegations
from app.allegations.events import AllegationStated, FindingMade
from app.cases import actions as cases
from app.cases import api as case_api
from app.cases import jobs as case_jobs
from app.cases import pages as case_pages
from app.cases import queries as case_facts
from app.cases.actions.reviews import begin_review_clocks
from app.cases.events import CaseClosed, CaseMoved, FilerKept, FilingJoined, MilestoneCorrected
from app.cases.queries import filer as case_filer
from app.cases.queries.milestones import clocks_held
from app.clocks import jobs as clock_jobs
from app.clocks import pages as clock_pages
from app.clocks import queries as clocks
from app.clocks.events import (
    ClockPaused,
    ClocksCounted,
    DigestDue,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    PauseAsked,
    PauseEnded,
    PauseRefused,
    RecountBegun,
    RecountFinished,
    RecountTakenUp,
    StartChosen,
)
from app.commission import api as commission_api
from app.commission import jobs as commission_jobs
from app.commission import queries as commission
from app.commission.events import CaseDocketed, CaseSentOn, MotionCarried, PacketRequested
from app.commission.pages import closed as closed_session_pages
from app.commission.pages import office as meeting_pages
from app.commission.pages import room as commission_pages
from app.correspondence.events import LetterWritten, MessageSent, RequestAnswered
from app.discipline import actions as discipline_actions
from app.discipline import api as discipline_api
from app.discipline import jobs as discipline_jobs
from app.discipline import queries as discipline
from app.discipline.events import AnswerGiven
from app.discipline.pages import department as answer_pages
from app.discipline.pages import office as discipline_pages
from app.discipline.pages import reports as report_pages
from app.discipline.pages import room as discipline_room
from app.evidence import api as evidence_api
from app.evidence import jobs as evidence_jobs
from app.evidence import queries as evidence
from app.evidence.events import DemandAnswered
from app.evidence.pages import department as demand_pages
from app.evidence.pages import office as evidence_pages
from app.intake import api as filings_api
from app.intake import jobs as intake_jobs
from app.intake import queries as intake
from app.intake.events import FilingScreened, WordsEnded
from app.intake.pages import additions as addition_pages
from app.intake.pages import alike as alike_pages
from app.intake.pages import answering, leaving, looking_up, scribe, scribe_receipt
from app.intake.pages import calls as call_pages
from app.intake.pages import filing as filing_pages
from app.intake.pages import identity as identity_pages
from app.intake.pages import lost_words as lost_words_pages
from app.intake.pages import office as filings_pages
from app.intake.pages import papers as paper_pages
from app.intake.pages import proof as proof_pages
from app.intake.pages import tracking as tracking_pages
from app.intake.pages import uploads as upload_pages
from app.kernel.events import Event
from app.operations import export, install, sweep, vault_backup  # noqa: F401 - so that the journal knows their sentences
from app.people import api as officer_api
from app.people import jobs as people_jobs
from app.people import queries as people
from app.people.pages import officers as officer_pages
from app.people.pages import vault as vault_pages
from app.publication import api as publication_api
from app.publication import jobs as publication_jobs
from app.publication import pages as publication_pages
from app.publication.events import PublicationAsked, ReleaseAsked
from app.publication.queries import tables as release_tables
from app.reporting import api as reporting_api
from app.reporting import letters as reporting
from app.reporting import pages as reporting_pages

ROUTERS: Sequence[APIRouter] = (
    filings_api.router,
    filings_api.following,
    officer_api.router,
    upload_pages.router,
    # Before the form and the filings, whose addresses would take these for one of theirs.
    paper_pages.router,
    scribe.router,
    scribe_receipt.router,
    addition_pages.router,
    filing_pages.router,
    lost_words_pages.router,
    tracking_pages.router,
    proof_pages.router,
    leaving.router,
    filings_pages.router,
    call_pages.router,
    answering.router,
    alike_pages.router,
    identity_pages.router,
    looking_up.router,
    filings_api.look_ups,
    filings_api.scribings,
    case_api.router,
    evidence_api.router,
    allegation_api.router,
    commission_api.router,
    discipline_api.router,
    case_pages.router,
    clock_pages.router,
    meeting_pages.router,
    commission_pages.router,
    closed_session_pages.router,
    evidence_pages.router,
    demand_pages.router,
    allegation_pages.router,
    discipline_pages.router,
    report_pages.router,
    discipline_room.router,
    answer_pages.router,
    officer_pages.router,
    vault_pages.router,
    sign_in.router,
    provider.router,
    account.router,
    confirm.router,
    access_pages.router,
    ways_in.router,
    ways_back.router,
    users.router,
    machines.router,
    journal.router,
    checkpoints.router,
    sources.router,
    translations.router,
    rulebook.router,
    health.router,
    administration_api.router,
    publication_api.router,
    publication_pages.router,
    reporting_api.router,
    reporting_pages.router,
)

REACTIONS: Mapping[type[Event], Sequence[Reaction | Later]] = {
    FilingScreened: [cases.open_case],
    FilingJoined: [later("write_acknowledgement", "filing_id")],
    HalfGranted: [later("carry_on", "half_id"), later("erase_identity", "half_id")],
    CaseMoved: [later("write_stage_letter", "case_id"), later("send_findings", "case_id")],
    CaseClosed: [later("write_closing_letter", "case_id")],
    FilerKept: [later("keep_filer_apart", "case_id")],
    AllegationStated: [begin_review_clocks],
    FindingMade: [begin_review_clocks],
    LetterWritten: [cases.letter_went_out, later("tell_filer", "filing_id")],
    MessageSent: [later("tell_filer", "filing_id")],
    # Whoever did not ask for new words hears of it at once.
    WordsEnded: [later("tell_filer", "filing_id")],
    RequestAnswered: [later("tell_clocks_of_request", "request_id")],
    PauseAsked: [cases.note_pause],
    PauseRefused: [cases.settle_pauses],
    ClockPaused: [cases.follow_clock, cases.settle_pauses],
    PauseEnded: [cases.follow_clock],
    StartChosen: [cases.follow_clock],
    ExtensionAsked: [cases.note_extension],
    ExtensionRefused: [cases.settle_extension],
    ExtensionGranted: [cases.follow_clock, cases.settle_extension],
    install.RulebookKept: [later("recount_after_rulebook")],
    account_events.DeviceNew: [later("tell_account", "account_id")],
    account_events.FactorAdded: [later("tell_account", "account_id")],
    account_events.FactorRemoved: [later("tell_account", "account_id")],
    account_events.PasskeySuspected: [later("tell_account", "account_id")],
    account_events.RecoveryMade: [later("tell_account", "account_id")],
    account_events.RecoveryUsed: [later("tell_account", "account_id")],
    account_events.PasswordChanged: [later("tell_account", "account_id")],
    account_events.PasswordChosen: [later("tell_account", "account_id")],
    account_events.AccountReset: [later("tell_account", "account_id")],
    account_events.LinkAgreed: [later("tell_auditors")],
    account_events.GroupsAgreed: [later("tell_auditors")],
    account_events.WayBackGranted: [later("tell_account", "account_id"), later("tell_auditors")],
    account_events.AccountDisabled: [machine_actions.end_machines_of],
    account_events.MachineMade: [later("tell_machine_owner", "owner_id")],
    account_events.MachineAgreed: [later("tell_machine_owner", "owner_id"), later("tell_auditors")],
    account_events.MachineRevoked: [later("tell_machine_owner", "owner_id")],
    account_events.MachineEndsSoon: [later("tell_machine_owner", "owner_id")],
    account_events.WayBackUsed: [later("tell_account", "account_id")],
    RecountBegun: [later("recount_clocks", "recount_id")],
    RecountTakenUp: [later("recount_clocks", "recount_id")],
    ClocksCounted: [later("recount_clocks", "recount_id")],
    RecountFinished: [later("send_digests", "recount_id")],
    DigestDue: [later("mail_digest", "account_id")],
    CaseDocketed: [later("build_packet", "docket_item_id")],
    PacketRequested: [later("build_packet", "docket_item_id")],
    CaseSentOn: [later("move_case_after_vote", "docket_item_id")],
    DemandAnswered: [later("tell_clocks_of_answer", "demand_id")],
    MilestoneCorrected: [discipline_actions.follow_corrected_day],
    AnswerGiven: [later("record_answer", "recommendation_id")],
    MotionCarried: [later("adopt_finding", "motion_id"), later("tell_clocks_of_vote", "case_id")],
    ReleaseAsked: [later("build_release", "build_id")],
    PublicationAsked: [later("publish_release", "build_id")],
}

FACTS: Mapping[str, Fact] = {
    "closure_reason_given": case_facts.closure_reason_given,
    "closing_letter_sent": case_facts.end_is_told,
    "is_classified": case_facts.is_classified,
    "investigator_assigned": case_facts.investigator_assigned,
    "on_a_docket": commission.is_on_a_docket,
    "motion_carried": commission.is_decided,
    "sent_back_by_vote": commission.is_sent_back,
    "every_allegation_has_a_finding": allegations.every_allegation_has_a_finding,
    "supervisor_approved": allegations.supervisor_approved,
    "findings_sent": discipline.findings_sent,
    "answer_received": discipline.answer_received,
    "answer_lapsed": discipline.answer_lapsed,
    "no_open_demand": evidence.no_open_demand,
    "dispute_open": discipline.dispute_open,
    "no_open_dispute": discipline.no_open_dispute,
}

JOBS: Mapping[str, Callable[..., object]] = {
    "tell_account": administration_jobs.tell_account,
    "tell_auditors": administration_jobs.tell_auditors,
    "tell_machine_owner": administration_jobs.tell_machine_owner,
    "carry_on": case_jobs.carry_on,
    "keep_filer_apart": cases.keep_filer_apart,
    "erase_identity": people_jobs.erase_identity,
    "write_acknowledgement": case_jobs.write_acknowledgement,
    "write_stage_letter": case_jobs.write_stage_letter,
    "write_closing_letter": case_jobs.write_closing_letter,
    "tell_filer": intake_jobs.tell_filer,
    # What was queued under this name before the filer could choose.
    "send_mail": intake_jobs.tell_filer,
    "tell_clocks_of_request": case_jobs.tell_clocks_of_request,
    "begin_night": clock_jobs.begin_night,
    "recount_after_rulebook": clock_jobs.recount_after_rulebook,
    "recount_clocks": clock_jobs.recount_clocks,
    "send_digests": clock_jobs.send_digests,
    "mail_digest": clock_jobs.mail_digest,
    "build_packet": commission_jobs.build_packet,
    "tell_clocks_of_vote": commission_jobs.tell_clocks_of_vote,
    "move_case_after_vote": commission_jobs.move_case_after_vote,
    "tell_clocks_of_answer": evidence_jobs.tell_clocks_of_answer,
    "send_findings": discipline_jobs.send_findings,
    "record_answer": discipline_jobs.record_answer,
    "adopt_finding": allegation_jobs.adopt_finding,
    "build_release": publication_jobs.build_release,
    "publish_release": publication_jobs.publish_release,
    "mail_checkpoint": administration_jobs.mail_checkpoint,
}

# What the worker does by the clock, in UTC: minute and hour, and the function.
PERIODIC: Mapping[str, tuple[str, Callable[[Work], object]]] = {
    # Every hour, for midnight is another one in each city; the first time in a local day it begins.
    "count_clocks": ("13 * * * *", clock_jobs.begin_night),
    "take_up_held_jobs": ("7 * * * *", take_up_held),
    # Once an hour and not more often: what is published must not tell when an anonymous complaint came in.
    "publish_checkpoint": ("2 * * * *", administration_jobs.publish_checkpoint),
    "look_after_machines": ("23 * * * *", administration_jobs.look_after_machines),
    "end_drafts": ("37 8 * * *", intake_jobs.end_drafts),
    "sweep_files": ("17 */6 * * *", sweep.sweep_files),
    "scan_files": ("* * * * *", evidence_jobs.scan_files),
    "read_hidden_facts": ("* * * * *", evidence_jobs.read_hidden_facts),
    "compare_filings": ("* * * * *", intake_jobs.compare_filings),
    "index_identities": ("*/10 * * * *", people_jobs.index_identities),
    "prune_vault_backups": ("41 */6 * * *", vault_backup.prune_backups),
}

PARTS: Mapping[str, Sequence[Part]] = {
    "case_tabs": [
        case_facts.milestones_tab,
        intake.messages_tab,
        evidence.case_tab,
        allegations.case_tab,
        discipline.case_tab,
        discipline.reports_tab,
        case_facts.links_tab,
        case_facts.history_tab,
        case_facts.walls_tab,
    ],
    "my_work": [
        clocks.warnings_for_me,
        case_facts.waiting_for_second,
        clocks.asked_of_me,
        clocks.starts_to_choose,
        clocks.dates_that_moved,
        evidence.my_work,
        allegations.my_work,
        touched.changes_for_me,
        rulebook_sources.to_read_again,
        people.uses_to_look_at,
        intake.asked_by_filers,
        intake.calls_for_me,
        intake.halves_for_me,
    ],
    "file_scans": [evidence.scans_of],
    "hidden_facts": [evidence.hidden_facts_of],
    "case_officers": [allegations.officers_of_case],
    "cases_of_officers": [allegations.cases_of_officers],
    "case_lines": [case_facts.case_lines],
    "cases_led_by": [case_facts.cases_led_by],
    "works_on_case": [case_facts.works_on_case],
    "cases_moved": [cases.place_cases],
    "clocks_held": [clocks_held],
    "is_without_filer": [case_facts.is_without_filer],
    "review_subjects": [allegations.review_subjects],
    "clock_evidence": [evidence.clock_files],
    "officers_in_case": [allegations.officers_in_case],
    "officer": [allegations.officer_part],
    "commission_tabs": [discipline.room_tabs],
    "motion_subjects": [allegations.motion_subjects],
    "kept_matter": [evidence.kept_matter, case_facts.kept_matter, allegations.kept_matter],
    "packet": [
        commission.case_sections,
        commission.closed_sections,
        evidence.packet_sections,
        allegations.packet_sections,
    ],
    "filer_status": [case_facts.filer_status, case_facts.made_formal, evidence.filer_status, allegations.filer_status],
    # What a filer is told of what happened, beside what intake knows: functions (work, own filing, language).
    "filer_story": [],
    "closing_letter": [case_filer.closing_facts, allegations.closing_lines, discipline.closing_facts],
    "release_tables": release_tables.TABLES,
    "release_files": [reporting.published_files],
}

WIRING = Wiring(REACTIONS, FACTS, PARTS)
