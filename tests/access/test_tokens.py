"""Every forged, broken or foreign token is refused with one and the same error; ours are taken."""

import base64
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from jose import jwk, jwt  # noqa: TID251 - the forger's tool

from app.access.sessions import new_secret
from app.access.tokens import ALGORITHM, AUDIENCE, ISSUER, LIFETIME, LONGEST, BadToken, TokenKey, issue, verify
from tests.conftest import KEYS

PAIR, OTHER = KEYS.token_pair(1), KEYS.token_pair(2)
KEY = TokenKey(PAIR.kid, PAIR.private_pem, PAIR.public_pem)
FOREIGN = TokenKey(OTHER.kid, OTHER.private_pem, OTHER.public_pem)
DER = load_pem_public_key(PAIR.public_pem.encode()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
HEADER: dict[str, Any] = {"alg": ALGORITHM, "typ": "at+jwt", "kid": PAIR.kid}


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {"iss": ISSUER, "aud": AUDIENCE, "sub": "me", "jti": "s", "iat": now, "exp": now + LIFETIME} | changed
    return {name: value for name, value in whole.items() if value is not ...}


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed(body: Any, header: dict[str, Any] | None = None, pem: str = PAIR.private_pem) -> str:
    """Signed with the real key, whatever header and body say."""
    text = f"{part(HEADER if header is None else header)}.{part(body)}"
    return f"{text}.{part(jwk.construct(pem, ALGORITHM).sign(text.encode()))}"


def hmac_signed(secret: bytes) -> str:
    text = f"{part(HEADER | {'alg': 'HS256'})}.{part(claims())}"
    import hashlib
    import hmac

    return f"{text}.{part(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in HEADER.items() if key != name}


GOOD = signed(claims())
HEAD, BODY, SIGNATURE = GOOD.split(".")
NOW = int(time.time())
TWICE = f'{{"iss":"{ISSUER}","aud":"{AUDIENCE}","sub":"a","sub":"b","jti":"s","iat":{NOW},"exp":{NOW + LIFETIME}}}'

BAD: dict[str, object] = {
    "the key of another kid": signed(claims(), HEADER | {"kid": FOREIGN.kid}),
    "another key under our kid": signed(claims(), pem=FOREIGN.private_pem),
    "no kid": signed(claims(), without("kid")),
    "no typ": signed(claims(), without("typ")),
    "wrong typ": signed(claims(), HEADER | {"typ": "JWT"}),
    "HS256 with the DER key": hmac_signed(DER),
    "HS256 with the PEM key": hmac_signed(PAIR.public_pem.encode()),
    "HS256 with the PEM body": hmac_signed("".join(PAIR.public_pem.splitlines()[1:-1]).encode()),
    "HS256 with an empty secret": hmac_signed(b""),
    "none": f"{part(HEADER | {'alg': 'none'})}.{part(claims())}.",
    "none with a signature": f"{part(HEADER | {'alg': 'none'})}.{part(claims())}.{SIGNATURE}",
    "NoNe": f"{part(HEADER | {'alg': 'NoNe'})}.{part(claims())}.{SIGNATURE}",
    "kid that climbs": signed(claims(), HEADER | {"kid": "../../keys/master.key"}),
    "a list as kid": signed(claims(), HEADER | {"kid": [PAIR.kid]}),
    "its own key in the header": signed(claims(), HEADER | {"jwk": {"kty": "EC"}}),
    "crit": signed(claims(), HEADER | {"crit": ["b64"]}),
    "a list of audiences": signed(claims(aud=[AUDIENCE])),
    "another audience": signed(claims(aud="somebody")),
    "another issuer": signed(claims(iss="somebody")),
    "expired": signed(claims(iat=NOW - 2000, exp=NOW - 1100)),
    "exp as text": signed(claims(exp=str(NOW + 60))),
    "exp far away": signed(claims(exp=NOW + 10 * LIFETIME)),
    "exp true": signed(claims(exp=True)),
    "exp null": signed(claims(exp=None)),
    "exp as a fraction": signed(claims(exp=NOW + 60.5)),
    "exp before iat": signed(claims(iat=NOW + 3, exp=NOW + 2)),
    "iat in the future": signed(claims(iat=NOW + 600, exp=NOW + 1200)),
    "sub as a number": signed(claims(sub=7)),
    "a claim said twice": signed(TWICE.encode()),
    "a cut signature": GOOD[:-6],
    "a changed body": f"{HEAD}.{part(claims(sub='you'))}.{SIGNATURE}",
    "a body that is a list": signed([1, 2]),
    "5,000 characters": f"{HEAD}.{'A' * 5000}.{SIGNATURE}",
    "empty": "",
    "bytes": GOOD.encode(),
    "nothing": None,
    "two points": "..",
    "five parts": f"{GOOD}.{BODY}.{BODY}",
    "with a line break": GOOD + "\n",
    **{f"no {name}": signed(claims(**{name: ...})) for name in ("aud", "iss", "exp", "iat", "sub", "jti")},
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD.keys())
def test_a_bad_token_is_refused_and_nobody_learns_why(token: object) -> None:
    with pytest.raises(BadToken) as refused:
        verify(token, {KEY.kid: KEY})
    assert refused.value.args == ()
    assert refused.value.__cause__ is None


def test_there_are_at_least_the_vectors_that_were_reproduced() -> None:
    assert len(BAD) >= 34


def test_our_token_is_taken_and_holds_what_was_put_in() -> None:
    token = issue(KEY, subject="me", session="a-session", now=int(time.time()))
    assert len(token) < LONGEST
    found = verify(token, {KEY.kid: KEY})
    assert (found["sub"], found["jti"]) == ("me", "a-session")


def test_while_keys_change_the_old_ones_tokens_live_on_until_it_is_taken_away() -> None:
    token = issue(KEY, subject="me", session=new_secret(), now=int(time.time()))
    assert verify(token, {KEY.kid: KEY, FOREIGN.kid: FOREIGN})["sub"] == "me"
    with pytest.raises(BadToken):
        verify(token, {FOREIGN.kid: FOREIGN})


def test_the_library_alone_would_have_taken_some_of_them() -> None:
    """The reason for the wrapper; when this fails, the library has been mended and the wrapper may be thinned."""
    taken = jwt.decode(signed(claims(aud=...)), PAIR.public_pem, algorithms=[ALGORITHM], audience=AUDIENCE)
    assert taken["sub"] == "me"
