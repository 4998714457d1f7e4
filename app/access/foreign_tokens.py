"""Tokens of the provider of single sign-on: one algorithm, its own keys alone, every claim checked, one error."""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.access.tokens import BadToken, checked, header_of, number_of

Algorithm = Literal["RS256", "ES256"]
LONGEST = 16_384
# How old a token may be that has come to us at once, and how far two clocks may differ.
FRESH = 300
LEEWAY = 30
LONGEST_NAME = 255
SMALLEST_RSA = 2048
HEADER = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
LOG_OUT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True)
class Expected:
    """Whose token it must be, for whom, by which algorithm."""

    issuer: str
    client: str
    algorithm: Algorithm


def verify_identity(
    token: object, keys: Mapping[str, Mapping[str, Any]], expected: Expected, nonce: str
) -> dict[str, Any]:
    """The claims of an ID token that answers this very question. Raises BadToken for anything else."""
    try:
        claims = _claims(token, keys, expected, {"JWT"}, ("sub", "nonce"))
        _check("sid" not in claims or _fits("sid", claims["sid"]))
        _check(hmac.compare_digest(claims["nonce"].encode(), nonce.encode()))
    except Exception:  # noqa: BLE001 - whatever is wrong with a token, the answer is the same
        raise BadToken from None
    return claims


def verify_log_out(token: object, keys: Mapping[str, Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    """The claims of a token that ends a person's sessions, or the one of a `sid`. Raises BadToken for anything else."""
    try:
        claims = _claims(token, keys, expected, {"JWT", "logout+jwt"}, ("jti", "events"))
        whose = [name for name in ("sub", "sid") if name in claims]
        _check(bool(whose) and all(_fits(name, claims[name]) for name in whose))
        _check("nonce" not in claims and claims["events"].get(LOG_OUT) == {})
    except Exception:  # noqa: BLE001 - the same
        raise BadToken from None
    return claims


def _check(holds: bool) -> None:  # noqa: FBT001 - read as a sentence where it is called
    if not holds:
        raise BadToken


def _claims(
    token: object, keys: Mapping[str, Mapping[str, Any]], expected: Expected, types: set[str], needed: tuple[str, ...]
) -> dict[str, Any]:
    header = header_of(token, LONGEST)
    if not {"alg", "kid"} <= set(header) <= HEADER or header["alg"] != expected.algorithm:
        raise BadToken
    if header.get("typ", "JWT") not in types:
        raise BadToken
    claims = checked(
        str(token), _pem(keys[header["kid"]], expected.algorithm), expected.algorithm, expected.issuer, expected.client
    )
    _check_party(claims, expected.client)
    _check_time(claims)
    if any(not _fits(name, claims.get(name)) for name in needed):
        raise BadToken
    return claims


def _fits(name: str, value: object) -> bool:
    """Names are plain words, as the standard has them: what no database takes never comes to one."""
    if name == "events":
        return isinstance(value, dict) and bool(value)
    plain = isinstance(value, str) and value.isascii() and value.isprintable()
    return plain and 0 < len(str(value).strip()) <= LONGEST_NAME


def _check_party(claims: dict[str, Any], client: str) -> None:
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if client not in audience or (len(audience) > 1 and claims.get("azp") != client):
        raise BadToken
    if claims.get("azp", client) != client:
        raise BadToken


def _check_time(claims: dict[str, Any]) -> None:
    now = time.time()
    if type(claims["exp"]) is not int or type(claims["iat"]) is not int or claims["exp"] <= claims["iat"]:
        raise BadToken
    if not now - FRESH - LEEWAY <= claims["iat"] <= now + LEEWAY:
        raise BadToken


def _pem(key: Mapping[str, Any], algorithm: Algorithm) -> str:
    """A key made of its numbers, which fits the algorithm: never the text that somebody sent, never a secret one."""
    if key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm or "d" in key or "k" in key:
        raise BadToken
    public = _rsa(key) if algorithm == "RS256" else _elliptic(key)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _rsa(key: Mapping[str, Any]) -> rsa.RSAPublicKey:
    if key["kty"] != "RSA":
        raise BadToken
    public = rsa.RSAPublicNumbers(number_of(key["e"]), number_of(key["n"])).public_key()
    if public.key_size < SMALLEST_RSA:
        raise BadToken
    return public


def _elliptic(key: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    if (key["kty"], key["crv"]) != ("EC", "P-256"):
        raise BadToken
    return ec.EllipticCurvePublicNumbers(number_of(key["x"]), number_of(key["y"]), ec.SECP256R1()).public_key()
