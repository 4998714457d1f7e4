"""The demonstration city, really running, and a real browser in front of it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.config import PROJECT
from tests.stories import walking

PASSWORD = "a long word for a demonstration"
STARTS_WITHIN = 180


@dataclass(frozen=True)
class Running:
    """Where the demonstration answers, and the folder of all it keeps."""

    address: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a command beside it is told."""
        told = {"CANDOR_DATA_DIR": str(self.data), "CANDOR_DEMO_PASSWORD": PASSWORD, "CANDOR_LIMITS": "off"}
        return os.environ | told

    def candor(self, *words: str) -> str:
        """`./candor` with these words, while `up` runs; what it printed."""
        command = [sys.executable, "-P", "-m", "app.cli", *words]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`./candor up` on a folder of its own; ended as Ctrl-C ends it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    data = tmp_path_factory.mktemp("demonstration")
    site = Running(f"http://127.0.0.1:{port}", data)
    environment = site.environment
    command = [sys.executable, "-P", "-m", "app.cli", "up", "--port", str(port), "--data", str(data)]
    with (data / "up.log").open("wb") as errors:
        up = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert up.stdout is not None
            ready = next((line for line in up.stdout if line.startswith("ready ")), "")
            assert ready, (data / "up.log").read_text()
            yield site
        finally:
            up.send_signal(signal.SIGINT)
            up.communicate(timeout=30)


@pytest.fixture(scope="package")
def site(running: Running) -> str:
    """Its address."""
    return running.address


Opened = Callable[..., Page]


@pytest.fixture
def page_as(chrome: Browser, site: str, tmp_path: Path) -> Iterator[Opened]:
    """`page_as("investigator")`: a browser window signed in; without a name, a resident's phone without script."""
    contexts: list[BrowserContext] = []

    def opened(name: str | None = None, *, width: int = 1440, script: bool = True, language: str = "en-US") -> Page:
        context = chrome.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale=language, base_url=site
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if name is not None:
            walking.sign_in(page, name, PASSWORD)
        return page

    yield opened
    for context in contexts:
        context.close()
