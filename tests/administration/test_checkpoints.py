"""Checkpoints leave the house: on the public site, by mail, and as proofs that a stranger checks without us."""

import json
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.access.actor import Actor
from app.access.work import House, open_work
from app.administration.jobs import mail_checkpoint, publish_checkpoint
from app.administration.queries import checkpoints as queries
from app.audit import candor_verify
from app.audit.checkpoints import Signer
from app.audit.sealer import seal_once
from app.infra.db import Door
from app.infra.mail import Mail
from app.intake.rules.receipt import Receipt
from app.kernel.errors import Refused
from app.web.work import PermissionRefused
from tests.installation import Installed, installation_at

JOB = "publish_checkpoint"


def seal(house: House) -> None:
    with psycopg.connect(house.databases.dsn(Door.SEALER), autocommit=True) as connection:
        now = connection.execute("SELECT now()").fetchone()
        assert now is not None
        while seal_once(connection, Signer(f"candor/{house.agency}", house.keys.checkpoint_key), now[0]):
            pass


def happen(house: House, count: int = 1) -> Receipt:
    """Some entries, and the receipt of the last."""
    with open_work(house, Actor.system("test")) as work:
        for _ in range(count):
            entry_id = work.happened(PermissionRefused(permission="x"))
        return Receipt(entry_id, work.last_leaf)


def publish(house: House) -> None:
    with open_work(house, Actor.system(JOB)) as work:
        publish_checkpoint(work)


def numbers(house: House) -> list[tuple[int, int]]:
    with open_work(house, Actor.system("test", Door.RESIDENT)) as work:
        return [(row.number, row.size) for row in queries.published_after(work, 0)]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    with installation_at(tmp_path_factory.mktemp("city") / "data") as installed:
        yield installed


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """What is handed to the mail server."""
    sent: list[EmailMessage] = []

    class Server:
        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def send_message(self, message: EmailMessage) -> None:
            sent.append(message)

    monkeypatch.setattr(Mail, "_connected", lambda _: Server())
    return sent


def test_it_publishes_when_the_journal_has_grown_and_not_for_its_own_entries(city: Installed) -> None:
    house = city.house
    happen(house)
    seal(house)
    publish(house)
    first = numbers(house)
    assert first[-1][0] == len(first)
    seal(house)
    publish(house)
    assert numbers(house) == first
    happen(house)
    publish(house)
    assert numbers(house) == first, "what is not sealed is not published"
    seal(house)
    publish(house)
    assert len(numbers(house)) == len(first) + 1
    assert numbers(house)[-1][1] > first[-1][1]


def test_a_receipt_is_proved_under_a_published_checkpoint_and_checked_without_the_house(
    city: Installed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = city.house
    receipt = happen(house, 3)
    seal(house)
    with open_work(house, Actor.system("test", Door.RESIDENT)) as work:
        assert queries.place_of_receipt(work, receipt) is None, "no published checkpoint covers it yet"
    publish(house)
    with open_work(house, Actor.system("test", Door.RESIDENT)) as work:
        document = queries.proof_of_receipt(work, receipt)
        key = queries.signer(work).verifier_key
    file, note = tmp_path / "proof.json", tmp_path / "note"
    file.write_text(json.dumps(document, indent=2))
    note.write_text(document["checkpoint"])
    words = [str(file), "--key", key, "--receipt", receipt.text, "--checkpoint", str(note)]
    assert candor_verify.main(words) == 0
    assert "the entry of this receipt" in capsys.readouterr().out
    for forged in (
        {"index": document["index"] - 1},
        {"leaf": "00" * 32},
        {"proof": document["proof"][1:]},
        {"proof": [*document["proof"], "00" * 32]},
        {"checkpoint": document["checkpoint"].replace("\n", "\n1", 1)},
    ):
        file.write_text(json.dumps({**document, **forged}))
        assert candor_verify.main(words) == 1, forged
    file.write_text(json.dumps(document))
    other = Receipt(receipt.entry_id, b"x" * 32)
    assert candor_verify.main([*words[:3], "--receipt", other.text]) == 1
    assert "DOES NOT HOLD" in capsys.readouterr().out


def test_between_any_two_published_checkpoints_consistency_is_proved(city: Installed, tmp_path: Path) -> None:
    house = city.house
    for _ in range(2):
        happen(house, 5)
        seal(house)
        publish(house)
    sizes = [size for _, size in numbers(house)]
    file = tmp_path / "grown.json"
    for old in sizes:
        for new in sizes:
            if old > new:
                continue
            with open_work(house, Actor.system("test", Door.RESIDENT)) as work:
                document = queries.consistency(work, old, new)
            file.write_text(json.dumps(document))
            assert candor_verify.main([str(file), "--key", document["verifier_key"]]) == 0
            if old < new:
                file.write_text(json.dumps({**document, "proof": document["proof"][:-1]}))
                assert candor_verify.main([str(file)]) == 1


def test_a_rewritten_journal_is_never_published(city: Installed) -> None:
    house = city.house
    happen(house)
    seal(house)
    publish(house)
    happen(house)
    seal(house)
    before = numbers(house)
    with psycopg.connect(city.url.replace("+psycopg", ""), autocommit=True) as owner:
        newest = "size = (SELECT max(size) FROM checkpoints)"
        kept = owner.execute(f"SELECT root FROM checkpoints WHERE {newest}").fetchone()
        owner.execute(f"UPDATE checkpoints SET root = sha256(root) WHERE {newest}")
        with pytest.raises(Refused, match="not the one that was published"):
            publish(house)
        assert numbers(house) == before
        owner.execute(f"UPDATE checkpoints SET root = %s WHERE {newest}", kept)
    publish(house)
    assert len(numbers(house)) == len(before) + 1


def test_it_goes_by_mail_once_a_day_with_the_proof_that_it_grew(
    city: Installed, outbox: list[EmailMessage], tmp_path: Path
) -> None:
    house = replace(city.house, witnesses=("auditor@outside.example",), mail=Mail("smtp://localhost?from=a@b.example"))
    happen(house)
    seal(house)
    publish(house)
    send_all(house)
    send_all(house)
    assert [(each["To"], each["Subject"].split(" of ")[0]) for each in outbox] == [
        ("auditor@outside.example", f"Checkpoint {numbers(house)[-1][0]}")
    ]
    assert "the first one that is sent to you" in outbox[0].get_content()
    happen(house)
    seal(house)
    publish(house)
    send_all(house)
    assert len(outbox) == 1, "not more than once a day"
    happen(house)
    seal(house)
    publish(replace(house, witness_hours=0))
    send_all(house)
    text = outbox[1].get_content()
    line = next(each for each in text.splitlines() if each.startswith('{"format":"candor consistency'))
    file = tmp_path / "mailed.json"
    file.write_text(line)
    assert candor_verify.main([str(file)]) == 0
    assert f"was number {int(outbox[0]['Subject'].split()[1])}," in text
    with open_work(house, Actor.system("test")) as work:
        assert queries.unsent(work) == []


def send_all(house: House) -> None:
    with open_work(house, Actor.system("test")) as work:
        waiting = [mail.id for mail in queries.unsent(work)]
    for mail_id in waiting:
        with open_work(house, Actor.system("mail_checkpoint")) as work:
            mail_checkpoint(work, mail_id)


def test_the_addresses_stand_in_no_entry(city: Installed) -> None:
    with psycopg.connect(city.url.replace("+psycopg", "")) as owner:
        found: Any = owner.execute(
            "SELECT count(*) FROM journal_entries WHERE position('outside.example'::bytea in body) > 0"
        ).fetchone()
    assert found[0] == 0
