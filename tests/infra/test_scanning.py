"""What a scanner says over its socket: a small clamd of our own answers as the real one does."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.infra.scanning import NoScanner, Scanner, Verdict

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 1_000_000


def _all(line: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        more = line.recv(length - len(got))
        if not more:
            return got
        got += more
    return got


def _scanned(line: socket.socket) -> bytes:
    data = b""
    while length := struct.unpack("!L", _all(line, 4))[0]:
        data += _all(line, length)
        if len(data) > LIMIT:
            return b"INSTREAM size limit exceeded. ERROR"
    return b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK"


def _answer(line: socket.socket) -> None:
    command = b""
    while not command.endswith(b"\x00"):
        command += line.recv(1)
    line.sendall((b"PONG" if command == b"zPING\x00" else _scanned(line)) + b"\x00")


@contextmanager
def clamd(serve: Callable[[socket.socket], None] = _answer) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                # Whoever hangs up in the middle ends their own line, not the scanner.
                with line, suppress(struct.error):
                    serve(line)

        threading.Thread(target=run, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def test_what_is_clean_what_is_not_and_what_was_too_large_are_three_things() -> None:
    with clamd() as url:
        scanner = Scanner(url)
        scanner.greet()
        assert scanner.scan([b"a photo"] * 100).verdict is Verdict.CLEAN
        assert scanner.scan([]).verdict is Verdict.CLEAN
        found = scanner.scan([EICAR[:30], b"", EICAR[30:]])
        assert (found.verdict, found.found) == (Verdict.INFECTED, "Eicar-Test-Signature")
        assert scanner.scan([bytes(65536)] * 40).verdict is Verdict.UNSCANNED


def test_whatever_else_it_says_is_never_clean() -> None:
    for said in (b"", b"\x00", b"UNKNOWN COMMAND\x00", b"stream: OK then\x00", b"x" * 100_000):
        with clamd(lambda line, said=said: line.sendall(said)) as url:  # type: ignore[misc]
            assert Scanner(url).scan([b"a"]).verdict is Verdict.UNSCANNED


def test_a_scanner_that_is_away_is_told_from_one_that_found_nothing(tmp_path: Path) -> None:
    for url in ("tcp://127.0.0.1:9", f"unix://{tmp_path}/none.sock"):
        with pytest.raises(NoScanner):
            Scanner(url).scan([b"a"])
    assert not Scanner().is_on
