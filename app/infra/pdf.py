"""Makes tagged PDF of our own HTML, in a child process that can reach nothing and has only so much time."""

import base64
import ctypes
import json
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from app.config import PROJECT
from app.infra.directions import with_directions
from app.infra.fonts import with_fonts

ASSET = "asset:"
PICTURE = "data:image/"
MOST_HTML = 4_000_000  # characters; what is longer belongs into several papers
MOST_PAGES = 400
MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 60.0
OPEN_FILES = 128
NEW_USERS, NEW_NETWORK = 0x10000000, 0x40000000
REFUSED, TOO_LONG, FAULTY, LACKING = 3, 4, 5, 6

SAID = {
    REFUSED: "The paper asks for something from outside, which is never fetched.",
    TOO_LONG: f"The paper is longer than {MOST_PAGES} pages.",
    FAULTY: "The paper has a part that cannot be set, such as a picture that cannot be read.",
    LACKING: "This machine lacks libraries that set papers: ./candor doctor names them.",
}


class PdfError(Exception):
    """No PDF was made; the words say why and repeat nothing of the paper."""


def render_pdf(
    html: str,
    *,
    title: str,
    language: str,
    assets: Mapping[str, bytes] | None = None,
    variant: str = "pdf/ua-1",
    seconds: float = WALL_SECONDS,
) -> bytes:
    """The paper as PDF: the same bytes for the same paper. `assets` holds what `asset:<name>` stands for in it.

    It takes seconds and much memory: the worker and the command line call this; a web request only one at a time.
    """
    if len(html) > MOST_HTML:
        raise PdfError(f"The paper has more than {MOST_HTML:,} characters.")
    html, fonts = with_fonts(with_directions(html), language)
    carried = {name: base64.b64encode(content).decode() for name, content in {**(assets or {}), **fonts}.items()}
    order = {"html": html, "title": title, "language": language, "assets": carried, "variant": variant}
    child = subprocess.Popen(
        [sys.executable, "-s", "-m", "app.infra.pdf"],
        cwd=PROJECT,
        # A font that is cut to its signs says when: always the same day, or no two papers had the same bytes.
        env={"LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        made, _ = child.communicate(json.dumps(order).encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        raise PdfError(f"The paper was not ready after {seconds:g} seconds.") from None
    finally:
        _end(child)
    if child.returncode:
        raise PdfError(SAID.get(child.returncode, "The paper could not be set within its limits."))
    return made


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Whatever happened, nothing of the child stays behind."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


# --- the child ---


def main() -> int:
    """Reads one order from standard input, writes one PDF to standard output."""
    _bind()
    order = json.loads(sys.stdin.buffer.read())
    faults = _Faults()
    logging.getLogger("weasyprint").addHandler(faults)
    try:
        made = _set(order)
    except _Outside:
        return REFUSED
    except _TooLong:
        return TOO_LONG
    except _Lacking:
        return LACKING
    except BaseException:  # noqa: BLE001 -- the renderer's own fatal error is no Exception; the child ends here in any case
        return 1
    if faults.found:
        return FAULTY
    sys.stdout.buffer.write(made)
    return 0


class _Outside(Exception):
    """The paper asked for something that it does not carry with it."""


class _TooLong(Exception):
    """It has more pages than anybody should print."""


class _Lacking(Exception):
    """The renderer's own libraries are not there: it cannot even be loaded."""


class _Faults(logging.Handler):
    """Notes that the renderer left something out: a paper with a hole in it is not handed on."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found = False

    def emit(self, record: logging.LogRecord) -> None:
        self.found = True


def _bind() -> None:
    """Memory, time and files are bounded; where the system lets us, the network is gone as well."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # A network of its own without any interface: a second bar behind the fetcher, as not every system gives it.
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(NEW_NETWORK) != 0:
        unshare(NEW_USERS | NEW_NETWORK)


def _set(order: dict[str, Any]) -> bytes:
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as problem:
        raise _Lacking from problem
    fetcher = _fetcher({name: base64.b64decode(content) for name, content in order["assets"].items()})
    paper = HTML(string=order["html"], url_fetcher=fetcher).render(pdf_variant=order["variant"])
    if fetcher.refused:
        raise _Outside
    if len(paper.pages) > MOST_PAGES:
        raise _TooLong
    paper.metadata.title, paper.metadata.lang = order["title"], order["language"]
    made: bytes = paper.write_pdf(pdf_variant=order["variant"], finisher=_say_scopes)
    if fetcher.refused:  # attachments are fetched only now
        raise _Outside
    return made


def _say_scopes(_: Any, pdf: Any) -> None:
    """WeasyPrint ties each cell to its headers; readers that go by scope are told whether a header is a row's."""
    parts = [part for part in pdf.objects if isinstance(part, dict) and part.get("S") in ("/TH", "/TD")]
    of_rows = {
        (part["P"], header.string) for part in parts if part["S"] == "/TD" for header in part["A"].get("Headers", ())
    }
    for part in parts:
        if part["S"] == "/TH" and "ID" in part:
            part["A"]["Scope"] = "/Row" if (part["P"], part["ID"].string) in of_rows else "/Column"


def _fetcher(assets: Mapping[str, bytes]) -> Any:
    """Gives what the paper carries with it and refuses every address. Made here, as only the child loads WeasyPrint."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Carried(URLFetcher):  # type: ignore[misc]
        """What is asked for and not carried is noted, and the paper fails."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)
            self.refused = False

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(ASSET) and url.removeprefix(ASSET) in assets:
                return URLFetcherResponse(url, assets[url.removeprefix(ASSET)])
            if url.startswith(PICTURE):
                return super().fetch(url, headers)
            self.refused = True
            raise ValueError("not carried with the paper")

    return Carried()


if __name__ == "__main__":
    sys.exit(main())
