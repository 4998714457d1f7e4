"""When a report to others is due, what fulfils it, and when the matter may be kept as a minor one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.cases.rules import law_of
from app.kernel.deadlines import say_day
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.duties import ExternalReport
from app.policy.model.outside import Fulfilment, ReportCategory

MINOR = "minor"
NOTHING_HOLDS = "none"


@dataclass(frozen=True)
class Reported:
    """How a duty to report was met: as the law says, or kept as a minor matter, and what of the rest holds."""

    how: str
    holds: str = ""


@dataclass(frozen=True)
class Begun:
    """Where a report stands in a case: whether its clock has begun, and the day on file."""

    has_begun: bool
    recorded_on: date | None = None


def external_report(book: Rulebook, code: str) -> ExternalReport:
    """A report that the rulebook knows."""
    found = next((each for each in book.external_reports if each.code == code), None)
    if found is None:
        raise Invalid({"report": "Choose a report of the rulebook."})
    return found


def concerns(book: Rulebook, report: ExternalReport, alleged: Collection[str]) -> bool | None:
    """Whether it is due for what is alleged; None as long as that depends on what nobody has stated yet."""
    named = {each.code for each in book.allegations if report.code in each.reportable_to}
    covered = {kind for category in report.categories for kind in category.covers}
    minor = set(report.minor.categories) if report.minor else set()
    wanted = named | covered | minor
    if not wanted:
        return True
    return any(_with_parents(book, kind) & wanted for kind in alleged) if alleged else None


def falls_under(book: Rulebook, report: ExternalReport, alleged: Iterable[str]) -> list[tuple[str, ReportCategory]]:
    """Each kind alleged with the category of the outside body it falls under; those without exception first."""
    found = [
        (kind, category)
        for kind in alleged
        for category in report.categories
        if _with_parents(book, kind) & set(category.covers)
    ]
    return sorted(found, key=lambda each: not each[1].always)


def _with_parents(book: Rulebook, kind: str) -> set[str]:
    parents = {each.code: each.parent for each in book.allegations}
    found: set[str] = set()
    while kind in parents and kind not in found:
        found.add(kind)
        kind = parents[kind] or ""
    return found


def why_not_minor(book: Rulebook, report: ExternalReport, alleged: Collection[str]) -> str:
    """Why what is alleged is no minor matter, in the rule's words; nothing where it may be one."""
    if report.minor is None:
        return "The rulebook knows no minor matter here: this is reported."
    if not alleged:
        return "Nobody has stated yet what is alleged, so nobody can say that it is a minor matter."
    for kind, category in falls_under(book, report, alleged):
        always = ", which is reported without exception" if category.always else ", which is reported"
        return _with_law(book, report, f"“{_kind(book, kind)}” falls under “{category.label.to('en')}”{always}.")
    for kind in alleged:
        if not _with_parents(book, kind) & set(report.minor.categories):
            return _with_law(book, report, f"“{_kind(book, kind)}” is not among the minor matters.")
    return ""


def _kind(book: Rulebook, kind: str) -> str:
    return next((each.label.to("en") for each in book.allegations if each.code == kind), kind)


def _with_law(book: Rulebook, report: ExternalReport, words: str) -> str:
    law = law_of(book, report.minor) if report.minor else ""
    return f"This is no minor matter: {words}" + (f" ({law})" if law else "")


def check_minor(book: Rulebook, report: ExternalReport, alleged: Collection[str], holds: str) -> None:
    """Kept as a minor matter only where the rulebook lets it be one, and nothing holds that takes that away."""
    if words := why_not_minor(book, report, alleged):
        raise Refused(words)
    asked = {each.code: each.label.to("en") for each in report.minor.not_minor_when} if report.minor else {}
    if asked and holds not in {NOTHING_HOLDS, *asked}:
        raise Invalid({"holds": "Say which of these holds, or that none does."})
    if holds in asked:
        raise Refused(_with_law(book, report, f"{asked[holds]}."))


def check_fulfilled(book: Rulebook, report: ExternalReport, how: str) -> None:
    """A duty is fulfilled by what the law says, and by nothing else."""
    if how != report.fulfilled_by:
        words = f"The law asks for something else: this report is fulfilled by {fulfilled_by(book, report)}."
        raise Refused(f"{words} Put it on file once that is done, with its day.")


def fulfilled_by(book: Rulebook, report: ExternalReport) -> str:
    """What fulfils the duty, in words; where it is filed, with whom."""
    if report.fulfilled_by is Fulfilment.FILING and report.filed_with is not None:
        with_whom = book.external_body(report.filed_with.body).label.to("en")
        return f"filing it with {with_whom}, and the day of the stamp counts"
    return {Fulfilment.PUBLISHING: "publishing it", Fulfilment.FILING: "filing it"}.get(
        report.fulfilled_by, "sending it"
    )


def check_not_yet(report: ExternalReport, on: date | None) -> None:
    """A report is put on file once."""
    if on is not None:
        raise Refused(f"“{report.label.to('en')}” is on file already, with the day {say_day(on)}.")


def check_holds_its_day(milestone_id: object) -> None:
    """Where a milestone holds the day, it is corrected there, and the report follows."""
    if milestone_id is not None:
        raise Refused("A milestone holds the day of this report: correct it under Milestones.")


def check_begun(report: ExternalReport, *, has_begun: bool) -> None:
    """Nothing fulfils a duty that has not begun: its clock would run on afterwards."""
    if report.clock is not None and not has_begun:
        raise Refused("This duty has not begun yet: its clock does not run in this case.")


def recorded_as(report: ExternalReport, how: str) -> str | None:
    """The event or milestone that this is to the clocks."""
    return report.minor.recorded_as if how == MINOR and report.minor else report.recorded_as


def check_report(book: Rulebook, code: str, said: Reported, alleged: Collection[str], begun: Begun) -> ExternalReport:
    """The report, where it may be put on file like this."""
    report = external_report(book, code)
    check_begun(report, has_begun=begun.has_begun)
    check_not_yet(report, begun.recorded_on)
    if said.how == MINOR:
        check_minor(book, report, alleged, said.holds)
    else:
        check_fulfilled(book, report, said.how)
    return report
