"""Rules, pauses, extensions and calendars at random, for the tests of clocks."""

from datetime import date, timedelta

from hypothesis import strategies as st

from app.kernel.calendar import Calendar
from app.kernel.deadlines import Extension, Pause, Roll, Rule, Unit
from app.operations.bench.clocks import OFFICES

NEW_YORK = Calendar("US", "NY")
PLAIN = Calendar()
DAY = timedelta(days=1)
TODAY = date(2030, 6, 15)

STARTS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
NEAR = st.dates(date(2029, 6, 1), date(2030, 12, 31))
"""So near each other that pauses, extensions and closed days meet."""
CALENDARS = st.sampled_from(OFFICES)
RULES = st.builds(Rule, st.integers(0, 120), st.sampled_from(Unit), st.sampled_from(Roll))
SHORT_RULES = st.builds(
    Rule, st.integers(0, 40), st.sampled_from([Unit.DAYS, Unit.BUSINESS_DAYS, Unit.WORKING_DAYS]), st.sampled_from(Roll)
) | st.builds(Rule, st.integers(0, 3), st.sampled_from(Unit), st.sampled_from(Roll))


def pause(first: date, length: int, *, is_open: bool = False) -> Pause:
    return Pause("court", "a court order", first, None if is_open else first + length * DAY)


PAUSES = st.lists(st.builds(pause, st.dates(date(2000, 1, 1), date(2091, 12, 31)), st.integers(0, 200)), max_size=5)
NEAR_PAUSES = st.lists(
    st.builds(pause, NEAR, st.integers(0, 60)) | st.builds(lambda first: pause(first, 0, is_open=True), NEAR),
    max_size=6,
)


def extension(more: Rule, asked_on: date, waited: int, *, granted: bool, late: bool) -> Extension:
    return Extension(more, asked_on, asked_on + waited * DAY if granted else None, may_be_late=late)


EXTENSIONS = st.builds(
    extension, SHORT_RULES, NEAR, st.integers(0, 30), granted=st.integers(0, 4).map(bool), late=st.booleans()
)
EXTENDED = st.lists(EXTENSIONS, max_size=4)
