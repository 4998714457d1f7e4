"""The milestones of a case as its page shows them: law, clocks, days, proofs and what was corrected."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import rules
from app.cases.queries import milestones as kept
from app.cases.queries.visible import names_of
from app.cases.records import Case, MilestoneRecord
from app.clocks.rules import OWNERS
from app.policy.model import Rulebook
from app.policy.model.process import Milestone, Per


@dataclass(frozen=True)
class ShownRecord:
    """One day on file, with its proof, and who put it there; what it took the place of, the latest first."""

    row: MilestoneRecord
    about: str
    who: str
    file: str
    before: tuple["ShownRecord", ...] = ()
    why_wrong: str = ""
    withdrawn_by: str = ""


@dataclass(frozen=True)
class ShownMilestone:
    """A milestone of the rulebook: its law, whose act it is, the clocks it moves, and where it stands."""

    milestone: Milestone
    label: str
    law: str
    whose: str
    filed_with: str
    starts: list[str]
    stops: list[str]
    may_record: bool
    is_awaited: bool
    may_add: bool = False
    under_report: str = ""
    under_dispute: str = ""
    records: list[ShownRecord] = field(default_factory=list)
    withdrawn: list[ShownRecord] = field(default_factory=list)
    may_withdraw: bool = False

    @property
    def is_of_officers(self) -> bool:
        """True where each officer of the case has a day of their own."""
        return self.milestone.per is Per.OFFICER


@dataclass(frozen=True)
class Shelf:
    """Everything the page needs to name what is on file."""

    rows: list[MilestoneRecord]
    names: dict[UUID, str]
    officers: dict[UUID, str]
    files: dict[UUID, str]

    def shown(self, row: MilestoneRecord) -> ShownRecord:
        """One of them, with what it corrected."""
        return ShownRecord(
            row,
            self.officers.get(row.officer_id, "an officer no longer named in this case") if row.officer_id else "",
            self.names.get(row.recorded_by_id, ""),
            self.files.get(row.evidence_id, "a file of this case") if row.evidence_id else "",
            tuple(self._before(row)),
            withdrawn_by=self.names.get(row.withdrawn_by_id, "") if row.withdrawn_by_id else "",
        )

    def _before(self, row: MilestoneRecord) -> list[ShownRecord]:
        known = {each.id: each for each in self.rows}
        found: list[ShownRecord] = []
        while row.corrects_id is not None:
            old = known[row.corrects_id]
            found.append(ShownRecord(old, "", self.names.get(old.recorded_by_id, ""), "", (), row.reason))
            row = old
        return found


def milestones_tab(work: Work, case: Case) -> tuple[str, str, int] | None:
    """The tab of milestones on the case page, with how many stand; only where the rulebook has any."""
    if not work.policies.named(case.policy_id).milestones:
        return None
    return ("Milestones", f"/office/cases/{case.id}/milestones", len(kept.standing_of(work, case).on_file))


def milestones_view(
    work: Work, case: Case, *, milestone: str = "", corrects_id: str = "", withdraws_id: str = ""
) -> dict[str, Any]:
    """Every milestone of the case's rulebook, what is awaited first, then what is on file; and the one asked for."""
    book, rows = work.policies.named(case.policy_id), kept.milestones_of(work, case.id)
    shelf = Shelf(
        rows,
        names_of(work, {key for row in rows for key in (row.recorded_by_id, row.withdrawn_by_id) if key}),
        kept.officers_of(work, case.id),
        dict(kept.files_of(work, case.id)),
    )
    awaited = rules.awaited_at(book, case.stage, kept.standing_of(work, case).formal)
    has_returned = bool(kept.returns_of(work, case)) if rows else False
    found = [_shown(work, book, each, shelf, awaited, has_returned=has_returned) for each in book.milestones]
    corrected = next((each for one in found for each in one.records if str(each.row.id) == corrects_id), None)
    code = corrected.row.code if corrected else milestone
    return {
        "milestones": sorted(found, key=lambda each: (bool(each.records) or not each.is_awaited, not each.records)),
        "chosen": next((each for each in found if each.milestone.code == code and each.may_record), None),
        "corrected": corrected,
        "withdrawing": _to_withdraw(found, withdraws_id),
        "officers": list(shelf.officers.items()),
        "files": list(shelf.files.items()),
    }


def _shown(
    work: Work, book: Rulebook, milestone: Milestone, shelf: Shelf, awaited: set[str], *, has_returned: bool
) -> ShownMilestone:
    starts, stops = rules.tied_clocks(book, milestone.code)
    report, dispute = rules.report_of(book, milestone.code), rules.dispute_of(book, milestone.code)
    standing = [row for row in shelf.rows if row.superseded_at is None and row.code == milestone.code]
    may_record = work.may(Permission.CASE_WORK) and bool({str(role) for role in work.actor.roles} & set(milestone.by))
    whom = set(shelf.officers) if milestone.per is Per.OFFICER else {None}
    is_open = (
        has_returned or rules.comes_back(book, milestone.code) or bool(whom - {row.officer_id for row in standing})
    )
    return ShownMilestone(
        milestone=milestone,
        label=milestone.label.to("en"),
        law=rules.law_of(book, milestone),
        whose=OWNERS.get(milestone.whose, ""),
        filed_with=book.external_body(milestone.filed_with).label.to("en") if milestone.filed_with else "",
        starts=starts,
        stops=stops,
        may_record=may_record,
        is_awaited=milestone.code in awaited,
        may_add=may_record and is_open and report is None and dispute is None,
        under_report=report.label.to("en") if report else "",
        under_dispute=dispute.label.to("en") if dispute else "",
        records=[shelf.shown(row) for row in standing],
        withdrawn=[shelf.shown(row) for row in shelf.rows if row.withdrawn_by_id and row.code == milestone.code],
        may_withdraw=may_record and report is None and dispute is None,
    )


def _to_withdraw(found: list[ShownMilestone], withdraws_id: str) -> tuple[ShownMilestone, ShownRecord] | None:
    """The record that somebody wants to withdraw, with its milestone."""
    standing = ((each, record) for each in found if each.may_withdraw for record in each.records)
    return next((pair for pair in standing if str(pair[1].row.id) == withdraws_id), None)
