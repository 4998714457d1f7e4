"""A load client as small as can be, so that it takes little of the processor that it shares with the server."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import uvloop

from app.operations.bench.figures import Sample

ANSWER_WITHIN = 30.0
OK = range(200, 300)


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def raw(self, port: int) -> bytes:
        """As it goes over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"content-length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode() + self.body


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Broken(Exception):
    """The connection ended before there was an answer."""


class Line:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, ask: Ask) -> Answer:
        """Sends one request and reads its whole answer."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._ask(ask)
        except (OSError, EOFError, TimeoutError) as problem:
            self.close()
            raise Broken from problem

    async def _ask(self, ask: Ask) -> Answer:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(ask.raw(self._port))
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        body = await self._body(self._reader, head)
        if "connection: close" in head:
            self.close()
        return Answer(status, body)

    @staticmethod
    async def _body(reader: asyncio.StreamReader, head: str) -> bytes:
        if "transfer-encoding: chunked" not in head:
            _, mark, rest = head.partition("content-length:")
            return await reader.readexactly(int(rest.split("\r\n", 1)[0])) if mark else b""
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
        return body

    def close(self) -> None:
        """Hangs up, and drops what the dead would never take: the loop could not end before it."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None


Make = Callable[[int], Ask]


def as_fast_as_possible(port: int, make: Make, *, lines: int, seconds: float) -> Sample:
    """So many connections, each asking again as soon as it is answered."""
    return uvloop.run(_closed(port, make, lines, seconds))


def at_a_rate(port: int, make: Make, *, rate: float, seconds: float) -> Sample:
    """So many requests a second, whether the server keeps up or not; waiting for a late server counts."""
    return uvloop.run(_open(port, make, rate, seconds))


async def _closed(port: int, make: Make, lines: int, seconds: float) -> Sample:
    sample, started = Sample(), time.perf_counter()
    numbers = iter(range(1 << 62))

    async def one() -> None:
        line = Line(port)
        while time.perf_counter() - started < seconds:
            await _timed(line, make(next(numbers)), sample, time.perf_counter())
        line.close()

    await asyncio.gather(*(one() for _ in range(lines)))
    sample.seconds = time.perf_counter() - started
    return sample


async def _open(port: int, make: Make, rate: float, seconds: float) -> Sample:
    sample, started = Sample(), time.perf_counter()
    idle: list[Line] = []
    waiting = []

    async def one(number: int, due: float) -> None:
        line = idle.pop() if idle else Line(port)
        await _timed(line, make(number), sample, due)
        idle.append(line)

    for number in range(int(rate * seconds)):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*waiting)
    sample.seconds = time.perf_counter() - started
    for line in idle:
        line.close()
    return sample


async def _timed(line: Line, ask: Ask, sample: Sample, since: float) -> None:
    try:
        answer = await line.ask(ask)
    except Broken:
        sample.failures += 1
        return
    if answer.status in OK:
        sample.durations.append(time.perf_counter() - since)
    else:
        sample.failures += 1
