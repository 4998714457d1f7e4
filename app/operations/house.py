"""Opens the house for one process: settings, keys, rulebooks, storage and the doors to the database."""

import io
import tarfile
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import AccessRules
from app.access.work import House, Wiring
from app.config import Settings
from app.infra.db import Databases, Door, engine_at
from app.infra.keys import Keys
from app.infra.mail import Mail
from app.infra.storage import Storage
from app.kernel.errors import Refused
from app.policy.loader import Rulebooks, from_files
from app.policy.model import Rulebook
from app.policy.problems import RulebookError
from app.policy.records import Installation, StoredRulebook


def databases_of(settings: Settings, owner_url: str, keys: Keys) -> Databases:
    """The doors of this installation."""
    read = settings.read_url.get_secret_value() if settings.read_url else None
    return Databases(owner_url, keys.password, read)


def load_keys(settings: Settings) -> Keys:
    """Both keys of the installation."""
    return Keys.load(settings.secret_file or settings.secrets_dir)


def open_house(settings: Settings, owner_url: str, wiring: Wiring) -> House:
    """Everything a Work needs, for this process; refuses an installation that was never made."""
    keys = load_keys(settings)
    databases = databases_of(settings, owner_url, keys)
    installation, stored = _from_database(databases)
    house = new_house(
        settings, databases, keys, wiring, installation.agency, is_demonstration=installation.is_demonstration
    )
    return replace(house, policies=house.policies.including(stored))


def new_house(
    settings: Settings,
    databases: Databases,
    keys: Keys,
    wiring: Wiring,
    agency: str,
    *,
    is_demonstration: bool,
) -> House:
    """The same for an installation that is being made."""
    return House(
        databases=databases,
        policies=rulebooks(settings, wiring),
        access=AccessRules.load(settings.policies_dir),
        keys=keys,
        storage=Storage.at(settings.files_location, keys.derive("storage")),
        wiring=wiring,
        agency=agency,
        base_url=settings.base_url,
        is_demonstration=is_demonstration,
        mail=Mail(settings.smtp_url.get_secret_value() if settings.smtp_url else ""),
    )


def rulebooks(settings: Settings, wiring: Wiring) -> Rulebooks:
    """Every rulebook, read with the names that this code answers; one with another name stops the start."""
    try:
        return Rulebooks.load(settings.policies_dir, wiring.vocabulary)
    except RulebookError as error:
        raise Refused(f"{error}. Mend it, look with ./candor rulebook check, and start again.") from error


def _from_database(databases: Databases) -> tuple[Installation, list[Rulebook]]:
    engine = engine_at(databases.url(Door.WORKER), 1)
    with Session(engine) as session:
        installation = session.scalars(select(Installation)).one_or_none()
        stored = [unpack(row) for row in session.scalars(select(StoredRulebook))]
    engine.dispose()
    if installation is None:
        raise Refused("This database holds no installation yet: run ./candor setup, or ./candor up.")
    return installation, stored


def unpack(row: StoredRulebook) -> Rulebook:
    """A stored rulebook, byte for byte as it was when its first case was opened."""
    with tarfile.open(fileobj=io.BytesIO(row.archive)) as archive:
        files = {member.name: _content(archive, member) for member in archive.getmembers()}
    return from_files(row.agency, date.fromisoformat(str(row.effective_from)), files)


def pack(book: Rulebook) -> bytes:
    """The rulebook's files as one archive; the same files give the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in sorted(book.files):
            member = tarfile.TarInfo(name)
            member.size = len(book.files[name])
            archive.addfile(member, io.BytesIO(book.files[name]))
    return buffer.getvalue()


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = archive.extractfile(member)
    return found.read() if found else b""
