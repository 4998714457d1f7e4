"""Inviting, disabling and resetting people; the demonstration's log-ins."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from app.access.permissions import WITHOUT_ACCOUNT, Permission, Role
from app.access.records import Account, AccountRole, OneTimeLink
from app.access.sessions import hash_of
from app.access.signing_in import end_sessions_of
from app.access.work import Work
from app.administration import rules
from app.administration.commands import InviteUser
from app.administration.events import (
    AccountDisabled,
    AccountInvited,
    AccountReset,
    DemonstrationAccountsAdded,
    DemonstrationPasswordSet,
)
from app.administration.queries import accounts as queries
from app.infra.passwords import hash_password
from app.kernel.errors import Invalid, Refused

ASSIGNABLE = tuple(role for role in Role if role not in WITHOUT_ACCOUNT)


@dataclass(frozen=True)
class Invited:
    """A person and the one-time link that lets them choose a password; the link is shown once and kept nowhere."""

    account: Account
    link: str
    waits: bool = False
    """True where it opens nothing until a second person has agreed."""


def invite_user(work: Work, ask: InviteUser) -> Invited:
    """Gives a person an account; they choose their password themselves."""
    work.need(Permission.USER_MANAGE)
    name = ask.name.casefold()
    rules.check_name(name)
    rules.check_roles(ask.roles, ASSIGNABLE, outside=Role.LIAISON)
    departments = [department.code for department in work.book.departments]
    rules.check_department(ask.department_id, departments, is_needed=Role.LIAISON in ask.roles)
    outside = [outsider.code for outsider in work.book.outsiders]
    rules.check_outsider(ask.outsider, outside, ask.roles, Role.OUTSIDER)
    if queries.account_named(work, name) is not None:
        raise Invalid({"name": "There is a user of this name already."})
    account = work.add(
        Account(
            id=uuid4(),
            name=name,
            display_name=ask.display_name,
            title=ask.title,
            email=ask.email,
            department_id=ask.department_id,
            outsider=ask.outsider,
            status="invited",
            created_at=work.now,
        )
    )
    for role in dict.fromkeys(ask.roles):
        work.add(AccountRole(account_id=account.id, role=role))
    waits = needs_two(work)
    link = _new_link(work, account, "invitation", waits=waits)
    work.happened(
        AccountInvited(
            account_id=account.id, roles=tuple(ask.roles), department_id=ask.department_id, outsider=ask.outsider
        )
    )
    return Invited(account, link, waits)


def disable_user(work: Work, account_id: UUID) -> Account:
    """From the next request on the account opens nothing; what the person did stays theirs."""
    account = queries.get_person(work, account_id, for_update=True)
    rules.check_somebody_else(work.actor.id, account.id)
    if account.status == "disabled":
        raise Refused("This account is disabled already.")
    is_administrator = Role.ADMINISTRATOR in queries.roles_of(work, account.id)
    rules.check_not_last(is_administrator, queries.other_administrators(work, account.id))
    account.status = "disabled"
    _void_links(work, account.id)
    ended = end_sessions_of(work, account.id)
    work.happened(AccountDisabled(account_id=account.id, ended=ended))
    return account


def reset_user(work: Work, account_id: UUID) -> Invited:
    """Takes away password and sessions and makes a one-time link: every administrator is told, and the person by mail.

    Whoever makes the link should not be who chooses the password: the person hears of it again when it is used.
    """
    account = queries.get_person(work, account_id, for_update=True)
    rules.check_somebody_else(work.actor.id, account.id)
    was_never_in = account.status == "invited"
    # Whoever was disabled comes in again by this link alone: not by a passkey or the provider before two let them.
    account.status = "active" if account.status == "active" else "invited"
    account.password_hash = None
    _void_links(work, account.id)
    waits = needs_two(work)
    link = _new_link(work, account, "invitation" if was_never_in else "reset", waits=waits)
    ended = end_sessions_of(work, account.id)
    work.happened(AccountReset(account_id=account.id, ended=ended))
    return Invited(account, link, waits)


def needs_two(work: Work) -> bool:
    """True where a person lets somebody in; whoever is at the command line holds the machine itself."""
    return work.actor.kind == "account"


def _new_link(work: Work, account: Account, purpose: str, *, waits: bool) -> str:
    secret = secrets.token_urlsafe(32)
    work.add(
        OneTimeLink(
            secret_hash=hash_of(secret),
            account_id=account.id,
            purpose=purpose,
            expires_at=work.now + rules.LINK_LIFE,
            made_by_id=work.actor.id if work.actor.kind == "account" else None,
            waits=waits,
        )
    )
    return f"{work.house.base_url.rstrip('/')}/welcome/{secret}"


def _void_links(work: Work, account_id: UUID) -> None:
    for link in queries.open_links_of(work, account_id):
        link.expires_at = work.now


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    name: str
    role: Role
    display_name: str
    title: str
    department: int = 0
    """For a liaison: the department's place in the rulebook; one that does not exist gets no log-in."""
    outsider: int = 0
    """For somebody from outside: their place in the rulebook, likewise."""


