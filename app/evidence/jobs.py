"""What the worker does for evidence: answers of the department reach the clocks; files are scanned for malware,
and read for what they hide."""

from uuid import UUID

from app.access.work import Work
from app.evidence import actions, queries
from app.infra.scanning import NoScanner, Scan, Verdict
from app.infra.storage import Damaged, Missing

# The next minute takes the next ones.
FILES_AT_ONCE = 20


def tell_clocks_of_answer(work: Work, demand_id: UUID) -> None:
    """Safe to run twice: a clock that has stopped stays stopped."""
    actions.tell_clocks_of_answer(work, demand_id)


def read_hidden_facts(work: Work) -> None:
    """What files say of place, time and device: one file after the other, each kept as soon as it is read."""
    for stored, media_type in queries.files_to_read(work, FILES_AT_ONCE):
        actions.read_hidden_facts(work, stored, media_type)
        work.commit()
        work.restart()


def scan_files(work: Work) -> None:
    """One file after the other, each kept as soon as it is known; a scanner that is away is asked again."""
    if not work.house.scanner.is_on:
        return
    for stored in queries.files_to_scan(work, FILES_AT_ONCE):
        try:
            scan = work.house.scanner.scan(work.storage.open(stored))
        except NoScanner:
            return
        except (Damaged, Missing):
            scan = Scan(Verdict.UNSCANNED, "the stored file is gone or damaged")
        actions.note_scan(work, stored.name, scan)
        work.commit()
        work.restart()
