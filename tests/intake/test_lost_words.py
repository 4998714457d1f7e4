"""A lost passphrase: new words for who is known by the rulebook's questions, an addition for who is not."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.access.work import House
from app.infra.db import Door
from app.intake import actions
from app.intake.actions import additions as telling
from app.intake.actions import lost_words as words
from app.intake.actions.submitting import submit_filing
from app.intake.commands import GiveNewWords, LinkAddition, SecondNewWords, TakeNewWords, TellMore
from app.intake.queries import additions as told
from app.intake.records import Addition, Filing, NewWords
from app.intake.rules.lost_words import CODE_LIFE, check_seconds
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused, StepUpNeeded
from app.policy.loader import Rulebooks
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_actions import filing as asked
from tests.intake.test_receipt_page import VALUE
from tests.make import Make

# The database ends a code by its own clock.
TODAY = datetime.fromtimestamp(time.time(), UTC)
TALKED = SecondNewWords(talked="yes")
TELL = TellMore(language="en", about="In May, Oak Street", body="His car was 12.")


def filer() -> Actor:
    return Actor.anyone(Door.RESIDENT, frozenset())


def filed(work_as: WorkAs, make: Make, **changed: Any) -> tuple[Filing, str]:
    """A complaint and its passphrase."""
    name = {} if changed.get("anonymity") == "anonymous" else {"name": "Ada Sample"}
    known = {"filer": {"relationship": "self"} | name}
    with work_as(filer()) as work:
        got = submit_filing(work, asked(**known, **changed), repeat_key=f"k{changed}")
    return next(each for each in make.all(Filing) if each.number == got.number), got.passphrase.words


@pytest.fixture
def questions(policies: Rulebooks, house: House) -> GiveNewWords:
    book = policies.newest(house.agency)
    return GiveNewWords(asked=tuple(each.code for each in book.intake.identity_questions))


def proved(make: Make, at: datetime | None = None) -> Actor:
    """Somebody of intake who has just proved to be themselves."""
    return replace(make.actor("intake"), proved_at=at or TODAY)


def given(work_as: WorkAs, make: Make, filing_id: UUID, questions: GiveNewWords, at: datetime = TODAY) -> TakeNewWords:
    """Both halves of a code: one person of intake gave the first, a supervisor the second."""
    with work_as(proved(make, at), at) as work:
        first = words.give_new_words(work, filing_id, questions)
    with work_as(replace(make.actor("supervisor"), proved_at=at), at) as work:
        return TakeNewWords(code=first, second=words.second_new_words(work, filing_id, TALKED))


def opens(work_as: WorkAs, passphrase: str) -> bool:
    with work_as(filer()) as work:
        try:
            actions.own_by_passphrase(work, passphrase)
        except NotFound:
            return False
    return True


def test_new_words_end_the_old_ones_at_once_and_nobody_of_the_office_sees_them(
    work_as: WorkAs, make: Make, questions: GiveNewWords
) -> None:
    complaint, old = filed(work_as, make)
    assert opens(work_as, old)
    halves = given(work_as, make, complaint.id, questions)
    assert not opens(work_as, old)
    typed = {name: f" {half.lower().replace('-', ' ')} " for name, half in halves.model_dump().items()}
    with work_as(filer()) as work:
        fresh = words.take_new_words(work, TakeNewWords(**typed))
    assert opens(work_as, fresh.words)
    assert not opens(work_as, old)
    assert [tag for tag in make.tags() if tag.startswith("intake:words:")] == [
        "intake:words:checked",
        "intake:words:ended",
        "intake:words:seconded",
        "intake:words:taken",
    ]
    (kept,) = make.all(NewWords)
    assert kept.seconded_by_id not in (None, kept.given_by_id)
    assert all(half.encode() not in kept.code_hash + kept.second_hash for half in halves.model_dump().values())
    assert kept.taken_at


@pytest.mark.parametrize("how", ["twice", "late", "voided", "another"])
def test_a_code_opens_once_and_only_while_it_stands(
    work_as: WorkAs, make: Make, questions: GiveNewWords, how: str
) -> None:
    complaint, _ = filed(work_as, make)
    at = TODAY - CODE_LIFE - timedelta(minutes=1) if how == "late" else TODAY
    halves = given(work_as, make, complaint.id, questions, at)
    if how == "twice":
        with work_as(filer()) as work:
            words.take_new_words(work, halves)
    if how == "voided":
        with work_as(proved(make, at), at) as work:
            words.give_new_words(work, complaint.id, questions)
    before = make.tags()
    with pytest.raises(NotFound), work_as(filer()) as work:
        words.take_new_words(work, halves.model_copy(update={"code": "ABCDE-FGHJK"} if how == "another" else {}))
    assert make.tags() == before


@pytest.mark.parametrize("second", ["ABCDE-FGHJK", "the first"])
def test_whoever_has_one_half_alone_takes_nothing(
    work_as: WorkAs, make: Make, questions: GiveNewWords, second: str
) -> None:
    complaint, _ = filed(work_as, make)
    halves = given(work_as, make, complaint.id, questions)
    wrong = {"second": halves.code if second == "the first" else second}
    with pytest.raises(NotFound), work_as(filer()) as work:
        words.take_new_words(work, halves.model_copy(update=wrong))
    turned = TakeNewWords(code=halves.second, second=halves.code)
    with pytest.raises(NotFound), work_as(filer()) as work:
        words.take_new_words(work, turned)
    assert make.all(NewWords)[0].taken_at is None


def test_before_the_second_half_nobody_takes_words_and_the_first_person_does_not_give_it(
    work_as: WorkAs, make: Make, questions: GiveNewWords, client_as: ClientAs
) -> None:
    complaint, _ = filed(work_as, make)
    second = replace(make.actor("supervisor"), proved_at=TODAY)
    with pytest.raises(Refused, match="No code waits"), work_as(second, TODAY) as work:
        words.second_new_words(work, complaint.id, TALKED)
    with work_as(proved(make), TODAY) as work:
        first = words.give_new_words(work, complaint.id, questions)
    with pytest.raises(NotFound), work_as(filer()) as work:
        words.take_new_words(work, TakeNewWords(code=first, second=first))
    with pytest.raises(NotAllowed, match="first half"), work_as(proved(make), TODAY) as work:
        words.second_new_words(work, complaint.id, TALKED)
    with pytest.raises(StepUpNeeded), work_as(replace(second, proved_at=None), TODAY) as work:
        words.second_new_words(work, complaint.id, TALKED)
    path = f"/office/filings/{complaint.id}/words"
    assert "Waits for a second person" in client_as("intake").get(path).text
    assert "Filers who wait for a second person" in client_as("supervisor").get("/office").text
    assert "I saw or called the filer myself" in client_as("supervisor").get(path).text
    assert make.all(NewWords)[0].second_hash is None


def test_the_database_lets_nobody_give_both_halves(work_as: WorkAs, make: Make, questions: GiveNewWords) -> None:
    complaint, _ = filed(work_as, make)
    with work_as(proved(make), TODAY) as work:
        words.give_new_words(work, complaint.id, questions)
    mine, other = make.actor("intake").id, make.actor("supervisor").id
    for giver in (mine, other):
        forged = text("UPDATE new_words SET second_hash = 'x', seconded_by_id = :giver, seconded_at = now()")
        with pytest.raises(DBAPIError), work_as(proved(make), TODAY) as work:
            work.session.execute(forged, {"giver": giver})


@pytest.mark.parametrize("code", ["", "x", "0" * 9, "😀" * 10, "0" * 4000])
def test_what_cannot_be_a_code_is_told_like_one_that_is_unknown(client_as: ClientAs, code: str) -> None:
    answer = client_as().submit("/my/new-words/take", code=code, second=code)
    assert answer.status_code == 422
    assert "We do not know this code" in unescape(answer.text)


def test_who_gave_no_name_is_refused_and_nothing_changes(work_as: WorkAs, make: Make, questions: GiveNewWords) -> None:
    complaint, old = filed(work_as, make, anonymity="anonymous")
    with pytest.raises(Refused, match="no name"), work_as(proved(make), TODAY) as work:
        words.give_new_words(work, complaint.id, questions)
    assert opens(work_as, old)
    assert make.all(NewWords) == []


def test_every_question_must_be_answered_rightly(work_as: WorkAs, make: Make, questions: GiveNewWords) -> None:
    complaint, old = filed(work_as, make)
    for wrong in ((), questions.asked[:-1], (*questions.asked, "favourite_colour")):
        with pytest.raises(Invalid), work_as(proved(make), TODAY) as work:
            words.give_new_words(work, complaint.id, GiveNewWords(asked=wrong))
    assert opens(work_as, old)
    assert "intake:words:checked" not in make.tags()


def test_it_needs_a_fresh_proof_of_who_sits_there(work_as: WorkAs, make: Make, questions: GiveNewWords) -> None:
    complaint, _ = filed(work_as, make)
    with pytest.raises(StepUpNeeded), work_as(replace(proved(make), proved_at=None), TODAY) as work:
        words.give_new_words(work, complaint.id, questions)


def test_the_filer_sees_first_of_all_that_new_words_were_given(
    client_as: ClientAs, work_as: WorkAs, make: Make, questions: GiveNewWords
) -> None:
    complaint, _ = filed(work_as, make)
    halves = given(work_as, make, complaint.id, questions)
    client = client_as()
    taken = client.submit("/my/new-words/take", **halves.model_dump())
    (_, fresh, _) = VALUE.findall(taken.text)
    assert "Your new passphrase" in taken.text
    assert "What happens next" not in taken.text
    client.submit("/my/sign-in", passphrase=fresh)
    shown = client.get("/my")
    assert shown.text.index("New words were issued on") < shown.text.index("They were taken on")
    assert shown.text.index("They were taken on") < shown.text.index('class="lead"')
    assert "New secret words were given out for this complaint." in shown.text


def test_an_addition_waits_is_opened_and_put_to_its_complaint_which_stays_as_it_was(
    client_as: ClientAs, work_as: WorkAs, make: Make
) -> None:
    complaint, _ = filed(work_as, make, anonymity="anonymous")
    sent = client_as().submit("/file/addition/send?lang=en", about="In May, Oak Street", body="His car was 12.")
    assert "We have what you added" in sent.text
    (addition,) = make.all(Addition)
    assert (addition.received_at.minute, addition.filing_id) == (0, None)
    client = client_as("intake")
    assert "1 addition without a passphrase" in client.get("/office/filings").text
    assert str(addition.id) in client.get("/office/additions").text
    shown = client.get(f"/office/additions/{addition.id}")
    assert "His car was 12." in shown.text
    before = complaint.canonical
    linked = client.submit(f"/office/additions/{addition.id}/link", number=complaint.number)
    assert linked.status_code == 303
    assert "His car was 12." in client.get(f"/office/filings/{complaint.id}").text
    (kept,) = make.all(Filing)
    assert (kept.canonical, kept.lookup) == (before, complaint.lookup)
    assert [tag for tag in make.tags() if "addition" in tag] == [
        "intake:addition:received",
        "intake:addition:opened",
        "intake:addition:linked",
    ]
    again = client.submit(f"/office/additions/{addition.id}/link", number=complaint.number)
    assert again.status_code in (404, 409)


@pytest.mark.parametrize(
    ("fields", "words_shown"),
    [
        ({"about": "", "body": " "}, "Tell us which complaint you mean."),
        ({"about": "x", "body": "y" * 30_001}, "too long"),
        ({"about": "x\x00", "body": "y"}, ""),
    ],
)
def test_a_wrong_addition_comes_back_with_what_was_typed(
    client_as: ClientAs, make: Make, fields: dict[str, str], words_shown: str
) -> None:
    answer = client_as().submit("/file/addition/send?lang=en", **fields)
    assert answer.status_code == 422
    assert words_shown in unescape(answer.text)
    assert make.all(Addition) == []


def test_an_addition_is_put_to_no_complaint_that_one_may_not_know_of(work_as: WorkAs, make: Make) -> None:
    with work_as(filer()) as work:
        telling.tell_more(work, TELL)
    (addition,) = make.all(Addition)
    with pytest.raises(Invalid), work_as("intake") as work:
        telling.link_addition(work, addition.id, LinkAddition(number="F-NOWHERE"))
    with pytest.raises(NotAllowed), work_as("counsel") as work:
        told.waiting_additions(work)


def test_a_deputy_of_who_gave_the_first_half_does_not_give_the_second() -> None:
    first, deputy = uuid4(), uuid4()
    check_seconds(first, {deputy})
    with pytest.raises(NotAllowed):
        check_seconds(first, {deputy, first})
