"""Four versions of one city's law: as it is, changed by an ordinance, struck by a court, and ended by the state."""

from datetime import date

from app.config import PROJECT
from app.operations.scenarios.story import Shelf
from app.policy.loader import Rulebooks, read_folder
from app.policy.model import Rulebook
from tests.rulebooks import from_files

AGENCY = "riverbend"
BASE = read_folder(PROJECT / "policies" / AGENCY / "2025-01-01")
Changes = tuple[tuple[str, str], ...]

# Longer notice, a word renamed, no day for an answer, a board of three, a clock for what must be referred, and closed
# sessions of which the officer is told two days before.
ORDINANCE: Changes = (
    # What is new here has no Spanish.
    ("is_complete: true, checked_by", "checked_by"),
    (
        "    amount: 10\n    unit: business_days\n    starts: officer_identified",
        "    amount: 30\n    unit: business_days\n    starts: officer_identified",
    ),
    ("    label: Not sustained\n", "    label: Unable to determine\n    renamed_from: Not sustained\n"),
    ("  answer_clock: department_answer\n  penalties", "  penalties"),
    ("seats: {least: 5, most: 7}", "seats: {least: 3, most: 3}"),
    (
        "      closed_session: {share: majority, of: present, authority: Charter 12.06(c)}\n",
        "      closed_session: {share: majority, of: present, authority: Charter 12.06(c)}\n"
        "      dismissal: {share: two_thirds, of: serving, recused_are_members: true, authority: Charter 12.05(c)}\n"
        "      referral: {share: two_thirds, of: present, authority: Charter 12.05(d)}\n",
    ),
    (
        "personnel: {label: A case that names an officer, authority",
        "personnel: {label: A case that names an officer, officer_notice_hours: 48, officer_may_waive: true, "
        "open_on_request: true, authority",
    ),
    (
        "  minutes:\n    label: Publish the minutes\n",
        "  panel_referral:\n    label: Refer what must be referred\n    amount: 14\n    unit: days\n"
        "    starts: internal_finding\n    stops: [panel_referred, case_closed]\n    owner: department\n"
        "    authority: Charter 12.18\n"
        "  from_the_first:\n    label: Counted from whichever came first\n    amount: 30\n    unit: days\n"
        "    starts: [internal_finding, panel_referred]\n    start_by: first\n"
        "    start_reasons: {internal_finding: they found first, panel_referred: they referred first}\n"
        "    stops: [minutes_adopted, case_closed]\n    authority: Charter 12.19\n"
        "  from_the_last:\n    label: Counted from whichever came last\n    amount: 30\n    unit: days\n"
        "    starts: [internal_finding, panel_referred]\n    start_by: last\n"
        "    start_reasons: {internal_finding: they found last, panel_referred: they referred last}\n"
        "    stops: [minutes_adopted, case_closed]\n    authority: Charter 12.20\n"
        "  minutes:\n    label: Publish the minutes\n",
    ),
    (
        "deadline_defaults:\n",
        "milestones:\n"
        "  internal_finding: {label: Finding of the department, by: [supervisor], authority: Charter 12.18}\n"
        "  panel_referred: {label: Referred to the panel, by: [supervisor], authority: Charter 12.18}\n\n"
        "deadline_defaults:\n",
    ),
)
COURT = "A state court"
STRUCK = ("investigate", "records_access", "find", "subpoena", "recommend_discipline")
RULING: Changes = tuple(
    (
        f"  - {{power: {power}, holder: {holder}, from_on: 2025-01-01, authority",
        f"  - {{power: {power}, holder: {holder}, from_on: 2025-01-01, to_on: 2026-01-01, suspended_by: {COURT}, "
        f"reason: struck down the power to {power}., authority",
    )
    for power, holder in zip(STRUCK, ("office", "office", "commission", "commission", "commission"), strict=True)
)
ENDED: Changes = (
    (
        "  status: active\n",
        "  status: historical\n  to_on: 2026-07-01\n  successor: the city auditor\n"
        "  public_notice: The state ended this office on July 1, 2026. Write to the city auditor.\n",
    ),
    (
        "  - {power: intake, holder: office, from_on: 2025-01-01, authority",
        "  - {power: intake, holder: office, from_on: 2025-01-01, to_on: 2026-07-01, suspended_by: State law, "
        "reason: ended this office., stops: [filings, cases, moves], authority",
    ),
)


def _version(effective_from: date, *changes: Changes) -> Rulebook:
    text = BASE["rulebook.yaml"].decode()
    for old, new in (change for each in changes for change in each):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return from_files(AGENCY, effective_from, {**BASE, "rulebook.yaml": text.encode()})


VERSIONS = {
    "2025-01-01": _version(date(2025, 1, 1)),
    "2025-07-01": _version(date(2025, 7, 1), ORDINANCE),
    "2026-01-01": _version(date(2026, 1, 1), ORDINANCE, RULING),
    "2026-07-01": _version(date(2026, 7, 1), ORDINANCE, RULING, ENDED),
}
BOOKS = Rulebooks(VERSIONS.values())


def shelf_of(effective_from: str) -> Shelf:
    """The shelf of the four, with one of them in hand."""
    return Shelf(VERSIONS[effective_from], BOOKS)
