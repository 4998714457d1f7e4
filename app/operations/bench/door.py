"""Load on the residents' door: whole complaints by the form, page by page, as a browser without script sends them."""

import asyncio
import html
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import uvloop

from app.kernel.errors import Refused
from app.operations.bench.client import Answer, Ask, Broken, Line
from app.operations.bench.figures import Sample
from app.operations.bench.site import TELLING

FORM = re.compile(rb'<form\b[^>]*? action="/file/answer.*?</form>', re.DOTALL)
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)"')
NAMED = re.compile(rb'<(?:input|textarea|select)\b[^>]*? name="([^"]+)"')
OFFERED = re.compile(rb'<input\b[^>]*?type="radio"[^>]*? name="([^"]+)"[^>]*? value="([^"]+)"')
SEND = b'formaction="/file/send'
MOST_PAGES = 25
BOUNDARY = "candor-bench"
FORM_TYPE = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
# What somebody says who only knows what happened; what must be answered besides gets its first answer.
KNOWN = {
    "language": "en",
    "anonymity": "anonymous",
    "relationship": "self",
    "narrative": TELLING,
    "location": "Alder Street, near the bus stop",
    "date_year": "2026",
    "date_month": "3",
}
START = Ask("GET", "/file?lang=en")
Answers = Mapping[str, str]


@dataclass
class Way:
    """The way through the form: what is answered on which page, and how many pages there were."""

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: int = 0
    bytes_down: int = 0
    bytes_up: int = 0


@dataclass
class Filed:
    """What a run came to."""

    pages: Sample = field(default_factory=Sample)
    complaints: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Of the pages and of whole complaints."""
        whole = Sample(self.complaints, self.pages.seconds)
        return {
            "pages": self.pages.figures(),
            "complaints_per_second": round(whole.rate, 2),
            "complaints": len(self.complaints),
            "a_complaint_median_ms": whole.figures()["median_ms"],
            "failures": len(self.failures),
            "failed_at": sorted(set(self.failures))[:5],
        }


def learn(port: int) -> Way:
    """Walks once through the form and notes what it asks."""
    return uvloop.run(_learn(port))


def file_at_a_rate(port: int, way: Way, *, rate: float, seconds: float) -> Filed:
    """So many complaints begun a second, whether the server keeps up or not."""
    return uvloop.run(_many(port, way, rate, seconds))


async def _learn(port: int) -> Way:
    way, line = Way(), Line(port)
    answer = await _step(line, START, way)
    while way.pages < MOST_PAGES:
        form = _form(answer)
        answers = way.answers.setdefault(_page(form), _known(form))
        if SEND in form:
            answer = await _step(line, _send(form), way)
            line.close()
            return way
        answer = await _step(line, _answered(form, answers), way)
        if answer.status == 422:
            answers |= _first_of(_form(answer), answers)
    raise Refused("The form does not end.")


async def _step(line: Line, ask: Ask, way: Way) -> Answer:
    answer = await line.ask(ask)
    if answer.status not in (200, 422):
        raise Refused(f"{ask.method} {ask.path}: {answer.status}")
    way.pages += answer.status == 200
    way.bytes_down += len(answer.body)
    way.bytes_up += len(ask.body)
    return answer


def _form(answer: Answer) -> bytes:
    found = FORM.search(answer.body)
    if found is None:
        raise Refused(f"There is no form on this page ({answer.status}).")
    return found.group()


def _hidden(form: bytes) -> dict[str, str]:
    return {name.decode(): html.unescape(value.decode()) for name, value in HIDDEN.findall(form)}


def _page(form: bytes) -> str:
    return _hidden(form).get("page", "")


def _known(form: bytes) -> dict[str, str]:
    names = {name.decode() for name in NAMED.findall(form)}
    return {name: value for name, value in KNOWN.items() if name in names}


def _first_of(form: bytes, answers: Answers) -> dict[str, str]:
    """Of what is asked and was not answered, the first that is offered."""
    first: dict[str, str] = {}
    for name, value in OFFERED.findall(form):
        first.setdefault(name.decode(), value.decode())
    return {name: value for name, value in first.items() if name not in answers}


def _answered(form: bytes, answers: Answers) -> Ask:
    return Ask("POST", "/file/answer?lang=en", FORM_TYPE, _multipart(_hidden(form) | dict(answers) | {"go": "next"}))


def _send(form: bytes) -> Ask:
    return Ask("POST", "/file/send?lang=en", FORM_TYPE, _multipart(_hidden(form)))


def _multipart(fields: Answers) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


async def _many(port: int, way: Way, rate: float, seconds: float) -> Filed:
    filed, started = Filed(), time.perf_counter()
    idle: list[Line] = []
    walks = []

    async def one(due: float) -> None:
        line = idle.pop() if idle else Line(port)
        try:
            await _walk(line, way, filed, due)
            filed.complaints.append(time.perf_counter() - due)
        except (Broken, Refused) as problem:
            filed.failures.append(str(problem) or "the connection broke")
        idle.append(line)

    for number in range(int(rate * seconds)):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        walks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*walks)
    filed.pages.seconds = time.perf_counter() - started
    for line in idle:
        line.close()
    return filed


async def _walk(line: Line, way: Way, filed: Filed, due: float) -> None:
    """One complaint; each page is due as soon as the one before it has come."""
    answer = await _timed(line, START, filed, due)
    for _ in range(MOST_PAGES):
        form = _form(answer)
        if SEND in form:
            await _timed(line, _send(form), filed, time.perf_counter())
            return
        answer = await _timed(line, _answered(form, way.answers.get(_page(form), {})), filed, time.perf_counter())
    raise Refused("The form does not end.")


async def _timed(line: Line, ask: Ask, filed: Filed, since: float) -> Answer:
    answer = await line.ask(ask)
    if answer.status != 200:
        filed.pages.failures += 1
        raise Refused(f"{ask.method} {ask.path}: {answer.status}")
    filed.pages.durations.append(time.perf_counter() - since)
    return answer
