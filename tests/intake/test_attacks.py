"""Somebody who copied a filer's cookie: it opens the complaint for a while, and not for ever."""

import time
from types import SimpleNamespace

import pytest

from app.web import guard
from app.web.work import FILER_DAY, FILER_TIME
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_pages import Filer, file
from tests.make import Make

ENTRY = 'name="passphrase"'


def test_turning_pages_does_not_keep_a_copied_cookie_alive_for_ever(
    client_as: ClientAs, make: Make, work_as: WorkAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    filer = Filer(client_as(), file(make, work_as).passphrase.words)
    start, step = time.time(), FILER_TIME.total_seconds() - 60
    turns = int(FILER_DAY.total_seconds() // step)
    for turn in range(1, turns + 1):
        monkeypatch.setattr(guard, "time", SimpleNamespace(time=lambda at=start + turn * step: at))
        assert ENTRY not in filer.text, turn
    monkeypatch.setattr(guard, "time", SimpleNamespace(time=lambda: start + FILER_DAY.total_seconds() + 1))
    assert ENTRY in filer.text
