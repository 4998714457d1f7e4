"""The fonts of every paper: from packages, so that a bare machine sets Arabic, Nepali, Chinese and Vietnamese too."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from app.infra.assets import node_modules

# Put first in a paper's list of fonts; it holds no Latin letter, so that those stay as the paper has them.
SCRIPTS = "Candor Scripts"
# Put last: Latin letters on a machine that has no fonts at all.
LATIN = "Candor Latin"
PACKAGES = Path("@fontsource-variable")
# Of Arabic one whose letters are whole: letters that are put together from parts cannot be read out of a PDF again.
COMMON = ("noto-sans", "vazirmatn")
# One sign is drawn differently in mainland China and in Taiwan; the paper's language says which is meant.
SIMPLIFIED, TRADITIONAL = "noto-sans-sc", "noto-sans-tc"
LAST_LATIN = 0x24F
VIETNAMESE = range(0x1EA0, 0x1EFA)
# Marks that stand over or between letters belong to the letters' own font.
SHARED = range(0x300, 0x370)
ASCII = range(0x20, 0x7F)
PUNCTUATION = range(0x2000, 0x2E00)

_FACE = re.compile(r"src: url\(\./(files/[\w.-]+)\)[^;]*;\s*unicode-range: ([^;]+);")


@dataclass(frozen=True)
class Face:
    """One file of a font and the signs that it draws."""

    package: str
    file: str

    @property
    def name(self) -> str:
        """How a paper names it."""
        return f"font/{self.file.rpartition('/')[2]}"

    @property
    def family(self) -> str:
        """The name of the family that it is alone in."""
        return "Candor " + self.name.removeprefix("font/").removesuffix(".woff2")

    @property
    def is_vietnamese(self) -> bool:
        """Where a letter must stay whole: put together from letter and dot, it leaves a gap in the middle of a word."""
        return "vietnamese" in self.file

    @property
    def path(self) -> Path:
        """Where it is."""
        return node_modules() / PACKAGES / self.package / self.file

    def draws(self, sign: int) -> bool:
        """True where it really holds the sign: what its package promises is more than that."""
        return sign in _drawn(self)


def with_fonts(html: str, language: str) -> tuple[str, dict[str, bytes]]:
    """The paper with the fonts that its signs need named in it, and the fonts, to be carried with it."""
    if f'"{SCRIPTS}"' not in html and f'"{LATIN}"' not in html:
        return html, {}  # it names no font of the house
    signs = sorted({ord(sign) for sign in html if not sign.isascii()})
    scripts = _by_face((sign, _face_for(sign, language)) for sign in signs if not _is_latin(sign))
    latin = _by_face((sign, _faces("noto-sans").get(sign)) for sign in (*ASCII, *signs) if _is_latin(sign))
    # One file may draw signs of both lists, such as a joiner that stands among the punctuation: it is named once.
    faces = {face: scripts.get(face, []) + latin.get(face, []) for face in scripts | latin}
    if language.startswith("vi"):
        # Few fonts draw all its letters; a word in two fonts is hard to read.
        scripts, latin = faces, {}
    for marker, listed in ((SCRIPTS, scripts), (LATIN, latin)):
        # Each file is a family of its own: the renderer takes two files of one name for one font.
        named = ", ".join(f'"{face.family}"' for face in listed)
        html = html.replace(f'"{marker}"', named) if named else html.replace(f'"{marker}", ', "")
    rules = "".join(_rule(face, drawn) for face, drawn in faces.items())
    html = html.replace("</head>", f"<style>{rules}</style></head>", 1)
    return html, {face.name: face.path.read_bytes() for face in faces}


def _by_face(found: Iterable[tuple[int, Face | None]]) -> dict[Face, list[int]]:
    by_face: dict[Face, list[int]] = {}
    for sign, face in found:
        if face is not None:
            by_face.setdefault(face, []).append(sign)
    return by_face


def _rule(face: Face, signs: Iterable[int]) -> str:
    ranges = ", ".join(f"U+{sign:X}" for sign in signs)
    whole = 'font-feature-settings: "ccmp" 0; ' if face.is_vietnamese else ""
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: 100 900; {whole}'
        f'src: url("asset:{face.name}") format("woff2"); unicode-range: {ranges}; }}\n'
    )


def _is_latin(sign: int) -> bool:
    return sign <= LAST_LATIN or sign in VIETNAMESE or sign in SHARED or sign in PUNCTUATION


def _face_for(sign: int, language: str) -> Face | None:
    traditional = language.lower().startswith(("zh-hant", "zh-tw", "zh-hk"))
    chinese = (TRADITIONAL, SIMPLIFIED) if traditional else (SIMPLIFIED, TRADITIONAL)
    found = (_faces(package).get(sign) for package in (*COMMON, *chinese))
    return next((face for face in found if face is not None and face.draws(sign)), None)


@lru_cache
def _drawn(face: Face) -> frozenset[int]:
    with TTFont(face.path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache
def _faces(package: str) -> Mapping[int, Face]:
    """Which file of a package draws which sign."""
    css = (node_modules() / PACKAGES / package / "index.css").read_text()
    faces = [(Face(package, file), ranges) for file, ranges in _FACE.findall(css)]
    return {sign: face for face, ranges in reversed(faces) for sign in _signs(ranges)}


def _signs(ranges: str) -> Iterable[int]:
    for part in ranges.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
