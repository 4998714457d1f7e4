"""What leaves the house holds the picture, the sound and the page, and nowhere a place, a device or a time."""

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app.infra.copies import Unstrippable, can_be_copied, copy_for
from app.infra.sniff import sniff
from app.infra.storage import Storage

PLACE = b"SECRET-42.3601-71.0589"
PLAYED, HEARD = b"picture sample" * 40, b"sound sample" * 40


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path / "files", b"k" * 32)


def copied(storage: Storage, data: bytes, kind: str = "") -> bytes:
    return b"".join(copy_for(storage, storage.put(data, limit=10_000_000), kind or sniff(data)))


def picture() -> Image.Image:
    shown = Image.new("RGB", (40, 30), (200, 30, 40))
    shown.putpixel((3, 4), (1, 2, 3))
    return shown


def exif(turned: int = 6) -> Image.Exif:
    said = Image.Exif()
    said[0x0112], said[0x010F], said[0x9286] = turned, "Phone", PLACE.decode()
    said.get_ifd(0x8825)[29] = PLACE.decode()
    return said


def jpeg() -> bytes:
    out = BytesIO()
    picture().save(out, "JPEG", exif=exif(), comment=PLACE, xmp=PLACE, icc_profile=b"colours", progressive=True)
    return out.getvalue() + b"behind the picture: " + PLACE


def png() -> bytes:
    out, said = BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Where", PLACE.decode(), zip=False)
    picture().save(out, "PNG", pnginfo=said, exif=exif())
    return out.getvalue() + PLACE


def webp() -> bytes:
    out = BytesIO()
    picture().save(out, "WEBP", exif=exif(), xmp=PLACE, lossless=True)
    return out.getvalue()


def box(kind: bytes, *body: bytes) -> bytes:
    whole = b"".join(body)
    return struct.pack(">I4s", len(whole) + 8, kind) + whole


def track(handler: bytes, offset: int, length: int) -> bytes:
    table = box(
        b"stbl",
        box(b"stsd", bytes(8)),
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", bytes(4), struct.pack(">III", 0, 1, length)),
        box(b"stco", bytes(4), struct.pack(">II", 1, offset)),
    )
    header = box(b"hdlr", bytes(8), handler, bytes(12), PLACE)
    media = box(b"mdia", box(b"mdhd", bytes(4), b"TIMETIME", bytes(12)), header, box(b"minf", table))
    return box(b"trak", box(b"tkhd", bytes(4), b"TIMETIME", bytes(72)), media, box(b"udta", PLACE), box(b"meta", PLACE))


def film(brand: bytes = b"isom") -> bytes:
    """A picture, a sound and a track of places, between them what no track names."""
    start = box(b"ftyp", brand, bytes(8))
    head = len(start) + 8
    second, third = head + len(PLAYED) + len(PLACE), head + len(PLAYED) + len(PLACE) + len(HEARD)
    data = box(b"mdat", PLAYED, PLACE, HEARD, PLACE)
    movie = box(
        b"moov",
        box(b"mvhd", bytes(4), b"TIMETIME", bytes(88)),
        track(b"vide", head, len(PLAYED)),
        track(b"soun", second, len(HEARD)),
        track(b"meta", third, len(PLACE)),
        box(b"udta", box(b"\xa9xyz", PLACE)),
        box(b"meta", PLACE),
        box(b"gps ", PLACE),
    )
    return start + data + box(b"free", PLACE) + movie + box(b"uuid", PLACE)


def heic() -> bytes:
    start = box(b"ftyp", b"heic", bytes(8))

    def meta(first: int) -> bytes:
        kinds = [(1, b"hvc1"), (2, b"Exif"), (3, b"mime")]
        infos = [box(b"infe", b"\x02\x00\x00\x00", struct.pack(">HH4s", n, 0, kind), b"\x00") for n, kind in kinds]
        places = [(1, first, len(PLAYED)), (2, first + len(PLAYED), len(PLACE)), (3, first + len(PLAYED), len(PLACE))]
        said = [struct.pack(">HHHII", n, 0, 1, at, length) for n, at, length in places]
        located = box(b"iloc", bytes(4), b"\x44\x00", struct.pack(">H", 3), *said)
        return box(
            b"meta", bytes(4), box(b"iinf", bytes(4), struct.pack(">H", 3), *infos), located, box(b"xml ", PLACE)
        )

    first = len(start) + len(meta(0)) + 8
    return start + meta(first) + box(b"mdat", PLAYED, PLACE)


def paper() -> bytes:
    out, made = BytesIO(), pikepdf.new()
    made.add_blank_page()
    shown = made.make_stream(jpeg(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=40, Height=30)
    shown.Filter = pikepdf.Name.DCTDecode
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=shown))
    made.docinfo["/Author"] = PLACE.decode()
    made.attachments["where.txt"] = PLACE
    made.Root.Metadata = made.make_stream(PLACE)
    made.save(out, compress_streams=False)
    return out.getvalue()


