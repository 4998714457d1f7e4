"""One installation in which everybody has a part, and in each compartment of it a word that stands nowhere else."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO

import pytest

from app.infra.mail import Mail
from tests.api.conftest import Office, settled
from tests.canaries.city import City
from tests.canaries.seeds import Seeds
from tests.installation import Installed, installation_at, served


@dataclass(frozen=True)
class Outbox(Mail):
    """Takes what would have gone out."""

    sent: tuple[list[str], ...] = ([],)

    @property
    def is_on(self) -> bool:
        return True

    def send(self, to: str, subject: str, text: str) -> None:
        self.sent[0].append(f"{subject}\n{text}")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    temporary, before = tmp_path_factory.mktemp("temporary"), (tempfile.tempdir, sys.stderr)
    logged = StringIO()
    tempfile.tempdir, sys.stderr = str(temporary), logged
    try:
        with installation_at(tmp_path_factory.mktemp("canaries")) as bare:
            mail = Outbox("smtp://nowhere?from=office@city.example")
            installed = Installed(bare.settings, replace(bare.house, mail=mail))
            accounts, officer = settled(installed)
            with served(installed) as address:
                # What its worker did stays in the queue's tables, so that their arguments can be read.
                office = Office(address, installed, accounts, officer, kept="never")
                city = City(installed, office, {}, {}, {}, {}, logged, temporary, mail.sent[0])
                try:
                    Seeds(city, address).sow()
                    yield city
                finally:
                    for person in city.people.values():
                        person.client.close()
    finally:
        tempfile.tempdir, sys.stderr = before
