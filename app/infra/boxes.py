"""A sealed box: whoever knows the public half of a key can close one, and only the key opens it (X25519)."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.infra.sealing import KEY, SealingError, open_sealed, seal

# The first byte of a box; what is wrapped under the key itself begins with another one.
VERSION = b"\x02"


def public_of(key: bytes) -> bytes:
    """The half of an identity key that may be known."""
    return _private(key).public_key().public_bytes_raw()


def close_box(public: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Sealed to whoever holds the key; the maker of the box cannot open it again."""
    once = X25519PrivateKey.generate()
    shown = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return VERSION + shown + seal(_box_key(shared, shown, public), plaintext, aad)


def open_box(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """What was put into it, at this place and under this key; one error for everything else."""
    shown, body = sealed[1 : 1 + KEY], sealed[1 + KEY :]
    if sealed[:1] != VERSION or len(shown) != KEY:
        raise SealingError
    private = _private(key)
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(shown))
    except ValueError:
        raise SealingError from None
    return open_sealed(_box_key(shared, shown, private.public_key().public_bytes_raw()), body, aad)


def is_box(sealed: bytes) -> bool:
    """True where it was closed with a public half."""
    return sealed[:1] == VERSION


def _private(key: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_derived(key, b"candor|v1|identity-box"))


def _box_key(shared: bytes, shown: bytes, public: bytes) -> bytes:
    return _derived(shared, b"candor|v1|box|" + shown + public)


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=info).derive(secret)
