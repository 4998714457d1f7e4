"""Reads a posted form in memory, bounded: nothing a person sends is ever written to disk in the clear."""

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.kernel.errors import Invalid

MOST_FILES = 1
MOST_FIELDS = 200
LARGEST_FIELD = 256 * 1024
MOST_WORDS = 1024 * 1024
LARGEST_FILE = 20 * 1024 * 1024
# A larger file is read to its end and let go of: only so can the form come back with what is wrong and all its words.
LARGEST_READ = 512 * 1024 * 1024

# Above this size Starlette would spool a part to a temporary file in the clear; the body limit keeps it from that.
MultiPartParser.spool_max_size = LARGEST_FILE + 1024 * 1024


class _Bounded(MultiPartParser):
    """Lets go of a file that grows too large and reads on, so that the rest of the form is not lost with it."""

    _length = 0
    _words = 0

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
            request.stream(),
            max_files=MOST_FILES,
            max_fields=MOST_FIELDS,
            max_part_size=LARGEST_FIELD,
        )
        return await parser.parse()
    except MultiPartException:
        raise Invalid({"": "The form did not arrive whole. Please send it again."}) from None
    except UnicodeDecodeError:
        raise Invalid({"": "The form holds characters that cannot be read."}) from None
