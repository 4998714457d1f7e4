"""A security key made of software: what a browser would hand on from one, good or bad as a test asks."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Authenticator:
    """One key for one site."""

    rp_id: str = "localhost"
    origin: str = "http://localhost:8000"
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, options: str, **other: Any) -> str:
        """The answer to `navigator.credentials.create`."""
        client = self._client("webauthn.create", options, other)
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        there = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + cbor2.dumps(cose)
        data = self._data(WITH_KEY, other) + there
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": b64(client), "attestationObject": b64(attested)})

    def use(self, options: str, **other: Any) -> str:
        """The answer to `navigator.credentials.get`."""
        self.count = other.get("count", self.count + 1)
        client = self._client("webauthn.get", options, other)
        data = self._data(0, other)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        if other.get("tampered"):
            data = data[:33] + (self.count + 7).to_bytes(4)
        response = {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signed)}
        return self._answer(response)

    def _client(self, kind: str, options: str, other: dict[str, Any]) -> bytes:
        challenge = other.get("challenge", json.loads(options)["challenge"])
        origin = other.get("origin", self.origin)
        said = {"type": other.get("type", kind), "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, flags: int, other: dict[str, Any]) -> bytes:
        flags |= other.get("flags", PRESENT | VERIFIED)
        rp_id = other.get("rp_id", self.rp_id)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _answer(self, response: dict[str, str]) -> str:
        name = b64(self.credential_id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}
        )
