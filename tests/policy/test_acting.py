"""What a lost power carried is refused with its reason; what nobody lost goes on."""

from datetime import date

import pytest

from app.cases import rules as roads
from app.kernel.errors import Refused
from app.kernel.text import LocalText
from app.policy.acting import ENDED, UNSETTLED, check_may, check_opens_cases, check_takes_cases
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


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PROPOSAL, Status.HISTORICAL])
def test_no_case_opens_under_a_rulebook_that_is_not_settled(status: Status) -> None:
    book = with_meta(status=status)
    check_takes_cases(book, AFTER)
    with pytest.raises(Refused) as refusal:
        check_opens_cases(book, AFTER)
    assert refusal.value.words == UNSETTLED
    check_opens_cases(with_meta(), AFTER)


def test_an_agency_that_has_ended_says_who_follows() -> None:
    book = with_meta(to_on=AFTER, successor=LocalText("the city auditor"))
    check_takes_cases(book, BEFORE)
    with pytest.raises(Refused) as refusal:
        check_takes_cases(book, AFTER)
    assert refusal.value.words == f"{ENDED} the city auditor"


def test_a_step_that_needs_a_power_waits_for_it() -> None:
    move = STRUCK.moves[0].model_copy(update={"power": PowerName.FIND})
    roads.check_powers(STRUCK, move, BEFORE)
    with pytest.raises(Refused, match=r"Nobody holds the power for this step now\. A state court"):
        roads.check_powers(STRUCK, move, AFTER)
    roads.check_powers(STRUCK, STRUCK.moves[0], AFTER)
    never = STRUCK.model_copy(update={"powers": ()})
    with pytest.raises(Refused, match=r"^Nobody holds the power for this step now\.$"):
        roads.check_powers(never, move, AFTER)
