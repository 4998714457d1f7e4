"""Files are known by their content; a page is never called something a browser may show in place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.sniff import INLINE, UNKNOWN, sniff


def box(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x20ftyp" + brand + b"\x00" * 20


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\xff\xd8\xff\xe1\x00\x10Exif", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", UNKNOWN),
        (box(b"heic"), "image/heic"),
        (box(b"mif1"), "image/heic"),
        (box(b"isom"), "video/mp4"),
        (box(b"mp42"), "video/mp4"),
        (box(b"qt  "), "video/quicktime"),
        (box(b"M4A "), "audio/mp4"),
        (box(b"????"), UNKNOWN),
        (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", "video/quicktime"),
        (b"ID3\x04\x00\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\x00\x00", "audio/mpeg"),
        (b"\xff\xf3\x40\xc0", "audio/mpeg"),
        (b"\xff\xff\xff\xff\xff\xff", UNKNOWN),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "video/x-matroska"),
        (b"OggS\x00\x02" + bytes(22) + b"OpusHead", "audio/ogg"),
        (b"OggS\x00\x02" + bytes(22) + b"\x80theora", "video/ogg"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"#!AMR-WB\n\x44", "audio/amr"),
        (box(b"3gp5"), "video/3gpp"),
        (box(b"3g2b"), "video/3gpp"),
        (b"\xff\xf1\x50\x80\x01\x1f\xfc\x00", "audio/aac"),
        (b"\xff\xf1\x50\x80\x00\x1f\xfc\x00", UNKNOWN),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"I saw it at nine.\nTwo officers.\n", "text/plain"),
        ("Lo vi a las nueve. Señor Núñez.".encode(), "text/plain"),
        ("\ufeffبِسْمِ".encode(), "text/plain"),
        (b"MZ\x90\x00\x03", UNKNOWN),
        (b"PK\x03\x04\x14\x00", UNKNOWN),
        (b"\x7fELF\x02\x01", UNKNOWN),
        (b"caf\xe9 latin one", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_a_file_is_what_its_first_bytes_are(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"<html><script>alert(1)</script>",
        b"  \n<!DOCTYPE html>",
        b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?>",
        b"Dear all,\n<SCRIPT>alert(1)</SCRIPT>",
        b"hello <HtMl>",
    ],
)
def test_what_a_browser_might_run_is_only_ever_a_download(head: bytes) -> None:
    assert sniff(head) not in INLINE


def test_text_cut_in_the_middle_of_a_character_is_still_text() -> None:
    whole = ("a" + "\U0001f600" * 2000).encode()
    assert {sniff(whole[:cut]) for cut in range(4090, 4100)} == {"text/plain"}


@given(st.binary(max_size=200))
def test_any_bytes_have_a_type(head: bytes) -> None:
    assert "/" in sniff(head)


@given(st.binary(max_size=200))
def test_a_file_with_control_bytes_is_never_text(head: bytes) -> None:
    assert sniff(head + b"\x00") != "text/plain"
