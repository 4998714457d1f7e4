"""The public word list that passphrases and recovery sheets are written with."""

import hashlib
from functools import cache
from importlib.resources import files

# Every passphrase given out depends on this very list, in this very order: the EFF's long one (CC BY 3.0).
DIGEST = "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522"


class WordListChanged(Exception):
    """The installed list is another one: with it, no passphrase already given out would be found."""


@cache
def wordlist() -> tuple[str, ...]:
    data = files("xkcdpass").joinpath("static", "eff-long").read_bytes()
    if hashlib.sha256(data).hexdigest() != DIGEST:
        raise WordListChanged("The installed xkcdpass has another eff-long list; install the locked version.")
    return tuple(data.decode("ascii").split())
