"""A complaint that somebody of the office writes down for whoever tells it."""

from collections.abc import Sequence

from app.access.acts import stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.intake.actions.files import Sent
from app.intake.actions.submitting import Acknowledged, submit_filing
from app.intake.commands import SubmitFiling, TakeDown
from app.intake.records import Scribing
from app.intake.rules import scribing as rules
from app.intake.rules.passphrase import Passphrase
from app.policy.model.powers import Act


@stops_with(Act.FILINGS)
def take_down(
    work: Work,
    ask: SubmitFiling,
    how: TakeDown,
    *,
    repeat_key: str = "",
    passphrase: Passphrase | None = None,
    files: Sequence[Sent] = (),
) -> Acknowledged:
    """Keeps what somebody told, as good as if they had typed it; who wrote it down and from what stands beside it."""
    work.need(Permission.FILING_TAKE_DOWN)
    rules.check_channel(work.book, how.channel)
    rules.check_arrival(how.arrived_on, how.arrived_why, work.today, ask.incident.date.first_day)
    rules.check_read_back(how.read_back, how.read_back_why)
    spoken = how.spoken or ask.language
    scribing = Scribing(
        scribe_id=work.actor.id,
        channel=how.channel,
        arrived_on=how.arrived_on,
        arrived_why=how.arrived_why,
        spoken=spoken,
        interpreter=how.interpreter,
        written=how.written or spoken,
        is_summary=how.is_summary,
        read_back=how.read_back,
        read_back_why=how.read_back_why,
        handed=how.handed,
    )
    return submit_filing(
        work,
        ask,
        repeat_key=repeat_key,
        passphrase=passphrase,
        files=files,
        channel=how.channel,
        scribing=scribing,
    )
