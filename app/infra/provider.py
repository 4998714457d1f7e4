"""Asks the provider of single sign-on: of its own address alone, in seconds, in small answers, led nowhere else."""

import json
import time
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

import httpx

SECONDS = 5.0
LARGEST = 256 * 1024
# How long what it publishes about itself is believed, and how soon its keys are asked for again after an unknown one.
HOLDS = 600.0
AGAIN = 60.0
# How long it is left alone after it said nothing of itself: anybody can make us ask for that.
QUIET = 5.0
MOST_KEYS = 50
WELL_KNOWN = "/.well-known/openid-configuration"


class ProviderSilent(Exception):
    """The provider did not answer, or not as one does."""


@dataclass(frozen=True)
class Endpoints:
    """Where it signs people in, gives tokens and publishes its keys: all at its own address."""

    authorization: str
    token: str
    keys: str


class Provider:
    """One provider, as the installation's settings name it."""

    def __init__(
        self, issuer: str, client: str, secret: str, algorithm: Literal["RS256", "ES256"], name: str = ""
    ) -> None:
        self.issuer = issuer
        self.client = client
        self.algorithm = algorithm
        self.name = name
        self._secret = secret
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, dict[str, dict[str, Any]]] | None = None
        self._silent_since = float("-inf")

    def way_in(self, back: str, state: str, nonce: str, challenge: str) -> str:
        """The address to which a browser is sent."""
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": back,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._where().authorization}?{urlencode(asked)}"

    def exchange(self, code: str, verifier: str, back: str) -> str:
        """The ID token for a code, which is good once."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        answer = self._ask(
            "POST", self._where().token, form | {"client_id": self.client, "client_secret": self._secret}
        )
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderSilent
        return token

    def keys(self, kid: str) -> dict[str, dict[str, Any]]:
        """Its keys by their names; asked for again where this name is new, but not more often than once a minute."""
        now = time.monotonic()
        if (
            self._keys is None
            or now - self._keys[0] > HOLDS
            or (kid not in self._keys[1] and now - self._keys[0] > AGAIN)
        ):
            self._keys = (now, _named(self._read_about(self._where().keys)))
        return self._keys[1]

    def _where(self) -> Endpoints:
        now = time.monotonic()
        if self._endpoints is None or now - self._endpoints[0] > HOLDS:
            said = self._read_about(self.issuer.rstrip("/") + WELL_KNOWN)
            if said.get("issuer") != self.issuer:
                raise ProviderSilent
            asked = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            way_in, token, keys = (self._own(said.get(name)) for name in asked)
            self._endpoints = (now, Endpoints(way_in, token, keys))
        return self._endpoints[1]

    def _read_about(self, url: str) -> dict[str, Any]:
        """What it publishes about itself."""
        if time.monotonic() - self._silent_since < QUIET:
            raise ProviderSilent
        try:
            return self._ask("GET", url)
        except ProviderSilent:
            self._silent_since = time.monotonic()
            raise

    def _own(self, url: object) -> str:
        """An address of the issuer's own: what it publishes does not send us anywhere else."""
        if not isinstance(url, str) or urlsplit(url)[:2] != urlsplit(self.issuer)[:2]:
            raise ProviderSilent
        return url

    def _ask(self, method: str, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            with (
                httpx.Client(follow_redirects=False, timeout=SECONDS, trust_env=False) as client,
                client.stream(
                    method, url, data=form, headers={"accept": "application/json", "accept-encoding": "identity"}
                ) as answer,
            ):
                found = json.loads(_read(answer))
        except (httpx.HTTPError, ValueError, RecursionError):
            raise ProviderSilent from None
        if not isinstance(found, dict):
            raise ProviderSilent
        return found


def _read(answer: httpx.Response) -> bytes:
    """The body, as far as it is one: a long or slow one is given up."""
    until, body = time.monotonic() + SECONDS, b""
    if answer.status_code != httpx.codes.OK:
        raise ProviderSilent
    for part in answer.iter_raw():
        body += part
        if len(body) > LARGEST or time.monotonic() > until:
            raise ProviderSilent
    return body


def _named(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    keys = said.get("keys")
    if not isinstance(keys, list) or len(keys) > MOST_KEYS or not all(isinstance(key, dict) for key in keys):
        raise ProviderSilent
    names = [key.get("kid") for key in keys if isinstance(key.get("kid"), str)]
    if len(set(names)) != len(names):
        raise ProviderSilent
    return {key["kid"]: key for key in keys if isinstance(key.get("kid"), str)}
