"""What goes into a packet: the case in sections, as each stage adds them."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.cases.queries import own_label
from app.cases.records import Case
from app.clocks import queries as clocks
from app.clocks.records import Clock
from app.commission.queries.closed import latest_closing
from app.commission.rules.closed import find_ground
from app.commission.rules.packet import Section, Table
from app.correspondence.letters import say_day
from app.intake import queries as intake
from app.intake.records import Filing
from app.kernel.dates import ImpreciseDate, Precision
from app.policy.model import Rulebook
from app.web.templates import days_left, language


def packet_sections(work: Work, case_id: UUID) -> list[Section]:
    """All sections in process order."""
    return [section for part in work.parts("packet") for section in part(work, case_id)]


def case_sections(work: Work, case_id: UUID) -> list[Section]:
    """This stage's own part: what the complaint says, where the case stands, and its clocks. Never who filed it."""
    case = one_or_not_found(work, select(Case).where(Case.id == case_id))
    book = work.policies.named(case.policy_id)
    own = own_label(work, case)
    rows = tuple((label, value) for label, value in (("Opened as", own), *_facts(book, case)) if value)
    told = case.narrative or "No account was given."
    return [
        Section("The case in short", tables=(Table("Facts of the case", ("Fact", "On file"), rows),)),
        Section("What is known" if own else "What the complaint says", (*told.split("\n\n"), *_translated(work, case))),
        _clock_section(work, case, book),
    ]


def closed_sections(work: Work, case_id: UUID) -> list[Section]:
    """That the case is planned to be heard without the public, and why; nothing where it is not."""
    closing = latest_closing(work, case_id)
    if closing is None:
        return []
    ground = find_ground(work.policies.named(closing.session.policy_id), closing.session.ground)
    rows = [("Ground", closing.label), ("Law", closing.cited)]
    rights = "; ".join(ground.rights) if ground is not None else ""
    rows += [("Rights of whoever is spoken of", rights)] if rights else []
    said = "The secretary asks the members to hear this case without the public. They decide by roll call."
    return [Section("Closed session", (said,), (Table("Why it may be closed", ("", "By the rulebook"), tuple(rows)),))]


def _translated(work: Work, case: Case) -> Iterator[str]:
    """Translations of the complaint, each with who made it and when; the words before them are the record."""
    ids = work.session.scalars(select(Filing.id).where(Filing.case_id == case.id).order_by(Filing.received_at)).all()
    by_words = intake.translations_of(work, ids)
    for each in (translation for filing_id in ids for translation in by_words.get(filing_id, [])):
        into = language(each.language, "en")
        yield f"Translation into {into}, made by {each.translator} on {say_day('en', each.translated_on)}:"
        yield from each.body.split("\n\n")


def _facts(book: Rulebook, case: Case) -> list[tuple[str, str]]:
    when = ImpreciseDate(case.incident_date, Precision(case.incident_precision))
    return [
        ("Number", case.number),
        ("Department", book.department(case.department_id).label.to("en")),
        ("Stage", book.stage(case.stage).label.to("en")),
        ("Class", book.classified(case.classification).label.to("en") if case.classification else ""),
        ("Received", say_day("en", case.received_on)),
        ("Opened", say_day("en", case.opened_on)),
        ("Day of the incident", say_day("en", when)),
        ("Time of the incident", case.incident_time),
        ("Place", case.place),
        ("Rulebook", case.policy_id),
    ]


def _said_date(work: Work, clock: Clock) -> tuple[str, str]:
    """The day and how far it is; of a duty without a number, since when its days are counted."""
    if clock.due_on is None:
        return "The law gives no day", f"{(work.today - clock.started_on).days} days have passed"
    return say_day("en", clock.due_on), days_left((clock.due_on - work.today).days)


def _clock_section(work: Work, case: Case, book: Rulebook) -> Section:
    running = [clock for clock in clocks.clocks_of(work, case.id) if clock.stopped_on is None]
    pauses = clocks.pauses_of(work, [clock.id for clock in running])
    extensions = clocks.extensions_of(work, [clock.id for clock in running])
    rows, reasons = [], []
    for clock in running:
        rule = book.clock(clock.rule)
        label = rule.label.to("en")
        rows.append((label, *_said_date(work, clock)))
        held = pauses.get(clock.id, [])
        why = clocks.why_this_date(work, clock, held, extensions.get(clock.id, [])) or clocks.passed(work, clock, held)
        if why is not None:
            reasons.append(f"{label}: {' '.join(why.sentences())}")
    table = Table("Running clocks", ("Clock", "Due on", "On the day of this packet"), tuple(rows))
    return Section("Clocks", tuple(reasons), (table,), nothing="No clock is running.")
