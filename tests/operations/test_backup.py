"""What the city owns it can take elsewhere: backup, restore and export on real data folders."""

from pathlib import Path

import pytest

from app.access.work import open_work
from app.config import Settings
from app.intake.actions import Acknowledged, Sent, submit_filing
from app.intake.commands import SubmitFiling
from app.kernel.errors import Refused
from app.operations.backup import backup, restore
from app.operations.database import owner_url, running_database
from app.operations.export import export
from tests.installation import Installed, installation_at, quiet

NAME = "Zebrina Quill"
ASK = SubmitFiling.model_validate(
    {
        "language": "en",
        "anonymity": "named",
        "filer": {"relationship": "self", "name": NAME},
        "incident": {"date": "2026-03", "location": "Elm Street", "narrative": "He would not give his name."},
    }
)


def file_complaint(installed: Installed) -> Acknowledged:
    stored = installed.house.storage.put(b"a photo, as bytes", limit=1000)
    with open_work(installed.house, installed.anyone()) as work:
        return submit_filing(work, ASK, repeat_key="k", files=[Sent("photo.jpg", "image/jpeg", stored)])


def test_a_restore_elsewhere_brings_back_every_row_file_and_identity(installed: Installed, tmp_path: Path) -> None:
    got = file_complaint(installed)
    backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet)
    elsewhere = Settings.read(data_dir=tmp_path / "elsewhere")
    elsewhere.data_dir.mkdir()
    with running_database(elsewhere, quiet) as ready:
        restore(ready, owner_url(ready), tmp_path / "b", quiet)
    with installation_at(elsewhere.data_dir) as there:
        with open_work(there.house, there.anyone()) as work:
            again = submit_filing(
                work,
                ASK,
                repeat_key="k",
                files=[Sent("photo.jpg", "image/jpeg", there.house.storage.put(b"a photo, as bytes", limit=1000))],
            )
        exported = export(there.house, tmp_path / "out", quiet)
    assert again == got
    assert exported["identities"] == 1
    assert NAME in (tmp_path / "out" / "identities.jsonl").read_text()
    assert [path.read_bytes() for path in (tmp_path / "out" / "files").iterdir()] == [b"a photo, as bytes"]


def test_the_backup_alone_is_noise_and_the_keys_are_apart(installed: Installed, tmp_path: Path) -> None:
    file_complaint(installed)
    backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet)
    content = (tmp_path / "b").read_bytes()
    for secret in (b"He would not give his name", NAME.encode(), b"a photo, as bytes"):
        assert secret not in content
    assert (tmp_path / "b.keys").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("harm", ["flip", "cut"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    installed: Installed, tmp_path: Path, harm: str
) -> None:
    backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet)
    content = bytearray((tmp_path / "b").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "b").write_bytes(content if harm == "flip" else content[: len(content) // 2])
    elsewhere = Settings.read(data_dir=tmp_path / "elsewhere")
    elsewhere.data_dir.mkdir()
    with running_database(elsewhere, quiet) as ready, pytest.raises(Refused, match="nothing was changed"):
        restore(ready, owner_url(ready), tmp_path / "b", quiet)
    assert not elsewhere.secrets_dir.exists()


@pytest.mark.parametrize("text", ["", "xx", "{}", '{"format": 1}', "[]"])
def test_a_file_of_keys_that_is_none_is_refused_in_words(text: str, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"sealed")
    (tmp_path / "b.keys").write_text(text)
    with pytest.raises(Refused, match="no file of keys"):
        restore(Settings.read(data_dir=tmp_path), "", tmp_path / "b", quiet)


def test_a_restore_over_a_standing_installation_is_refused(installed: Installed, tmp_path: Path) -> None:
    backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet)
    with pytest.raises(Refused, match="already"):
        restore(installed.settings, installed.url, tmp_path / "b", quiet)
