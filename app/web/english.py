"""On a page of another language: marks what stands in English, and offers an interpreter where anything does."""

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from app.kernel.translations import English

# No characters in any language, refused in what people type (app/kernel/text.py): nobody can write a mark but us.
_FROM, _TO, _OFFER = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKS = re.compile(f"[{_FROM}{_TO}]")
_PIECE = re.compile(r"(<(title|option|textarea|style|script)\b.*?</\2>|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)", re.DOTALL)
_SPAN = re.compile(f"{_FROM}([^{_FROM}{_TO}<]*){_TO}")
# A day in Arabic within an English sentence would be torn apart: each value is isolated from what is around it.
_VALUE, _APART = re.compile(r"(%\(\w+\)s)"), "\u2068\\1\u2069"
# Two sentences side by side are one, or they change places where the page runs from right to left.
_BETWEEN = re.compile(f"{_TO}(\\s+){_FROM}")
OFFER_HERE = Markup("\ufdd2")


def marked(words: str) -> str:
    """The words between two marks, if they stand in English for somebody who reads another language."""
    if not isinstance(words, English) or not words:
        return words
    return f"{_FROM}{_VALUE.sub(_APART, words)}{_TO}"


def finalize(value: Any) -> Any:
    """What every expression of a template goes through."""
    return marked(value) if type(value) is English else value


def settle(html: str, offer: Callable[[], str]) -> str:
    """Turns the marks into elements; within tags and plain-text elements they only go away."""
    if _FROM not in html:
        return html.replace(_OFFER, "")
    pieces = _PIECE.split(html)
    # The pattern has two groups: text, tag, the name of a plain-text element, text ...
    texts = [_settled(text) for text in pieces[0::3]]
    tags = [_MARKS.sub("", tag) for tag in pieces[1::3]] + [""]
    whole = "".join(text + tag for text, tag in zip(texts, tags, strict=True))
    return whole.replace(_OFFER, offer() if any(_FROM in text for text in pieces[0::3]) else "")


def _settled(text: str) -> str:
    whole = _BETWEEN.sub(r"\1", text)
    return _MARKS.sub("", _SPAN.sub(r'<span class="in-english" lang="en" dir="ltr">\1</span>', whole))
