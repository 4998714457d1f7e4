"""What a machine's token looks like: so that a scanner finds one that leaked, and a typing error is not looked up."""

import re
import secrets
import zlib

PREFIX = "candor_mt_"
# For scanners of secrets; docs/machines.md gives it to whoever runs one.
SHAPE = re.compile(r"candor_mt_[A-Za-z0-9_-]{43}[0-9a-f]{8}", re.ASCII)
SUM = 8
HINT = len(PREFIX) + 4


def new_machine_token() -> str:
    """256 random bits behind the prefix, and a sum of both."""
    body = PREFIX + secrets.token_urlsafe(32)
    return body + _sum_of(body)


def is_machine_token(text: str) -> bool:
    """True where the shape and the sum are right; whether it opens anything is the database's to say."""
    return SHAPE.fullmatch(text) is not None and _sum_of(text[:-SUM]) == text[-SUM:]


def _sum_of(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
