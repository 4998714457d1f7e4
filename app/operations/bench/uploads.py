"""What uploads cost: memory for a large one, the wait of others for many slow ones, and what a cut line loses."""

import asyncio
import hashlib
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvloop

from app.access.work import House, Wiring
from app.infra.storage import CHUNK
from app.intake.rules.draft import Kept
from app.operations.bench import run, servers
from app.operations.bench.client import at_a_rate
from app.operations.bench.figures import Proof
from app.operations.bench.site import filing, site_at
from app.web.sealed_field import new_id, open_field, seal_field
from app.web.tus import BODY

ADDRESS = "/file/uploads"
GIGABYTE, MOST_MEMORY = 1_000_000_000, 50_000_000
SLOW, SLOW_STEP, SLOW_PAUSE, SLOW_LENGTH = 200, 2048, 0.25, 10_000_000
# "Do not delay": what two runs of the same load differ by anyway, and no promise of a page broken.
MOST_DELAY_RATIO, MOST_P99_MS = 1.5, 200.0
PNG = b"\x89PNG\r\n\x1a\n"
CUT_LENGTH = 3 * CHUNK + 17
CUTS = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 100, 3 * CHUNK - 1, 3 * CHUNK, 3 * CHUNK + 16, CUT_LENGTH)
WITHIN = 600.0
FILING_SECONDS = 20.0
# The slow ones have all begun by then.
SLOW_HEAD_START = 8.0
Progress = Callable[[str], None]


class Uploader:
    """One page's permit, and the core of tus over a bare socket, so that a line can be cut at any byte."""

    def __init__(self, permit: str, port: int) -> None:
        self.permit, self.port = permit, port

    async def ask(self, method: str, path: str, head: dict[str, str], body: bytes = b"") -> dict[str, str]:
        """One request on a line of its own; the answer's status and headers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(self.head(method, path, {"content-length": str(len(body))} | head) + body)
            return await answered(reader)
        finally:
            writer.close()

    def head(self, method: str, path: str, head: dict[str, str]) -> bytes:
        """How a request begins."""
        known = {"host": f"127.0.0.1:{self.port}", "tus-resumable": "1.0.0", "candor-permit": self.permit}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (known | head).items()), "", ""]
        return "\r\n".join(lines).encode()

    def piece(self, path: str, start: int, length: int) -> bytes:
        """How a body begins that starts there."""
        return self.head(
            "PATCH", path, {"upload-offset": str(start), "content-length": str(length), "content-type": BODY}
        )

    async def begin(self, length: int) -> str:
        """Names a file; where it goes."""
        return (await self.ask("POST", ADDRESS, {"upload-length": str(length)}))["location"]

    async def state(self, path: str) -> dict[str, str]:
        """How far it came."""
        return await self.ask("HEAD", path, {})


def permit_of(house: House) -> str:
    """As a page would carry it, of a form of its own."""
    said = json.dumps({"most": 2 * GIGABYTE, "types": []}).encode()
    return seal_field(house, "upload", new_id(), said, int(time.time()))


def digest_of(house: House, slip: str) -> bytes:
    """Of the whole file that this slip is for."""
    opened = open_field(house, "arrived", slip, int(time.time()), seconds=3600)
    return Kept.model_validate_json(opened or b"").sha256


async def answered(reader: asyncio.StreamReader) -> dict[str, str]:
    """Status and headers of an answer."""
    async with asyncio.timeout(WITHIN):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in head[1:] if ": " in line)
    return {"status": head[0].split(" ")[1]} | {name.lower(): value for name, value in pairs}


def prove_uploads(data: Path, wiring: Wiring, cases: int, progress: Progress) -> Proof:
    """All three on one running server."""
    with site_at(data, wiring, cases, progress) as site, servers.served(data) as running:
        figures: dict[str, Any] = {}
        progress("uploads: the line cut at every class of offset")
        house, port = site.house, running.port
        figures["cuts"] = uvloop.run(_cuts(house, Uploader(permit_of(house), port)))
        progress("uploads: a gigabyte")
        figures["gigabyte"] = uvloop.run(_gigabyte(house, Uploader(permit_of(house), port), running.process.pid))
        figures["slow"] = _slow(house, port, progress)
    return Proof(_holds(figures), figures, WORDS)


WORDS = (
    f"One upload of {GIGABYTE} bytes by PATCH to up's two workers, memory of up's processes but the database's, as the "
    f"kernel counts what is theirs alone, at most while it comes and is made whole, less before; {SLOW} uploads of "
    f"{SLOW_STEP} bytes each {SLOW_PAUSE} s beside {run.A_SECOND} filings a second for {FILING_SECONDS} s, their 99th "
    "percentile with and without; the line cut at each class of offset, gone on with from where the server says, and "
    "the digest compared."
)


def _holds(figures: dict[str, Any]) -> bool:
    slow = figures["slow"]
    is_quick = (
        slow["p99_ms_with"] < MOST_P99_MS and slow["p99_ms_with"] < MOST_DELAY_RATIO * slow["p99_ms_without"] + 20
    )
    is_whole = figures["cuts"]["whole"] == len(CUTS) and figures["gigabyte"]["is_whole"]
    return bool(is_quick and is_whole and figures["gigabyte"]["added_bytes"] < MOST_MEMORY)


async def _cuts(house: House, uploader: Uploader) -> dict[str, Any]:
    data = PNG + hashlib.shake_128(b"an upload").digest(CUT_LENGTH - len(PNG))
    whole, offsets = 0, []
    for cut in CUTS:
        path = await uploader.begin(len(data))
        _, writer = await asyncio.open_connection("127.0.0.1", uploader.port)
        writer.write(uploader.piece(path, 0, len(data)) + data[:cut])
        with suppress(OSError):
            await writer.drain()
        await asyncio.sleep(0.2)
        writer.transport.abort()
        await asyncio.sleep(0.2)
        said = await uploader.state(path)
        at = int(said["upload-offset"])
        offsets.append(at)
        if at < len(data):
            head = {"upload-offset": str(at), "content-type": BODY}
            said = await uploader.ask("PATCH", path, head, data[at:])
        whole += digest_of(house, said["candor-file"]) == hashlib.sha256(data).digest()
    return {"cut_at": list(CUTS), "went_on_at": offsets, "whole": whole}


async def _gigabyte(house: House, uploader: Uploader, parent: int) -> dict[str, Any]:
    block = hashlib.shake_128(b"a film").digest(1_000_000)
    before, started = _memory(parent), time.perf_counter()
    seen = [before]
    watching = asyncio.create_task(_watch(parent, seen))
    path = await uploader.begin(GIGABYTE)
    reader, writer = await asyncio.open_connection("127.0.0.1", uploader.port)
    writer.write(uploader.piece(path, 0, GIGABYTE))
    digest = hashlib.sha256()
    for number in range(GIGABYTE // len(block)):
        piece = PNG + block[len(PNG) :] if number == 0 else block
        digest.update(piece)
        writer.write(piece)
        await writer.drain()
    sent = time.perf_counter()
    said = await answered(reader)
    done = time.perf_counter()
    writer.close()
    watching.cancel()
    return {
        "added_bytes": max(seen) - before,
        "before_bytes": before,
        "seconds_sending": round(sent - started, 1),
        "seconds_making_whole": round(done - sent, 1),
        "is_whole": digest_of(house, said["candor-file"]) == digest.digest(),
    }


async def _watch(parent: int, seen: list[int]) -> None:
    while True:
        seen.append(_memory(parent))
        await asyncio.sleep(0.1)


def _memory(parent: int) -> int:
    """What belongs to the processes of `up` alone, without the database's."""
    return sum(_own(pid) for pid in [parent, *_children(parent)] if "postgres" not in _name(pid))


