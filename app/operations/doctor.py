"""Looks at everything an installation needs, and says how to mend what is missing; changes nothing."""

import smtplib
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import psycopg

from app.access.actor import Actor
from app.access.work import House, open_work
from app.administration.queries import health, tree
from app.config import Settings
from app.infra.db import Door
from app.infra.scanning import Scanner
from app.infra.storage import Storage
from app.kernel.errors import Refused
from app.operations import system
from app.operations.demonstration import kept_password
from app.operations.house import load_keys
from app.operations.vault_backup import overdue

MAIL_WITHIN = 5.0
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what is so, and where something is wrong, what to do about it."""

    name: str
    ok: bool
    words: str
    mend: str = ""


def look(settings: Settings, house: House | None, failure: str, now: datetime) -> list[Finding]:
    """Everything, in the order in which one would mend it."""
    findings = [*_libraries(), *of_keys(settings), _database(house, failure)]
    if house is not None:
        findings += [*_inside(house), *_journal(house), _storage(settings)]
    findings += [_mail(settings), _scanner(settings), *_address(settings), _contact(settings), _backups(settings, now)]
    return [*findings, *_old_keys(settings, now)]


def _libraries() -> Iterator[Finding]:
    lacking = system.lacking_for_reports()
    mend = f"sudo apt-get install --no-install-recommends {' '.join(lacking)}"
    yield Finding("libraries", not lacking, _or_list(lacking, "all are there", "missing: "), mend if lacking else "")


def of_keys(settings: Settings) -> Iterator[Finding]:
    """Both keys, or the service that has one of them."""
    folder = settings.secrets_dir
    try:
        keys = load_keys(settings)
    except Refused as problem:
        yield Finding(
            "keys", ok=False, words=str(problem), mend="./candor recover makes them anew from the two envelopes"
        )
        return
    can_open = keys.holder.can_open
    there = "the key service answers" if settings.key_service else "both are there"
    mend = "start ./candor keys serve" if settings.key_service else f"put identity.key into {folder}"
    words = there if can_open else "the identity key is not here: names stay closed"
    yield Finding("keys", can_open, words, "" if can_open else mend)
    files = [settings.secret_file or folder / "master.key", folder / "identity.key"]
    open_ones = [str(file) for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & OTHERS]
    words = _or_list(open_ones, "only their owner reads them", "others on this machine can read ")
    yield Finding("key permissions", not open_ones, words, f"chmod 600 {' '.join(open_ones)}" if open_ones else "")


def _database(house: House | None, failure: str) -> Finding:
    if house is None:
        return Finding("database", ok=False, words=failure, mend="start it, or mend CANDOR_DATABASE_URL")
    return Finding("database", ok=True, words="answers")


def _inside(house: House) -> Iterator[Finding]:
    mends = {
        "migrations": "./candor upgrade",
        "worker": "start ./candor up; in containers, see that one runs the worker",
    }
    for check in health.readiness(house):
        if check.name in mends:
            yield Finding(check.name, check.ok, check.words, "" if check.ok else mends[check.name])
    with psycopg.connect(house.databases.dsn(Door.WORKER)) as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'").fetchone()
    failed = int(row[0]) if row else 0
    words = f"{failed} have failed for good" if failed else "none has failed"
    yield Finding("jobs", not failed, words, "look into the worker's log for job names" if failed else "")


def _journal(house: House) -> Iterator[Finding]:
    with open_work(house, Actor.system("doctor", Door.OFFICE)) as work:
        for check in tree.journal_checks(work):
            yield Finding(check.name, check.ok, check.words, "" if check.ok else tree.MENDS[check.name])


def _storage(settings: Settings) -> Finding:
    def check() -> None:
        Storage.at(settings.files_location, load_keys(settings).derive("storage")).check()

    return _tried("storage", check, "takes, gives back and deletes a file", f"make {settings.files_location} writable")


def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        mend = "set CANDOR_SMTP_URL=smtp://user:password@host:587"
        return Finding("mail", ok=False, words="none is sent: no server is named", mend=mend)
    parts = urlsplit(settings.smtp_url.get_secret_value())
    maker = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP

    def greet() -> None:
        with maker(parts.hostname or "", parts.port or 0, timeout=MAIL_WITHIN) as connection:
            connection.noop()

    return _tried("mail", greet, "the server answers", "mend CANDOR_SMTP_URL, or let this machine reach it")


def _scanner(settings: Settings) -> Finding:
    if not settings.clamd_url:
        mend = "set CANDOR_CLAMD_URL=tcp://host:3310 or unix:///run/clamav/clamd.ctl"
        words = "clamd is not configured: files are shown as not scanned"
        return Finding("malware scanner", ok=False, words=words, mend=mend)
    mend = "mend CANDOR_CLAMD_URL, or let this machine reach it"
    return _tried("malware scanner", Scanner(settings.clamd_url).greet, "clamd answers", mend)


def _address(settings: Settings) -> Iterator[Finding]:
    words = "people reach this site by HTTPS" if settings.is_https else f"{settings.base_url} is not HTTPS"
    mend = "" if settings.is_https else "set CANDOR_BASE_URL to an https:// address; the README shows one way to HTTPS"
    yield Finding("https", settings.is_https, words, mend)
    is_demo = kept_password(settings.data_dir) is not None
    is_exposed = is_demo and not settings.is_loopback
    words = "demonstration log-ins stand on a public address" if is_exposed else "no demonstration is open to others"
    mend = "begin a real installation in another --data folder: ./candor setup"
    yield Finding("demonstration", not is_exposed, words, mend if is_exposed else "")


def _contact(settings: Settings) -> Finding:
    is_told = settings.security_contact is not None or settings.is_loopback
    words = "said in /.well-known/security.txt" if settings.security_contact else "none is named"
    mend = "" if is_told else "set CANDOR_SECURITY_CONTACT=mailto:… to whoever is told of a fault of security"
    return Finding("security contact", is_told, words, mend)


def _backups(settings: Settings, now: datetime) -> Finding:
    folder = settings.backup_dir
    newest = health.newest_backup(folder) if folder else None
    if folder is None or newest is None:
        mend = f"./candor backup {folder or 'FOLDER'}/FILE, each night; name the folder in CANDOR_BACKUP_DIR"
        return Finding("backups", ok=False, words="there is none", mend=mend)
    is_fresh = now - newest <= health.BACKUP_WITHIN
    words = f"the newest is from {newest.date().isoformat()}"
    return Finding("backups", is_fresh, words, "" if is_fresh else f"./candor backup {folder}/FILE, each night")


def _old_keys(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Backups of the vault beyond their last day: whoever was erased could come back from them."""
    folders = [settings.data_dir / "backups", *filter(None, [settings.backup_dir])]
    late = [name for folder in folders for name in overdue(folder, now.date())]
    words = f"past their last day: {', '.join(sorted(late))}" if late else "none is past its last day"
    yield Finding("keys in backups", not late, words, "./candor backup, then delete these" if late else "")


def _tried(name: str, attempt: Callable[[], None], good: str, mend: str) -> Finding:
    try:
        attempt()
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is the answer
        return Finding(name, ok=False, words=f"does not work ({type(problem).__name__})", mend=mend)
    return Finding(name, ok=True, words=good)


def _or_list(items: list[str], good: str, bad: str) -> str:
    return bad + ", ".join(items) if items else good
