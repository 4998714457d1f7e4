"""Which filers' cookies ended before their time: a few bytes each in shared memory, until the cookie ends by itself."""

import hmac
import mmap
import secrets

SLOTS = 1 << 16
WINDOW = 32
TAG = 8
ROW = TAG + 8


class Ended:
    """What was signed out, for all workers together.

    Made before the workers are forked, so that they share its memory: nothing of it is on a disk or in the database,
    and it holds neither a passphrase nor a cookie, only a keyed hash of a random mark. It does not grow: where a place
    is taken, the one that would end first makes room.
    """

    def __init__(self) -> None:
        self._rows = mmap.mmap(-1, (SLOTS + WINDOW) * ROW)
        self._seed = secrets.token_bytes(32)

    def end(self, mark: bytes, until: int) -> None:
        """From here on every cookie with this mark is ended; none of them lives longer than until then."""
        tag, start = self._place(mark)
        rows = self._window(start)
        taken = next((at for at, row in enumerate(rows) if row[:TAG] == tag), None)
        at = min(range(WINDOW), key=lambda each: rows[each][TAG:]) if taken is None else taken
        self._rows[start + at * ROW : start + (at + 1) * ROW] = tag + until.to_bytes(8)

    def has(self, mark: bytes, now: int) -> bool:
        """True while cookies with this mark open nothing."""
        tag, start = self._place(mark)
        return any(row[:TAG] == tag and int.from_bytes(row[TAG:]) > now for row in self._window(start))

    def _place(self, mark: bytes) -> tuple[bytes, int]:
        digest = hmac.digest(self._seed, mark, "sha256")
        return digest[:TAG], int.from_bytes(digest[TAG : TAG + 4]) % SLOTS * ROW

    def _window(self, start: int) -> list[bytes]:
        rows = self._rows[start : start + WINDOW * ROW]
        return [rows[at : at + ROW] for at in range(0, WINDOW * ROW, ROW)]
