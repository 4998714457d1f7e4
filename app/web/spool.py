"""A file on its way in with a form: in memory while it is small, then sealed piece by piece; never in plain on disk."""

import io
from collections.abc import Iterator

from app.infra.arriving import Arrival
from app.infra.storage import Storage
from app.web.sealed_field import new_id

IN_MEMORY = 256 * 1024


class SealedSpool(io.BufferedIOBase):
    """Written once from front to back, then read from front to back as often as anybody likes."""

    # Starlette writes to a file that says so in a thread.
    _rolled = True

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._owner = new_id()
        self._arrival: Arrival | None = None
        self._waiting = bytearray()
        self._kept = 0
        self._coming: Iterator[bytes] | None = None
        self._left = b""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        if len(self._waiting) >= IN_MEMORY:
            self._keep()
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        if offset or whence:
            raise ValueError("this file is read from its beginning")
        self._coming, self._left = None, b""
        return 0

    def tell(self) -> int:
        return self._kept + len(self._waiting)

    def read(self, size: int | None = -1) -> bytes:
        if self._coming is None:
            self._coming = self._pieces()
        size = -1 if size is None else size
        while size < 0 or len(self._left) < size:
            piece = next(self._coming, b"")
            if not piece:
                break
            self._left += piece
        size = len(self._left) if size < 0 else size
        piece, self._left = self._left[:size], self._left[size:]
        return piece

    def close(self) -> None:
        """What somebody wanted was stored by now; the rest leaves nothing."""
        if self._arrival is not None:
            self._arrival.drop()
            self._arrival = None
        super().close()

    def _keep(self) -> None:
        if self._arrival is None:
            # Nobody asks for it by name: what a killed process leaves of it is swept like any upload that was cut off.
            self._arrival = Arrival(self._storage, self._owner, new_id())
        self._arrival.add(self._kept, bytes(self._waiting))
        self._kept += len(self._waiting)
        self._waiting.clear()

    def _pieces(self) -> Iterator[bytes]:
        if self._arrival is not None:
            yield from self._arrival.pieces()
        yield bytes(self._waiting)
