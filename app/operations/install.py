"""Makes an installation on an empty database, and brings an existing one to today's schema."""

from collections.abc import Callable
from pathlib import Path

import psycopg

from app.access.actor import Actor
from app.access.work import House, Wiring, open_work
from app.config import Settings
from app.infra.keys import Keys
from app.infra.schema import bring_up
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.operations import demonstration
from app.operations.house import databases_of, load_keys, new_house, pack
from app.policy.records import Installation, StoredRulebook

DEMONSTRATION_AGENCY = "riverbend"
Progress = Callable[[str], None]


class InstallationMade(Event):
    """An installation was made for one agency."""

    tag = "operations:installation:made"
    sentence = "Made the installation under the rulebook {policy_id}."

    policy_id: str
    is_demonstration: bool


class RulebookKept(Event):
    """A rulebook was stored as it stands, so that cases opened under it can always be read by it."""

    tag = "policy:rulebook:kept"
    sentence = "Stored the rulebook {policy_id}."

    policy_id: str


def prepare_installation(
    settings: Settings,
    owner_url: str,
    wiring: Wiring,
    *,
    demo: bool,
    progress: Progress,
    fill: Callable[[House, Progress], None] | None = None,
) -> None:
    """Keys, roles, schema, grants and the installation's row; `fill` adds a demonstration to a new one.

    Running it again on the same database changes nothing but the schema and the grants.
    """
    keys = _keys(settings)
    databases = databases_of(settings, owner_url, keys)
    progress("Bringing the database to today's schema")
    bring_up(owner_url, databases)
    standing = _standing(owner_url)
    if standing is not None:
        if settings.agency and settings.agency != standing[0]:
            raise Refused(
                f"This database belongs to {standing[0]}. One database holds one agency: give another --data folder."
            )
        agency, is_demonstration = standing
        house = new_house(settings, databases, keys, wiring, agency, is_demonstration=is_demonstration)
        _keep_rulebooks(house)
        if is_demonstration:
            demonstration.renew_password(house, settings)
        databases.dispose()
        return
    agency = settings.agency or DEMONSTRATION_AGENCY
    house = new_house(settings, databases, keys, wiring, agency, is_demonstration=demo)
    if agency not in house.policies.agencies():
        known = ", ".join(house.policies.agencies())
        raise Refused(f"There is no rulebook for {agency} under policies/. Known: {known}.")
    with open_work(house, Actor.system("setup")) as work:
        work.add(Installation(agency=agency, is_demonstration=demo, made_at=work.now, settings={}))
        work.happened(InstallationMade(policy_id=work.book.policy_id, is_demonstration=demo))
    _keep_rulebooks(house)
    if demo:
        demonstration.add_accounts(house, settings)
    if demo and fill is not None:
        fill(house, progress)
    databases.dispose()


def _keep_rulebooks(house: House) -> None:
    """Stores every rulebook of the agency, byte for byte, before a case can be opened under it."""
    with open_work(house, Actor.system("setup")) as work:
        kept = {row.policy_id for row in work.session.query(StoredRulebook)}
        for book in house.policies.of(house.agency):
            if book.policy_id not in kept:
                work.add(
                    StoredRulebook(
                        policy_id=book.policy_id,
                        agency=house.agency,
                        effective_from=book.effective_from,
                        digest=bytes.fromhex(book.digest),
                        archive=pack(book),
                        stored_at=work.now,
                    )
                )
                work.happened(RulebookKept(policy_id=book.policy_id))


def _keys(settings: Settings) -> Keys:
    folder: Path = settings.secrets_dir
    if (settings.secret_file or folder / "master.key").exists():
        return load_keys(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys.create(folder)


def _standing(owner_url: str) -> tuple[str, bool] | None:
    with psycopg.connect(owner_url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        row = connection.execute("SELECT agency, is_demonstration FROM installation").fetchone()
    return (str(row[0]), bool(row[1])) if row else None
