"""Small real files for the demonstration: a picture and a paper, made in code, the same bytes for the same seed."""

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 96, 72
SKY, GROUND = (176, 196, 214), (120, 116, 108)


def png(rng: Random) -> bytes:
    """A little street: sky, ground and a few houses as blocks of one colour."""
    houses = [
        (rng.randrange(0, WIDTH - 18), rng.randrange(18, 40), rng.randrange(10, 18), rng.randrange(90, 200))
        for _ in range(rng.randint(3, 6))
    ]
    rows = b"".join(b"\x00" + b"".join(bytes(_dot(x, y, houses)) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _dot(x: int, y: int, houses: list[tuple[int, int, int, int]]) -> tuple[int, int, int]:
    for left, top, wide, shade in houses:
        if left <= x < left + wide and top <= y < 54:
            return (shade, shade - 20, shade - 34)
    return SKY if y < 54 else GROUND


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pdf(lines: list[str]) -> bytes:
    """One page with a few lines of text, in the plainest PDF there is."""
    safe = [line.encode("latin-1", "replace").decode("latin-1") for line in lines]
    escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in safe]
    words = "BT /F1 12 Tf 72 720 Td 18 TL " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(words.encode('latin-1'))} >>\nstream\n{words}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode("latin-1")
