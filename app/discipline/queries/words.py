"""The rulebook's words for what is recommended, answered and decided, in the language of whoever reads them."""

from app.correspondence.letters import say
from app.discipline import rules
from app.discipline.records import Recommendation
from app.policy.model import Rulebook
from app.policy.model.decisions import Dispute

# In the language of the letter by `say`: what is final after a dispute.
STANDS = {
    rules.Stands.RECOMMENDED: "What was recommended stands",
    rules.Stands.ANSWERED: "What the department answered stands",
}


def measure_word(book: Rulebook, code: str, language: str = "en") -> str:
    """The rulebook's word for a measure; an imported one in its own words."""
    if code == rules.NONE_IMPOSED:
        return say(language, rules.NO_DISCIPLINE[1])
    return next((each.label.to(language) for each in book.discipline.penalties if each.code == code), code)


def answer_word(book: Rulebook, code: str | None, language: str = "en") -> str:
    """The rulebook's word for an answer."""
    return next((each.label.to(language) for each in book.discipline.answers if each.code == code), code or "")


def outcome_word(found: Dispute, outcome: str | None, language: str = "en") -> str:
    """The rulebook's word for how a dispute ended."""
    return next((each.label.to(language) for each in found.outcomes if each.code == outcome), outcome or "")


def stands_words(
    book: Rulebook, sent: Recommendation, found: Dispute, outcome: str | None, language: str = "en"
) -> str:
    """What is final now: nothing while the dispute is open, and else the measure or the answer, in one sentence."""
    if outcome is None:
        return say(language, "It is not decided yet. Nothing is final.")
    which = rules.stands(found, outcome)
    if which is rules.Stands.OTHERWISE:
        return f"{outcome_word(found, outcome, language)}."
    what = {
        rules.Stands.RECOMMENDED: measure_word(book, sent.measure, language),
        rules.Stands.ANSWERED: answer_word(book, sent.answer, language),
    }[which]
    return f"{say(language, STANDS[which])}: {what}."
