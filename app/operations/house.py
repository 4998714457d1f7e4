"""Opens the house for one process: settings, keys, rulebooks, storage and the doors to the database."""

import io
import tarfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import AccessRules
from app.access.work import House, Wiring
from app.config import Settings
from app.infra.db import Databases, Door, engine_at
from app.infra.keys import KeyFileError, Keys
from app.infra.mail import Mail
from app.infra.provider import Provider
from app.infra.scanning import Scanner
from app.infra.storage import Storage
from app.infra.texting import Texting
from app.kernel.errors import Refused
from app.policy.loader import NoRulebook, Rulebooks, Volume
from app.policy.problems import RulebookError
from app.policy.records import Installation, StoredRulebook


def databases_of(settings: Settings, owner_url: str, keys: Keys) -> Databases:
    """The doors of this installation."""
    read = settings.read_url.get_secret_value() if settings.read_url else None
    return Databases(owner_url, keys.password, read)


def load_keys(settings: Settings) -> Keys:
    """Both keys of the installation."""
    try:
        return Keys.load(settings.secret_file or settings.secrets_dir, service=settings.key_service)
    except KeyFileError as problem:
        raise Refused(str(problem)) from problem


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
        policies=rulebooks(settings, wiring, agency),
        access=AccessRules.load(settings.policies_dir),
        keys=keys,
        storage=Storage.at(settings.files_location, keys.derive("storage")),
        wiring=wiring,
        agency=agency,
        base_url=settings.base_url,
        is_demonstration=is_demonstration,
        mail=Mail(settings.smtp_url.get_secret_value() if settings.smtp_url else ""),
        texting=Texting(settings.sms_url.get_secret_value() if settings.sms_url else ""),
        scanner=Scanner(settings.clamd_url),
        witnesses=settings.witnesses,
        witness_hours=settings.checkpoint_mail_hours,
        vault_days=settings.vault_days,
        backup_dirs=tuple(place for place in (settings.data_dir / "backups", settings.backup_dir) if place),
        provider=_provider(settings),
    )


def _provider(settings: Settings) -> Provider | None:
    if settings.sso_issuer is None:
        return None
    secret = settings.sso_secret.get_secret_value() if settings.sso_secret else ""
    algorithm: Literal["RS256", "ES256"] = "ES256" if settings.sso_algorithm == "ES256" else "RS256"
    return Provider(settings.sso_issuer, settings.sso_client, secret, algorithm, settings.sso_name)


def rulebooks(settings: Settings, wiring: Wiring, agency: str = "") -> Rulebooks:
    """Every rulebook by its name; of this agency the newest and the one in force are read, and stop a bad start."""
    try:
        books = Rulebooks.load(settings.policies_dir, wiring.vocabulary)
        _read_what_is_needed(books, agency)
    except NoRulebook as error:
        raise Refused(str(error)) from error
    except RulebookError as error:
        raise Refused(f"{error}. Mend it, look with ./candor rulebook check, and start again.") from error
    return books


def _read_what_is_needed(books: Rulebooks, agency: str) -> None:
    """A next version is read before its day has come, so that it cannot stop the office on that day."""
    if agency in books.agencies():
        here = books.newest(agency).time_zone
        books.in_force(agency, datetime.fromtimestamp(time.time(), here).date())


def _from_database(databases: Databases) -> tuple[Installation, list[Volume]]:
    engine = engine_at(databases.url(Door.WORKER), 1)
    with Session(engine) as session:
        installation = session.scalars(select(Installation)).one_or_none()
        stored = [volume_of(row) for row in session.scalars(select(StoredRulebook))]
    engine.dispose()
    if installation is None:
        raise Refused("This database holds no installation yet: run ./candor setup, or ./candor up.")
    return installation, stored


def volume_of(row: StoredRulebook) -> Volume:
    """A stored rulebook, byte for byte as it was when its first case was opened; read when a case asks for it."""
    return Volume.kept(row.agency, date.fromisoformat(str(row.effective_from)), partial(_files_in, row.archive))


def _files_in(packed: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {member.name: _content(archive, member) for member in archive.getmembers()}


def pack(files: Mapping[str, bytes]) -> bytes:
    """A rulebook's files as one archive; the same files give the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    return buffer.getvalue()


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = archive.extractfile(member)
    return found.read() if found else b""