def wav() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) & 1)

    body = chunk(b"fmt ", bytes(16)) + chunk(b"LIST", PLACE) + chunk(b"data", HEARD) + chunk(b"iXML", PLACE)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def mp3() -> bytes:
    return (
        b"ID3\x04\x00\x00"
        + bytes([0, 0, 0, len(PLACE)])
        + PLACE
        + b"\xff\xfb\x90\x00"
        + HEARD
        + b"TAG"
        + PLACE.ljust(125)
    )


def amr(name: bytes = b"#!AMR\n", kind: int = 7, length: int = 31) -> bytes:
    frames = (bytes([kind << 3 | 4]) + HEARD[:length]) * 30
    return name + frames + bytes([kind << 3 | 4]) + PLACE[: length - 20]


def aac() -> bytes:
    length = 7 + len(HEARD)
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 255, (length & 7) << 5 | 31, 0xFC])
    return (head + HEARD) * 3 + head + PLACE


def gif() -> bytes:
    out, other = BytesIO(), picture()
    other.putpixel((9, 9), (0, 0, 0))
    picture().save(out, "GIF", save_all=True, append_images=[other], loop=3, comment=PLACE)
    data = out.getvalue()
    return data[:-1] + b"\x21\xff\x0bXMP DataXMP" + bytes([len(PLACE)]) + PLACE + b"\x00" + data[-1:] + PLACE


KINDS: dict[str, Callable[[], bytes]] = {
    "jpeg": jpeg,
    "png": png,
    "webp": webp,
    "mp4": film,
    "mov": lambda: film(b"qt  "),
    "m4a": lambda: film(b"M4A "),
    "heic": heic,
    "pdf": paper,
    "wav": wav,
    "mp3": mp3,
    "3gp": lambda: film(b"3gp5"),
    "aac": aac,
    "gif": gif,
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_a_copy_of_every_kind_holds_no_place_no_device_and_no_time(storage: Storage, make: Callable[[], bytes]) -> None:
    data = make()
    assert PLACE in data or sniff(data) == "application/pdf"
    copy = copied(storage, data)
    assert sniff(copy) == sniff(data)
    for hidden in (PLACE, b"Phone", b"TIMETIME", b"42.3601"):
        assert hidden not in copy
    again = copied(storage, copy)
    assert again == copy


@pytest.mark.parametrize("make", [jpeg, png, webp, gif], ids=["jpeg", "png", "webp", "gif"])
def test_the_picture_is_the_same_dot_for_dot(storage: Storage, make: Callable[[], bytes]) -> None:
    before, after = (Image.open(BytesIO(data)) for data in (make(), copied(storage, make())))
    assert (after.size, after.convert("RGB").tobytes()) == (before.size, before.convert("RGB").tobytes())


def test_a_photo_stays_the_right_way_up_and_keeps_its_colours(storage: Storage) -> None:
    shown = Image.open(BytesIO(copied(storage, jpeg())))
    assert dict(shown.getexif()) == {0x0112: 6}
    assert shown.info["icc_profile"] == b"colours"


@pytest.mark.parametrize("make", [film, heic, wav, mp3], ids=["film", "heic", "wav", "mp3"])
def test_what_is_seen_and_heard_stays_byte_for_byte(storage: Storage, make: Callable[[], bytes]) -> None:
    copy = copied(storage, make())
    assert (PLAYED in copy) == (PLAYED in make())
    assert (HEARD in copy) == (HEARD in make())


@pytest.mark.parametrize("make", [film, heic], ids=["film", "heic"])
def test_nothing_moves_so_that_every_offset_in_a_film_holds(storage: Storage, make: Callable[[], bytes]) -> None:
    data, copy = make(), copied(storage, make())
    assert len(copy) == len(data)
    assert copy.index(PLAYED) == data.index(PLAYED)


@pytest.mark.parametrize(
    ("name", "kind", "length"), [(b"#!AMR\n", 7, 31), (b"#!AMR-WB\n", 8, 60)], ids=["narrow", "wide"]
)
def test_a_voice_memo_is_its_whole_frames_and_nothing_behind_them(
    storage: Storage, name: bytes, kind: int, length: int
) -> None:
    copy = copied(storage, amr(name, kind, length))
    assert copy == name + (bytes([kind << 3 | 4]) + HEARD[:length]) * 30
    with pytest.raises(Unstrippable):
        copied(storage, amr(name, kind, length)[: 30 * (length + 1)] + b"where: " + PLACE, "audio/amr")


def test_a_moving_picture_runs_as_often_as_before(storage: Storage) -> None:
    shown = Image.open(BytesIO(copied(storage, gif())))
    assert (shown.info["loop"], getattr(shown, "n_frames", 0), "comment" in shown.info) == (3, 2, False)


def test_photos_inside_a_paper_are_stripped_too_and_its_pages_stay(storage: Storage) -> None:
    with pikepdf.open(BytesIO(copied(storage, paper()))) as copy:
        assert len(copy.pages) == 1
        inside = copy.pages[0].Resources.XObject.P.read_raw_bytes()
        assert PLACE not in inside
        assert Image.open(BytesIO(inside)).size == (40, 30)
        assert len(copy.attachments) == 0


UNFIT = {
    "a film in fragments": ("video/mp4", box(b"ftyp", b"isom", bytes(8)) + box(b"moov") + box(b"moof")),
    "a film without its table": ("video/mp4", box(b"ftyp", b"isom", bytes(8)) + box(b"mdat", PLAYED)),
    "a box past the end": ("video/mp4", struct.pack(">I4s", 4000, b"moov") + bytes(50)),
    "a photo cut off": ("image/jpeg", jpeg()[:300]),
    "a drawing cut off": ("image/png", png()[:60]),
    "a paper that is none": ("application/pdf", b"%PDF-1.7 nothing"),
    "a photo that is none": ("image/heic", box(b"ftyp", b"heic", bytes(8))),
    "a kind that we cannot take apart": ("video/webm", b"\x1aE\xdf\xa3" + PLACE),
    "a voice memo without a frame": ("audio/amr", b"#!AMR\n"),
    "a voice memo of several voices": ("audio/amr", b"#!AMR_MC1.0\n" + bytes(40)),
    "sound with something between its frames": ("audio/aac", aac()[:1000] + PLACE + aac()),
    "a moving picture cut off": ("image/gif", gif()[:200]),
    "an extension without an end": ("image/gif", gif()[:13] + b"\x21\xfe\xff" + PLACE),
    "what nobody knows": ("application/octet-stream", PLACE),
}


@pytest.mark.parametrize(("kind", "data"), UNFIT.values(), ids=UNFIT.keys())
def test_what_cannot_be_stripped_does_not_leave(storage: Storage, kind: str, data: bytes) -> None:
    with pytest.raises(Unstrippable):
        copied(storage, data, kind)


def test_a_page_says_beforehand_what_can_be_copied() -> None:
    assert can_be_copied("video/mp4", 2_000_000_000)
    assert not can_be_copied("image/jpeg", 2_000_000_000)
    assert not can_be_copied("video/webm", 10)


@given(data=st.binary(max_size=400), kind=st.sampled_from(["image/jpeg", "image/png", "video/mp4", "image/heic"]))
@settings(deadline=None, max_examples=80)
def test_whatever_comes_it_ends_in_a_copy_or_in_a_refusal(data: bytes, kind: str) -> None:
    starts = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
    try:
        copied(Storage.at("memory:///", b"k" * 32), starts.get(kind, b"") + data, kind)
    except Unstrippable:
        return


def test_a_photo_that_says_it_has_four_thousand_million_dots_is_never_unpacked(storage: Storage) -> None:
    data = jpeg()
    at = data.index(b"\xff\xc2") + 5
    bomb = data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :]
    copy = copied(storage, bomb)
    assert PLACE not in copy
    assert len(copy) < len(bomb)


