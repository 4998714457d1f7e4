"""What the filer's own page and letters keep to themselves, and what an anonymous filer's page refuses to keep."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.allegations import queries as allegations
from app.correspondence.records import ContactWish
from app.infra.db import Door
from app.intake import actions
from app.intake.rules.filing import MUST_NOT_HOLD
from app.kernel.compartments import OF_ITEMS
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_actions import filing as asked
from tests.intake.test_pages import Filer
from tests.make import Make


def filed(work_as: WorkAs, **said: Any) -> tuple[str, str]:
    """A complaint: its number and its passphrase."""
    with work_as(Actor.anyone(Door.RESIDENT, frozenset())) as work:
        got = actions.submit_filing(work, asked(**said), repeat_key=uuid4().hex)
    return got.number, got.passphrase.words


@pytest.mark.parametrize("kind", OF_ITEMS)
def test_an_allegation_that_is_kept_is_told_to_the_filer_neither_at_my_nor_by_letter(
    kind: str, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    number, passphrase = filed(work_as)
    over = next(stage.code for stage in make.book.stages if stage.final)
    case = make.case(stage=over, closed_on=make.today)
    with make.owner() as session:
        values = {"case_id": case.id, "number": number}
        session.execute(
            text("UPDATE filings SET case_id = :case_id, screened_at = now() WHERE number = :number"), values
        )
        session.commit()
    first, second = make.book.allegations[0], make.book.allegations[1]
    make.finding(make.allegation(case, category=first.code), life="board", compartments=["compelled"])
    kept = make.allegation(case, category=second.code, compartments=[kind])
    make.finding(kept, life="board", compartments=[kind])
    found = Filer(client_as(), passphrase).text.partition("What was found")[2]
    assert (first.label.to("en") in found, second.label.to("en") in found) == (True, False)
    with work_as(Actor.system("worker")) as work:
        (line,) = allegations.closing_lines(work, case.id, "en")
    assert first.label.to("en") in line


CHOICES: list[dict[str, str]] = [
    {"way": "phone"},
    {"way": "portal", "times": "After six, 555-0199"},
    {"way": "portal", "safe": "Call my sister Mia."},
]


@pytest.mark.parametrize("chosen", CHOICES)
def test_who_gave_no_name_leaves_no_way_to_be_reached_behind(
    chosen: dict[str, str], make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    _, passphrase = filed(work_as, anonymity="anonymous", filer={"relationship": "self"})
    filer = Filer(client_as(), passphrase)
    refused = filer.post("/my/contact/choose", **chosen)
    assert (refused.status_code, MUST_NOT_HOLD in refused.text, make.all(ContactWish)) == (422, True, [])
    taken = filer.post("/my/contact/choose", way="portal", rules=make.book.intake.contact_rules[0].code)
    assert (taken.status_code, len(make.all(ContactWish))) == (303, 1)
