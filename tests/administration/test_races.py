"""What is good once is good once, also for many requests in the same moment: before a real server."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import httpx
import pyotp
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.factors import KEY_NAME, seal_secret
from app.access.records import Account, CodeSecret, RecoveryCode, SignedIn
from app.access.sessions import begin_signed_in, hash_of
from app.access.sessions import new_secret as new_secret_of_session
from app.access.signing_in import start_session
from app.access.work import Work, open_work
from app.administration.actions.absences import say_absence
from app.administration.actions.accounts import add_demonstration_accounts, reset_user
from app.administration.commands import SayAbsence
from app.administration.queries import absences as queries
from app.correspondence.commands import AskToTakeBack
from app.correspondence.rules import ASKED_ALREADY
from app.infra.codes import new_paper_code, new_secret, paper_hash
from app.infra.db import Door
from app.intake import actions as intake
from app.intake.actions import alike
from app.intake.commands import MarkCampaign, SubmitFiling
from app.kernel.errors import Invalid, Refused
from tests.installation import Installed, installation_at, served

PASSWORD = "a long word for programs"
AT_ONCE = 6
PAPER = 4
COMPLAINT = {
    "language": "en",
    "anonymity": "anonymous",
    "filer": {"relationship": "self"},
    "incident": {"date": "2026-03", "location": "Alder Street", "narrative": "He pushed me."},
}


@dataclass
class Place:
    """An installation that is served, and who has an account there."""

    address: str
    installed: Installed
    accounts: dict[str, UUID]

    def owner(self) -> Session:
        return Session(create_engine(self.installed.url, poolclass=NullPool))

    def many(self, ask: Callable[[int], httpx.Response]) -> list[int]:
        """The statuses of as many requests as come at once."""
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            return sorted(got.status_code for got in crowd.map(ask, range(AT_ONCE)))

    def token(self, who: str, otp: str) -> httpx.Response:
        form = {"username": who, "password": PASSWORD, "otp": otp}
        return httpx.post(f"{self.address}/api/v1/auth/token", data=form, timeout=60)

    def opened(self, who: str) -> int:
        """How many sessions this person has."""
        with self.owner() as session:
            found = session.execute(
                text("SELECT count(*) FROM sessions WHERE account_id = :who AND revoked_at IS NULL"),
                {"who": self.accounts[who]},
            )
            return int(found.scalar_one())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with installation_at(tmp_path_factory.mktemp("races")) as installed:
        with open_work(installed.house, Actor.system("test", Door.OFFICE)) as work:
            add_demonstration_accounts(work, PASSWORD)
            work.flush()
            accounts = {account.name: account.id for account in work.session.query(Account)}
        with served(installed) as address:
            yield Place(address, installed, accounts)


def test_a_code_of_the_app_opens_once_for_many_at_once(place: Place) -> None:
    secret, key = new_secret(), uuid4()
    with open_work(place.installed.house, Actor.system("test", Door.OFFICE)) as work:
        sealed, now = seal_secret(work, key, secret), work.now
    with place.owner() as session:
        row = CodeSecret(id=key, account_id=place.accounts["supervisor"], sealed=sealed, last_step=0, made_at=now)
        row.confirmed_at, row.last_entry_id = now, key
        session.add(row)
        session.commit()
    code = pyotp.TOTP(secret).at(int(time.time()))
    statuses = place.many(lambda _: place.token("supervisor", code))
    assert statuses.count(200) == place.opened("supervisor") == 1
    assert set(statuses) <= {200, 401, 429}


def test_a_code_on_paper_opens_once_for_many_at_once(place: Place) -> None:
    me, code, other = place.accounts["director"], new_paper_code(), new_paper_code()
    with open_work(place.installed.house, Actor.system("test", Door.OFFICE)) as work:
        hashed = [paper_hash(work.keys.derive(KEY_NAME), me.bytes, each) for each in (code, other)]
        now = work.now
    with place.owner() as session:
        session.add_all(RecoveryCode(code_hash=h, account_id=me, made_at=now, last_entry_id=uuid4()) for h in hashed)
        session.commit()
    statuses = place.many(lambda _: place.token("director", code))
    assert statuses.count(200) == place.opened("director") == 1


def test_a_link_chooses_one_password_for_many_at_once(place: Place) -> None:
    with open_work(place.installed.house, Actor.system("test", Door.OFFICE)) as work:
        link = reset_user(work, place.accounts["analyst"]).link
    path = re.sub(r"^https?://[^/]+", "", link)

    def choose(number: int) -> httpx.Response:
        password = f"violet tram over harbour {number}"
        form = {"password": password, "again": password}
        return httpx.post(f"{place.address}{path}/choose", data=form, timeout=60)

    statuses = place.many(choose)
    assert statuses.count(303) == place.opened("analyst") == 1


def test_many_guesses_at_once_are_all_counted(place: Place) -> None:
    """Three are free; whoever sends them all in one moment gets no more of them looked at."""
    with open_work(place.installed.house, Actor.system("test", Door.OFFICE)) as work:
        before = work.now - timedelta(seconds=1)

    def guess(number: int) -> httpx.Response:
        form = {"username": "secretary", "password": f"a guess of {number}"}
        return httpx.post(f"{place.address}/api/v1/auth/token", data=form, timeout=60)

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        statuses = [got.status_code for got in crowd.map(guess, range(4 * AT_ONCE))]
    with place.owner() as session:
        looked = session.execute(
            text("SELECT count(*) FROM journal_entries WHERE tag = 'administration:session:refused' AND at > :since"),
            {"since": before},
        ).scalar_one()
    assert set(statuses) == {401, 429}
    # A pause of a second or two may end while the last of them come.
    assert looked == statuses.count(401) <= PAPER + 2


def test_of_two_absences_of_one_person_said_at_once_one_is_kept(place: Place) -> None:
    house, who = place.installed.house, place.accounts
    with open_work(house, Actor.system("test", Door.OFFICE)) as work:
        work.vouch(who["counsel"])
        secret, day = start_session(work, who["counsel"], "browser", timedelta(hours=1)), work.today
    opened = Barrier(2)

    def say(deputy: str) -> str:
        try:
            with house.databases.session(Door.OFFICE) as session:
                begun = begin_signed_in(session, Door.OFFICE, secret, house.access, demonstration=True)
                assert begun.actor is not None
                work = Work(house, begun.actor, session, begun.now)
                assert queries.absences_shown(work) == []
                opened.wait(20)
                say_absence(work, SayAbsence(deputy=who[deputy], first_day=day, last_day=day))
                # Time for the other to look while this is written and not committed.
                session.execute(text("SELECT pg_sleep(0.2)"))
                work.commit()
        except Refused as refused:
            return refused.words
        return ""

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(say, ("director", "investigator")))
    assert (told[0], "already" in told[1]) == ("", True)
    with place.owner() as session:
        assert session.execute(text("SELECT count(*) FROM absences")).scalar_one() == 1


def test_a_complaint_is_taken_back_once_and_the_second_is_told_that_it_was_asked(place: Place) -> None:
    """Both have opened the page before either presses."""
    house = place.installed.house
    with open_work(house, place.installed.anyone()) as work:
        got = intake.submit_filing(work, SubmitFiling.model_validate(COMPLAINT), repeat_key="taken back twice")
    opened = Barrier(2)

    def ask(_: int) -> str:
        try:
            with open_work(house, place.installed.anyone()) as work:
                own = intake.own_by_passphrase(work, got.passphrase.words)
                opened.wait(20)
                intake.ask_to_take_back(work, own, AskToTakeBack())
                # Time for the other to look while this is written and not committed.
                work.session.execute(text("SELECT pg_sleep(0.2)"))
        except Refused as refused:
            return refused.words
        return ""

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(ask, range(2))) == ["", ASKED_ALREADY]
    with place.owner() as session:
        asked = session.execute(text("SELECT count(*) FROM filer_requests")).scalar_one()
        told = session.execute(
            text("SELECT count(*) FROM journal_entries WHERE tag = 'correspondence:request:taking_back_asked'")
        ).scalar_one()
    assert (asked, told) == (1, 1)


def signed_in(place: Place, who: str) -> Actor:
    """This person with a session of their own."""
    house, secret = place.installed.house, new_secret_of_session()
    with place.owner() as session:
        now = session.execute(text("SELECT now()")).scalar_one()
        until = now + timedelta(hours=1)
        account = {"account_id": place.accounts[who], "kind": "browser", "factor": "passkey"}
        times = {"created_at": now, "seen_at": now, "proved_at": now, "expires_at": until}
        session.add(SignedIn(secret_hash=hash_of(secret), **account, **times))
        session.commit()
    with house.databases.session(Door.OFFICE) as session:
        found = begin_signed_in(session, Door.OFFICE, secret, house.access, demonstration=True).actor
    assert found is not None
    return found


def test_a_filing_stands_in_one_campaign_however_many_mark_it_at_once(place: Place) -> None:
    house = place.installed.house
    with open_work(house, place.installed.anyone()) as work:
        got = intake.submit_filing(work, SubmitFiling.model_validate(COMPLAINT), repeat_key="marked twice")
    with place.owner() as session:
        named = {"number": got.number}
        filing_id = session.execute(text("SELECT id FROM filings WHERE number = :number"), named).scalar_one()
    opened = Barrier(2)

    def mark(who: str) -> str:
        actor = signed_in(place, who)
        try:
            with open_work(house, actor) as work:
                opened.wait(20)
                alike.mark_campaign(work, MarkCampaign(title=who, filing_ids=[filing_id]))
                work.flush()
                work.session.execute(text("SELECT pg_sleep(0.2)"))
        except Invalid as refused:
            return refused.fields["filing_ids"]
        return ""

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(mark, ("intake", "director"))) == ["", "Choose filings that are in no campaign yet."]
