"""The dialog of `rulebook new`: asked again, gone back, cut off at a real terminal, and gone on with."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.cli import rulebook_new
from app.config import PROJECT
from app.operations.new_rulebook.answers import Answers
from app.operations.new_rulebook.asking import BACK, Dialog, ask_all
from app.operations.new_rulebook.catalogue import catalogue
from app.operations.new_rulebook.files import read_answers
from app.operations.new_rulebook.writing import write_rulebook
from tests.policy.test_new_rulebook import KNOWN_AT_LEAST, problems_of


class Clerk:
    """Types one line after the other, and stops where there are no more."""

    def __init__(self, *lines: str) -> None:
        self.lines, self.heard, self.kept = list(lines), list[str](), Answers()

    def hear(self, prompt: str) -> str:
        if not self.lines:
            raise KeyboardInterrupt
        return self.lines.pop(0)

    def dialog(self) -> Dialog:
        return Dialog(self.hear, self.heard.append, self._keep, lambda *_: None)

    def _keep(self, answers: Answers) -> None:
        self.kept = answers


def test_a_bad_answer_is_asked_again_with_the_reason_and_nothing_is_lost() -> None:
    clerk = Clerk("City of Harbor", "Harbor Review", "", "Harbor!", "harbor", "soon", "2026-10-01", "Illinois", "?")
    with pytest.raises(KeyboardInterrupt):
        ask_all(clerk.dialog(), Answers())
    told = "\n".join(clerk.heard)
    assert "! Use small letters" in told
    assert "! “soon” is not a day" in told
    assert "! “Illinois” is not known; write its two letters, such as IL." in told
    assert clerk.kept.typed == {
        "city": "City of Harbor",
        "agency": "Harbor Review",
        "short_name": "none",
        "folder": "harbor",
        "takes_effect": "2026-10-01",
        "state": "?",
    }


def test_one_can_go_back_a_question_and_answer_it_otherwise() -> None:
    clerk = Clerk(BACK, "City of Habor", BACK, "City of Harbor", "Harbor Review")
    with pytest.raises(KeyboardInterrupt):
        ask_all(clerk.dialog(), Answers())
    assert clerk.kept.typed == {"city": "City of Harbor", "agency": "Harbor Review"}


def test_a_whole_dialog_makes_a_rulebook(tmp_path: Path) -> None:
    """As a clerk would type it who knows little: Enter where Enter is offered, ? elsewhere."""

    sections = catalogue().sections
    keys = {q.asks: q.key.format(board="board") for section in sections for q in (*section.questions, *section.boards)}

    class KnowsLittle(Clerk):
        def hear(self, prompt: str) -> str:
            question = next(words for words in reversed(self.heard) if " of about " in words)
            key = next((key for words, key in keys.items() if question.endswith(words)), "")
            if "and >" in prompt or ("[" in prompt and key != "folder"):
                return ""
            typed = KNOWN_AT_LEAST.get(key, "review" if key == "model" else "?")
            return typed if isinstance(typed, str) else typed[0]

    answers = ask_all(KnowsLittle().dialog(), Answers())
    assert answers.value("model") == "review"
    assert problems_of(write_rulebook(answers, tmp_path)) == []


def test_stopping_at_a_real_terminal_keeps_what_was_answered_and_one_can_go_on(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "app.cli", "rulebook", "new", "--into", str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    running = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path, env=env, start_new_session=True
    )
    os.close(theirs)
    seen = _until(ours, "Which city or county")
    os.write(ours, "Ciudad Bahía\n".encode())
    seen += _until(ours, "oversight agency called")
    os.write(ours, b"Harbor Review\n")
    seen += _until(ours, "called for short")
    running.send_signal(signal.SIGINT)
    seen += _until(ours, "Go on later with")
    assert running.wait(20) == rulebook_new.STOPPED
    os.close(ours)
    held = read_answers(tmp_path / rulebook_new.KEPT)
    assert held.answers.typed == {"city": "Ciudad Bahía", "agency": "Harbor Review"}


def _until(terminal: int, words: str) -> str:
    seen, latest = "", time.monotonic() + 30
    while words not in seen and time.monotonic() < latest:
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
    assert words in seen
    return seen
