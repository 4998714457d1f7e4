"""A sheet for a translator: every text of a rulebook, empty, with the English beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.kernel.text import LocalText
from app.policy.documents import Path, read_document
from app.policy.lint.walking import walk
from app.policy.model import Rulebook

RULEBOOK, FORM = "rulebook.yaml", "form.yaml"
# Each language is named in itself.
NOT_TRANSLATED = "languages"


def translation_sheet(book: Rulebook, code: str) -> str:
    """`words/<language>.yaml` with every key; what is left empty is shown in English."""
    texts = {place for place, value in walk(book) if isinstance(value, LocalText) and place[0] != NOT_TRANSLATED}
    data = {**_data(book, RULEBOOK), "form": _data(book, FORM)}
    head = (
        "# The keys of rulebook.yaml, and under `form` those of form.yaml; the words of this language go behind them.",
        f"# The English stands beside; it is shown where nothing is written. Letters: letters/<kind>.{code}.txt.",
        "# Put the words in quotes. Let somebody who speaks the language read what a machine has translated.",
    )
    return "\n".join([*head, *_lines(_texts_in(data, (), texts) or {}, "")]) + "\n"


def _data(book: Rulebook, name: str) -> dict[str, Any]:
    data = read_document(name, book.files[name]).data
    return data if isinstance(data, dict) else {}


def _texts_in(data: Any, place: Path, texts: set[Path]) -> Any:
    """The same shape with the texts alone; nothing where there is none."""
    if isinstance(data, str):
        # `phone: Telephone` is short for `phone: {label: Telephone}`.
        return data if place in texts or (*place, "label") in texts else None
    if isinstance(data, Mapping):
        found = {key: _texts_in(value, (*place, key), texts) for key, value in data.items()}
        return {key: value for key, value in found.items() if value is not None} or None
    if isinstance(data, list):
        each = [_texts_in(value, (*place, n), texts) for n, value in enumerate(data)]
        return [value or {} for value in each] if any(each) else None
    return None


def _lines(found: Any, indent: str) -> Iterator[str]:
    for key, value in found.items() if isinstance(found, Mapping) else ((None, value) for value in found):
        begin = f"{indent}-" if key is None else f"{indent}{key}:"
        if isinstance(value, str):
            yield f"{begin}  # {value}"
        else:
            yield begin if value else f"{begin} {{}}"
            yield from _lines(value, f"{indent}  ")
