"""What an original says of place, time and device is read as it stands there, and nothing it says does any harm."""

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.infra.hidden import READ, HiddenFacts, hidden_facts_of, opened, sealed
from app.infra.hidden.lines import LONGEST, NOT_LEGIBLE, Found, line_of
from app.infra.sniff import sniff
from app.infra.storage import Damaged, Storage
from tests.infra.test_copies import box, picture

WHERE, WHEN = "42.36010 N, 71.05890 W", "2026-05-01 21:14:03 +02:00"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path / "files", b"k" * 32)


def said_of(storage: Storage, data: bytes, kind: str = "") -> HiddenFacts:
    return hidden_facts_of(storage, storage.put(data, limit=10_000_000), kind or sniff(data))


def exif() -> Image.Exif:
    said = Image.Exif()
    said[0x010F], said[0x0110], said[0x0131] = "Orchard", "Phone 9", "19.2"
    said.get_ifd(0x8769).update({0x9003: "2026:05:01 21:14:03", 0x9011: "+02:00", 0xA431: "SN-77"})
    place = {1: "N", 2: (42.0, 21.0, 36.36), 3: "W", 4: (71.0, 3.0, 32.04), 5: b"\x01", 6: 12.5, 29: "2026:05:01"}
    said.get_ifd(0x8825).update(place | {7: (19.0, 14.0, 3.0)})
    return said


def photo(kind: str) -> bytes:
    out = BytesIO()
    picture().save(out, kind, exif=exif())
    return out.getvalue()


def heic() -> bytes:
    start, block = box(b"ftyp", b"heic", bytes(8)), b"\x00\x00\x00\x06Exif\x00\x00" + exif().tobytes()[6:]

    def meta(at: int) -> bytes:
        info = box(b"infe", b"\x02\x00\x00\x00", struct.pack(">HH4s", 2, 0, b"Exif"), b"\x00")
        place = struct.pack(">HHHHII", 1, 2, 0, 1, at, len(block))
        located = box(b"iloc", bytes(4), b"\x44\x00", place)
        return box(b"meta", bytes(4), box(b"iinf", bytes(4), struct.pack(">H", 1), info), located)

    return start + meta(len(start) + len(meta(0)) + 8) + box(b"mdat", block)


def movie(*inside: bytes, brand: bytes = b"isom", began: int = 0) -> bytes:
    head = box(b"mvhd", bytes(4), struct.pack(">I", began), bytes(92))
    return box(b"ftyp", brand, bytes(8)) + box(b"mdat", b"seen") + box(b"moov", head, *inside)


def apple() -> bytes:
    said = {
        b"com.apple.quicktime.location.ISO6709": b"+42.3601-071.0589+012.500/",
        b"com.apple.quicktime.make": b"Orchard",
        b"com.apple.quicktime.model": b"Phone 9",
        b"com.apple.quicktime.creationdate": b"2026-05-01T21:14:03+0200",
    }
    keys = box(b"keys", bytes(4), struct.pack(">I", len(said)), *(box(b"mdta", key) for key in said))
    values = (
        box(struct.pack(">I", number), box(b"data", bytes(8), value)) for number, value in enumerate(said.values(), 1)
    )
    return movie(box(b"meta", box(b"hdlr", bytes(24)), keys, box(b"ilst", *values)), brand=b"qt  ", began=1)


def android() -> bytes:
    place = b"+42.3601-071.0589/"
    return movie(box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7), place)), began=3_860_000_000)


def three_gp() -> bytes:
    place = box(
        b"loci", bytes(6), b"Mill bridge\x00", b"\x00", struct.pack(">iii", -4656996, 2776112, 0), b"earth\x00\x00"
    )
    return movie(box(b"udta", place), brand=b"3gp5")


