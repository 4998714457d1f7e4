"""EXIF: the few fields of place, time and device, each bounded.

By hand, because Pillow keeps the bytes of every field that a directory names: of 64 KB, and of a megabyte in PNG, a
hostile one makes gigabytes.
"""

import struct
from collections.abc import Mapping

from app.infra.hidden.lines import Found, line_of, moment_of

MOST_FIELDS = 400
LONGEST_FIELD = 1024
# Bytes of one value of each kind of field.
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8, 129: 1}
MAKER, MODEL, SOFTWARE, CHANGED, DETAILS, PLACES = 0x010F, 0x0110, 0x0131, 0x0132, 0x8769, 0x8825
TAKEN, ZONE, ZONE_TAKEN, SERIAL = 0x9003, 0x9010, 0x9011, 0xA431
NORTH_OR_SOUTH, NORTH, EAST_OR_WEST, EAST, BELOW, HEIGHT, AT, ON = 1, 2, 3, 4, 5, 6, 7, 29

Fields = Mapping[int, tuple[int, bytes]]


def of_exif(data: bytes, found: Found) -> None:
    """What one EXIF block says."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[:4])
    if order is None:
        return
    first = _fields(data, order, struct.unpack(order + "I", data[4:8])[0])
    details = _fields(data, order, _pointer(first, order, DETAILS))
    zone = _text(details, ZONE_TAKEN) or _text(details, ZONE)
    found.add("taken", moment_of(_text(details, TAKEN) or _text(first, CHANGED), zone) if _said(first, details) else "")
    for name, tag in (("maker", MAKER), ("model", MODEL), ("software", SOFTWARE)):
        found.add(name, _text(first, tag))
    found.add("serial", _text(details, SERIAL))
    _place(_fields(data, order, _pointer(first, order, PLACES)), order, found)


def _said(first: Fields, details: Fields) -> bool:
    return TAKEN in details or CHANGED in first


def _fields(data: bytes, order: str, at: int) -> Fields:
    """The fields of one directory; none where it lies outside."""
    if not 0 < at <= len(data) - 2:
        return {}
    count = struct.unpack(order + "H", data[at : at + 2])[0]
    found = {}
    for number in range(min(count, MOST_FIELDS, (len(data) - at - 2) // 12)):
        start = at + 2 + 12 * number
        tag, kind, values, place = struct.unpack(order + "HHII", data[start : start + 12])
        length = WIDTHS.get(kind, 0) * values
        begin = place if length > 4 else start + 8
        found[tag] = (kind, data[begin : begin + min(length, LONGEST_FIELD)])
    return found


def _pointer(fields: Fields, order: str, tag: int) -> int:
    _, data = fields.get(tag, (0, b""))
    return int(struct.unpack(order + "I", data)[0]) if len(data) == 4 else 0


def _text(fields: Fields, tag: int) -> str:
    return line_of(fields.get(tag, (0, b""))[1])


def _parts(fields: Fields, order: str, tag: int) -> list[float]:
    """Fractions; without an end of their own they are none."""
    kind, data = fields.get(tag, (0, b""))
    if kind not in (5, 10) or len(data) % 8:
        return []
    whole = struct.unpack(order + ("Ii"[kind == 10]) * (len(data) // 4), data)
    return [over / under if under else 0.0 for over, under in zip(whole[::2], whole[1::2], strict=True)]


def _place(fields: Fields, order: str, found: Found) -> None:
    north, east = (_parts(fields, order, tag) for tag in (NORTH, EAST))
    if len(north) == 3 and len(east) == 3:
        south, west = _text(fields, NORTH_OR_SOUTH) == "S", _text(fields, EAST_OR_WEST) == "W"
        found.add_degrees(-_angle(north) if south else _angle(north), -_angle(east) if west else _angle(east))
    for metres in _parts(fields, order, HEIGHT)[:1]:
        below = fields.get(BELOW, (0, b""))[1][:1] == b"\x01"
        found.add("height", f"{-metres if below else metres:.1f} m")
    clock, day = _parts(fields, order, AT), _text(fields, ON)
    if len(clock) == 3 and day:
        found.add("by_satellite", f"{day.replace(':', '-')} {clock[0]:02.0f}:{clock[1]:02.0f}:{clock[2]:02.0f} UTC")


def _angle(parts: list[float]) -> float:
    return parts[0] + parts[1] / 60 + parts[2] / 3600