def _children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)


def _name(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text()
    return ""


def _own(pid: int) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))
    return 0


def _slow(house: House, port: int, progress: Progress) -> dict[str, Any]:
    """The slow ones in a process of their own: they must not slow the client that times the filings."""
    progress("uploads: filings alone")
    without = _filings(port)
    progress(f"uploads: filings beside {SLOW} slow uploads")
    permits = [permit_of(house) for _ in range(SLOW)]
    sending = multiprocessing.get_context("spawn").Process(target=_send_slowly, args=(port, permits), daemon=True)
    sending.start()
    time.sleep(SLOW_HEAD_START)
    try:
        with_them = _filings(port)
    finally:
        sending.terminate()
        sending.join()
    return {"p99_ms_without": without["p99_ms"], "p99_ms_with": with_them["p99_ms"]}


def _filings(port: int) -> dict[str, Any]:
    at_a_rate(port, filing, rate=run.A_SECOND, seconds=run.WARM_UP)
    return at_a_rate(port, filing, rate=run.A_SECOND, seconds=FILING_SECONDS).figures()


def _send_slowly(port: int, permits: list[str]) -> None:
    async def all_of_them() -> None:
        await asyncio.gather(*(_trickle(Uploader(permit, port)) for permit in permits))

    uvloop.run(all_of_them())


async def _trickle(uploader: Uploader) -> None:
    path = await uploader.begin(SLOW_LENGTH)
    _, writer = await asyncio.open_connection("127.0.0.1", uploader.port)
    writer.write(uploader.piece(path, 0, SLOW_LENGTH) + PNG)
    for _ in range(SLOW_LENGTH // SLOW_STEP - 1):
        writer.write(bytes(SLOW_STEP))
        await writer.drain()
        await asyncio.sleep(SLOW_PAUSE)
