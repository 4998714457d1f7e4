"""A small picture of a few lines and a code, black on white: made on the spot, kept nowhere."""

from collections.abc import Sequence
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH = 720
MARGIN = 40
MODULE = 8
GAP = 14


def card_of(lines: Sequence[tuple[int, str]], code: str) -> bytes:
    """A PNG with these lines, each in its size, and under them the code that holds the text. Plain letters only."""
    matrix = segno.make(code, error="m", micro=False).matrix
    high = sum(size + GAP for size, _ in lines)
    picture = Image.new("1", (WIDTH, high + len(matrix) * MODULE + 3 * MARGIN), 1)
    pen = ImageDraw.Draw(picture)
    top = MARGIN
    for size, line in lines:
        pen.text((MARGIN, top), line, font=ImageFont.load_default(size), fill=0)
        top += size + GAP
    _draw_code(pen, matrix, top + MARGIN)
    return _png(picture)


def _draw_code(pen: ImageDraw.ImageDraw, matrix: Sequence[bytearray], top: int) -> None:
    for down, row in enumerate(matrix):
        for across, dark in enumerate(row):
            if dark:
                left, upper = MARGIN + across * MODULE, top + down * MODULE
                pen.rectangle((left, upper, left + MODULE - 1, upper + MODULE - 1), fill=0)


def _png(picture: Image.Image) -> bytes:
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
