"""Quorum and majority as a clerk would reckon them, over the whole table of what a rulebook may say."""

import pytest

from app.commission.rules import meetings, voting
from app.commission.rules.voting import Room, Tally
from app.kernel.errors import Invalid, Refused
from app.policy.loader import Rulebooks
from app.policy.model.agency import CountedOn, Quorum, Seats, Share, VoteRule, Votes


def room(**given: int) -> Room:
    return Room(**{"seats": 7, "serving": 7, "recused": 0, "present": 7} | given)


@pytest.mark.parametrize(
    ("share", "number", "base", "needed"),
    [
        (Share.MAJORITY, None, 1, 1),
        (Share.MAJORITY, None, 2, 2),
        (Share.MAJORITY, None, 3, 2),
        (Share.MAJORITY, None, 4, 3),
        (Share.MAJORITY, None, 7, 4),
        (Share.TWO_THIRDS, None, 2, 2),
        (Share.TWO_THIRDS, None, 3, 2),
        (Share.TWO_THIRDS, None, 4, 3),
        (Share.TWO_THIRDS, None, 6, 4),
        (Share.TWO_THIRDS, None, 7, 5),
        (Share.THREE_QUARTERS, None, 4, 3),
        (Share.THREE_QUARTERS, None, 5, 4),
        (Share.ALL, None, 5, 5),
        (Share.NUMBER, 3, 7, 3),
    ],
)
def test_how_many_a_share_is(share: Share, number: int | None, base: int, needed: int) -> None:
    rule = VoteRule(share=share, of=CountedOn.SERVING, number=number)
    assert voting.majority(rule, room(serving=base), Tally(yes=needed)).needed == needed
    assert voting.majority(rule, room(serving=base), Tally(yes=needed)).is_met
    assert not voting.majority(rule, room(serving=base), Tally(yes=needed - 1)).is_met


@pytest.mark.parametrize(
    ("of", "there", "needed"),
    [
        (CountedOn.SEATS, room(serving=5, present=5), 4),  # two empty seats still count
        (CountedOn.SERVING, room(serving=5, present=5), 3),
        (CountedOn.SERVING, room(serving=6, recused=1, present=5), 4),  # who is recused stays in what the share is of
    ],
)
def test_a_quorum_is_taken_of_seats_or_of_members_serving(of: CountedOn, there: Room, needed: int) -> None:
    assert voting.quorum(Quorum(share=Share.MAJORITY, of=of), there).needed == needed


@pytest.mark.parametrize(
    ("recused_count", "there", "is_met"),
    [
        (False, room(serving=6, recused=1, present=4, recused_present=1), True),
        (False, room(serving=6, recused=1, present=3, recused_present=1), False),
        (True, room(serving=6, recused=1, present=3, recused_present=1), True),
        (True, room(serving=6, recused=1, present=3, recused_present=0), False),
        (False, room(serving=6, present=3), False),
        (False, room(serving=6, present=4), True),
        (False, room(serving=6, present=0), False),
    ],
)
def test_a_recused_member_makes_a_quorum_only_where_the_rulebook_says_so(
    recused_count: bool, there: Room, is_met: bool
) -> None:
    rule = Quorum(share=Share.MAJORITY, of=CountedOn.SERVING, recused_count=recused_count)
    assert voting.quorum(rule, there).is_met is is_met


@pytest.mark.parametrize(
    ("of", "stay", "base", "needed"),
    [
        (CountedOn.PRESENT, False, 2, 2),  # of those present and not recused: both
        (CountedOn.PRESENT, True, 3, 2),  # the recused one in the room still counts
        (CountedOn.SERVING, False, 2, 2),
        (CountedOn.SERVING, True, 3, 2),
        (CountedOn.SEATS, False, 2, 2),
        (CountedOn.SEATS, True, 3, 2),
    ],
)
def test_two_thirds_of_three_with_one_recused(of: CountedOn, stay: bool, base: int, needed: int) -> None:
    there = Room(seats=3, serving=3, recused=1, present=2, recused_present=1)
    found = voting.majority(VoteRule(share=Share.TWO_THIRDS, of=of, recused_are_members=stay), there, Tally(yes=2))
    assert (found.base, found.needed, found.is_met) == (base, needed, True)
    assert not voting.majority(
        VoteRule(share=Share.TWO_THIRDS, of=of, recused_are_members=stay), there, Tally(yes=1, no=1)
    ).is_met


