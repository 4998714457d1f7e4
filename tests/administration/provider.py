"""A small provider of single sign-on on this machine, which can also be made to lie."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jose import jwt  # noqa: TID251 - the other side's tool, and the forger's

CLIENT = "candor-tests"


def text_of(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Key:
    """One RSA key pair with a name."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        self.public_der = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def jwk(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "kid": self.kid,
            "use": "sig",
            "alg": "RS256",
            "n": text_of(numbers.n),
            "e": text_of(numbers.e),
        }


KEY, FOREIGN = Key("k1"), Key("k2")


class FakeProvider:
    """Answers at its own port; what a test sets in `lies` replaces an answer."""

    def __init__(self) -> None:
        self.lies: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.said: dict[str, Any] = {}
        self.changed: dict[str, Any] = {}
        self.token: Callable[[dict[str, Any]], str] = self.sign
        self.used: set[str] = set()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self)

            def do_POST(self) -> None:
                provider.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        path = urlsplit(asked.path).path
        if path in self.lies:
            self.lies[path](asked)
            return
        give(
            asked,
            getattr(self, {"/.well-known/openid-configuration": "about", "/keys": "keys", "/token": "exchange"}[path])(
                asked
            ),
        )

    def about(self, _: Any) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.said

    def keys(self, _: Any) -> dict[str, Any]:
        return {"keys": [KEY.jwk]}

    def exchange(self, asked: Any) -> dict[str, Any]:
        form = {
            name: values[0]
            for name, values in parse_qs(asked.rfile.read(int(asked.headers["content-length"])).decode()).items()
        }
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if digest != self.asked["code_challenge"] or form["code"] in self.used:
            return {"error": "invalid_grant"}
        self.used.add(form["code"])
        return {"id_token": self.token(self.claims())}

    def claims(self) -> dict[str, Any]:
        now = int(time.time())
        whole = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "s-1",
            "nonce": self.asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "groups": ["investigators"],
        } | self.changed
        return {name: value for name, value in whole.items() if value is not ...}

    def sign(self, claims: dict[str, Any], key: Key = KEY, **header: Any) -> str:
        token: str = jwt.encode(claims, key.pem, algorithm="RS256", headers={"kid": key.kid} | header)
        return token

    def seen(self, address: str) -> dict[str, str]:
        """What the browser brings along when it is sent here."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return self.asked


def give(asked: BaseHTTPRequestHandler, body: Any, status: int = 200, **headers: str) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    asked.send_response(status)
    for name, value in headers.items():
        asked.send_header(name, value)
    asked.send_header("content-length", str(len(data)))
    asked.end_headers()
    asked.wfile.write(data)


def by_hmac(claims: dict[str, Any], secret: bytes) -> str:
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': KEY.kid})}.{part(claims)}"
    signature = base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).decode().rstrip("=")
    return f"{text}.{signature}"


def unsigned(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'typ': 'JWT', 'kid': KEY.kid})}.{part(claims)}."
