"""The one place that touches JSON Web Tokens: ES256 only, every claim required, one error without detail."""

import base64
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from jose import jwt

ALGORITHM = "ES256"
TYPE = "at+jwt"
ISSUER = "candor"
AUDIENCE = "candor-api"
LIFETIME = 15 * 60
LONGEST = 4096
LEEWAY = 5
CLAIMS = ("aud", "iss", "exp", "iat", "sub", "jti")
_SHAPE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class BadToken(Exception):
    """The token is not good; why is nobody's business."""


@dataclass(frozen=True)
class TokenKey:
    """One key pair, named by `kid`; keys come from the installation, never from a token."""

    kid: str
    private_pem: str
    public_pem: str


def issue(key: TokenKey, *, subject: str, session: str, now: int) -> str:
    """A token that points at a server-side session; without that session it opens nothing."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "jti": session,
        "iat": now,
        "exp": now + LIFETIME,
    }
    token: str = jwt.encode(claims, key.private_pem, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": key.kid})
    return token


def verify(token: object, keys: dict[str, TokenKey]) -> dict[str, Any]:
    """The claims of a good token. Raises BadToken for anything else."""
    try:
        key = keys[_header(token)["kid"]]
        required: dict[str, object] = {f"require_{name}": True for name in CLAIMS}
        claims: dict[str, Any] = jwt.decode(
            token,
            key.public_pem,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={**required, "leeway": LEEWAY},
        )
        _check_claims(str(token), claims)
    except Exception:  # noqa: BLE001 - whatever is wrong with a token, the answer is the same
        raise BadToken from None
    return claims


def _check_claims(token: str, claims: dict[str, Any]) -> None:
    body = token.split(".")[1]
    json.loads(base64.urlsafe_b64decode(body + "=="), object_pairs_hook=_no_repeats)
    if type(claims["exp"]) is not int or type(claims["iat"]) is not int or claims["aud"] != AUDIENCE:
        raise BadToken
    lifetime = claims["exp"] - claims["iat"]
    if claims["iat"] > time.time() + LEEWAY or not 0 < lifetime <= LIFETIME:
        raise BadToken


def header_of(token: object, longest: int = LONGEST) -> dict[str, Any]:
    """The header of what looks like a token; nothing in it is believed yet."""
    if not isinstance(token, str) or len(token) > longest or not _SHAPE.fullmatch(token):
        raise BadToken
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="), object_pairs_hook=_no_repeats)
    if not isinstance(header, dict):
        raise BadToken
    return header


def checked(token: str, public_pem: str, algorithm: str, issuer: str, audience: str) -> dict[str, Any]:
    """The claims of somebody else's token, signed by this key and algorithm; whoever calls checks the rest of them."""
    required = {f"require_{name}": True for name in ("aud", "iss", "exp", "iat")}
    options = {**required, "leeway": LEEWAY, "verify_at_hash": False}
    claims: dict[str, Any] = jwt.decode(
        token, public_pem, algorithms=[algorithm], audience=audience, issuer=issuer, options=options
    )
    json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="), object_pairs_hook=_no_repeats)
    return claims


def number_of(text: str) -> int:
    """A number of a key, as keys are published."""
    return int.from_bytes(base64.urlsafe_b64decode(text + "=="))


def _header(token: object) -> dict[str, Any]:
    header = header_of(token)
    if set(header) != {"alg", "typ", "kid"}:
        raise BadToken
    if header["alg"] != ALGORITHM or header["typ"] != TYPE:
        raise BadToken
    return header


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadToken
    return found
