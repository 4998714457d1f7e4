"""Names, roles, delays and where signing in leads: the whole table, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from app.administration import rules
from app.kernel.errors import Invalid

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
ROLES = ("intake", "liaison", "auditor")


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (3, 0), (4, 1), (5, 2), (6, 4), (10, 64), (13, 512), (14, 900), (50, 900), (10**6, 900)],
)
def test_the_wait_doubles_and_has_an_end(failures: int, seconds: int) -> None:
    assert rules.wait_after(failures) == timedelta(seconds=seconds)


def test_a_count_is_forgotten_after_a_day() -> None:
    assert rules.failures_so_far(9, NOW - timedelta(hours=23), NOW) == 9
    assert rules.failures_so_far(9, NOW - timedelta(days=1), NOW) == 9
    assert rules.failures_so_far(9, NOW - timedelta(days=1, seconds=1), NOW) == 0


@pytest.mark.parametrize(("ahead", "left"), [(-5.0, 0), (0.0, 0), (0.2, 1), (1.0, 1), (59.5, 60)])
def test_the_wait_is_told_in_whole_seconds_and_never_too_short(ahead: float, left: int) -> None:
    assert rules.seconds_left(NOW + timedelta(seconds=ahead), NOW) == left


@pytest.mark.parametrize("seconds", [1, 30, 900])
def test_the_words_say_how_long(seconds: int) -> None:
    words = rules.wait_words(seconds)
    assert ("15 minutes" if seconds == 900 else f"{seconds} second") in words


@pytest.mark.parametrize("name", ["ab", "amara.osei", "x1-y_z", "a" * 40])
def test_a_plain_name_will_do(name: str) -> None:
    rules.check_name(name)


@pytest.mark.parametrize("name", ["", "a", "1a", "Amara", "a b", "a" * 41, "ámara", "a\n", "a@b", "-ab"])
def test_another_will_not(name: str) -> None:
    with pytest.raises(Invalid):
        rules.check_name(name)


@pytest.mark.parametrize("roles", [(), ("mayor",), ("intake", "mayor"), ("liaison", "intake")])
def test_roles_that_cannot_be(roles: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        rules.check_roles(roles, ROLES, outside="liaison")


@pytest.mark.parametrize("roles", [("intake",), ("intake", "auditor"), ("liaison",)])
def test_roles_that_can(roles: tuple[str, ...]) -> None:
    rules.check_roles(roles, ROLES, outside="liaison")


@pytest.mark.parametrize(
    ("department", "needed", "can"),
    [("rpd", True, True), (None, True, False), ("xpd", True, False), (None, False, True), ("rpd", False, False)],
)
def test_a_department_is_for_a_liaison_alone(department: str | None, needed: bool, can: bool) -> None:
    if can:
        rules.check_department(department, ["rpd"], is_needed=needed)
        return
    with pytest.raises(Invalid):
        rules.check_department(department, ["rpd"], is_needed=needed)
