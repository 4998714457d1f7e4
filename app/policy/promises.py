"""What the format lets a rulebook say and no stage does yet: named to the city, so that nobody relies on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.policy.documents import Path, say
from app.policy.lint.walking import walk
from app.policy.model import Rulebook

ANY = "*"

# A key, or a block where nothing of it is done. A test looks for each of them in the code: whoever begins to read
# one takes it out of this list, and a key that nothing reads and that is not here fails the same test.
NOT_DONE: Mapping[str, str] = {
    "allegations.*.brady": "nothing is marked or sent because of it",
    "allegations.*.mandatory_route": "a case of this kind is not sent this way by itself",
    "allegations.*.never_mediate": "no page offers mediation",
    "bodies.*.seats.alternates": "alternates are not counted",
    "bodies.*.seats.alternates_fill_quorum": "alternates are not counted",
    "bodies.*.votes.*.by_roll_call": "it is shown and decides nothing",
    "classification.*.concurrence_of": "nobody is asked to concur",
    "classification.*.concurring_members": "nobody is asked to concur",
    "classification.*.officer_notice": "the officer's notice is written by hand",
    "closures.*.concurrence_of": "nobody is asked to concur",
    "closures.*.may_reopen": "whether a case may be opened again is said by its moves alone",
    "deadlines.*.ends_the_case": "a case goes on after this clock has lapsed: somebody must end it",
    "demands.kinds.*.escalates_to": "nothing follows by itself where no answer comes",
    "demands.kinds.*.preserve_first": "no order to preserve is sent before the demand",
    "discipline.answers.*.sends_back": "an answer moves no case: somebody must",
    "discipline.penalties.*.is_discipline": "it is shown and decides nothing",
    "findings.*.needs_vote": "whether a vote is needed is said by `lives` and by the moves",
    "intake.filing_limit.is_advice": "a late complaint is taken all the same",
    "intake.filing_limit.may_be_waived": "a late complaint is taken all the same",
    "intake.filing_limit.waived_by": "a late complaint is taken all the same",
    "intake.sworn_statement.needed_to_file": "the form takes a complaint without it",
    "jurisdiction.departments.*.direct_records_access": "records are asked for by demands",
    "jurisdiction.is_exclusive": "it is shown and decides nothing",
    "jurisdiction.on_duty_only": "nobody is asked whether the officer was on duty",
    "lives.*.is_binding": "it is shown and decides nothing",
    "mediation.is_offered": "no page offers mediation or keeps what came of it",
    "meta.sources.*.overrides": "it is shown beside the source and decides nothing",
    "officer_rights.most_questioners": "nobody counts who asks",
    "publication.date_precision": "no release follows it: each gives months and years",
    "publication.place_level": "no release names places",
    "publication.recommendations_are_public": "no release holds recommendations",
    "publication.reports.*.due_after": "nobody is reminded of a report by it",
    "publication.summaries_need": "no page writes summaries",
    "publication.suppress_complement": "a release always hides what would give a small group away",
    "publication.year_starts": "releases count calendar years",
    "retention.classes": "nothing is archived or destroyed by it, and nobody is reminded",
    "retention.hold_kinds": "a hold is put on an identity only, and on no file",
    "review.outcomes": "what a review said is kept as the move that it made",
    "review.sample_percent": "no file is drawn by it: only a rule under review.rules draws",
    "second_persons.destruction": "it holds for erasing an identity; nothing else is destroyed",
    "second_persons.summary": "no page writes summaries, so nobody takes the second half",
    "tolling.*.per_officer": "a pause holds for the clock on which it was granted",
}


@dataclass(frozen=True)
class Undone:
    """One such key as this rulebook has it: where it stands, how often more, and what is not done."""

    place: str
    more: int
    says: str

    def __str__(self) -> str:
        also = f" (and {self.more} more)" if self.more else ""
        return f"{self.place}{also}: {self.says}"


def not_done(book: Rulebook) -> tuple[Undone, ...]:
    """What stands in this rulebook and no stage does yet, each once."""
    found: dict[str, list[Path]] = {}
    for place, value in walk(book):
        if value not in (None, False, (), ""):
            for pattern in _patterns(place):
                found.setdefault(pattern, []).append(place)
    return tuple(Undone(say(found[key][0]), len(found[key]) - 1, NOT_DONE[key]) for key in NOT_DONE if key in found)


def _patterns(place: Path) -> Iterator[str]:
    """The entry of the list that speaks of this place; a code or a number stands for any."""
    parts = [str(part) for part in place]
    for pattern in _BY_LENGTH.get(len(parts), ()):
        if all(mine in (ANY, part) for mine, part in zip(pattern, parts, strict=True)):
            yield ".".join(pattern)


_BY_LENGTH: Mapping[int, list[list[str]]] = {
    length: [key.split(".") for key in NOT_DONE if key.count(".") + 1 == length]
    for length in {key.count(".") + 1 for key in NOT_DONE}
}
