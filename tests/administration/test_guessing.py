"""Whoever has half of what it takes guesses the other half no faster by another way in."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from app.access.factors import end_challenge, standing_challenge
from app.administration.actions import second_step
from app.administration.actions.entering import SECOND
from app.administration.commands import AnswerStep
from tests.administration.conftest import PASSWORD, code_of, field_of, options_of
from tests.conftest import ClientAs

NEW = "quiet harbour violet lantern"
TRIES = 8


def test_codes_that_come_along_with_the_password_are_counted_as_a_second_step(person_as: Any, make: Any) -> None:
    """The right password forgets its own wrong tries, and must not forget those of the code with it."""
    person = person_as("director")
    person.add_app()
    statuses = [person.knock(otp="000000").status_code for _ in range(TRIES)]
    assert statuses[:3] == [401] * 3
    assert set(statuses[4:]) == {429}
    assert person.knock(otp=person.code(1)).status_code == 429
    step = field_of(person.knock().text, "step")
    assert person.door.submit("/sign-in/second", step=step, code=person.code(1)).status_code == 429
    assert "administration:session:opened" not in make.tags()


def test_a_program_that_guesses_codes_waits_too(person_as: Any, client_as: ClientAs) -> None:
    person = person_as("director")
    person.add_app()
    form = {"username": person.account.name, "password": PASSWORD, "otp": "000000"}
    answers = [client_as().post("/api/v1/auth/token", data=form) for _ in range(TRIES)]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert {answer.status_code for answer in answers[4:]} == {429}
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_the_right_code_along_with_the_password_opens_and_the_count_begins_anew(person_as: Any) -> None:
    person = person_as("director")
    person.add_app()
    assert person.knock(otp="000000").status_code == 401
    assert person.knock(otp=person.code(1)).status_code == 303


def test_a_code_of_somebody_who_has_none_is_not_asked_about(person_as: Any) -> None:
    person = person_as("counsel")
    assert [person.knock(otp="000000").status_code for _ in range(TRIES)] == [303] * TRIES


def test_a_session_that_somebody_took_guesses_the_password_no_faster_where_it_is_changed(
    person_as: Any, make: Any
) -> None:
    person = person_as("intake")
    path, new = "/office/account/password/change", {"password": NEW, "again": NEW}
    answers = [person.desk.submit(path, current=f"a guess of {number}", **new) for number in range(TRIES)]
    assert {answer.status_code for answer in answers} == {422}
    assert "not your password of today" in answers[0].text
    assert "There were too many tries" in answers[-1].text
    late = person.desk.submit(path, current=PASSWORD, **new)
    assert late.status_code == 422
    assert "There were too many tries" in late.text
    # And the page that asks for a proof has the same count.
    assert person.desk.submit("/office/confirm", password=PASSWORD).status_code == 429
    assert set(make.tags()) == {"administration:proof:refused"}


def test_what_is_wrong_with_the_new_password_costs_no_try(person_as: Any) -> None:
    person = person_as("intake")
    path = "/office/account/password/change"
    weak = [person.desk.submit(path, current=PASSWORD, password="short", again="short") for _ in range(TRIES)]
    assert not any("There were too many tries" in answer.text for answer in weak)
    assert person.desk.submit(path, current=PASSWORD, password=NEW, again=NEW).status_code == 303


def test_of_two_requests_with_one_answer_one_is_let_in(person_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A passkey that never counts cannot tell by itself: the question is what is used up."""
    person = person_as("director")
    person.add_passkey()
    page = person.knock().text
    step, credential = field_of(page, "step"), person.key.use(options_of(page), count=0)
    taken = vars(second_step)["_taken"]

    def and_meanwhile(work: Any, account: Any, ask: AnswerStep, challenge: bytes) -> Any:
        found = taken(work, account, ask, challenge)
        asked = standing_challenge(work, SECOND, ask.step)
        assert asked is not None
        end_challenge(work, asked)
        return found

    monkeypatch.setattr(second_step, "_taken", and_meanwhile)
    assert person.door.submit("/sign-in/second", step=step, credential=credential).status_code == 401


def test_whose_access_is_reset_is_told_by_mail_and_again_when_somebody_uses_the_link(
    person_as: Any, client_as: ClientAs, make: Any
) -> None:
    """The link goes through an administrator's hands: should they use it themselves, its person hears of it."""
    person, admin = person_as("analyst"), client_as("administrator")
    page = admin.submit(f"/office/users/{person.account.id}/reset").text
    secret = re.findall(r"/welcome/([\w-]+)", page)[0]
    assert told(make) == [str(person.account.id)]
    code = code_of(client_as("secretary"), person.account.id)
    chosen = person.door.submit(f"/welcome/{secret}/choose", password=NEW, again=NEW, code=code)
    assert chosen.status_code == 303
    assert set(told(make)) == {str(person.account.id)}
    assert len(told(make)) >= 2


def told(make: Any) -> list[str]:
    """To whom a mail about their sign-in waits."""
    with make.owner() as session:
        query = text("SELECT args->>'account_id' FROM procrastinate_jobs WHERE task_name = 'tell_account'")
        return [str(one) for one in session.execute(query).scalars()]
