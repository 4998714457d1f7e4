"""What opens the demonstration, kept beside the data so that `up` can print it: one password, a few passphrases."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from app.access.actor import Actor
from app.access.work import House, open_work
from app.administration.actions import accounts
from app.config import Settings
from app.infra.db import Door
from app.infra.words import wordlist

FILE = "demo-password"
RESIDENTS = "demo-residents"
WORDS = 4


def kept_password(data_dir: Path) -> str | None:
    """The password, where this data folder holds a demonstration."""
    try:
        return (data_dir / FILE).read_text("utf-8").rstrip("\n")
    except FileNotFoundError:
        return None


def add_accounts(house: House, settings: Settings) -> None:
    """The log-ins of a new demonstration."""
    password = _wanted(settings) or "-".join(secrets.choice(wordlist()) for _ in range(WORDS))
    with open_work(house, _demonstration()) as work:
        accounts.add_demonstration_accounts(work, password)
    _keep(settings.data_dir, password)


def renew_password(house: House, settings: Settings) -> None:
    """CANDOR_DEMO_PASSWORD counts also for a demonstration that stands already."""
    wanted, kept = _wanted(settings), kept_password(settings.data_dir)
    if wanted is None or wanted == kept:
        return
    with open_work(house, _demonstration()) as work:
        accounts.set_demonstration_password(work, wanted)
    _keep(settings.data_dir, wanted)


def login_lines(data_dir: Path) -> list[str]:
    """What `up` prints once it is ready; nothing where there is no demonstration."""
    password = kept_password(data_dir)
    if password is None:
        return []
    people = [person for person in accounts.DEMONSTRATION if person.name == person.role]
    return [
        "Demonstration log-ins at /sign-in, all with this password:",
        f"  password        {password}",
        *(f"  {person.name:<15} {person.display_name}, {person.title.lower()}" for person in people),
        *_resident_lines(data_dir),
    ]


def keep_residents(data_dir: Path, found: Sequence[tuple[str, str]]) -> None:
    """Keeps the passphrases of a few invented residents: in a real installation nobody has any but the filer."""
    _write(data_dir / RESIDENTS, "".join(f"{what}\t{passphrase}\n" for what, passphrase in found))


def _resident_lines(data_dir: Path) -> list[str]:
    path = data_dir / RESIDENTS
    if not path.exists():
        return []
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return ["A resident has no log-in, but a passphrase at /my:", *(f"  {said}  ({what})" for what, said in lines)]


def _wanted(settings: Settings) -> str | None:
    return settings.demo_password.get_secret_value() if settings.demo_password else None


def _demonstration() -> Actor:
    return Actor.system("demonstration", Door.OFFICE)


def _keep(data_dir: Path, password: str) -> None:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(data_dir / FILE, password + "\n")


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
