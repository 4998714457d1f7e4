"""Reads a posted form in memory, bounded: nothing a person sends is ever written to disk in the clear."""

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from app.kernel.errors import Invalid

MOST_FILES = 1
MOST_FIELDS = 200
LARGEST_FIELD = 256 * 1024
LARGEST_FILE = 20 * 1024 * 1024

# Above this size Starlette would spool a part to a temporary file in the clear; the body limit keeps it from that.
MultiPartParser.spool_max_size = LARGEST_FILE + 1024 * 1024


async def read_form(request: Request) -> FormData:
    """The fields and files of this request."""
    try:
        return await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
    except MultiPartException:
        raise Invalid({"": "The form did not arrive whole. Please send it again."}) from None
    except UnicodeDecodeError:
        raise Invalid({"": "The form holds characters that cannot be read."}) from None
