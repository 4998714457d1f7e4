"""A cookie that was signed out opens nothing, in whichever process it is shown; and the memory for that is bounded."""

import os

from app.web.ended import SLOTS, Ended


def mark(number: int) -> bytes:
    return number.to_bytes(8)


def test_what_ended_has_ended_until_its_time_is_over_and_nothing_else() -> None:
    ended = Ended()
    ended.end(mark(1), 1000)
    assert ended.has(mark(1), 999)
    assert not ended.has(mark(1), 1000)
    assert not ended.has(mark(2), 0)


def test_another_process_that_was_forked_before_knows_it_too() -> None:
    ended = Ended()
    pid = os.fork()
    if pid == 0:
        ended.end(mark(1), 1000)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    assert ended.has(mark(1), 0)


def test_a_flood_of_them_takes_no_more_room_and_the_last_ones_still_count() -> None:
    ended = Ended()
    size = len(ended._rows)  # noqa: SLF001 - the memory itself
    for number in range(SLOTS * 2):
        ended.end(mark(number), 1000 + number)
    assert len(ended._rows) == size  # noqa: SLF001
    last = range(SLOTS * 2 - 1000, SLOTS * 2)
    assert all(ended.has(mark(number), 999) for number in last)


def test_ending_twice_takes_one_place() -> None:
    ended = Ended()
    for until in (1000, 2000):
        ended.end(mark(1), until)
    assert ended.has(mark(1), 1500)
    assert sum(row != 0 for row in ended._rows[:]) <= 16  # noqa: SLF001
