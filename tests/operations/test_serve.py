"""`up`: one for each data folder, its children replaced when they die and gone when it is."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import PROJECT, Settings
from app.infra.postgres.processes import wait_until
from app.kernel.errors import Refused
from app.operations import serve
from app.operations.serve import Place

CREW_OF_TWO = """
import signal, sys, os
from app.operations.serve import Crew, SIGNALS
def idle():
    signal.pause()
signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
crew = Crew()
crew.start("one", idle)
crew.start("two", idle)
def announce():
    print(*crew.children, flush=True)
    return True
crew.watch(announce)
crew.end()
print("ended", flush=True)
"""


def crew_of_two() -> tuple["subprocess.Popen[str]", list[int]]:
    environment = dict(os.environ) | {"PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", CREW_OF_TWO], text=True, env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    return process, [int(word) for word in process.stdout.readline().split()]


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []


def lives(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def run_candor(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ) | {"PYTHONPATH": str(PROJECT)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "app.cli", *arguments],
        text=True,
        check=False,
        env=environment,
        capture_output=True,
        cwd="/",
    )


@pytest.mark.fault
def test_a_child_that_dies_is_replaced() -> None:
    process, children = crew_of_two()
    with process:
        os.kill(children[0], signal.SIGKILL)
        assert wait_until(lambda: len(set(children_of(process.pid)) - {children[0]}) == 2, 5.0)
        process.terminate()


def test_a_signal_ends_the_children_and_then_the_parent() -> None:
    process, children = crew_of_two()
    process.terminate()
    assert process.communicate(timeout=10)[0] == "ended\n"
    assert process.returncode == 0
    assert not any(lives(child) for child in children)


@pytest.mark.fault
def test_the_children_of_a_killed_parent_are_gone_in_ten_seconds() -> None:
    process, children = crew_of_two()
    with process:
        process.kill()
    assert len(children) == 2
    assert wait_until(lambda: not any(lives(child) for child in children), 10.0)


def test_a_second_up_on_the_same_data_is_refused_in_one_line(tmp_path: Path) -> None:
    with serve._only_one(tmp_path):  # noqa: SLF001 -- the lock itself, without all that follows
        refused = run_candor("up", "--data", str(tmp_path), "--port", "18999")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "Another `up` is serving" in refused.stderr


def test_a_port_in_use_is_refused_in_one_line_that_names_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run_candor("up", "--data", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "--port" in refused.stderr


def test_a_port_is_taken_from_the_first_moment_and_not_only_once_the_web_serves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with (
        serve._listening(Place(port=port)),  # noqa: SLF001 -- the moment between the socket and the first web process
        pytest.raises(Refused, match="--port"),
        serve._listening(Place(port=port)),  # noqa: SLF001
    ):
        raise AssertionError


def test_demonstration_log_ins_are_not_offered_beyond_this_machine(tmp_path: Path) -> None:
    def never(settings: Settings, *, demo: bool, progress: serve.Progress) -> None:
        raise AssertionError

    with pytest.raises(Refused, match="--no-demo"):
        serve.up(Settings.read(data_dir=tmp_path), Place("0.0.0.0"), never, demo=True, progress=lambda _: None)


@pytest.mark.parametrize("words", [["nonsense"], ["up", "--port", "none"], ["up", "--nonsense"]])
def test_wrong_usage_ends_with_two(words: list[str]) -> None:
    assert run_candor(*words).returncode == 2


def test_a_wrong_setting_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_LIMITS", "maybe")
    refused = run_candor("up")
    assert refused.returncode == 1
    assert "CANDOR_LIMITS" in refused.stderr
    assert refused.stderr.count("\n") == 1
