"""A city starts, lets people in and proves its journal, from the command line and on a database of its own."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from app import stages
from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import open_work
from app.cli import main
from app.cli.terminal import settings_from
from app.infra.db import Door
from app.infra.postgres import ensure_running
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.operations.database import owner_url, running_database
from app.operations.house import open_house


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def candor(*words: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(list(words))
    code = ended.value.code
    return Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


class City(NamedTuple):
    data: str
    sheets: str
    link: str
    receipts: list[str]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city that was set up, with its database kept running while its commands are tried."""
    folder = tmp_path_factory.mktemp("a city")
    data = str(folder / "data")
    with ensure_running(Path(data), settings={"fsync": "off"}):
        ran = candor(
            "setup",
            "--data", data,
            "--agency", "riverbend",
            "--base-url", "https://complaints.example.gov",
            "--administrator", "boss",
            "--recovery-file", str(folder / "sheets"),
            "--json",
        )  # fmt: skip
        assert ran.code == 0, ran.err
        receipts = [_file(data, number) for number in range(3)]
        yield City(data, (folder / "sheets").read_text(), ran.json["link"], receipts)


def _file(data: str, number: int) -> str:
    settings = settings_from(Path(data))
    with running_database(settings, print) as ready:
        house = open_house(ready, owner_url(ready), stages.WIRING)
        actor = Actor.anyone(Door.RESIDENT, house.access.of(frozenset({Role.ANYONE})))
        ask = SubmitFiling.model_validate(
            {
                "language": "en",
                "anonymity": "anonymous",
                "filer": {"relationship": "self"},
                "incident": {"date": None, "location": "Oak Street", "narrative": f"He shouted {number}."},
            }
        )
        with open_work(house, actor) as work:
            receipt = submit_filing(work, ask, repeat_key=f"k{number}").receipt
        house.databases.dispose()
    return receipt


def test_set_up_settles_what_every_command_then_reads(city: City) -> None:
    settings = settings_from(Path(city.data))
    assert (settings.base_url, settings.agency) == ("https://complaints.example.gov", "riverbend")
    assert settings.backup_dir == Path(city.data) / "backups"
    assert (Path(city.data) / "candor.env").stat().st_mode & 0o077 == 0
    assert city.link.startswith("https://complaints.example.gov/welcome/")


def test_set_up_gives_both_sheets_and_they_open_the_keys_again(city: City, tmp_path: Path) -> None:
    from app.infra.keys import Keys
    from app.operations.house import load_keys

    master, identity = (block.partition("\n")[2] for block in city.sheets.split("\n\n"))
    again = Keys.recover(tmp_path / "keys", master, identity)
    keys = load_keys(settings_from(Path(city.data)))
    assert again.derive("storage") == keys.derive("storage")
    assert again.identity_key == keys.identity_key


def test_set_up_is_done_once(city: City, tmp_path: Path) -> None:
    ran = candor("setup", "--data", city.data, "--recovery-file", str(tmp_path / "more"))
    assert (ran.code, "administrator already" in ran.err) == (1, True)
    assert not (tmp_path / "more").exists()


def test_a_refused_set_up_leaves_the_settings_of_the_installation_as_they_are(city: City, tmp_path: Path) -> None:
    kept = (Path(city.data) / "candor.env").read_text()
    ran = candor(
        "setup", "--data", city.data, "--agency", "nyc-ccrb", "--recovery-file", str(tmp_path / "more")
    )  # fmt: skip
    assert (ran.code, "belongs to riverbend" in ran.err) == (1, True)
    assert (Path(city.data) / "candor.env").read_text() == kept


