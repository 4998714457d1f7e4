"""A small year of complaints with everything that a release counts."""

from datetime import date
from uuid import uuid4

from app.discipline.records import Recommendation
from app.evidence.records import Demand
from app.people.records import Demographic
from tests.make import Make

THROUGH = date(2026, 3, 16)
RACES = ("black", "black", "black", "white", "white", "latino")


def fill(make: Make, cases: int = 24) -> None:
    """Cases of two years, each with an allegation and a finding of the board, and complainants of three races."""
    book = make.book
    sustained = next(each for each in book.findings if each.canonical == "sustained")
    other = next(each for each in book.findings if each.canonical == "insufficient")
    officers = [make.officer() for _ in range(4)]
    for at in range(cases):
        year = 2025 if at % 3 else 2024
        case = make.case(
            received_on=date(year, 1 + at % 12, 2),
            opened_on=date(year, 1 + at % 12, 2),
            channel="web" if at % 4 else "phone",
            language="en" if at % 5 else "es",
            anonymity="named",
            category=book.allegations[0].code,
            narrative="Nobody publishes this sentence about a person.",
        )
        allegation = make.allegation(case, officers[at % 4] if at % 6 else None)
        make.finding(allegation, life="board", disposition=(sustained if at % 3 == 0 else other).code, found_on=None)
        make.row(
            Demographic(id=uuid4(), case_id=case.id, position=1, race=RACES[at % 6], sex="female" if at % 2 else "")
        )
        if at % 6 == 0:
            _discipline(make, case.id, allegation.id, at)
        if at % 8 == 0:
            _demand(make, case.id, at)


def _discipline(make: Make, case_id: object, allegation_id: object, at: int) -> None:
    make.row(
        Recommendation(
            id=uuid4(),
            case_id=case_id,
            allegation_id=allegation_id,
            department_id=make.book.departments[0].code,
            number=f"R-{at}",
            measure="training",
            sent_on=date(2025, 6, 1),
            answered_on=date(2025, 7, 1),
            answer="accepted",
            imposed="reprimand",
            version=1,
        )
    )


def _demand(make: Make, case_id: object, at: int) -> None:
    make.row(
        Demand(
            id=uuid4(),
            case_id=case_id,
            department_id=make.book.departments[0].code,
            number=f"D-{at}",
            kind="records",
            wording="All records.",
            sent_on=date(2026, 1, 1),
            due_on=date(2026, 1, 15),
            answered_on=date(2026, 1, 10) if at else None,
            version=1,
        )
    )
