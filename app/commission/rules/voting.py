"""Quorum and majority as arithmetic: who counts, how many are needed, and each step as a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.policy.model.agency import Body, CountedOn, Quorum, Seats, Share, VoteRule

CHOICES = ("yes", "no", "abstain")
CARRIED, FAILED, WITHDRAWN = "carried", "failed", "withdrawn"

SHARES: Mapping[Share, Callable[[int], int]] = {
    Share.MAJORITY: lambda base: base // 2 + 1,
    Share.TWO_THIRDS: lambda base: -(-2 * base // 3),
    Share.THREE_QUARTERS: lambda base: -(-3 * base // 4),
    Share.ALL: lambda base: base,
}
SHARE_WORDS = {
    Share.MAJORITY: "More than half",
    Share.TWO_THIRDS: "Two thirds",
    Share.THREE_QUARTERS: "Three quarters",
    Share.ALL: "All",
}
HALF = "Half"
_OUTCOME = {True: "carries", False: "fails"}
BASE_WORDS = {
    CountedOn.SEATS: ("seat", "seats"),
    CountedOn.SERVING: ("member serving", "members serving"),
    CountedOn.PRESENT: ("member here", "members here"),
    CountedOn.VOTING: ("member voting yes or no", "members voting yes or no"),
}


@dataclass(frozen=True)
class Room:
    """Who counts for one case. `present` and `recused_present` are apart: nobody stands in both."""

    seats: int
    serving: int
    recused: int
    present: int
    recused_present: int = 0


@dataclass(frozen=True)
class Tally:
    """How the roll call went."""

    yes: int = 0
    no: int = 0
    abstain: int = 0


@dataclass(frozen=True)
class Reckoning:
    """One sum: of how many, how many are needed, how many there are, and the same in sentences."""

    base: int
    needed: int
    counted: int
    is_met: bool
    sentences: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The numbers and their sentences, to be kept."""
        return {
            "base": self.base,
            "needed": self.needed,
            "counted": self.counted,
            "is_met": self.is_met,
            "said": list(self.sentences),
        }


def seats_of(law: Seats | None, on_file: int) -> int:
    """How many seats the law makes: as many as are on file, within what the rulebook allows."""
    if law is None:
        return on_file
    return min(max(on_file, law.least), law.most)


def quorum(rule: Quorum | None, room: Room) -> Reckoning:
    """Whether enough members are here to decide this case."""
    counted = room.present + (room.recused_present if rule is not None and rule.recused_count else 0)
    if rule is None:
        said = "The rulebook does not say how many must be here, so nothing can be decided until it does."
        return Reckoning(room.serving, 0, counted, False, (said, _here(counted)))  # noqa: FBT003 -- never met
    base = _quorum_base(rule, room)
    needed = _needed(rule.share, rule.number, base)
    is_met = counted >= needed
    words = (
        _need_sentence(rule.share, rule.of, base, needed),
        *_recused_at_quorum(rule, room),
        f"{_here(counted)} {'That is a quorum.' if is_met else f'That is no quorum: {needed - counted} more needed.'}",
    )
    return Reckoning(base, needed, counted, is_met, words)


def majority(rule: VoteRule, room: Room, tally: Tally) -> Reckoning:
    """Whether enough members said yes."""
    base = _vote_base(rule, room, tally)
    ties_carry = rule.share is Share.MAJORITY and not rule.tie_fails
    needed = max(1, -(-base // 2)) if ties_carry else _needed(rule.share, rule.number, base)
    is_met = tally.yes >= needed
    words = (
        f"{tally.yes} yes, {tally.no} no, {tally.abstain} abstained.",
        *_recused_at_vote(rule, room),
        _need_sentence(rule.share, rule.of, base, needed, ties_carry=ties_carry),
        f"{tally.yes} said yes, {needed} {'was' if needed == 1 else 'were'} needed. The motion {_OUTCOME[is_met]}.",
    )
    return Reckoning(base, needed, tally.yes, is_met, words)


def arithmetic(there: Reckoning, vote: Reckoning, room: Room, tally: Tally) -> dict[str, Any]:
    """Both sums as they are kept with the motion."""
    return {
        "seats": room.seats,
        "serving": room.serving,
        "recused": room.recused,
        "present": room.present,
        "yes": tally.yes,
        "no": tally.no,
        "abstain": tally.abstain,
        "quorum": there.as_json(),
        "vote": vote.as_json(),
    }


def forecast(body: Body, room: Room) -> Reckoning:
    """The quorum if every member came who may: what a secretary wants to know days before."""
    all_come = Room(room.seats, room.serving, room.recused, room.serving - room.recused, room.recused)
    return quorum(body.quorum, all_come)


def _needed(share: Share, number: int | None, base: int) -> int:
    if share is Share.NUMBER:
        return number or 1
    return max(1, SHARES[share](base))


def _quorum_base(rule: Quorum, room: Room) -> int:
    return room.seats if rule.of is CountedOn.SEATS else room.serving


def _vote_base(rule: VoteRule, room: Room, tally: Tally) -> int:
    stay = rule.recused_are_members
    bases = {
        CountedOn.SEATS: room.seats - (0 if stay else room.recused),
        CountedOn.SERVING: room.serving - (0 if stay else room.recused),
        CountedOn.PRESENT: room.present + (room.recused_present if stay else 0),
        CountedOn.VOTING: tally.yes + tally.no,
    }
    return bases[rule.of]


def _need_sentence(share: Share, of: CountedOn, base: int, needed: int, *, ties_carry: bool = False) -> str:
    if share is Share.NUMBER:
        return f"The rulebook asks for {needed}."
    words = HALF if ties_carry else SHARE_WORDS[share]
    return f"{words} of {base} {BASE_WORDS[of][base != 1]} is {needed}."


def _here(count: int) -> str:
    return "1 member is here and may vote." if count == 1 else f"{count} members are here and may vote."


def _recused_at_quorum(rule: Quorum, room: Room) -> tuple[str, ...]:
    if not room.recused:
        return ()
    counts = "counts as here" if rule.recused_count else "does not count as here"
    return (f"{_recused(room.recused)}; whoever is recused {counts}.",)


def _recused_at_vote(rule: VoteRule, room: Room) -> tuple[str, ...]:
    if not room.recused:
        return ()
    stays = "stays in" if rule.recused_are_members else "is left out of"
    return (f"{_recused(room.recused)}; whoever is recused {stays} the number that the share is taken of.",)


def _recused(count: int) -> str:
    return "1 member is recused" if count == 1 else f"{count} members are recused"
