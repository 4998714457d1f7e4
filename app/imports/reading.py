"""Reads a file of rows as a stream: plain or packed, whatever is in it, a line at a time."""

import csv
import gzip
import hashlib
import io
import os
import stat
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from app.kernel.errors import Refused

LONGEST_LINE = 1_000_000
LONGEST_SKIPPED = 256 << 20
MOST_EMPTY_LINES = 100_000
MOST_UNCLOSED = 1_000
LONGEST_ROW = 1_000  # lines: a row that goes on for longer has a quotation mark that is never closed
BUFFER = 1 << 16
# A text of rows packs to a tenth; what unpacks to two hundred times its size was made to fill a disk or a memory.
FREELY_UNPACKED = 64 << 20
LARGEST_RATIO = 200
ARCHIVES = {
    b"PK": "a zip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"(\xb5/\xfd": "packed with zstd",
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
GZIP = b"\x1f\x8b"
BOM = "\ufeff"


@dataclass(frozen=True)
class Line:
    """One line of the file, as text."""

    number: int
    text: str
    fault: str = ""


@dataclass(frozen=True)
class Row:
    """One row: the fields, or what is wrong with it; `number` is the line on which it begins."""

    number: int
    fields: list[str]
    text: str
    fault: str = ""


class Raw(io.RawIOBase):
    """The file's own bytes: counted for the progress, digested for the journal."""

    def __init__(self, file: io.FileIO) -> None:
        super().__init__()
        self._file = file
        self._digest = hashlib.sha256()
        self.position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        got = self._file.readinto(buffer) or 0
        self._digest.update(buffer[:got])
        self.position += got
        return got

    @property
    def sha256(self) -> str:
        """Of what was read so far."""
        return self._digest.hexdigest()


class Opened:
    """An open file: its header, then its rows."""

    def __init__(self, name: str, raw: Raw, stream: io.BufferedIOBase, encoding: str) -> None:
        self.name = name
        self.raw = raw
        self._stream = stream
        self._encoding = encoding
        self._number = 0
        self._unpacked = 0
        self._empty = 0
        self._given_back = 0
        self._waiting: deque[Line] = deque()
        self.header = self._header()

    def rows(self) -> Iterator[Row]:
        """Every row after the header; empty lines are none."""
        width = len(self.header)
        while (line := self._next()) is not None:
            if line.fault:
                yield Row(line.number, [], line.text, line.fault)
            elif '"' in line.text:
                yield self._quoted(line, width)
            elif line.text.strip():
                fields = line.text.rstrip("\r\n").split(",")
                yield Row(line.number, fields, line.text, _fault_of(len(fields), width))
            else:
                self._skip_empty()

    def _header(self) -> list[str]:
        line = self._next()
        if line is None:
            raise Refused(f"{self.name} is empty.")
        if line.fault:
            raise Refused(f"{self.name} is not a table: its first line has {line.fault}.")
        text = line.text.removeprefix(BOM)
        row = self._quoted(Line(1, text), 0) if '"' in text else Row(1, text.rstrip("\r\n").split(","), text)
        names = [field.strip() for field in row.fields]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Refused(f'{self.name} has the column "{twice[0][:100]}" twice.')
        return names

    def _quoted(self, first: Line, width: int) -> Row:
        """A row with quotation marks may go on over several lines; when it goes wrong only its first line is lost."""
        taken = [first]
        try:
            fields = next(csv.reader(self._going_on(taken), strict=True))
            fault = _fault_of(len(fields), width) if width else ""
        except csv.Error as problem:
            fields, fault = [], _in_words(problem)
        if fault and len(taken) > 1:
            self._give_back(taken[1:])
            fault += " (or a quotation mark is not closed)"
        text = first.text if fault else "".join(line.text for line in taken)
        return Row(first.number, fields, text, fault)

    def _give_back(self, lines: list[Line]) -> None:
        """The lines that a row took by mistake; looking that far ahead again and again would take for ever."""
        self._waiting.extendleft(reversed(lines))
        self._given_back += 1
        if self._given_back > MOST_UNCLOSED:
            raise Refused(f"{self.name} has more than {MOST_UNCLOSED:,} quotation marks that are never closed.")

    def _going_on(self, taken: list[Line]) -> Iterator[str]:
        yield taken[0].text
        size = len(taken[0].text)
        while (line := self._next()) is not None:
            taken.append(line)
            size += len(line.text)
            if line.fault or len(taken) > LONGEST_ROW or size > LONGEST_LINE:
                raise csv.Error("a quotation mark is never closed")
            yield line.text

    def _next(self) -> Line | None:
        return self._waiting.popleft() if self._waiting else self._read()

    def _read(self) -> Line | None:
        data = self._readline()
        if not data:
            return None
        self._number += 1
        if len(data) > LONGEST_LINE:
            self._skip_the_rest(data)
            return Line(self._number, "", f"more than {LONGEST_LINE:,} bytes")
        if b"\0" in data:
            if self._number == 1:
                raise Refused(f"{self.name} is not a text file.")
            return Line(self._number, "", "a NUL byte, which no text has")
        return Line(self._number, self._decoded(data))

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode(self._encoding)
        except UnicodeDecodeError as problem:
            wrong = data[problem.start]
            raise Refused(
                f"{self.name}, line {self._number}: this is not {self._encoding.upper()} (byte 0x{wrong:02X}). "
                "Save the file in that encoding, or name the right one in the mapping."
            ) from problem

    def _skip_empty(self) -> None:
        self._empty += 1
        if self._empty > MOST_EMPTY_LINES:
            raise Refused(f"{self.name} has more than {MOST_EMPTY_LINES:,} empty lines: it is not a table.")

    def _skip_the_rest(self, data: bytes) -> None:
        skipped = len(data)
        while data and not data.endswith(b"\n"):
            data = self._readline()
            skipped += len(data)
            if skipped > LONGEST_SKIPPED:
                raise Refused(f"{self.name}, line {self._number}, does not end: it is not a table.")

    def _readline(self) -> bytes:
        try:
            data = self._stream.readline(LONGEST_LINE + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
            raise Refused(f"{self.name} is damaged: it cannot be unpacked to its end.") from problem
        self._unpacked += len(data)
        if self._unpacked > max(FREELY_UNPACKED, LARGEST_RATIO * self.raw.position):
            raise Refused(f"{self.name} unpacks to more than {LARGEST_RATIO} times its size: it is not a table.")
        return data


def _fault_of(found: int, wanted: int) -> str:
    return "" if found == wanted else f"{found} fields where the header has {wanted}"


def _in_words(problem: Exception) -> str:
    words = str(problem)
    if "field limit" in words:
        return f"a field of more than {csv.field_size_limit():,} characters"
    if "unexpected end" in words or "never closed" in words:
        return "a quotation mark that is never closed"
    return "quotation marks that do not fit together"


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[Opened]:
    """Opens one file and reads its header; anything that is not a file of text is refused."""
    with _regular(path) as file:
        raw = Raw(file)
        buffered = io.BufferedReader(raw, BUFFER)
        start = buffered.peek(8)[:8]
        _refuse_archives(path.name, start)
        if start.startswith(GZIP):
            # Lines are read far quicker from a buffer of C than from gzip's own readline.
            with gzip.GzipFile(fileobj=buffered) as unpacked:
                yield Opened(path.name, raw, io.BufferedReader(cast("io.RawIOBase", unpacked), BUFFER), encoding)
        else:
            yield Opened(path.name, raw, buffered, encoding)


def _refuse_archives(name: str, start: bytes) -> None:
    for magic, words in ARCHIVES.items():
        if start.startswith(magic):
            raise Refused(f"{name} is {words}: unpack it first, and give the file or the folder.")
    if start.startswith(UTF_16):
        raise Refused(f"{name} is UTF-16: save it as UTF-8.")


@contextmanager
def _regular(path: Path) -> Iterator[io.FileIO]:
    """Never waits for a pipe and never reads a device."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        raise Refused(f"{path} cannot be read: {problem.strerror}.") from problem
    with io.FileIO(number) as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise Refused(f"{path} is not a file.")
        yield file