@pytest.mark.parametrize(
    "make",
    [lambda: photo("JPEG"), lambda: photo("PNG"), lambda: photo("WEBP"), heic],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_a_photo_says_where_when_and_with_what_it_was_taken(storage: Storage, make: Callable[[], bytes]) -> None:
    assert said_of(storage, make()) == HiddenFacts(
        place=WHERE,
        height="-12.5 m",
        taken=WHEN,
        by_satellite="2026-05-01 19:14:03 UTC",
        maker="Orchard",
        model="Phone 9",
        software="19.2",
        serial="SN-77",
    )


def test_a_film_says_it_in_apple_s_way_in_android_s_and_in_that_of_old_phones(storage: Storage) -> None:
    assert said_of(storage, apple()) == HiddenFacts(
        place=WHERE, height="12.5 m", taken="2026-05-01T21:14:03+0200", maker="Orchard", model="Phone 9"
    )
    assert said_of(storage, android()) == HiddenFacts(place=WHERE, taken="2026-04-25 22:13:20 UTC")
    old = said_of(storage, three_gp())
    assert (old.place, old.place_name, old.taken) == ("42.36011 N, 71.06012 W", "Mill bridge", "")


def test_what_says_nothing_says_nothing(storage: Storage) -> None:
    out = BytesIO()
    picture().save(out, "JPEG")
    for data in (out.getvalue(), movie()):
        facts = said_of(storage, data)
        assert (facts.says_something, facts.is_whole) == (False, True)


@pytest.mark.parametrize(
    ("said", "point"),
    [
        ("+42.3601-071.0589/", WHERE),
        ("+4221.606-07103.534/", WHERE),
        ("+422136.36-0710332.04/", WHERE),
        ("-33.5+151.25+012/", "33.50000 S, 151.25000 E"),
        ("+99.0-071.0/", None),
        ("by the river", "by the river"),
    ],
)
def test_a_place_is_read_in_degrees_minutes_and_seconds(said: str, point: str | None) -> None:
    found = Found()
    found.add_point(said)
    assert found.lines.get("place") == point


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (b"Phone\x00hidden", "Phone"),
        ("exe.\u202egpj", "exe.gpj"),
        ("a\u200bb\u2066c", "abc"),
        ("one\r\ntwo\tthree", "one two three"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("\U0003ffff", NOT_LEGIBLE),
        ("x" * 100_000, "x" * LONGEST),
        ("\u0344" * 1000, "\u0308\u0301" * (LONGEST // 2)),
        (b"\x00", ""),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_words_of_a_device_are_one_safe_line(said: bytes | str, line: str) -> None:
    assert line_of(said) == line


def _fields(count: int) -> bytes:
    """EXIF whose every field claims a megabyte."""
    entries = b"".join(struct.pack(">HHII", 0x0100 + n, 2, 1_000_000, 8) for n in range(count))
    return b"MM\x00*\x00\x00\x00\x08" + struct.pack(">H", count) + entries + bytes(4)


def _png(block: bytes) -> bytes:
    data = photo("PNG")
    at = data.index(b"eXIf") - 4
    return data[:at] + struct.pack(">I", len(block)) + b"eXIf" + block + bytes(4)


HOSTILE = {
    "every field a megabyte": ("image/png", _png(_fields(20_000))),
    "a directory that is its own": (
        "image/png",
        _png(b"MM\x00*\x00\x00\x00\x08\x00\x01" + b"\x87\x69\x00\x04" + bytes(7) + b"\x08"),
    ),
    "a fraction of nothing": ("image/png", _png(b"II*\x00\xff\xff\xff\x7f")),
    "a photo cut off": ("image/jpeg", photo("JPEG")[:30]),
    "a box past the end": ("video/mp4", movie()[:-20] + struct.pack(">I4s", 4000, b"udta")),
    "boxes without an end": ("video/mp4", movie(box(b"udta", box(b"free") * 6000))),
    "a value of gigabytes": (
        "video/mp4",
        movie(box(b"meta", box(b"hdlr", bytes(24)), struct.pack(">I4s", 2**31, b"keys"))),
    ),
    "a place that is too short": ("video/3gpp", movie(box(b"udta", box(b"loci", bytes(6), b"\x00")), brand=b"3gp5")),
    "a place cut off": ("video/mp4", movie(box(b"udta", box(b"\xa9xyz", b"\xff\xff")))),
}


@pytest.mark.parametrize(("kind", "data"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_broken_or_hostile_file_ends_in_what_could_be_read(storage: Storage, kind: str, data: bytes) -> None:
    facts = said_of(storage, data, kind)
    assert facts.place == ""
    assert len(facts.model_dump_json()) < 2000


@given(data=st.binary(max_size=300), kind=st.sampled_from(sorted(READ)))
@settings(deadline=None, max_examples=80)
def test_whatever_comes_it_ends_in_facts(data: bytes, kind: str) -> None:
    starts = {"image/jpeg": b"\xff\xd8", "image/webp": b"RIFF\x00\x00\x00\x00WEBP", "image/png": bytes(8)}
    facts = said_of(Storage.at("memory:///", b"k" * 32), starts.get(kind, b"") + data, kind)
    assert HiddenFacts.model_validate_json(facts.model_dump_json()) == facts


def test_they_are_sealed_with_the_file_and_of_one_length(storage: Storage) -> None:
    one, two = (storage.put(data, limit=10_000_000) for data in (photo("JPEG"), movie()))
    full, empty = hidden_facts_of(storage, one, "image/jpeg"), HiddenFacts()
    kept = sealed(storage, one, full)
    assert opened(storage, one, kept) == full
    assert b"Orchard" not in kept
    assert len(kept) == len(sealed(storage, two, empty))
    with pytest.raises(Damaged):
        opened(storage, two, kept)


def test_a_file_that_is_gone_or_altered_holds_nobody_up(storage: Storage) -> None:
    stored = storage.put(photo("JPEG"), limit=10_000_000)
    storage.delete(stored.name)
    assert hidden_facts_of(storage, stored, "image/jpeg") == HiddenFacts(is_whole=False)
