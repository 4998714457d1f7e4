"""What a command says to somebody who typed the wrong folder, lost a key, or has no disk to write to: one line."""

from pathlib import Path

import pytest

from app.config import Settings
from app.infra.keys import Keys
from app.kernel.errors import Refused
from app.operations.backup import backup
from app.operations.database import owner_url, running_database
from app.operations.install import prepare_installation
from tests.installation import installation_at, quiet
from tests.operations.test_serve import run_candor


def test_an_installation_that_is_made_on_the_way_is_said_aloud(tmp_path: Path) -> None:
    done = run_candor("user", "list", "--data", str(tmp_path / "typo"))
    assert done.returncode == 0, done.stderr
    assert f"There was no installation in {tmp_path / 'typo'}: making an empty one" in done.stderr


def test_a_backup_into_a_folder_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    with (
        installation_at(tmp_path / "data") as made,
        pytest.raises(Refused, match="is not there"),
    ):
        backup(made.house, tmp_path / "nowhere" / "b", made.settings.secrets_dir, quiet)


@pytest.mark.parametrize("words", [["up"], ["user", "list"], ["restore", "b.candor"]], ids=lambda words: words[0])
def test_a_folder_that_cannot_be_used_is_named_in_one_line(words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("no folder")
    refused = run_candor(*words, "--data", str(file / "data"))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert str(file) in refused.stderr


def test_an_agency_without_a_rulebook_is_refused_before_a_database_is_made(tmp_path: Path) -> None:
    refused = run_candor("up", "--agency", "nowhere", "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "./candor rulebook list" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_lost_keys_are_never_replaced_by_new_ones(tmp_path: Path) -> None:
    with installation_at(tmp_path) as made:
        wiring, folder = made.house.wiring, made.settings.secrets_dir
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    words = Keys.load(folder).recovery_sheet()
    for path in folder.iterdir():
        path.unlink()
    with running_database(Settings.read(data_dir=tmp_path), quiet) as ready:
        with pytest.raises(Refused, match="candor recover"):
            prepare_installation(ready, owner_url(ready), wiring, demo=False, progress=quiet)
        assert not list(folder.iterdir())

        sheets = tmp_path / "sheets.txt"
        sheets.write_text("\n\n".join("A heading\n" + "\n".join(sheet) for sheet in (words.master, words.identity)))
        done = run_candor("recover", "--recovery-file", str(sheets), "--data", str(tmp_path))
        assert done.returncode == 0, done.stderr
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
        prepare_installation(ready, owner_url(ready), wiring, demo=False, progress=quiet)


def test_keys_that_are_there_are_not_overwritten_and_wrong_words_make_none(tmp_path: Path) -> None:
    sheets = tmp_path / "sheets.txt"
    sheets.write_text("A heading\none two three\n\nAnother\nfour five six\n")
    refused = run_candor("recover", "--recovery-file", str(sheets), "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "Nothing was written" in refused.stderr
    assert not (tmp_path / "data" / "keys").exists()

    Keys.create(tmp_path / "data" / "keys")
    refused = run_candor("recover", "--recovery-file", str(sheets), "--data", str(tmp_path / "data"))
    assert "never overwritten" in refused.stderr
