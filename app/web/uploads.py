"""Reads a posted form, bounded: nothing a person sends is ever written to disk in the clear."""

import asyncio
from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.infra.storage import NoRoom, Storage
from app.kernel.errors import Invalid
from app.web.spool import SealedSpool
from app.web.tus import NO_ROOM

MOST_FILES = 1
MOST_FIELDS = 200
LARGEST_FIELD = 256 * 1024
MOST_WORDS = 1024 * 1024
LARGEST_FILE = 2_000_000_000
# A larger file is read to its end and let go of: only so can the form come back with what is wrong and all its words.
LARGEST_READ = LARGEST_FILE + 512 * 1024 * 1024
IDLE = 60.0  # seconds without a byte
UNREADABLE = "The form did not arrive whole. Please send it again."


class _Bounded(MultiPartParser):
    """Seals a file as it comes; lets go of one that grows too large and reads on, so that the words are not lost."""

    _length = 0
    _words = 0
    storage: Storage

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        part = self._current_part
        if part.file is not None:
            spool = SealedSpool(self.storage)
            part.file.file.close()
            part.file.file = spool  # type: ignore[assignment]
            self._files_to_close_on_error[-1] = spool  # type: ignore[call-overload]

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self._length = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._length += end - start
        if self._current_part.file is None:
            self._words += end - start
            if self._words > MOST_WORDS:
                raise MultiPartException("too many words")
        if self._current_part.file is None or self._length <= LARGEST_FILE:
            super().on_part_data(data, start, end)

    def on_part_end(self) -> None:
        if self._current_part.file is not None and self._length > LARGEST_FILE:
            self._let_go.append(self._current_part.file)
        super().on_part_end()

    async def parse(self) -> FormData:
        self._let_go: list[UploadFile] = []
        data = await super().parse()
        for file in self._let_go:
            file.size = LARGEST_FILE + 1
        return data


def is_too_large(file: UploadFile) -> bool:
    """True where the file was let go of."""
    return (file.size or 0) > LARGEST_FILE


async def read_form(request: Request) -> FormData:
    """The fields and files of this request."""
    try:
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            return await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
        parser = _Bounded(
            request.headers,
            _patient(request),
            max_files=MOST_FILES,
            max_fields=MOST_FIELDS,
            max_part_size=LARGEST_FIELD,
        )
        parser.storage = request.app.state.house.storage
        return await parser.parse()
    except (MultiPartException, TimeoutError):
        raise Invalid({"": UNREADABLE}) from None
    except NoRoom:
        raise Invalid({"": NO_ROOM}) from None
    except UnicodeDecodeError:
        raise Invalid({"": "The form holds characters that cannot be read."}) from None


async def _patient(request: Request) -> AsyncGenerator[bytes, None]:
    """The body, for as long as something comes: a line that fell silent holds nothing here."""
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(IDLE):
                data = await anext(stream)
        except StopAsyncIteration:
            return
        yield data
