"""The measure of clocks in small: its figures are taken, and a difference is told."""

import os

import pytest

from app import stages
from app.operations import prove
from app.operations.bench import clocks


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in (("CLOCKS", 300), ("TIMED_ALONE", 100), ("COMPARED", 300)):
        monkeypatch.setattr(prove, name, count)


def proof() -> prove.Proof:
    return prove.MEASURES["clocks"](stages.WIRING, lambda _: None)


def test_its_figures_are_taken() -> None:
    found = proof().figures
    assert (found["clocks"], found["compared"], found["differing"], found["shown"]) == (300, 300, 0, [])
    assert found["microseconds_each"] > 0
    assert 0 < found["ten_pauses_median_us"] <= found["ten_pauses_p99_us"]


def test_one_difference_is_enough_not_to_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = clocks.naive()
    assert walk is not None
    monkeypatch.setattr(clocks, "naive", lambda: lambda each: each.start if each.number == 7 else walk(each))
    found = proof()
    assert not found.holds
    assert found.figures["differing"] == 1
    assert found.figures["shown"][0].startswith("7: ")


def test_without_the_tests_nothing_is_said_to_be_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "NAIVE", "tests.kernel.nowhere")
    assert clocks.naive() is None
    assert not proof().holds
    monkeypatch.setattr(clocks, "NAIVE", "nowhere_at_all.naive")
    assert clocks.naive() is None


def test_one_core_is_given_back() -> None:
    if hasattr(os, "sched_getaffinity"):
        before = os.sched_getaffinity(0)
        with clocks.one_core():
            assert len(os.sched_getaffinity(0)) == 1
        assert os.sched_getaffinity(0) == before
