"""The proof of a complaint, taken by its filer and checked with nothing of the house."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.access.actor import Actor
from app.access.work import House, open_work
from app.administration.jobs import publish_checkpoint
from app.audit import candor_verify
from app.audit.checkpoints import Signer
from app.audit.sealer import seal_once
from app.infra.db import Door
from app.intake import queries
from app.intake.actions import own_by_passphrase, submit_filing
from app.intake.commands import SubmitFiling
from tests.installation import Installed

ASK: dict[str, Any] = {
    "language": "en",
    "anonymity": "anonymous",
    "filer": {"relationship": "self"},
    "incident": {"date": "2026-03", "location": "Alder Street", "narrative": "He pushed me against the fence."},
}


def seal_and_publish(house: House) -> None:
    with psycopg.connect(house.databases.dsn(Door.SEALER), autocommit=True) as connection:
        now = connection.execute("SELECT now()").fetchone()
        assert now is not None
        while seal_once(connection, Signer(f"candor/{house.agency}", house.keys.checkpoint_key), now[0]):
            pass
    with open_work(house, Actor.system("publish_checkpoint")) as work:
        publish_checkpoint(work)


def proof_for(installed: Installed, passphrase: str) -> dict[str, Any] | None:
    with open_work(installed.house, installed.anyone()) as work:
        return queries.proof_of_own(work, own_by_passphrase(work, passphrase))


def test_the_filer_takes_a_proof_of_every_word_and_a_forged_one_does_not_hold(
    installed: Installed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_work(installed.house, installed.anyone()) as work:
        got = submit_filing(work, SubmitFiling.model_validate(ASK), repeat_key="k1")
    assert proof_for(installed, got.passphrase.words) is None, "nothing is promised before it is published"
    seal_and_publish(installed.house)
    proof = proof_for(installed, got.passphrase.words)
    assert proof is not None
    assert proof["receipt"] == got.receipt
    file = tmp_path / "proof.json"

    def checked(document: dict[str, Any]) -> str:
        file.write_text(json.dumps(document))
        candor_verify.main([str(file), "--receipt", got.receipt])
        return capsys.readouterr().out

    assert checked(proof).startswith("HOLDS.")
    assert "letter by letter" in checked(proof)
    words = proof["filing"]["canonical"].replace("pushed", "helped")
    assert "not those that were filed" in checked({**proof, "filing": {**proof["filing"], "canonical": words}})
    entry = proof["entry"].replace("anonymous", "named")
    assert "not the one that the proof is for" in checked({**proof, "entry": entry})


def test_nobody_else_is_given_the_entry(installed: Installed) -> None:
    with open_work(installed.house, installed.anyone()) as work:
        got = submit_filing(work, SubmitFiling.model_validate(ASK), repeat_key="k2")
    with psycopg.connect(installed.house.databases.dsn(Door.RESIDENT)) as connection:
        row = connection.execute("SELECT my_filing_entry()").fetchone()
        assert row == (None,) or row is None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT body FROM journal_entries")
    assert got.receipt.startswith("candor1.")
