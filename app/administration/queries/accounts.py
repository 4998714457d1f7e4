"""Selects of accounts, their roles, sessions and one-time links."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.access.permissions import Factor, Permission, Role
from app.access.reading import one_or_not_found
from app.access.records import Account, AccountRole, OneTimeLink, SignedIn
from app.access.sessions import hash_of
from app.access.work import Work
from app.administration import rules
from app.audit.reading import facts_of, sentence_in
from app.audit.records import JournalEntry
from app.kernel.errors import NotFound

# What somebody should know of again if it was not them.
HISTORY = tuple(
    f"administration:{what}"
    for what in (
        "session:opened",
        "device:new",
        "factor:added",
        "factor:removed",
        "factor:refused",
        "proof:refused",
        "recovery:made",
        "recovery:used",
        "passkey:suspected",
        "password:changed",
        "password:chosen",
        "wayback:used",
    )
)
MOST_HISTORY = 12


@dataclass(frozen=True)
class Person:
    """An account with the roles it holds."""

    account: Account
    roles: frozenset[str]


def account_named(work: Work, name: str) -> Account | None:
    """The account of that user name, for signing in."""
    return work.session.scalars(select(Account).where(Account.name == name)).one_or_none()


def active_account(work: Work, account_id: UUID) -> Account | None:
    """The account, while it may sign in."""
    query = select(Account).where(Account.id == account_id, Account.status == "active")
    return work.session.scalars(query).one_or_none()


def roles_of(work: Work, account_id: UUID) -> frozenset[Role]:
    """The roles a person holds."""
    query = select(AccountRole.role).where(AccountRole.account_id == account_id)
    return frozenset(Role(name) for name in work.session.scalars(query))


def kinds_needed(work: Work, account: Account) -> frozenset[Factor]:
    """The second factors of which this person's roles need one; in a demonstration, as the rules say of it."""
    demonstration = work.house.is_demonstration or account.is_demonstration
    return work.house.access.kinds_needed(roles_of(work, account.id), demonstration=demonstration)


def own_account(work: Work) -> Account:
    """The account of whoever asks."""
    return one_or_not_found(work, select(Account).where(Account.id == work.actor.id))


def own_sessions(work: Work) -> list[SignedIn]:
    """The standing sessions of whoever asks, the newest first."""
    query = select(SignedIn).where(
        SignedIn.account_id == work.actor.id, SignedIn.revoked_at.is_(None), SignedIn.expires_at > work.now
    )
    return list(work.session.scalars(query.order_by(SignedIn.created_at.desc())))


def last_seen(work: Work, account: Account) -> datetime | None:
    """When this person was last here, as their sessions say."""
    return work.session.scalar(select(func.max(SignedIn.seen_at)).where(SignedIn.account_id == account.id))


@dataclass(frozen=True)
class Happened:
    """One thing that somebody did about their own account."""

    at: datetime
    words: str


def own_history(work: Work) -> list[Happened]:
    """What the journal says of how this person signs in: so that they see what they have not done."""
    query = select(JournalEntry).where(JournalEntry.actor_id == work.actor.id, JournalEntry.tag.in_(HISTORY))
    rows = work.session.scalars(query.order_by(JournalEntry.seq.desc()).limit(MOST_HISTORY))
    return [Happened(row.at, sentence_in(row.body)) for row in rows]


def standing_link(work: Work, secret: str) -> tuple[OneTimeLink, Account]:
    """An unused link and whose it is; NotFound for a used, late or unknown one, which are not told apart."""
    return link_of_hash(work, hash_of(secret))


def link_of_hash(work: Work, secret_hash: bytes) -> tuple[OneTimeLink, Account]:
    """The same, by what is kept of its secret."""
    query = (
        select(OneTimeLink, Account)
        .join(Account, Account.id == OneTimeLink.account_id)
        .where(
            OneTimeLink.secret_hash == secret_hash,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > work.now,
            or_(OneTimeLink.waits.is_(False), OneTimeLink.agreed_at.is_not(None)),
            Account.status != "disabled",
        )
        .with_for_update(of=OneTimeLink)
    )
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(
            "This link was used already, is too old, or still waits for a second person to agree. Ask an administrator."
        )
    return row[0], row[1]


def open_links_of(work: Work, account_id: UUID) -> list[OneTimeLink]:
    """The links of a person that would still open something."""
    query = select(OneTimeLink).where(
        OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > work.now
    )
    return list(work.session.scalars(query))


def visible_accounts(work: Work) -> Select[Account]:
    """Every person's account, for those who manage them; machines have pages of their own."""
    work.need(Permission.USER_MANAGE)
    return select(Account).where(Account.kind == "person")


def get_person(work: Work, account_id: UUID, *, for_update: bool = False) -> Account:
    """One account, or 404."""
    query = visible_accounts(work).where(Account.id == account_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def person_named(work: Work, name: str) -> Account:
    """One account by its user name, or 404 in words that name it: the command line types names."""
    account = work.session.scalars(visible_accounts(work).where(Account.name == name)).one_or_none()
    if account is None:
        raise NotFound(f"There is no user {name}. ./candor user list shows them all.")
    return account


def list_people(work: Work) -> list[Person]:
    """Everybody who has an account, by name."""
    accounts = list(work.session.scalars(visible_accounts(work).order_by(Account.status, Account.name)))
    roles: dict[UUID, set[str]] = {}
    for row in work.session.execute(select(AccountRole.account_id, AccountRole.role)):
        roles.setdefault(row.account_id, set()).add(row.role)
    return [Person(account, frozenset(roles.get(account.id, ()))) for account in accounts]


def other_administrators(work: Work, account_id: UUID) -> int:
    """How many administrators who can sign in there are besides this person."""
    query = (
        select(func.count())
        .select_from(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == Role.ADMINISTRATOR, Account.status == "active", Account.id != account_id)
    )
    return work.session.scalar(query) or 0


def count_administrators(work: Work) -> int:
    """How many administrators there are, invited ones among them."""
    query = (
        select(func.count())
        .select_from(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == Role.ADMINISTRATOR, Account.status != "disabled")
    )
    return work.session.scalar(query) or 0


@dataclass(frozen=True)
class ResetNotice:
    """A reset that every administrator is told of."""

    at: datetime
    whose: str
    by: str


def recent_resets(work: Work) -> list[ResetNotice]:
    """Whose access was reset lately, and by whom: from the journal, where it cannot be taken out."""
    work.need(Permission.USER_MANAGE)
    names = {row.id: row.display_name for row in work.session.execute(select(Account.id, Account.display_name))}
    query = (
        select(JournalEntry)
        .where(JournalEntry.tag == "administration:account:reset", JournalEntry.at > work.now - rules.REPORTED_FOR)
        .order_by(JournalEntry.seq.desc())
        .limit(20)
    )
    return [_notice(entry, names) for entry in work.session.scalars(query)]


def _notice(entry: JournalEntry, names: dict[UUID, str]) -> ResetNotice:
    whose = UUID(str(facts_of(entry.body)["account_id"]))
    by = names.get(entry.actor_id, "somebody") if entry.actor_id else "the command line"
    return ResetNotice(entry.at, names.get(whose, "somebody"), by)


def demonstration_accounts(work: Work) -> list[Account]:
    """The demonstration's log-ins."""
    return list(work.session.scalars(select(Account).where(Account.is_demonstration)))
