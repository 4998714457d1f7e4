"""Removes stored files that no row names and that nothing can name any more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import ClassVar

from app.access.work import Work
from app.intake.rules.draft import LIFE
from app.kernel.events import Event
from app.operations.stored import unnamed_of

# A form that is being filled in can name a file for as long as a draft lives. A day more stands between that and the
# sweep: for a transaction that is still running, and for a storage whose clock is not ours.
AFTER = LIFE + timedelta(days=1)
AT_ONCE = 500


class FilesSwept(Event):
    """Files that no row named were removed: of drafts never sent, of answers that were refused."""

    tag: ClassVar[str] = "operations:storage:swept"
    sentence: ClassVar[str] = "Removed {files} files that no record named, and {unfinished} that never arrived whole."

    files: int
    unfinished: int


def sweep_files(work: Work) -> None:
    """Counts and journals before it removes: whoever is killed in between leaves the rest to the next time."""
    before = work.now - AFTER
    files = sum(1 for _ in _unnamed(work, before))
    unfinished = work.storage.drop_unfinished(before)
    if not files and not unfinished:
        return
    work.happened(FilesSwept(files=files, unfinished=unfinished))
    work.commit()
    work.restart()
    for name in _unnamed(work, before):
        work.storage.delete(name)


def _unnamed(work: Work, before: datetime) -> Iterator[str]:
    """A few hundred names at a time, however many there are. What another installation put there is not ours."""
    old = (name for name in work.storage.names_before(before) if work.storage.is_ours(name))
    while names := list(islice(old, AT_ONCE)):
        unnamed = unnamed_of(work.session, names)
        work.commit()  # a large storage takes long to list, and no transaction stands open meanwhile
        yield from unnamed
