"""What the minutes of a meeting hold: of a closed session its ground, its vote and its times, and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from app.access.work import Work
from app.commission.queries.closed import Closing
from app.commission.queries.docket import Docketed, docket_of
from app.commission.records import Meeting, Motion
from app.commission.rules import closed
from app.commission.rules.closed import State

HELD = (State.CLOSED, State.ENDED)


@dataclass(frozen=True)
class Item:
    """One case at a meeting: its closed sessions, and the motions that were put while the public could hear."""

    one: Docketed
    held: tuple[Closing, ...]
    motions: tuple[Motion, ...]

    def motion_of(self, closing: Closing) -> Motion | None:
        """The vote by which a session was closed."""
        return next((motion for motion in self.one.motions if motion.id == closing.session.motion_id), None)


def minutes_of(work: Work, meeting: Meeting) -> list[Item]:
    """The cases of the docket that this person may know of, in its order."""
    return [_item(one, work.now) for one in docket_of(work, [meeting])[meeting.id]]


def _item(one: Docketed, now: datetime) -> Item:
    held = tuple(each for each in one.closings if each.state in HELD)
    spans = [(each.session.began_at, each.session.ended_at or now) for each in held if each.session.began_at]
    heard = tuple(
        motion for motion in one.motions if not closed.is_behind_doors(motion.moved_at, motion.decided_at, spans)
    )
    return Item(one, held, heard)
