"""A published release as a page shows it."""

from collections import OrderedDict
from threading import Lock

from app.access.work import Work
from app.publication.queries import published
from app.reporting.rules.view import View
from app.web.words import catalogue

# A published release never changes: what was read of it once can be shown again.
KEPT = 8
_kept: "OrderedDict[tuple[int, str, str], View]" = OrderedDict()
_lock = Lock()


def view_of(work: Work, release_id: str, language: str) -> View:
    """One published release in one language, or 404."""
    key = (id(work.house), release_id, language)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    view = View(published.release_files(work, release_id), language, catalogue(language).pgettext)
    with _lock:
        _kept[key] = view
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return view
