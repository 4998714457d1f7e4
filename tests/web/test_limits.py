"""How often one address may knock: sixty at once, a line for complaints after that, and nothing kept of the address."""

import asyncio

import pytest

from app.web.limits import LONGEST_LINE, MOST_IN_LINE, Limiter, Line
from tests.make import in_one_minute

NOW = 1_774_000_000.0 // 60 * 60


def waits(times: int, limiter: Limiter, line: Line, address: str = "192.0.2.7") -> list[int]:
    async def all_of_them() -> list[int]:
        return [await line.wait(limiter, address) for _ in range(times)]

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(all_of_them())
    finally:
        loop.close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def line(slept: list[float]) -> Line:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return Line(sleep)


def test_sixty_a_minute_pass_at_once_and_the_next_wait_their_turn(line: Line, slept: list[float]) -> None:
    assert waits(60 + LONGEST_LINE, in_one_minute(60), line) == [0] * (60 + LONGEST_LINE)
    assert slept == list(range(1, LONGEST_LINE + 1))


def test_who_would_wait_too_long_is_told_when_to_press_send_again(line: Line, slept: list[float]) -> None:
    assert waits(LONGEST_LINE + 2, in_one_minute(0), line)[-2:] == [45, 45]
    assert len(slept) == LONGEST_LINE


def test_another_address_does_not_stand_in_that_line(line: Line, slept: list[float]) -> None:
    limiter = in_one_minute(1)
    waits(3, limiter, line)
    assert waits(1, limiter, line, "198.51.100.4") == [0]
    assert slept == [1, 2]


def test_only_so_many_pages_are_kept_open() -> None:
    async def crowd() -> list[int]:
        go = asyncio.Event()
        line, limiter = Line(lambda _: go.wait()), in_one_minute(0)
        waiting = [asyncio.ensure_future(line.wait(limiter, f"192.0.{at // 200}.{at % 200}")) for at in range(202)]
        await asyncio.sleep(0)
        go.set()
        return await asyncio.gather(*waiting)

    loop = asyncio.new_event_loop()
    try:
        found = loop.run_until_complete(crowd())
    finally:
        loop.close()
    assert found.count(0) == MOST_IN_LINE
    assert found.count(45) == 2


def test_no_address_stands_in_the_memory_of_the_counts() -> None:
    limiter = Limiter(60)
    for address in ("192.0.2.7", "2001:db8:1:2::3"):
        limiter.wait_for(address, NOW)
    memory = bytes(limiter._counts[:])  # noqa: SLF001
    assert b"192.0.2.7" not in memory
    assert bytes([192, 0, 2, 7]) not in memory
    assert bytes.fromhex("20010db80001") not in memory


def test_after_an_hour_an_address_is_counted_elsewhere() -> None:
    limiter = Limiter(60)
    places = set()
    for hour in range(8):
        limiter.wait_for("192.0.2.7", NOW + 3600 * hour)
        counts = bytes(limiter._counts[:])  # noqa: SLF001
        places.add(next(at for at in range(0, len(counts), 2) if counts[at + 1]))
    assert len(places) == 8


@pytest.mark.parametrize("address", ["", "no address", "192.0.2.999", "::ffff:192.0.2.7"])
def test_what_is_no_address_is_counted_too(address: str) -> None:
    limiter = Limiter(1)
    assert [limiter.wait_for(address, NOW) > 0 for _ in range(2)] == [False, True]


def test_addresses_of_the_older_kind_are_told_apart_where_they_come_as_the_newer() -> None:
    """Else one stranger could use up the count of everybody behind a server that listens to both."""
    limiter = Limiter(1)
    came = ("::ffff:192.0.2.7", "192.0.2.7", "::ffff:198.51.100.9", "2001:db8::1", "2001:db8:0:ff::2")
    assert [limiter.wait_for(address, NOW) > 0 for address in came] == [False, True, False, False, True]
