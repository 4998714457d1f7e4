"""The digest of clocks: to whoever holds the file, and to those to whom it rose; case numbers and dates, no more."""

from dataclasses import replace
from typing import Any

import pytest

from app.access.actor import Actor
from app.access.work import House, open_work
from app.cases.records import Case
from app.clocks import jobs
from app.clocks.records import Recount
from app.infra.mail import Mail
from tests.clocks.making import held, warning_on
from tests.clocks.test_recounts import count
from tests.make import Make

WORKER = Actor.system("mail_digest")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    taken: list[tuple[str, str, str]] = []
    monkeypatch.setattr(Mail, "send", lambda _, to, subject, text: taken.append((to, subject, text)))
    return taken


@pytest.fixture
def posting(house: House) -> House:
    return replace(house, mail=Mail("smtp://localhost"))


def with_mail(make: Make, role: str) -> Any:
    account = make.account(role, email=f"{role}@example.org")
    return make.sign_in(account, role)[0]


def mail_all(house: House, make: Make) -> None:
    """What the worker does after the night, and each mail it queued."""
    (night,) = make.all(Recount)
    with open_work(house, WORKER, now=make.now) as work:
        jobs.send_digests(work, night.id)
    for account_id in due(make):
        with open_work(house, WORKER, now=make.now) as work:
            jobs.mail_digest(work, account_id)


def due(make: Make) -> list[Any]:
    with make.owner() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT (args->>'account_id')::uuid FROM procrastinate_jobs WHERE task_name = 'mail_digest' ORDER BY id"
        )
        return list(rows.scalars())


def test_the_holder_and_those_above_get_one_mail_each_with_numbers_and_dates_alone(
    make: Make, posting: House, sent: list[tuple[str, str, str]]
) -> None:
    investigator, *_ = [with_mail(make, role) for role in ("investigator", "supervisor", "director")]
    mine = held(make, investigator, due_in=6, narrative="Elmer Quibb shouted.", place="Oak Street")
    warning_on(make, mine, step=7, level="holder")
    risen = held(make, investigator, due_in=-2)
    warning_on(make, risen, step=0, level="supervisor")
    count(posting, make)
    mail_all(posting, make)
    numbers = {case.id: case.number for case in make.all(Case)}
    by_reader = {to: text for to, _, text in sent}
    assert set(by_reader) == {"investigator@example.org", "supervisor@example.org"}
    assert numbers[mine.case_id] in by_reader["investigator@example.org"]
    assert numbers[mine.case_id] not in by_reader["supervisor@example.org"]
    assert f"{numbers[risen.case_id]}   lapsed {risen.last_day.isoformat()}" in by_reader["supervisor@example.org"]
    text = by_reader["investigator@example.org"]
    assert f"{numbers[mine.case_id]}   due {mine.last_day.isoformat()}" in text
    for word in ("Quibb", "Oak", "investigation", investigator.display_name):
        assert word not in text
    assert make.tags().count("clocks:digest:sent") == 2


def test_what_was_answered_or_lies_behind_a_wall_is_in_nobodys_mail(
    make: Make, posting: House, sent: list[tuple[str, str, str]]
) -> None:
    supervisor = with_mail(make, "supervisor")
    answered, walled = held(make, supervisor, due_in=6), held(make, supervisor, due_in=6)
    warning_on(make, answered, step=7, acknowledged_at=make.now, acknowledged_by_id=supervisor.id, plan="x")
    warning_on(make, walled, step=7)
    make.wall(make.all(Case, id=walled.case_id)[0], supervisor)
    count(posting, make)
    mail_all(posting, make)
    assert len(due(make)) == 1
    assert sent == []


def test_without_mail_or_without_an_address_nothing_is_queued(make: Make, house: House, posting: House) -> None:
    clock = held(make, make.actor("investigator"), due_in=6)
    warning_on(make, clock, step=7)
    count(house, make)
    mail_all(house, make)
    mail_all(posting, make)
    assert due(make) == []


def test_a_recount_by_day_writes_to_nobody(make: Make, posting: House) -> None:
    investigator = with_mail(make, "investigator")
    warning_on(make, held(make, investigator, due_in=6), step=7)
    with open_work(posting, WORKER, now=make.now) as work:
        jobs.recount_after_rulebook(work)
    (recount,) = make.all(Recount)
    with open_work(posting, WORKER, now=make.now) as work:
        jobs.recount_clocks(work, recount.id)
        jobs.send_digests(work, recount.id)
    assert due(make) == []
