"""The rulebook's words for what is recommended, answered and decided, in the language of whoever reads them."""

from functools import partial

from app.correspondence.letters import say
from app.discipline import rules
from app.discipline.records import Recommendation
from app.policy.model import Rulebook
from app.policy.model.decisions import Dispute


def measure_word(book: Rulebook, code: str, language: str = "en") -> str:
    """The rulebook's word for a measure; an imported one in its own words."""
    if code == rules.NONE_IMPOSED:
        return say(language, rules.NO_DISCIPLINE[1])
    return rules.measure_word(book, code, language)


def answer_word(book: Rulebook, code: str | None, language: str = "en") -> str:
    """The rulebook's word for an answer."""
    return rules.answer_word(book, code or "", language)


def stands_words(
    book: Rulebook, sent: Recommendation, found: Dispute, outcome: str | None, language: str = "en"
) -> str:
    """What is final now, in one sentence of this language."""
    told = rules.Told(sent.measure, sent.answer or "", outcome or "")
    return rules.stands_words(book, found, told, language, partial(say, language))
