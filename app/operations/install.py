"""Makes an installation on an empty database, and brings an existing one to today's schema."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.access.actor import Actor
from app.access.permissions import AccessRules
from app.access.work import House, Wiring, open_work
from app.config import Settings
from app.infra.keys import Keys, show_public_half
from app.infra.schema import bare, bring_up, is_at_head
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.operations import demonstration
from app.operations.house import databases_of, load_keys, new_house, pack
from app.policy.loader import demonstration_in, digest_of
from app.policy.records import Installation, StoredRulebook

Progress = Callable[[str], None]
Fill = Callable[[House, Progress], Sequence[tuple[str, str]]]


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


class DemonstrationFilled(Event):
    """The demonstration city has all its cases."""

    tag = "operations:demonstration:filled"
    sentence = "Filled the demonstration city."


@dataclass(frozen=True)
class Standing:
    """What stands in the database already."""

    agency: str
    is_demonstration: bool
    is_whole: bool


def prepare_installation(
    settings: Settings,
    owner_url: str,
    wiring: Wiring,
    *,
    demo: bool,
    progress: Progress,
    fill: Fill | None = None,
) -> None:
    """Keys, roles, schema, grants and the installation's row; `fill` adds a demonstration to a new one.

    Running it again on the same database changes nothing but the schema and the grants.
    """
    keys = _keys(settings, owner_url)
    databases = databases_of(settings, owner_url, keys)
    if not is_at_head(owner_url):
        progress("Bringing the database to today's schema")
    bring_up(owner_url, databases, AccessRules.load(settings.policies_dir).pairs)
    standing = _standing(owner_url)
    agency = standing.agency if standing else settings.agency or demonstration_in(settings.policies_dir)
    is_demonstration = standing.is_demonstration if standing else demo
    house = new_house(settings, databases, keys, wiring, agency, is_demonstration=is_demonstration)
    if standing is None:
        _make(house, settings, progress, fill)
    else:
        _take_up(house, settings, standing)
    databases.dispose()


def _make(house: House, settings: Settings, progress: Progress, fill: Fill | None) -> None:
    if house.agency not in house.policies.agencies():
        known = ", ".join(house.policies.agencies())
        raise Refused(f"There is no rulebook for {house.agency} under policies/. Known: {known}.")
    is_demonstration = house.is_demonstration
    if not is_demonstration:
        # Said aloud, because the folder may be a slip of whoever meant one that holds cases.
        progress(f"There was no installation in {settings.data_dir}: making an empty one, for {house.agency}")
    with open_work(house, Actor.system("setup")) as work:
        facts = {"is_whole": not is_demonstration}
        work.add(Installation(agency=house.agency, is_demonstration=is_demonstration, made_at=work.now, settings=facts))
        work.happened(InstallationMade(policy_id=work.book.policy_id, is_demonstration=is_demonstration))
    _keep_rulebooks(house)
    if is_demonstration:
        demonstration.add_accounts(house, settings)
        if fill is not None:
            demonstration.keep_residents(settings.data_dir, fill(house, progress))
        _is_whole_now(house)


def _take_up(house: House, settings: Settings, standing: Standing) -> None:
    if settings.agency and settings.agency != standing.agency:
        raise Refused(
            f"This database belongs to {standing.agency}. One database holds one agency: give another --data folder."
        )
    if not standing.is_whole:
        raise Refused(
            f"The demonstration was cut off while it was being made: remove {settings.data_dir} and start again."
        )
    _keep_rulebooks(house)
    if standing.is_demonstration:
        demonstration.renew_password(house, settings)


def _is_whole_now(house: House) -> None:
    """The demonstration is all there; a start that was cut off before this is not taken for a city."""
    with open_work(house, Actor.system("setup")) as work:
        installation = work.session.query(Installation).one()
        installation.settings = {**installation.settings, "is_whole": True}
        work.happened(DemonstrationFilled())


def _keep_rulebooks(house: House) -> None:
    """Stores every rulebook of the agency, byte for byte, before a case can be opened under it."""
    with open_work(house, Actor.system("setup")) as work:
        kept = {row.policy_id for row in work.session.query(StoredRulebook)}
        for volume in house.policies.versions(house.agency):
            if volume.policy_id not in kept:
                work.add(
                    StoredRulebook(
                        policy_id=volume.policy_id,
                        agency=house.agency,
                        effective_from=volume.effective_from,
                        digest=bytes.fromhex(digest_of(volume.files)),
                        archive=pack(volume.files),
                        stored_at=work.now,
                    )
                )
                work.happened(RulebookKept(policy_id=volume.policy_id))


def _keys(settings: Settings, owner_url: str) -> Keys:
    folder: Path = settings.secrets_dir
    if (settings.secret_file or folder / "master.key").exists():
        keys = load_keys(settings)
        if settings.key_service is None:
            show_public_half(folder)
        return keys
    if _is_in_use(owner_url):
        # New keys would make everything that the old ones sealed unreadable for ever.
        raise Refused(
            f"This database holds an installation, but its keys are not in {folder}: put master.key and identity.key "
            "back, or run ./candor recover with the two envelopes."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys.create(folder, settings.key_service)


def _is_in_use(owner_url: str) -> bool:
    with psycopg.connect(bare(owner_url)) as connection:
        row = connection.execute("SELECT to_regclass('public.installation')").fetchone()
    return row is not None and row[0] is not None


def _standing(owner_url: str) -> Standing | None:
    with psycopg.connect(bare(owner_url)) as connection:
        row = connection.execute("SELECT agency, is_demonstration, settings FROM installation").fetchone()
    return Standing(str(row[0]), bool(row[1]), bool(row[2].get("is_whole", True))) if row else None
