"""The one place that touches WebAuthn: what a browser is asked, and whether what it answers is good."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LONGEST = 16_000
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# A browser takes no passkey for a number in place of a name; on this very machine it takes this name.
NUMBERS_AT_HOME = {"127.0.0.1": "localhost", "[::1]": "localhost", "::1": "localhost"}


class BadPasskey(Exception):
    """It is not good; why is of use to an attacker only."""


@dataclass(frozen=True)
class Site:
    """For which site a passkey is made: it answers to no other."""

    rp_id: str
    origin: str
    name: str

    @classmethod
    def at(cls, base_url: str, name: str) -> "Site":
        """By the address of the installation."""
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        rp_id = NUMBERS_AT_HOME.get(host, host)
        port = f":{parts.port}" if parts.port else ""
        return cls(rp_id, f"{parts.scheme}://{rp_id}{port}", name)


@dataclass(frozen=True)
class Asked:
    """What the browser is given, as JSON, and the challenge inside it, which we keep."""

    options: str
    challenge: bytes


@dataclass(frozen=True)
class NewPasskey:
    """What is kept of one that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_to_make(site: Site, account: bytes, name: str, display_name: str, there: Sequence[bytes]) -> Asked:
    """For a new passkey: one that the device itself finds again and that asks for a finger, a face or a PIN."""
    made = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site.name,
        user_id=account,
        user_name=name,
        user_display_name=display_name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in there],
        supported_pub_key_algs=ALGORITHMS,
    )
    return Asked(options_to_json(made), made.challenge)


def ask_to_use(site: Site, allowed: Sequence[bytes]) -> Asked:
    """For one that is there; without a list the device offers what it has for this site."""
    made = generate_authentication_options(
        rp_id=site.rp_id,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(options_to_json(made), made.challenge)


def made_by(site: Site, answer: str, challenge: bytes) -> NewPasskey:
    """The passkey that a browser made, or BadPasskey."""
    try:
        _check_length(answer)
        good = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the answer is the same
        raise BadPasskey from None
    return NewPasskey(good.credential_id, good.credential_public_key, good.sign_count)


def credential_id_of(answer: str) -> bytes:
    """Which passkey says it answers; whether it is that one is another question."""
    try:
        _check_length(answer)
        return base64url_to_bytes(parse_authentication_credential_json(answer).id)
    except Exception:  # noqa: BLE001 - as above
        raise BadPasskey from None


def count_of(site: Site, answer: str, challenge: bytes, public_key: bytes) -> int:
    """How often the passkey says it was used, once its signature is good; or BadPasskey.

    Whether it counts backwards is for the caller, who keeps the last count and must journal that.
    """
    try:
        good = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - as above
        raise BadPasskey from None
    return good.new_sign_count


def has_fallen_back(before: int, now: int) -> bool:
    """True where a count stands still or falls: then there may be two of what should be one."""
    return (before > 0 or now > 0) and now <= before


def _check_length(answer: str) -> None:
    if len(answer) > LONGEST:
        raise BadPasskey
