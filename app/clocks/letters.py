"""The words of the digest: case numbers and dates, for it travels over the open mail."""

from app.access.work import Work
from app.clocks.queries import Due


def digest(work: Work, due: list[Due], *, most: int) -> tuple[str, str]:
    """Subject and text: nothing that says whom or what a case is about."""
    lines = [f"  {each.number}   {_when(work, each)}" for each in due]
    more = ["  and more"] if len(due) == most else []
    address = f"{work.house.base_url}/office/clocks?show=unanswered"
    text = ["Clocks that wait for an answer:", "", *lines, *more, "", address, "", work.book.name.to("en"), ""]
    return f"Clocks that wait for an answer: {len(due)}{'+' if more else ''}", "\n".join(text)


def _when(work: Work, each: Due) -> str:
    return f"{'lapsed' if each.due_on < work.today else 'due'} {each.due_on.isoformat()}"
