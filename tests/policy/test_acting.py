"""What a lost power carried is refused with its reason; what nobody lost goes on."""

from datetime import date

import pytest

from app.cases import rules as roads
from app.kernel.errors import Refused
from app.kernel.text import LocalText
from app.policy.acting import ENDED, NOT_YET, READING, UNSETTLED, WORDS, Stop, check_may, stop_in_house, stop_of
from app.policy.model import Rulebook
from app.policy.model.agency import Status
from app.policy.model.powers import Act, PowerName
from tests.operations.law_that_changes import VERSIONS

BEFORE, AFTER = date(2025, 12, 31), date(2026, 1, 1)
STRUCK = VERSIONS["2026-01-01"]


def with_meta(**changed: object) -> Rulebook:
    book = VERSIONS["2025-01-01"]
    return book.model_copy(update={"meta": book.meta.model_copy(update=changed)})


@pytest.mark.parametrize(
    "act", [Act.DEMANDS, Act.INTERVIEWS, Act.FINDINGS, Act.VOTES, Act.SUBPOENAS, Act.DISCIPLINE, Act.DEPARTMENT_FILES]
)
def test_an_act_stops_on_the_day_its_power_is_lost_and_says_why(act: Act) -> None:
    check_may(STRUCK, act, BEFORE)
    with pytest.raises(Refused, match="A state court"):
        check_may(STRUCK, act, AFTER)


@pytest.mark.parametrize("act", [Act.FILINGS, Act.CASES, Act.MOVES, Act.RECOMMENDATIONS, Act.PUBLICATION])
def test_what_nobody_lost_goes_on(act: Act) -> None:
    check_may(STRUCK, act, AFTER)


def test_a_refusal_says_what_by_whom_why_by_which_law_and_since_when() -> None:
    found = stop_of(STRUCK, Act.SUBPOENAS, date(2026, 3, 16))
    assert found is not None
    assert found.words == (
        "No subpoena can be issued now. A state court: struck down the power to subpoena. (Charter 12.09) "
        "Since January 1, 2026."
    )
    assert found.reason("es") == found.reason()  # this rulebook has no Spanish for it


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PROPOSAL, Status.HISTORICAL])
def test_no_case_opens_in_the_house_under_a_rulebook_that_is_not_settled(status: Status) -> None:
    book = with_meta(status=status)
    check_may(book, Act.CASES, AFTER)  # a scenario may still tell of it
    assert stop_words(book, Act.CASES) == UNSETTLED
    assert stop_in_house(with_meta(), Act.CASES, AFTER) is None


def test_a_draft_takes_no_complaint_in_the_house() -> None:
    assert stop_words(with_meta(status=Status.DRAFT), Act.FILINGS) == NOT_YET
    assert stop_in_house(with_meta(status=Status.DRAFT), Act.MOVES, AFTER) is None
    assert stop_in_house(with_meta(), Act.FILINGS, AFTER) is None


def stop_words(book: Rulebook, act: Act) -> str:
    found = stop_in_house(book, act, AFTER)
    assert isinstance(found, Stop)
    return found.words


@pytest.mark.parametrize("act", sorted(set(Act) - READING))
def test_an_agency_that_has_ended_does_nothing_any_more_and_says_who_follows(act: Act) -> None:
    gone = {"to_on": AFTER, "successor": LocalText("the city auditor"), "public_notice": LocalText("It was ended.")}
    book = with_meta(**gone)
    assert stop_of(book, act, BEFORE) is None
    found = stop_of(book, act, AFTER)
    assert found is not None
    assert found.words == f"{ENDED if act is Act.CASES else WORDS[act]} It was ended. Since January 1, 2026."
    assert found.follower() == "the city auditor"


def test_the_history_of_an_agency_that_has_ended_is_still_read() -> None:
    assert stop_of(with_meta(to_on=BEFORE), Act.DEPARTMENT_FILES, AFTER) is None


def test_every_act_has_its_words() -> None:
    assert set(WORDS) == set(Act)


def test_a_step_that_needs_a_power_waits_for_it() -> None:
    move = STRUCK.moves[0].model_copy(update={"power": PowerName.FIND})
    roads.check_powers(STRUCK, move, BEFORE)
    with pytest.raises(Refused, match=r"Nobody holds the power for this step now\. A state court"):
        roads.check_powers(STRUCK, move, AFTER)
    roads.check_powers(STRUCK, STRUCK.moves[0], AFTER)
    never = STRUCK.model_copy(update={"powers": ()})
    with pytest.raises(Refused, match=r"^Nobody holds the power for this step now\.$"):
        roads.check_powers(never, move, AFTER)
