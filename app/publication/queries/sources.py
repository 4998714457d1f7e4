"""What a release counts under this installation's rulebooks, and where imported sources keep it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import yaml

from app.access.work import Work
from app.config import PROJECT
from app.policy.model import Rulebook
from app.publication.rules.scope import LIVES, Scope

PATHS = PROJECT / "policies" / "release.yaml"


@cache
def source_paths() -> Mapping[str, Mapping[str, str]]:
    """`policies/release.yaml`: of each source, the columns that hold what is counted."""
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(PATHS.read_text("utf-8"))["sources"]
    return read


def books_of(work: Work) -> Sequence[Rulebook]:
    """Every rulebook under which a case may have been opened, the one in force last."""
    book = work.book
    return (*(other for other in work.policies.of(work.house.agency) if other.policy_id != book.policy_id), book)


def scope_of(work: Work, through: date, windows: tuple[tuple[int, int], ...], source: str = "") -> Scope:
    """The limits of the counting."""
    books, publication = books_of(work), work.book.publication
    published = {str(life.code) for book in books for life in book.lives if life.is_published}
    return Scope(
        through=through,
        windows=windows,
        lives=tuple(life for life in LIVES if life in published),
        final_stages=tuple(sorted({stage.code for book in books for stage in book.stages if stage.final})),
        excluded_closures=tuple(publication.excluded_closures),
        excluded_findings=tuple(publication.excluded_findings),
        paths=source_paths(),
        source=source,
        own_kinds=tuple(sorted({kind.code for book in books for kind in book.case_kinds if not kind.needs_filing})),
    )
