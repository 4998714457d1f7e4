"""A review that comes late or whose days begin outside, and how much is said within an hour."""

from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.records import MilestoneRecord
from app.correspondence.records import FilerRequest, Message
from app.correspondence.rules import MOST_WORDS_AN_HOUR
from app.intake import actions, queries
from app.policy.model.process import Milestone
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_following import appeal_of, closed, today
from tests.intake.test_pages import Filer, file, filing_of
from tests.make import Make


@pytest.fixture
def filer(client_as: ClientAs, make: Make, work_as: WorkAs) -> Filer:
    return Filer(client_as(), file(make, work_as).passphrase.words)


def test_one_that_came_late_is_taken_by_whom_the_rulebook_names_alone(
    filer: Filer, make: Make, client_as: ClientAs
) -> None:
    closed(make, filing_of(make), days_ago=400)
    appeal = appeal_of(make)
    assert appeal.waived_by == ("director",)
    filer.post(f"/my/reviews/{appeal.code}/ask", ground=appeal.grounds[0].code, reason="I was ill.")
    (request,) = make.all(FilerRequest)
    path = f"/office/filings/{filing_of(make).id}/requests/{request.id}/answer"
    refused = client_as("supervisor").submit(path, answer="accepted", answer_words="We look again.")
    assert refused.status_code == 403
    assert "Only the director may take it all the same." in unescape(refused.text)
    assert make.all(FilerRequest)[0].is_open
    assert client_as("director").submit(path, answer="accepted", answer_words="We look again.").status_code == 303


@pytest.mark.parametrize("happened", [True, False])
def test_a_review_whose_days_begin_outside_shows_the_day_or_what_it_waits_for(
    filer: Filer, make: Make, work_as: WorkAs, happened: bool
) -> None:
    case_id = closed(make, filing_of(make))
    said: dict[str, Any] = {"label": make.book.name}
    outside, other = (Milestone.model_construct(None, code=code, **said) for code in ("outside", "other"))
    counted = appeal_of(make).model_copy(update={"limit_from": outside.code})
    review = make.book.review.model_copy(update={"appeals": (counted,)})
    book = make.book.model_copy(update={"review": review, "milestones": (outside, other)})
    on = today(make) - timedelta(days=2)
    for code, day in ((outside.code, on), (other.code, on + timedelta(days=1))):
        if happened or code != outside.code:
            make.row(milestone(make, case_id, code, day))
    with work_as(Actor.filer(filing_of(make).lookup or b"", frozenset())) as work:
        own = actions.own(work)
        assert own is not None
        standing = queries.status_of(work, own)
        ((way, _),) = queries.appeals_of(work, own, book, standing, "en")
    assert (way.counted_from, way.waits_for) == ((on, "") if happened else (None, outside.label.to("en")))
    assert (way.last_on is not None) is happened


def milestone(make: Make, case_id: UUID, code: str, on: date, **given: Any) -> MilestoneRecord:
    by = make.actor(Role.SUPERVISOR).id
    known = {"proof": "A letter", "recorded_by_id": by, "recorded_at": make.now}
    return MilestoneRecord(id=uuid4(), case_id=case_id, code=code, happened_on=on, **known, **given)


def test_words_without_end_are_held_up_for_an_hour_and_stand_on_the_page(
    filer: Filer, make: Make, client_as: ClientAs, work_as: WorkAs
) -> None:
    filing = filing_of(make)
    with make.owner() as session:
        now = session.execute(select(func.now())).scalar_one()
    for number in range(MOST_WORDS_AN_HOUR - 1):
        sent_at = now - timedelta(minutes=number)
        said = {"is_from_filer": True, "body": "x", "sender_title": ""}
        make.row(Message(id=uuid4(), filing_id=filing.id, sent_at=sent_at, **said))
    assert filer.post("/my/messages/send", body="One more.").status_code == 303
    for verb, field in (("messages/send", "body"), ("words/add", "words")):
        held = filer.post(f"/my/{verb}", **{field: "Never lost."})
        assert held.status_code == 409
        assert "That was a lot for one hour." in held.text
        assert "Never lost." in held.text
    assert len(make.all(Message)) == MOST_WORDS_AN_HOUR
    other = Filer(client_as(), file(make, work_as, key="k2").passphrase.words)
    assert other.post("/my/messages/send", body="Another.").status_code == 303
