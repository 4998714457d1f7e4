"""Malware scanning by a clamd of the city's own: the bytes go to it over INSTREAM, and one line comes back."""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

PORT = 3310
WITHIN = 120.0  # seconds for each exchange: a large archive takes long
LONGEST_ANSWER = 64 * 1024


class Verdict(StrEnum):
    """What is known of a file; what was not scanned is never called clean."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class NoScanner(Exception):
    """The scanner does not answer; files wait and are taken all the same."""


@dataclass(frozen=True)
class Scan:
    """What the scanner said of one file, and the name it gave to what it found."""

    verdict: Verdict
    found: str = ""


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: tcp://host:3310 or unix:///run/clamd.sock; nothing where there is none."""

    url: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.url)

    def greet(self) -> None:
        """Whether it answers."""
        if self._ask(b"zPING\x00", ()) != "PONG":
            raise NoScanner

    def scan(self, pieces: Iterable[bytes]) -> Scan:
        """What it says of these bytes. What is too large for it, or beyond it, stays unscanned."""
        said = self._ask(b"zINSTREAM\x00", pieces).removeprefix("stream: ")
        if said == "OK":
            return Scan(Verdict.CLEAN)
        if said.endswith(" FOUND"):
            return Scan(Verdict.INFECTED, said.removesuffix(" FOUND")[:200])
        return Scan(Verdict.UNSCANNED, said[:200])

    def _ask(self, command: bytes, pieces: Iterable[bytes]) -> str:
        try:
            with self._connected() as line:
                line.sendall(command)
                if command.startswith(b"zINSTREAM"):
                    _send(line, pieces)
                return _answer(line)
        except OSError as problem:
            raise NoScanner(type(problem).__name__) from None

    def _connected(self) -> socket.socket:
        parts = urlsplit(self.url)
        if parts.scheme == "unix":
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(WITHIN)
            try:
                line.connect(parts.path)
            except OSError:
                line.close()
                raise
            return line
        return socket.create_connection((parts.hostname or "", parts.port or PORT), timeout=WITHIN)


NO_SCANNER = Scanner()


def _send(line: socket.socket, pieces: Iterable[bytes]) -> None:
    try:
        for piece in pieces:
            if piece:
                line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It has heard enough, because the file is too large for it, and has said so: the answer is read all the same.
        return


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\x00" not in said and len(said) < LONGEST_ANSWER:
        try:
            more = line.recv(4096)
        except ConnectionResetError:
            break
        if not more:
            break
        said += more
    return said.partition(b"\x00")[0].decode("utf-8", "replace").strip()
