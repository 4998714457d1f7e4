"""MP4, MOV, 3GP, M4A and HEIC: what their boxes say of place, time and device."""

import struct
from datetime import UTC, datetime, timedelta

from app.infra.copies.film import Box, Read, boxes, item_kinds, places_of_items
from app.infra.hidden.exif import of_exif
from app.infra.hidden.lines import Found
from app.infra.hidden.window import LARGEST_LOOK, Window

# From here films count their seconds.
EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
LONGEST_VALUE = 1024
MOST_KEYS = 200
# What Apple's and Android's recorders write, each under its own name.
KEYS = {
    b"com.apple.quicktime.location.ISO6709": "point",
    b"com.apple.quicktime.location.name": "place_name",
    b"com.apple.quicktime.creationdate": "taken",
    b"com.apple.quicktime.make": "maker",
    b"com.apple.quicktime.model": "model",
    b"com.apple.quicktime.software": "software",
    b"com.android.manufacturer": "maker",
    b"com.android.model": "model",
    b"com.android.version": "software",
}
ATOMS = {
    b"\xa9xyz": "point",
    b"\xa9day": "taken",
    b"\xa9mak": "maker",
    b"\xa9mod": "model",
    b"\xa9swr": "software",
    b"\xa9too": "software",
}


def of_film(read: Window, found: Found) -> None:
    """The head of the film, wherever in the file it lies."""
    for movie in boxes(read, 0, read.size):
        if movie.kind == b"moov":
            head = b""
            for box in boxes(read, movie.body, movie.end):
                head = read(box.body, 16) if box.kind == b"mvhd" else head
                _box(read, box, found)
            _begun(head, found)


def _box(read: Read, box: Box, found: Found) -> None:
    if box.kind == b"meta":
        _meta(read, box, found)
    elif box.kind == b"udta":
        for inner in boxes(read, box.body, box.end):
            _said(read, inner, found)


def _said(read: Read, box: Box, found: Found) -> None:
    """One thing that the device wrote about the whole film."""
    if box.kind == b"meta":
        _meta(read, box, found)
    elif box.kind == b"loci":
        _loci(_body(read, box), found)
    elif box.kind in ATOMS:
        data = _body(read, box)
        _keep(ATOMS[box.kind], data[4 : 4 + int.from_bytes(data[:2])], found)


def _meta(read: Read, meta: Box, found: Found) -> None:
    """Values by number, and the names of the numbers; or values by the four letters of their box."""
    # In QuickTime it begins with its boxes, elsewhere with four bytes of version.
    start = meta.body if read(meta.body + 4, 4) == b"hdlr" else meta.body + 4
    inner = {box.kind: box for box in boxes(read, start, meta.end)}
    names = _names(read, inner[b"keys"]) if b"keys" in inner else {}
    for item in boxes(read, inner[b"ilst"].body, inner[b"ilst"].end) if b"ilst" in inner else ():
        name = names.get(int.from_bytes(item.kind)) or ATOMS.get(item.kind)
        for value in boxes(read, item.body, item.end) if name else ():
            if value.kind == b"data" and name:
                _keep(name, _body(read, value)[8:], found)


def _names(read: Read, keys: Box) -> dict[int, str]:
    named = enumerate(boxes(read, keys.body + 8, keys.end), 1)
    found = {}
    for number, key in named:
        if number > MOST_KEYS:
            break
        name = KEYS.get(_body(read, key))
        if name:
            found[number] = name
    return found


def _keep(name: str, said: bytes, found: Found) -> None:
    if name == "point":
        found.add_point(said)
    else:
        found.add(name, said)


def _loci(data: bytes, found: Found) -> None:
    """The place in 3GP: a name, and two numbers of sixteen bits before and after the point."""
    name, _, rest = data[6:].partition(b"\x00")
    found.add("place_name", name)
    east, north = struct.unpack(">ii", rest[1:9])
    found.add_degrees(north / 65536, east / 65536)


def _begun(head: bytes, found: Found) -> None:
    """The time in the film's own head, where nothing better is said; a clock that never ran says nothing."""
    if len(head) < 12:
        return
    seconds = struct.unpack(">Q", head[4:12])[0] if head[0] == 1 else struct.unpack(">I", head[4:8])[0]
    if seconds:
        found.add("taken", f"{EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S} UTC")


def _body(read: Read, box: Box) -> bytes:
    return read(box.body, min(box.end - box.body, LONGEST_VALUE))


def of_heic(read: Window, found: Found) -> None:
    """A photo's EXIF is an item of its own, behind four bytes that say where in it the fields begin."""
    for meta in boxes(read, 0, read.size):
        if meta.kind == b"meta":
            inner = {box.kind: box for box in boxes(read, meta.body + 4, meta.end)}
            kinds = item_kinds(read, inner[b"iinf"]) if b"iinf" in inner else {}
            base = inner[b"idat"].body if b"idat" in inner else 0
            for item, extents in places_of_items(read, inner.get(b"iloc"), base).items():
                if kinds.get(item) == b"Exif":
                    _item(read, extents[0], found)


def _item(read: Read, extent: tuple[int, int], found: Found) -> None:
    data = read(extent[0], min(extent[1] - extent[0], LARGEST_LOOK))
    skipped = int.from_bytes(data[:4])
    of_exif(data[4 + skipped :], found)
