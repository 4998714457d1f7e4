"""Single sign-on: a browser is sent to the provider and comes back with a code; the provider may end sessions."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.factors import Taken, end_challenge, held_by, is_first, standing_challenge, start_challenge
from app.access.foreign_tokens import Expected, verify_identity, verify_log_out
from app.access.permissions import Role
from app.access.records import Account, AccountRole, ProviderSubject
from app.access.sessions import hash_of
from app.access.signing_in import end_provider_session, end_sessions_of
from app.access.tokens import BadToken, header_of
from app.access.work import Work, open_work
from app.administration.actions.entering import Caller, Entered, SecondStep, after_password, enter
from app.administration.actions.letting_in import opens_with, wait_for_second
from app.administration.events import EndedByProvider, RolesFollowed, SignInFailed, SubjectLinked
from app.administration.queries import accounts
from app.administration.queries import provider as queries
from app.administration.rules import WRONG_HALF
from app.infra.db import Door
from app.infra.provider import Provider, ProviderSilent
from app.kernel.errors import NotFound

PURPOSE, LOG_OUT = "provider", "provider-log-out"
BACK = "/sign-in/provider/back"
LONGEST = 16_384
SEED = 32
NOT_TAKEN = "This was not taken. Begin again from the sign-in page."
SILENT = "The other side does not answer. Try again, or sign in with a password of ours."
NO_ACCESS = "You are known there, but have no access here. Ask an administrator for an invitation."
WAITS = "You are known there. Before you come in, the director or the secretary must agree: on the page Ways back in."


@dataclass(frozen=True)
class Sent:
    """Where the browser goes, and by what it is known when it comes back."""

    address: str
    browser: str


@dataclass(frozen=True)
class Denied:
    """Not in, and what is said of it."""

    words: str


def begin_sign_in(work: Work, link: str = "", code: str = "") -> Sent | Denied:
    """Sends a browser to the provider; with a one-time link, the account of that link is linked when it comes back."""
    provider = _provider(work)
    standing = accounts.standing_link(work, link)[0] if link else None
    if standing is not None and not opens_with(work, standing, code):
        return _denied(work, WRONG_HALF)
    account_id = standing.account_id if standing is not None else None
    # With a link, its hash goes along: when the browser comes back that very link must still open something.
    seed = secrets.token_bytes(SEED) + (hash_of(link) if link else b"")
    state = start_challenge(work, PURPOSE, account_id, seed)
    work.commit()
    try:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(_of(seed, "verifier").encode()).digest()).decode()
        address = provider.way_in(_back(work), state, _of(seed, "nonce"), challenge.rstrip("="))
    except ProviderSilent:
        return Denied(SILENT)
    finally:
        work.restart()
    return Sent(address, _of(seed, "browser"))


def finish_sign_in(work: Work, state: str, code: str, browser: str, caller: Caller) -> Entered | SecondStep | Denied:
    """What the provider says of whoever came back; asked once, in the browser that was sent and in no other."""
    provider = _provider(work)
    asked = standing_challenge(work, PURPOSE, state)
    if asked is None:
        return _denied(work, NOT_TAKEN)
    seed = bytes(asked.challenge)
    end_challenge(work, asked)
    if not code or not hmac.compare_digest(browser.encode(), _of(seed, "browser").encode()):
        return _denied(work, NOT_TAKEN)
    work.commit()
    try:
        claims = _claims(provider, provider.exchange(code, _of(seed, "verifier"), _back(work)), _of(seed, "nonce"))
        found = _settle(work, provider, claims, seed[SEED:])
    except (ProviderSilent, BadToken) as failure:
        work.restart()
        return _denied(work, SILENT if isinstance(failure, ProviderSilent) else NOT_TAKEN)
    work.restart()
    account = accounts.active_account(work, found) if isinstance(found, UUID) else None
    if account is None or account.locked_at is not None:
        return _denied(work, found if isinstance(found, str) else NO_ACCESS)
    return _enter(work, account, claims, replace(caller, kind="single sign-on", provider_sid=claims.get("sid")))


def end_by_provider(work: Work, token: str) -> bool:
    """The provider ends all sessions of a person, or the one that it names alone; each of its tokens counts once."""
    provider = _provider(work)
    # Nobody has shown anything yet, and the other side may be slow: no connection is held for this.
    work.commit()
    try:
        kid = str(header_of(token, LONGEST).get("kid"))
        claims = verify_log_out(token, provider.keys(kid), _expected(provider))
    except (BadToken, ProviderSilent, ValueError):
        return False
    with open_work(work.house, _machinery()) as machinery:
        if not is_first(machinery, LOG_OUT, claims["jti"]):
            return False
        if "sub" in claims:
            _end_all(machinery, queries.account_of(machinery, provider.issuer, claims["sub"]))
        else:
            for account_id in end_provider_session(machinery, claims["sid"]):
                machinery.happened(EndedByProvider(account_id=account_id, ended=1))
    return True


def _end_all(work: Work, account: Account | None) -> None:
    if account is not None:
        ended = end_sessions_of(work, account.id)
        work.happened(EndedByProvider(account_id=account.id, ended=ended))


def _claims(provider: Provider, token: str, nonce: str) -> dict[str, Any]:
    try:
        kid = str(header_of(token, LONGEST).get("kid"))
    except ValueError:
        raise BadToken from None
    return verify_identity(token, provider.keys(kid), _expected(provider), nonce)


def _settle(work: Work, provider: Provider, claims: dict[str, Any], link_hash: bytes) -> UUID | str | None:
    """Whose account it is, with the roles of today's groups; nobody's where no group gives any, or why not yet."""
    rules = work.house.access.single_sign_on
    roles = rules.roles_of(claims.get(rules.groups_claim))
    with open_work(work.house, _machinery()) as machinery:
        account = queries.account_of(machinery, provider.issuer, claims["sub"])
        if account is None and roles:
            account = _first_time(machinery, provider, claims["sub"], link_hash)
        if account is None or account.status == "disabled":
            return None
        if _follow(machinery, account, roles):
            return account.id
        return WAITS if roles else None


def _first_time(work: Work, provider: Provider, subject: str, link_hash: bytes) -> Account | None:
    """Whoever holds a one-time link, or whoever comes, where the rules let them come without one."""
    account: Account | None = None
    if link_hash:
        account = _invited(work, link_hash)
    elif work.house.access.single_sign_on.without_invitation:
        name = f"sso-{uuid4().hex[:12]}"
        account = work.add(Account(id=uuid4(), name=name, display_name=name, status="active", created_at=work.now))
    if account is None:
        return None
    work.add(
        ProviderSubject(id=uuid4(), account_id=account.id, issuer=provider.issuer, subject=subject, linked_at=work.now)
    )
    work.happened(SubjectLinked(account_id=account.id))
    work.flush()
    return account


def _invited(work: Work, link_hash: bytes) -> Account | None:
    """Whose link it is, if it still opens something: it is used up, and the database asks once more who agreed to it.

    Whoever has a second step of ours is not linked by a link alone where one over there would count in its place: else
    whoever made the link could come in as themselves there, and as somebody else here.
    """
    try:
        link, account = accounts.link_of_hash(work, link_hash)
    except NotFound:
        return None
    passes_by = bool(work.house.access.single_sign_on.second_factor) and bool(held_by(work, account.id))
    if account.department_id or account.outsider or passes_by:
        return None
    account.status = "active"
    for other in accounts.open_links_of(work, account.id):
        other.expires_at = work.now
    link.used_at = work.now
    return account


def _follow(work: Work, account: Account, roles: frozenset[Role]) -> bool:
    """Gives the roles of today's groups, those that are new once somebody has agreed to them.

    The last administrator stays one whatever the groups say.
    """
    rows = queries.role_rows(work, account.id)
    held = {row.role for row in rows}
    if Role.ADMINISTRATOR in held and not accounts.other_administrators(work, account.id):
        roles |= {Role.ADMINISTRATOR}
    roles -= wait_for_second(work, account.id, roles - held)
    if held != set(roles):
        for row in rows:
            if row.role not in roles:
                work.session.delete(row)
        for role in sorted(set(roles) - held):
            work.add(AccountRole(account_id=account.id, role=role))
        ended = end_sessions_of(work, account.id) if held - set(roles) else 0
        work.happened(RolesFollowed(account_id=account.id, roles=tuple(sorted(roles)), ended=ended))
    return bool(roles)


def _enter(work: Work, account: Account, claims: dict[str, Any], caller: Caller) -> Entered | SecondStep | Denied:
    """The provider's own second step counts where the rules name it; else ours follows, for whoever has one."""
    said = claims.get("amr") if isinstance(claims.get("amr"), list) else []
    counts = work.house.access.single_sign_on.second_factor
    if any(isinstance(one, str) and one in counts for one in (claims.get("acr"), *(said or ()))):
        return enter(work, account, caller, Taken("provider"))
    return after_password(work, account, caller) or Denied(NOT_TAKEN)


def _denied(work: Work, words: str) -> Denied:
    work.happened(SignInFailed())
    return Denied(words)


def _provider(work: Work) -> Provider:
    if work.house.provider is None:
        raise NotFound()
    return work.house.provider


def _expected(provider: Provider) -> Expected:
    return Expected(provider.issuer, provider.client, provider.algorithm)


def _machinery() -> Actor:
    return Actor.system("single-sign-on", Door.OFFICE)


def _back(work: Work) -> str:
    return work.house.base_url.rstrip("/") + BACK


def _of(seed: bytes, what: str) -> str:
    """What belongs to one asking, each from the same random bytes and none from another."""
    return base64.urlsafe_b64encode(hmac.digest(seed, what.encode(), "sha256")).decode().rstrip("=")
