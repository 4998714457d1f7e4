"""A house whose rulebook has milestones."""

import pytest

from app.access.work import House
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.cases.books import with_milestones


@pytest.fixture
def book(house: House, policies: Rulebooks) -> Rulebook:
    """From here on it is the only rulebook in the folder."""
    found = with_milestones(policies.newest(house.agency))
    object.__setattr__(house, "policies", Rulebooks([found]))
    return found
