"""A look at a stored file, block by block, that ends: whoever builds a file of a million tiny parts tires nobody."""

from app.infra.storage import CHUNK, Storage, StoredFile

MOST_BLOCKS = 1000
MOST_LOOKS = 50_000
LARGEST_LOOK = 256 * 1024


class TooFar(Exception):
    """More of the file was asked for than any honest one needs."""


class Window:
    """Reads a stretch of the file; the last block stays at hand."""

    def __init__(self, storage: Storage, stored: StoredFile) -> None:
        self.size = stored.size
        self._storage, self._stored = storage, stored
        self._blocks = self._looks = 0
        self._at, self._block = -1, b""

    def __call__(self, start: int, length: int) -> bytes:
        """What lies there; shorter at the end of the file."""
        self._looks += 1
        if self._looks > MOST_LOOKS or length > LARGEST_LOOK or start < 0:
            raise TooFar
        end = min(start + length, self.size)
        found = [self._of(at)[max(start - at, 0) : end - at] for at in range(start // CHUNK * CHUNK, end, CHUNK)]
        return b"".join(found)

    def _of(self, at: int) -> bytes:
        if at != self._at:
            self._blocks += 1
            if self._blocks > MOST_BLOCKS:
                raise TooFar
            self._at, self._block = at, b"".join(self._storage.read_range(self._stored, at, CHUNK))
        return self._block