@pytest.mark.parametrize(
    ("of", "tally", "is_met"),
    [
        (CountedOn.PRESENT, Tally(yes=3, no=2, abstain=0), True),
        (CountedOn.PRESENT, Tally(yes=2, no=1, abstain=2), False),  # an abstention counts against it
        (CountedOn.VOTING, Tally(yes=2, no=1, abstain=2), True),  # and here it does not count at all
        (CountedOn.SERVING, Tally(yes=3, no=0, abstain=0), False),  # whoever stayed away counts against it
        (CountedOn.SERVING, Tally(yes=4, no=1, abstain=0), True),
        (CountedOn.VOTING, Tally(yes=0, no=0, abstain=5), False),
        (CountedOn.PRESENT, Tally(), False),
    ],
)
def test_of_those_present_of_those_voting_or_of_all_who_serve(of: CountedOn, tally: Tally, is_met: bool) -> None:
    there = room(present=5)
    assert voting.majority(VoteRule(share=Share.MAJORITY, of=of), there, tally).is_met is is_met


def test_a_tie_fails_unless_the_rulebook_lets_it_carry() -> None:
    tie = Tally(yes=2, no=2)
    assert not voting.majority(VoteRule(share=Share.MAJORITY, of=CountedOn.VOTING), room(), tie).is_met
    carries = VoteRule(share=Share.MAJORITY, of=CountedOn.VOTING, tie_fails=False)
    assert voting.majority(carries, room(), tie).is_met
    assert not voting.majority(carries, room(), Tally()).is_met


def test_the_sums_are_said_in_sentences() -> None:
    rule = Quorum(share=Share.MAJORITY, of=CountedOn.SERVING)
    there = Room(seats=7, serving=6, recused=1, present=5)
    said = voting.quorum(rule, there).sentences
    assert said == (
        "More than half of 6 members serving is 4.",
        "1 member is recused; whoever is recused does not count as here.",
        "5 members are here and may vote. That is a quorum.",
    )
    vote = voting.majority(VoteRule(share=Share.MAJORITY, of=CountedOn.PRESENT), there, Tally(yes=3, no=1, abstain=1))
    assert vote.sentences == (
        "3 yes, 1 no, 1 abstained.",
        "1 member is recused; whoever is recused is left out of the number that the share is taken of.",
        "More than half of 5 members here is 3.",
        "3 said yes, 3 were needed. The motion carries.",
    )


def test_no_quorum_says_how_many_are_missing() -> None:
    rule = Quorum(share=Share.MAJORITY, of=CountedOn.SEATS)
    assert "no quorum: 2 more needed" in voting.quorum(rule, room(present=2)).sentences[-1]


@pytest.mark.parametrize("present", [0, 1, 5])
def test_where_the_quorum_is_not_known_nobody_decides(present: int) -> None:
    there = voting.quorum(None, room(present=present))
    assert not there.is_met
    assert "does not say how many must be here" in there.sentences[0]


@pytest.mark.parametrize(("on_file", "seats"), [(0, 5), (3, 5), (6, 6), (9, 7)])
def test_seats_are_those_on_file_within_what_the_law_makes(on_file: int, seats: int) -> None:
    assert voting.seats_of(Seats(least=5, most=7), on_file) == seats


def test_a_forecast_asks_whether_a_quorum_is_possible_at_all(policies: Rulebooks) -> None:
    body = policies.of("riverbend")[-1].body("commission")
    assert voting.forecast(body, Room(seats=7, serving=7, recused=3, present=0)).is_met
    assert not voting.forecast(body, Room(seats=7, serving=7, recused=4, present=0)).is_met


def test_only_cases_before_the_commission_come_on_a_docket(policies: Rulebooks) -> None:
    book = policies.of("riverbend")[-1]
    assert meetings.stages_for_docket(book) == {"before_commission"}
    every = {stage.code for stage in book.stages if stage.phase == "decision"}
    assert meetings.stages_for_docket(book) >= every


def test_only_bodies_with_a_vote_meet(policies: Rulebooks) -> None:
    book = policies.of("riverbend")[-1]
    assert [body.code for body in meetings.voting_bodies(book)] == ["commission"]
    with pytest.raises(Invalid):
        meetings.check_body(book, "office")


def test_a_recusal_names_a_ground_of_the_rulebook_where_it_has_some(policies: Rulebooks) -> None:
    body = policies.of("riverbend")[-1].body("commission")
    assert meetings.check_ground(body, "family") == "family"
    with pytest.raises(Invalid):
        meetings.check_ground(body, "boredom")
    bare = body.model_copy(update={"recusal_grounds": ()})
    assert meetings.check_ground(bare, "") == meetings.UNSTATED


def test_a_meeting_goes_from_planned_to_session_to_its_end() -> None:
    meetings.check_state(meetings.SCHEDULED, meetings.SCHEDULED)
    for state in (meetings.SCHEDULED, meetings.ENDED):
        with pytest.raises(Refused, match="in session"):
            meetings.check_state(state, meetings.IN_SESSION)


def test_a_rule_for_a_kind_of_motion_comes_before_the_default(policies: Rulebooks) -> None:
    body = policies.of("riverbend")[-1].body("commission")
    found, other = body.vote_rule("subpoena"), body.vote_rule("anything")
    assert isinstance(found, Votes)
    assert found.share is Share.TWO_THIRDS
    assert other is not None
    assert other.share is Share.MAJORITY
