"""The rulebook commands, called as from a terminal."""

import json
from typing import Any

import pytest

from app.cli import main


class Answer:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@pytest.fixture
def rulebook(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: str) -> Answer:
        with pytest.raises(SystemExit) as ended:
            main(["rulebook", *words])
        printed = capsys.readouterr()
        return Answer(int(ended.value.code or 0), printed.out, printed.err)

    return run
