"""What a file says of itself as one safe line each: cut, cleaned, and the first word for each fact."""

import re

from pydantic_core import PydanticCustomError

from app.kernel.text import clean_line

LONGEST = 120
NOT_LEGIBLE = "not legible"
# Degrees, degrees and minutes, or those and seconds: how many digits stand before the point says which (ISO 6709).
_POINT = re.compile(
    r"([+-])(\d{6}|\d{4}|\d{2})(\.\d{1,12})?([+-])(\d{7}|\d{5}|\d{3})(\.\d{1,12})?([+-]\d{1,6}(?:\.\d{1,6})?)?",
    re.ASCII,
)
_MOMENT = re.compile(r"(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})", re.ASCII)


class Found:
    """The facts found so far, under their names."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}

    def add(self, name: str, said: bytes | str) -> None:
        """Keeps it where nothing was said of that before."""
        line = line_of(said)
        if line:
            self.lines.setdefault(name, line)

    def add_point(self, said: bytes | str) -> None:
        """A place as films write it, +42.3601-071.0589+005/; what is written otherwise stays as it is."""
        line = line_of(said)
        read = _POINT.match(line)
        if read is None:
            return self.add("place", line)
        self.add_degrees(_degrees(read[1], read[2], read[3], 2), _degrees(read[4], read[5], read[6], 3))
        if read[7]:
            self.add("height", f"{float(read[7]):g} m")
        return None

    def add_degrees(self, north: float, east: float) -> None:
        """A place on this earth."""
        if abs(north) <= 90 and abs(east) <= 180:
            self.add("place", f"{abs(north):.5f} {'NS'[north < 0]}, {abs(east):.5f} {'EW'[east < 0]}")


def line_of(said: bytes | str) -> str:
    """One line without what misleads the eye, no longer than anybody reads."""
    text = said[: 4 * LONGEST].decode("utf-8", "replace") if isinstance(said, bytes) else said[: 4 * LONGEST]
    text = " ".join(text.partition("\x00")[0].split())
    try:
        return clean_line(clean_line(text)[:LONGEST])[:LONGEST].strip()
    except PydanticCustomError:
        return NOT_LEGIBLE


def moment_of(said: str, zone: str) -> str:
    """A time as pictures write it, 2026:05:01 21:14:03, and what they say of its zone."""
    read = _MOMENT.fullmatch(said)
    return f"{read[1]}-{read[2]}-{read[3]} {read[4]} {zone or '(no time zone said)'}" if read else said


def _degrees(sign: str, digits: str, fraction: str | None, whole: int) -> float:
    parts = [digits[:whole], *(digits[at : at + 2] for at in range(whole, len(digits), 2))]
    parts[-1] += fraction or ""
    value = sum(float(part) / 60.0**power for power, part in enumerate(parts))
    return -value if sign == "-" else value
