"""Codes in place of a key: six digits that an app makes anew each half minute, and words on paper that work once."""

import hmac
import re
import secrets

import pyotp
import segno

STEP_SECONDS = 30
# A telephone's clock may be half a minute off, in either direction.
STEPS_OFF = 1
DIGITS = re.compile(r"\d{6}", re.ASCII)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAPER = re.compile(f"[{ALPHABET}]{{10}}", re.ASCII)
_HALF = 5
_LOOKS_LIKE = str.maketrans("OILU", "011V")


def new_secret() -> str:
    """160 random bits, as an app takes them."""
    return pyotp.random_base32()


def address_of(secret: str, name: str, issuer: str) -> str:
    """What the app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def picture_of(address: str) -> str:
    """The same as a picture that a page may hold: an address of its own data."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def step_of(secret: str, code: str, now: int, last_step: int) -> int | None:
    """The half minute that this code is of, if it is near and later than the last one taken; each works once."""
    if not DIGITS.fullmatch(code):
        return None
    app, current = pyotp.HOTP(secret), now // STEP_SECONDS
    near = range(max(current - STEPS_OFF, last_step + 1), current + STEPS_OFF + 1)
    return next((step for step in near if hmac.compare_digest(app.at(step), code)), None)


def new_paper_code() -> str:
    """Fifty random bits that can be read out over the telephone: no letter that looks like a digit."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(2 * _HALF))
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def plain(typed: str) -> str:
    """As it was meant: without blanks and hyphens, and with letters that look like digits read as those."""
    return re.sub(r"[\s-]", "", typed).upper().translate(_LOOKS_LIKE)


def is_paper(code: str) -> bool:
    """True for the shape of a code on paper, once it is plain."""
    return PAPER.fullmatch(code) is not None


def paper_hash(key: bytes, account: bytes, code: str) -> bytes:
    """What is kept of one: of no use without the installation's key, nor for another person."""
    return hmac.digest(key, account + plain(code).encode(), "sha256")
