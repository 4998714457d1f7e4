"""Rulebooks that correct another one: the same city and day, other bytes."""

import re
from textwrap import dedent, indent

from app.policy.model import Rulebook
from tests.rulebooks import from_files


def corrected(
    book: Rulebook,
    more: str = "",
    *,
    amount: tuple[str, int, int] | None = None,
    rename: tuple[str, str] | None = None,
    closed: str = "",
    no_reasons: bool = False,
    deadlines: str = "",
) -> Rulebook:
    """The same version with blocks added at its end, a clock's amount changed or renamed, or a closed day added."""
    text = book.files["rulebook.yaml"].decode()
    if amount is not None:
        code, was, becomes = amount
        text, found = re.subn(rf"(\n  {code}:\n(?:    .*\n)*?    amount: ){was}\n", rf"\g<1>{becomes}\n", text)
        assert found == 1
    if deadlines:
        text, found = re.subn(r"(\ndeadlines:\n)", lambda before: before[1] + indent(dedent(deadlines), "  "), text)
        assert found == 1
    if closed:
        text, found = re.subn(r"(\n  closed_on:\n)", rf"\g<1>    - {{day: {closed}, name: A day of mourning}}\n", text)
        assert found == 1
    files = {**book.files, "rulebook.yaml": (text + more).encode()}
    if no_reasons:
        reasons = re.compile(rb"  lapse_reasons:\n(    .*\n)+")
        files = {name: reasons.sub(b"  {}\n" if "words" in name else b"", each) for name, each in files.items()}
    if rename is not None:
        before, after = (f"\n  {code}:".encode() for code in rename)
        files = {
            name: content.replace(before, after) if "letters" not in name else content
            for name, content in files.items()
        }
    return from_files(book.id, book.effective_from, files)
