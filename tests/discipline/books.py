"""The demonstration city where a report is filed with the prosecutor, unless the matter is a minor one."""

from app.policy.loader import from_files
from app.policy.model import Rulebook
from tests.cases.books import with_milestones

REPORT = """    to: district_attorney
    sender: office
    trigger: case_opened
    clock: tell_the_chief
    fulfilled_by: filing
    filed_with: {body: district_attorney, proof: The stamped copy}
    recorded_as: chief_told
    categories:
      force: {label: Force and weapons, covers: [force], always: true}
    minor:
      categories: [conduct]
      not_minor_when: {public: It touches the public}
      recorded_as: kept_as_minor
      authority: Charter 12.16(b)
"""
MINOR = """  kept_as_minor:
    label: Kept as a minor matter
    by: [intake, investigator]
    whose: agency
    authority: Charter 12.16(b)
  half_year_letter:
"""
CHANGES = (
    ("    to: district_attorney\n    sender: office\n    trigger: case_classified\n", REPORT),
    ("  half_year_letter:\n", MINOR),
    ("stops: [chief_told, case_closed,", "stops: [chief_told, kept_as_minor, case_closed,"),
)


def with_reports(book: Rulebook) -> Rulebook:
    """The same city and day, with a report that is fulfilled by filing and stops a clock."""
    city = with_milestones(book)
    text = city.files["rulebook.yaml"].decode()
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return from_files(city.id, city.effective_from, {**city.files, "rulebook.yaml": text.encode()})