def _tables(per_chunk: int, count: int) -> bytes:
    """A film that says of its one chunk that it holds so many pictures."""
    start = box(b"ftyp", b"isom", bytes(8))
    table = box(
        b"stbl",
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, per_chunk, 1)),
        box(b"stsz", bytes(4), struct.pack(">III", 0, count, 4)),
        box(b"stco", bytes(4), struct.pack(">II", 1, len(start) + 8)),
    )
    header = box(b"hdlr", bytes(8), b"vide", bytes(12))
    media = box(b"mdia", box(b"mdhd", bytes(20)), header, box(b"minf", table))
    movie = box(b"moov", box(b"mvhd", bytes(100)), box(b"trak", box(b"tkhd", bytes(84)), media))
    return start + box(b"mdat", b"seen", PLACE) + movie


def _items(extents: int) -> bytes:
    """A photo whose one item lies at so many places, of no length."""
    located = box(b"iloc", bytes(4), b"\x00\x00", struct.pack(">HHHH", 1, 1, 0, extents))
    return box(b"ftyp", b"heic", bytes(8)) + box(b"meta", bytes(4), located) + box(b"mdat", PLAYED)


def test_a_film_that_claims_thousands_of_millions_of_pictures_is_done_at_once(storage: Storage) -> None:
    copy = copied(storage, _tables(0xFFFF_FFFF, 1))
    assert b"seen" in copy
    assert PLACE not in copy


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/heic", _items(65_535)),
        ("video/mp4", box(b"ftyp", b"isom", bytes(8)) + box(b"free") * 5_001 + film()),
        ("audio/wav", b"RIFF\x00\x00\x00\x00WAVE" + b"junk\x00\x00\x00\x00" * 2_001 + wav()[12:]),
        ("audio/mpeg", b"ID3\x04\x00\x00\x00\x00\x00\x00" * 101 + mp3()),
    ],
    ids=["a photo in too many pieces", "too many boxes", "too many chunks", "too many tags"],
)
def test_a_file_of_a_great_many_tiny_parts_tires_nobody_and_does_not_leave(
    storage: Storage, kind: str, data: bytes
) -> None:
    with pytest.raises(Unstrippable):
        copied(storage, data, kind)
