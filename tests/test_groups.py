"""The runner keeps what belongs together in one process: a newer one once stopped doing so and said nothing."""

import pytest

HERE = "kept-together"


@pytest.mark.xdist_group(HERE)
def test_a_group_of_tests_stays_in_one_process(request: pytest.FixtureRequest) -> None:
    is_grouping = bool(getattr(request.config.option, "loadgroup", False))
    assert request.node.nodeid.endswith(f"@{HERE}") == is_grouping