# The first of each role is named like it; every person here is invented.
DEMONSTRATION: Sequence[Invented] = (
    Invented("intake", Role.INTAKE, "Wanda Plover", "Intake specialist"),
    Invented("investigator", Role.INVESTIGATOR, "Theo Larkspur", "Investigator"),
    Invented("supervisor", Role.SUPERVISOR, "Imelda Foxglove", "Supervising investigator"),
    Invented("counsel", Role.COUNSEL, "Osric Tamarind", "Counsel"),
    Invented("director", Role.DIRECTOR, "Rosalind Heron", "Executive director"),
    Invented("analyst", Role.ANALYST, "Bodhi Wren", "Data analyst"),
    Invented("administrator", Role.ADMINISTRATOR, "Petra Quillfeather", "Systems administrator"),
    Invented("auditor", Role.AUDITOR, "Lionel Sorrel", "Auditor"),
    Invented("commissioner", Role.COMMISSIONER, "Marigold Ashby-Finch", "Commissioner, chair"),
    Invented("secretary", Role.SECRETARY, "Cosmo Dunlin", "Secretary to the commission"),
    Invented("liaison", Role.LIAISON, "Lieutenant Juniper Vale", "Department liaison"),
    Invented("investigator2", Role.INVESTIGATOR, "Saskia Merganser", "Senior investigator"),
    Invented("investigator3", Role.INVESTIGATOR, "Dov Thistlewood", "Investigator"),
    Invented("investigator4", Role.INVESTIGATOR, "Amaranta Rook", "Investigator"),
    Invented("investigator5", Role.INVESTIGATOR, "Corin Teasel", "Investigator"),
    Invented("supervisor2", Role.SUPERVISOR, "Jocasta Alderfly", "Supervising investigator"),
    Invented("intake2", Role.INTAKE, "Mateo Zarzamora", "Intake specialist, Spanish"),
    Invented("liaison2", Role.LIAISON, "Sergeant Orrin Pelican", "Department liaison", department=1),
    Invented("commissioner2", Role.COMMISSIONER, "Ptolemy Bright", "Commissioner"),
    Invented("commissioner3", Role.COMMISSIONER, "Ione Castlemoor", "Commissioner"),
    Invented("commissioner4", Role.COMMISSIONER, "Fennel Okapi", "Commissioner"),
    Invented("commissioner5", Role.COMMISSIONER, "Hyacinth Marlowe-Teal", "Commissioner"),
    Invented("commissioner6", Role.COMMISSIONER, "Barnaby Lapwing", "Commissioner"),
    Invented("mediator", Role.MEDIATOR, "Odalys Fernwick", "Mediator"),
    Invented("outsider", Role.OUTSIDER, "Philippa Cranesbill", "From outside the office"),
    Invented("outsider2", Role.OUTSIDER, "Anselm Tarn", "From outside the office", outsider=1),
)


def add_demonstration_accounts(work: Work, password: str) -> None:
    """One log-in for each role, named like it, and a few colleagues; all with one password and no second factor."""
    departments = [department.code for department in work.book.departments]
    outside = [(each.code, each.label.to("en")) for each in work.book.outsiders]
    people = [
        person
        for person in DEMONSTRATION
        if person.department < len(departments) and (person.role is not Role.OUTSIDER or person.outsider < len(outside))
    ]
    for person in people:
        code, title = outside[person.outsider] if person.role is Role.OUTSIDER else (None, person.title)
        account = work.add(
            Account(
                id=uuid4(),
                name=person.name,
                display_name=person.display_name,
                title=title,
                outsider=code,
                department_id=departments[person.department] if person.role is Role.LIAISON else None,
                status="active",
                password_hash=hash_password(password),
                is_demonstration=True,
                created_at=work.now,
            )
        )
        work.add(AccountRole(account_id=account.id, role=person.role))
    work.happened(DemonstrationAccountsAdded(count=len(people)))


def set_demonstration_password(work: Work, password: str) -> None:
    """The demonstration's log-ins get another password; their sessions end."""
    accounts = queries.demonstration_accounts(work)
    for account in accounts:
        account.password_hash = hash_password(password)
        end_sessions_of(work, account.id)
    work.happened(DemonstrationPasswordSet(count=len(accounts)))
