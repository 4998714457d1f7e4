"""Discipline as the rulebook has it: recommendations and answers; and when a report to others is due and fulfilled."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.cases.rules import law_of
from app.kernel.deadlines import say_day
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.decisions import Answer, LifeCode
from app.policy.model.duties import ExternalReport
from app.policy.model.outside import Fulfilment, ReportCategory
from app.policy.model.process import Phase

NUMBER_MASK = "R-{year}-{random}"
NONE_IMPOSED = "none"
NO_DISCIPLINE = ("none", "No discipline")
CHOOSE = "Choose one of the answers."
MINOR = "minor"
NOTHING_HOLDS = "none"


@dataclass(frozen=True)
class Given:
    """An answer as it was given."""

    answer: str
    reasons: str
    imposed: str


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


def may_recommend_at(book: Rulebook, stage: str) -> bool:
    """Discipline is recommended once the body has decided, and while the department has to answer."""
    return book.stage(stage).phase in (Phase.DECISION, Phase.ANSWER)


def is_sent_at_once(book: Rulebook, stage: str) -> bool:
    """Where the findings have gone to the department already, a recommendation follows them at once."""
    return book.stage(stage).phase is Phase.ANSWER


def may_follow(book: Rulebook, stage: str, *, is_answered: bool) -> bool:
    """After an answer, something else is recommended only where the body has the case before it again."""
    return is_answered and book.stage(stage).phase is Phase.DECISION


def check_measure(book: Rulebook, measure: str) -> str:
    """A penalty of the rulebook."""
    if measure not in {penalty.code for penalty in book.discipline.penalties}:
        raise Invalid({"measure": CHOOSE})
    return measure


def calls_for_discipline(book: Rulebook, disposition: str | None) -> bool:
    """True where the body's finding is one that discipline can follow."""
    return any(word.code == disposition and word.calls_for_discipline for word in book.findings)


def check_finding(book: Rulebook, disposition: str | None) -> None:
    """Nothing is recommended before the body has found, or on a finding that asks for none."""
    if disposition is None:
        raise Refused("The commission has not decided on this allegation yet.")
    if not calls_for_discipline(book, disposition):
        raise Refused("The commission's finding on this allegation asks for no discipline.")


def check_answer(book: Rulebook, given: Given) -> Answer:
    """An answer of the rulebook, with reasons where it asks for them, and what was imposed where it accepts."""
    answer = next((each for each in book.discipline.answers if each.code == given.answer), None)
    if answer is None:
        raise Invalid({"answer": CHOOSE})
    missing = {}
    if answer.needs_reason and not given.reasons.strip():
        missing["reasons"] = "Give your reasons: the rulebook asks for them with this answer."
    if given.imposed not in {code for code, _ in imposable(book)} and (answer.accepts or given.imposed):
        missing["imposed"] = "Say what is imposed, or that nothing is."
    if missing:
        raise Invalid(missing)
    return answer


def imposable(book: Rulebook) -> list[tuple[str, str]]:
    """What the department may say it imposed."""
    return [NO_DISCIPLINE, *((penalty.code, penalty.label.to("en")) for penalty in book.discipline.penalties)]


def due_on(book: Rulebook, sent_on: date) -> date | None:
    """The day by which the department must answer; none where the law sets no day."""
    clock = book.discipline.answer_clock
    return book.due_on(clock, sent_on) if clock else None


def has_lapsed(due: date | None, answered_on: date | None, today: date) -> bool:
    """True the day after the last day, while no answer came; a duty without a day never lapses."""
    return due is not None and answered_on is None and today > due


def days_taken(sent_on: date | None, answered_on: date | None, today: date) -> int | None:
    """How long the answer took, or has taken so far."""
    return ((answered_on or today) - sent_on).days if sent_on else None


def has_department_life(book: Rulebook) -> bool:
    """True where the rulebook keeps the department's own finding beside the body's."""
    return any(life.code is LifeCode.DEPARTMENT for life in book.lives)


# --- reports to others ---


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