def test_a_set_up_that_nobody_watches_shows_no_key(tmp_path: Path) -> None:
    ran = candor("setup", "--data", str(tmp_path / "new"), "--agency", "riverbend")
    assert (ran.code, "--recovery-file" in ran.err, "ENVELOPE" in ran.err) == (1, True, False)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--agency", "gotham"), "no rulebook for gotham"),
        (("--agency", "riverbend", "--base-url", "complaints.example.gov"), "looks like https://"),
        (("--agency", "riverbend", "--mail-url", "mail.example.gov"), "begins with smtp://"),
        (("--agency", "riverbend", "--base-url", "https://x.example/' CANDOR_LIMITS='off"), "looks like https://"),
        (("--agency", "riverbend", "--mail-url", "smtp://x.example/' CANDOR_LIMITS='off"), "quotation mark"),
        ((), "give it as an option"),
    ],
)
def test_set_up_refuses_what_cannot_be_and_leaves_nothing(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = candor("setup", "--data", str(tmp_path / "new"), *words)
    assert (ran.code, said in ran.err) == (1, True)
    assert not (tmp_path / "new").exists()


def test_a_demonstration_never_becomes_a_real_city(tmp_path: Path) -> None:
    (tmp_path / "demo-password").write_text("four-invented-little-words\n")
    ran = candor("setup", "--data", str(tmp_path), "--agency", "riverbend")
    assert (ran.code, "another --data folder" in ran.err) == (1, True)


def test_a_person_is_added_listed_reset_and_disabled(city: City) -> None:
    added = candor("user", "add", "amara", "--role", "intake", "--data", city.data, "--json")
    assert (added.code, set(added.json)) == (0, {"link"})
    reset = candor("user", "reset", "amara", "--data", city.data, "--json")
    assert reset.json["link"] != added.json["link"]
    assert "Every administrator" in reset.err
    assert candor("user", "disable", "amara", "--data", city.data).code == 0
    people = {row["name"]: row for row in candor("user", "list", "--data", city.data, "--json").json["users"]}
    assert people["amara"]["status"] == "disabled"
    assert people["boss"]["roles"] == ["administrator"]
    assert not any(row["demonstration"] for row in people.values())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "boss", "--role", "intake"), 1, "of this name already"),
        (("add", "x" * 60, "--role", "intake"), 1, "40"),
        (("add", "lee", "--role", "liaison"), 1, "Choose the department"),
        (("add", "lee", "--role", "mayor"), 2, "mayor"),
        (("add", "lee"), 2, "--role"),
        (("disable", "nobody"), 1, "no user nobody"),
    ],
)
def test_what_cannot_be_done_to_a_person_is_told_in_one_line(
    city: City, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = candor("user", *words, "--data", city.data)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    if code == 1:
        assert ran.err.splitlines()[-1].startswith("candor: ")


def test_the_last_administrator_stays() -> None:
    from app.administration.rules import check_not_last
    from app.kernel.errors import Refused

    with pytest.raises(Refused, match="only administrator"):
        check_not_last(True, 0)
    check_not_last(True, 1)
    check_not_last(False, 0)


def test_a_receipt_is_proved_to_a_stranger(city: City) -> None:
    from app.audit.checkpoints import Verifier
    from app.audit.merkle import leaf_hash, verify_inclusion
    from app.intake.rules.receipt import Receipt, proves

    ran = candor("journal", "prove", city.receipts[1], "--data", city.data, "--json")
    assert ran.code == 0, ran.err
    proof = ran.json
    entry = proof["entry"].encode()
    assert proves(Receipt.parse(city.receipts[1]), entry)
    checkpoint = Verifier(proof["verifier_key"]).verify(proof["checkpoint"])
    path = [bytes.fromhex(step) for step in proof["proof"]]
    assert verify_inclusion(leaf_hash(entry), proof["index"], checkpoint.size, path, checkpoint.root)


@pytest.mark.parametrize("receipt", ["", "candor1.x.y", "candor1." + "A" * 22 + "." + "A" * 43])
def test_what_is_no_receipt_of_ours_proves_nothing(city: City, receipt: str) -> None:
    assert candor("journal", "prove", receipt, "--data", city.data).code == 1


def test_the_journal_verifies_until_somebody_meddles(city: City, tmp_path: Path) -> None:
    proved = candor("journal", "prove", city.receipts[0], "--data", city.data, "--json").json
    kept = tmp_path / "checkpoint"
    kept.write_text(proved["checkpoint"])
    whole = candor("journal", "verify", "--data", city.data, "--json")
    assert (whole.code, whole.json["ok"], whole.json["differences"]) == (0, True, [])
    assert whole.json["entries"] == whole.json["sealed"] + whole.json["unsealed"]
    assert candor("journal", "verify", "--since", str(kept), "--data", city.data).code == 0
    forged = tmp_path / "forged"
    forged.write_text(proved["checkpoint"].replace("\n", "\n1", 1))
    assert candor("journal", "verify", "--since", str(forged), "--data", city.data).code == 1

    undo = _meddle(city.data)
    meddled = candor("journal", "verify", "--data", city.data, "--json")
    assert (meddled.code, meddled.json["ok"]) == (1, False)
    assert "tag" in meddled.json["differences"][0]["what"]
    undo()
    assert candor("journal", "verify", "--data", city.data).code == 0


def _meddle(data: str) -> Any:
    """As the database's own administrator could: past grants and triggers."""

    def change(old: str, new: str) -> None:
        with running_database(settings_from(Path(data)), print) as ready:
            url = owner_url(ready).replace("postgresql+psycopg://", "postgresql://", 1)
            with psycopg.connect(url) as connection:
                connection.execute("ALTER TABLE journal_entries DISABLE TRIGGER never_changed")
                connection.execute("UPDATE journal_entries SET tag = %s WHERE tag = %s", (new, old))
                connection.execute("ALTER TABLE journal_entries ENABLE TRIGGER never_changed")

    change("intake:filing:received", "intake:filing:opened")
    return lambda: change("intake:filing:opened", "intake:filing:received")


def test_the_doctor_names_what_is_missing_and_how_to_mend_it(city: City) -> None:
    ran = candor("doctor", "--data", city.data, "--json")
    found = {finding["name"]: finding for finding in ran.json["findings"]}
    assert (ran.code, ran.json["ok"]) == (1, False)
    assert {"database", "migrations", "storage", "keys", "key permissions", "https", "demonstration"} <= {
        name for name, finding in found.items() if finding["ok"]
    }
    assert {"worker", "mail", "backups"} <= {name for name, finding in found.items() if not finding["ok"]}
    assert all(finding["mend"] for finding in found.values() if not finding["ok"])
    assert ran.err.splitlines()[-1].startswith("candor: ")


def test_the_doctor_sees_keys_that_others_can_read(city: City) -> None:
    key = Path(city.data) / "keys" / "identity.key"
    key.chmod(0o640)
    try:
        found = candor("doctor", "--data", city.data).out
    finally:
        key.chmod(0o600)
    assert f"chmod 600 {key}" in found


def test_the_first_link_is_the_only_way_in(city: City) -> None:
    settings = settings_from(Path(city.data))
    with running_database(settings, print) as ready:
        url = owner_url(ready).replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT password_hash, status FROM accounts WHERE name = 'boss'").fetchall()
    assert rows == [(None, "invited")]
