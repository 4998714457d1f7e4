"""Says in which direction words of an unknown language run: the renderer of papers does not look for itself."""

import re
import unicodedata

AUTO = re.compile(r'\bdir="auto"([^>]*>)')
TAG = re.compile(r"<[^>]*>")
# As far as one looks for a letter that runs one way: what follows belongs to somebody else's words.
FAR = 2000


def with_directions(html: str) -> str:
    """The paper with each `dir="auto"` settled by the first letter that runs one way, as a browser would."""
    return AUTO.sub(lambda found: f'dir="{_runs(html[found.end() : found.end() + FAR])}"{found[1]}', html)


def _runs(html: str) -> str:
    """Right to left where the first letter is of such a script."""
    for sign in TAG.sub("", html):
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"
