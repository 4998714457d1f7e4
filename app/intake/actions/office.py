"""What the office does with a filing: reads, translates, sends it another way, screens it."""

from uuid import UUID, uuid4

from app.access import halves, routes
from app.access.acts import asks_itself, never_stopped
from app.access.reading import found
from app.access.work import Work
from app.intake import queries
from app.intake.commands import (
    AddTranslation,
    OpenIdentity,
    ScreenFiling,
    SendAnotherWay,
)
from app.intake.events import (
    FilingOpened,
    FilingScreened,
    FilingTranslated,
)
from app.intake.records import Filing, Translation
from app.intake.rules import filing as rules
from app.kernel.errors import Invalid, Refused, Stale
from app.people import queries as people
from app.people.actions import look_up, note_look_up, open_identity
from app.people.commands import LookUp
from app.people.rules import Who
from app.policy.model.powers import Act


@never_stopped("what was said may always be understood")
def add_translation(work: Work, filing_id: UUID, ask: AddTranslation) -> Translation:
    """Puts a translation beside what the filer said; the words themselves stay the record."""
    filing = queries.get_filing(work, filing_id)
    said_at = found(queries.said_by_filer(work, filing).get(ask.of_id))
    said_on = said_at.astimezone(work.house.zone).date()
    rules.check_translation(filing.language, ask.language, ask.translated_on, said_on, work.today)
    added = work.add(
        Translation(
            id=uuid4(),
            filing_id=filing.id,
            **ask.model_dump(),
            added_by_id=work.actor.id,
            added_at=work.now,
        )
    )
    work.happened(FilingTranslated(case_id=filing.case_id, filing_id=filing.id, of_id=ask.of_id, language=ask.language))
    return added


@never_stopped("history stays and is read")
def open_filing(work: Work, filing_id: UUID) -> Filing:
    """Reads a filing; each reading of what a resident said is journalled."""
    filing = queries.get_filing(work, filing_id)
    work.happened(FilingOpened(case_id=filing.case_id, filing_id=filing.id))
    return filing


@never_stopped("history stays and is read")
def open_filer(work: Work, filing_id: UUID, ask: OpenIdentity) -> Who | None:
    """Reads who filed; the opening and its reason stand in the journal. Where the rulebook wants two, asks first."""
    filing = queries.get_filing(work, filing_id)
    routes.check_handles(work, case_id=filing.case_id, filing_id=filing.id)
    person = found(people.person_named(work, filing.id, ask.person_id))
    if halves.wants_two(work.book, halves.IDENTITY):
        half = halves.granted_half(work, halves.IDENTITY, person.id)
        if half is None:
            what = {"reason": ask.reason.value, "refers_to": ask.refers_to, "number": filing.number}
            of = {"case_id": filing.case_id, "filing_id": filing.id, "what": what}
            halves.ask_second(work, work.book, halves.IDENTITY, person.id, **of)
            return None
        half.state = halves.USED
        # The second person agreed to this reason, and to no other.
        ask = OpenIdentity(reason=half.what["reason"], refers_to=half.what.get("refers_to", ""))
    is_theirs = queries.is_theirs(work, filing)
    return open_identity(work, person.id, ask.reason, refers_to=ask.refers_to, is_theirs=is_theirs)


@never_stopped("history stays and is read")
def look_up_filer(work: Work, ask: LookUp) -> list[queries.FoundFiling]:
    """What somebody with this name or contact has filed, as far as this person may know of it."""
    shown = queries.found_filings(work, look_up(work, ask))
    note_look_up(work, ask, len(shown))
    return shown


@never_stopped("whoever must not know of a case may always step back")
def send_another_way(work: Work, filing_id: UUID, ask: SendAnotherWay) -> None:
    """The filing, and its case where it has one, goes the way that the rulebook names for whom it is against."""
    filing = queries.get_filing(work, filing_id, for_update=True)
    if filing.case_id is not None:
        raise Refused("This complaint is a case already: send the case another way, on its page.")
    book = queries.book_for(work, filing)
    rule = routes.rule_of(book, ask.route)
    if rule is None:
        raise Invalid({"route": "Choose one of the list."})
    routes.send_another_way(work, book, rule, filing_id=filing.id, person_id=ask.person_id)


@never_stopped("what cannot be decided can be taken back")
def send_usual_way(work: Work, filing_id: UUID) -> None:
    """Whoever handles it sends it the usual way again."""
    filing = queries.get_filing(work, filing_id)
    routes.take_back(work, found(routes.standing_route(work, filing_id=filing.id)))


@asks_itself(Act.CASES)
def screen_filing(work: Work, filing_id: UUID, ask: ScreenFiling) -> Filing:
    """Decides by the rulebook what becomes of a filing; what follows from it is in `stages.py`."""
    filing = queries.get_filing(work, filing_id, for_update=True)
    book = queries.book_for(work, filing)
    if filing.version != ask.version:
        raise Stale()
    rules.check_unscreened(is_screened=filing.screened_at is not None)
    if ask.duplicate_of is None:
        work.check_act(Act.CASES)
    acts_as = routes.acting_as(work, None, filing_id=filing.id)
    rules.check_classification(book, ask.classification, ask.reason, acts_as)
    rules.check_department(book, ask.department_id)
    rules.check_category(book, ask.category)
    if ask.duplicate_of is not None:
        rules.check_duplicate(ask.duplicate_of, [case_id for case_id, *_ in queries.possible_duplicates(work, filing)])

    filing.screened_at = work.now
    filing.screened_by_id = work.actor.id
    filing.outcome = ask.classification
    work.happened(
        FilingScreened(
            filing_id=filing.id,
            classification=ask.classification,
            department_id=ask.department_id,
            category=ask.category,
            duplicate_of=ask.duplicate_of,
        )
    )
    return filing
