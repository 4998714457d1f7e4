"""The diary of the invented city on a machine that lacks something: the year is told all the same."""

from datetime import timedelta
from typing import Any

from app.access.work import House, Work
from app.imports.city.diary import RESIDENT, Cast, Diary, Life, Turn
from app.infra.pdf import PdfError
from tests.conftest import NOW

PACKET, LETTER = "packet", "letter"


def test_where_no_paper_can_be_set_the_year_goes_on_and_what_was_asked_for_stays_asked_for(house: House) -> None:
    done: list[str] = []

    def no_paper(work: Work, **_: Any) -> None:
        done.append("tried")
        raise PdfError("lacking")

    def letter(work: Work, **_: Any) -> None:
        done.append("letter")

    diary = Diary(house, Cast({}), {PACKET: no_paper, LETTER: letter}, until=NOW + timedelta(days=1))
    diary.only_from(PACKET, NOW)
    diary.begin(_asking(diary))
    assert diary.live() == 2
    assert done == ["letter", "tried"]


def _asking(diary: Diary) -> Life:
    yield Turn(RESIDENT, NOW)
    diary.by_the_clock(PACKET, NOW)
    diary.by_the_clock(LETTER, NOW)
    yield Turn(RESIDENT, NOW + timedelta(hours=1))
