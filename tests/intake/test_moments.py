"""When somebody without a name was here is kept to the hour: in the record, in the journal and in what is proved."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import Work
from app.audit.records import JournalEntry
from app.correspondence import actions as correspondence
from app.correspondence.commands import SendMessage
from app.correspondence.queries import messages_of
from app.correspondence.records import Letter, Message
from app.infra.db import Door
from app.intake import actions, queries
from app.intake.actions import Acknowledged, Sent, submit_filing
from app.intake.commands import AddToFiling, FilingsView, SubmitFiling
from app.intake.letters import receipt_text
from app.intake.records import Amendment, Filing
from app.intake.rules.receipt import Receipt, opens, proves
from app.kernel.dates import hour_of
from tests.conftest import NOW, ClientAs, WorkAs
from tests.make import Make

# In the agency's own zone, where an hour may begin in the middle of one of ours.
EXACT = NOW.replace(minute=37, second=12, microsecond=345678)
HOUR = NOW.replace(minute=0)
TRACES = ("37:12", "345678")
ZONES = [ZoneInfo(name) for name in ("America/Chicago", "Asia/Kathmandu", "America/St_Johns", "UTC")]


def anyone(make: Make) -> Actor:
    return Actor.anyone(Door.RESIDENT, make.house.access.of(frozenset({Role.ANYONE})))


def asked(anonymity: str = "anonymous") -> SubmitFiling:
    who = {"relationship": "self"} | ({"name": "Ada Sample"} if anonymity != "anonymous" else {})
    return SubmitFiling.model_validate(
        {
            "language": "en",
            "anonymity": anonymity,
            "filer": who,
            "incident": {"date": "2026-03-01", "location": "Oak Street", "narrative": "He shouted at me."},
        }
    )


@pytest.fixture
def file(make: Make, work_as: WorkAs) -> Any:
    def filed(anonymity: str = "anonymous", key: str = "k1", now: datetime = EXACT) -> Acknowledged:
        with work_as(anyone(make), now=now) as work:
            return submit_filing(work, asked(anonymity), repeat_key=key)

    return filed


def everything(make: Make) -> str:
    """Every row of every table, as text."""
    with make.owner() as session:
        names = session.scalars(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'release')"
            )
        ).all()
        rows = [session.scalars(text(f"SELECT t::text FROM {name} t")).all() for name in names]
        bodies = session.scalars(text("SELECT convert_from(body, 'UTF8') FROM journal_entries")).all()
        exact = session.scalars(text("SELECT convert_from(canonical, 'UTF8') FROM filings")).all()
    return "\n".join([*(row for table in rows for row in table), *bodies, *exact])


@given(since=st.timedeltas(timedelta(0), timedelta(days=15_000)), zone=st.sampled_from(ZONES))
def test_an_hour_lies_before_its_moments_and_on_the_same_local_day(since: timedelta, zone: ZoneInfo) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + since
    hour = hour_of(moment, zone)
    assert timedelta(0) <= moment - hour < timedelta(hours=1)
    assert hour.astimezone(zone).date() == moment.astimezone(zone).date()
    assert (hour.astimezone(zone).minute, hour.second, hour.microsecond) == (0, 0, 0)
    assert hour_of(hour, zone) == hour


def test_an_anonymous_filing_says_the_hour_wherever_it_is_kept(make: Make, file: Any) -> None:
    got = file()
    (kept,) = make.all(Filing)
    (entry,) = make.all(JournalEntry)
    assert got.received_at == kept.received_at == entry.at == HOUR
    assert json.loads(kept.canonical)["received_at"] == "2026-03-16T15:00:00.000000Z"
    assert json.loads(entry.body)["at"] == HOUR.isoformat()
    assert not any(trace in everything(make) for trace in TRACES)


@pytest.mark.parametrize("anonymity", ["named", "confidential"])
def test_whoever_says_a_name_is_told_the_moment(make: Make, file: Any, anonymity: str) -> None:
    assert file(anonymity).received_at == EXACT
    assert make.all(JournalEntry)[0].at == EXACT


@pytest.mark.parametrize("anonymity", ["named", "anonymous"])
def test_a_receipt_holds_no_moment_and_proves_what_was_filed(make: Make, file: Any, anonymity: str) -> None:
    receipt = Receipt.parse(file(anonymity).receipt)
    assert receipt.entry_id.version == 4
    (kept,), (entry,) = make.all(Filing), make.all(JournalEntry, id=receipt.entry_id)
    assert proves(receipt, entry.body)
    assert opens(bytes.fromhex(json.loads(entry.body)["facts"]["commitment"]), kept.salt, kept.canonical)


def test_a_receipt_of_before_still_proves(make: Make, file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(Work, "blur", lambda _: None)
        got = file()
    (kept,), (entry,) = make.all(Filing), make.all(JournalEntry)
    assert entry.at == EXACT
    assert proves(Receipt.parse(got.receipt), entry.body)
    assert opens(bytes.fromhex(json.loads(entry.body)["facts"]["commitment"]), kept.salt, kept.canonical)
    assert file() == got


def test_sent_again_an_hour_later_it_is_answered_alike(make: Make, file: Any) -> None:
    assert file() == file(now=EXACT + timedelta(hours=3))
    assert len(make.all(Filing)) == 1


def test_the_queue_of_one_hour_is_paged_without_gap_or_double(
    make: Make, file: Any, work_as: WorkAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.intake.queries.office.PAGE", 3)
    numbers = [file(key=f"k{n}", now=EXACT + timedelta(minutes=n)).number for n in range(10)]
    seen: list[str] = []
    view = FilingsView()
    for _ in range(4):
        with work_as("intake") as work:
            page = queries.waiting_page(work, view.cursor)
        seen += [row.filing.number for row in page.rows]
        view = FilingsView(cursor=page.next or "")
    assert page.next is None
    assert sorted(seen) == sorted(numbers)


def at(minutes: int) -> datetime:
    return HOUR + timedelta(minutes=minutes, seconds=11, microseconds=987654)


@pytest.fixture
def talked(make: Make, file: Any, work_as: WorkAs) -> Acknowledged:
    """The office asks at 20 past, the filer answers twice within the hour and adds two things; the office answers."""
    got: Acknowledged = file()
    filing = make.all(Filing)[0]

    def as_filer(minutes: int, do: Any) -> None:
        with work_as(anyone(make), now=at(minutes)) as work:
            do(work, actions.own_by_passphrase(work, got.passphrase.words))

    def as_office(minutes: int, words: str) -> None:
        with work_as("intake", now=HOUR + timedelta(minutes=minutes)) as work:
            correspondence.write_to_filer(work, filing.id, None, SendMessage(body=words))

    as_office(20, "first")
    as_filer(31, lambda work, own: correspondence.read_messages(work, own.id, None, from_filer=False))
    as_filer(32, lambda work, own: correspondence.write_to_office(work, own.id, None, SendMessage(body="second")))
    as_filer(33, lambda work, own: correspondence.write_to_office(work, own.id, None, SendMessage(body="third")))
    as_office(40, "fourth")
    as_filer(41, lambda work, own: actions.add_to_filing(work, own.id, AddToFiling(body="one")))
    as_filer(42, lambda work, own: actions.add_to_filing(work, own.id, AddToFiling(body="two")))
    stored = make.house.storage.put(b"a photo", limit=100)
    as_filer(43, lambda work, own: actions.add_file_to_filing(work, own.id, Sent("a.png", "image/png", stored)))
    letter = make.row(
        Letter(
            id=filing.id,
            filing_id=filing.id,
            kind="update",
            language="en",
            addressee="filer",
            subject="s",
            body="b",
            written_at=HOUR + timedelta(minutes=43),
        )
    )
    as_filer(44, lambda work, own: correspondence.open_letter(work, own.id, None, letter.id))
    return got


@pytest.mark.usefixtures("talked")
def test_what_an_anonymous_filer_does_later_says_the_hour_too_and_keeps_its_order(make: Make, work_as: WorkAs) -> None:
    filing = make.all(Filing)[0]
    with work_as("intake") as work:
        assert [message.body for message in messages_of(work, filing.id)] == ["first", "second", "third", "fourth"]
        assert [added.body for added in queries.amendments_of(work, filing.id)] == ["one", "two"]
    read = next(message for message in make.all(Message) if message.body == "first")
    assert read.read_at == read.sent_at
    assert len(make.all(Amendment)) == 2
    found = everything(make)
    assert not any(f"{minutes}:11" in found for minutes in (*range(31, 34), *range(41, 45)))
    assert "987654" not in found


def test_pages_and_letters_say_the_day_and_no_invented_minute(
    make: Make, work_as: WorkAs, client_as: ClientAs, talked: Acknowledged
) -> None:
    office = client_as("intake")
    (filing,) = make.all(Filing)
    told = "Mar 16, 2026, 10:00"
    for path in ("/office/filings", f"/office/filings/{filing.id}", "/office"):
        assert told not in office.get(path).text.replace("\u202f", " ")
    client = client_as()
    client.submit("/my/sign-in", passphrase=talked.passphrase.words)
    page = client.get("/my").text
    assert "March 16, 2026" in page
    assert "March 16, 2026, 10:" not in page
    with work_as(anyone(make)) as work:
        assert "10:00" not in receipt_text(work, "en", "F-1", "words", HOUR, is_exact=False)
        assert "10:00" in receipt_text(work, "en", "F-1", "words", HOUR, is_exact=True)
