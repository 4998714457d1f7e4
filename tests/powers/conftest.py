"""Another shelf of rulebooks for one test, in the folder from the start."""

from collections.abc import Callable, Sequence

import pytest

from app.access.work import House
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook

WithBooks = Callable[[Sequence[Rulebook]], None]


@pytest.fixture
def with_books(house: House) -> WithBooks:
    """From here on the house reads these in its folder, and those of before from its database."""

    def change(books: Sequence[Rulebook]) -> None:
        before = house.policies.of(house.agency)
        object.__setattr__(house, "agency", books[0].id)
        object.__setattr__(house, "policies", Rulebooks(books, stored=before))

    return change
