"""Pauses and more time: asked for by one, granted by another, within the limits of the rulebook; the queue follows."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.access.work import House
from app.cases.records import Case
from app.clocks import actions, queries
from app.clocks.commands import AskExtension, Decide, PauseClock
from app.clocks.records import Clock, ClockWarning, Extension, Pause
from app.evidence.records import EvidenceItem
from app.kernel.deadlines import Explanation
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from tests.clocks.books import corrected
from tests.clocks.making import change, running, warning_on
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

NEVER = date(2999, 1, 1)
LEAVE, TRIAL = "officer_unavailable", "criminal_case"
GRANT, REFUSE = Decide(answer="grant"), Decide(answer="refuse", words="Not yet.")
MORE = AskExtension(why="The only witness is away until May.")


def pause_of(make: Make, kind: str = LEAVE, **given: Any) -> PauseClock:
    asked = {"kind": kind, "reason": "A note.", "from_on": make.today - timedelta(days=9), "until_on": make.today}
    return PauseClock(**asked | given)


def test_a_pause_is_asked_for_by_one_and_granted_by_another(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    with work_as("investigator") as work:
        asked = actions.ask_pause(work, clock.id, pause_of(make, TRIAL))
    assert make.all(Clock)[0].due_on == clock.due_on
    assert make.tags() == ["clocks:pause:asked"]
    with work_as("director") as work:
        actions.decide_pause(work, clock.id, asked.id, GRANT)
    (pause,) = make.all(Pause)
    assert (pause.state, pause.asked_by_id, pause.granted_by_id) == (
        "granted",
        make.actor("investigator").id,
        make.actor("director").id,
    )
    moved = make.all(Clock)[0].due_on
    assert moved >= clock.due_on + timedelta(days=10)
    assert make.all(Case)[0].due_on == moved
    assert make.tags()[1:] == ["clocks:clock:paused"]
    with pytest.raises(Refused, match="decided already"), work_as("director") as work:
        actions.decide_pause(work, clock.id, asked.id, GRANT)


def test_a_refused_pause_moves_nothing_and_its_reason_stays(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    with work_as("investigator") as work:
        asked = actions.ask_pause(work, clock.id, pause_of(make))
    with work_as("supervisor") as work:
        actions.decide_pause(work, clock.id, asked.id, REFUSE)
    assert (make.all(Pause)[0].state, make.all(Pause)[0].decision) == ("refused", "Not yet.")
    assert make.all(Clock)[0].due_on == clock.due_on
    assert make.tags() == ["clocks:pause:asked", "clocks:pause:refused"]
    with work_as("supervisor") as work:
        assert queries.pauses_of(work, [clock.id]) == {}


def test_nobody_grants_what_they_asked_for_nor_without_the_role(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    with work_as("director") as work:
        asked = actions.ask_pause(work, clock.id, pause_of(make, TRIAL))
    with pytest.raises(NotAllowed, match="yourself"), work_as("director") as work:
        actions.decide_pause(work, clock.id, asked.id, GRANT)
    with pytest.raises(Refused, match="Only director"), work_as("supervisor") as work:
        actions.decide_pause(work, clock.id, asked.id, GRANT)
    assert make.all(Pause)[0].state == "asked"


def test_the_database_too_refuses_one_person_for_both_halves(make: Make) -> None:
    clock, who = running(make), make.actor("director").id
    with pytest.raises(Exception, match="two_people"):
        make.row(
            Pause(
                id=clock.id,
                clock_id=clock.id,
                kind=LEAVE,
                reason="x",
                from_on=make.today,
                asked_by_id=who,
                granted_by_id=who,
            )
        )


def test_where_the_rulebook_wants_two_nobody_grants_at_once(
    make: Make, house: House, work_as: WorkAs, with_books: Any
) -> None:
    two = corrected(make.book, "second_persons:\n  pause: {by: [], authority: Rule 5.9}\n  extension: {by: []}\n")
    clock = running(make)
    with_books([two])
    change(make, Clock, clock.id, policy_id=two.policy_id)
    with pytest.raises(Refused, match="two people"), work_as("supervisor") as work:
        actions.pause_clock(work, clock.id, pause_of(make))
    with pytest.raises(Refused, match="two people"), work_as("director") as work:
        actions.extend_clock(work, clock.id, MORE)
    assert (make.all(Pause), make.all(Extension)) == ([], [])


def test_a_pause_names_a_file_of_its_own_case_and_no_other(make: Make, work_as: WorkAs) -> None:
    clock, elsewhere = running(make), make.case()
    ours, theirs = (evidence(make, case_id) for case_id in (clock.case_id, elsewhere.id))
    with pytest.raises(Invalid) as strange, work_as("supervisor") as work:
        actions.pause_clock(work, clock.id, pause_of(make, evidence_id=theirs.id))
    assert set(strange.value.fields) == {"evidence_id"}
    with work_as("supervisor") as work:
        actions.pause_clock(work, clock.id, pause_of(make, evidence_id=ours.id))
    assert make.all(Pause)[0].evidence_id == ours.id


def evidence(make: Make, case_id: Any) -> EvidenceItem:
    return make.row(
        EvidenceItem(
            id=make.account("intake").id,
            case_id=case_id,
            label="Letter of the district attorney",
            received_from="department",
            file_name="letter.pdf",
            media_type="application/pdf",
            size=1,
            sha256=b"s" * 32,
            object_name=str(case_id),
            wrapped_key=b"k",
            stored_at=make.now,
        )
    )


def test_more_time_is_asked_for_and_granted_once_and_the_case_follows(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    with work_as("investigator") as work:
        asked = actions.ask_extension(work, clock.id, MORE)
    assert make.all(Clock)[0].due_on == clock.due_on
    with work_as("director") as work:
        actions.decide_extension(work, clock.id, asked.id, GRANT)
    later = make.all(Clock)[0].due_on
    assert timedelta(days=58) <= later - clock.due_on <= timedelta(days=64)
    assert make.all(Case)[0].due_on == later
    assert make.tags() == ["clocks:extension:asked", "clocks:extension:granted"]
    with work_as("director") as work:
        why = queries.shown_clock(work, queries.get_clock(work, clock.id)).why
        assert isinstance(why, Explanation)
        assert why.due_on == later
        assert any("60 calendar days more were asked for" in line for line in why.sentences())
    with pytest.raises(Refused, match="once, and that was granted"), work_as("director") as work:
        actions.extend_clock(work, clock.id, MORE)


def test_more_time_asked_for_in_time_may_be_granted_after_the_end_and_what_is_late_may_not_be_asked(
    make: Make, work_as: WorkAs
) -> None:
    clock = running(make)
    with work_as("investigator") as work:
        asked = actions.ask_extension(work, clock.id, MORE)
    after = make.now + timedelta(days=(clock.last_day - make.today).days + 2)
    with pytest.raises(Refused, match="before its end"), work_as("investigator", now=after) as work:
        actions.ask_extension(work, clock.id, MORE)
    with work_as("director", now=after) as work:
        actions.decide_extension(work, clock.id, asked.id, GRANT)
    assert make.all(Clock)[0].due_on > clock.due_on


def test_more_time_is_given_by_whom_the_rulebook_names_and_where_it_has_any(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    with pytest.raises(Refused, match="Only director"), work_as("supervisor") as work:
        actions.extend_clock(work, clock.id, MORE)
    with pytest.raises(NotAllowed), work_as("intake") as work:
        actions.extend_clock(work, clock.id, MORE)
    with pytest.raises(Invalid), work_as("director") as work:
        actions.extend_clock(work, clock.id, AskExtension(why=" "))
    other = make.clock(make.case(), "progress_review")
    with pytest.raises(Refused, match="no more time"), work_as("director") as work:
        actions.extend_clock(work, other.id, MORE)
    assert make.all(Extension) == []
    assert make.tags() == []


def test_refused_more_time_leaves_the_date_and_may_be_asked_for_again(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    with work_as("investigator") as work:
        asked = actions.ask_extension(work, clock.id, MORE)
    with work_as("director") as work:
        actions.decide_extension(work, clock.id, asked.id, REFUSE)
    assert make.all(Clock)[0].due_on == clock.due_on
    assert make.tags()[-1] == "clocks:extension:refused"
    with work_as("director") as work:
        actions.extend_clock(work, clock.id, MORE)
    assert sorted(each.state for each in make.all(Extension)) == ["granted", "refused"]


def test_more_time_ends_the_warning_that_no_longer_fits(make: Make, work_as: WorkAs) -> None:
    clock = running(make, due_in=5)
    warning = warning_on(make, clock, step=7)
    with work_as("director") as work:
        actions.extend_clock(work, clock.id, MORE)
    assert make.all(ClockWarning, id=warning.id)[0].ended_on == make.today


def test_what_is_behind_a_wall_is_neither_asked_for_nor_decided(make: Make, work_as: WorkAs) -> None:
    clock = running(make)
    with work_as("investigator") as work:
        asked = actions.ask_extension(work, clock.id, MORE)
    make.wall(make.all(Case)[0], make.actor("director"))
    with pytest.raises(NotFound), work_as("director") as work:
        actions.decide_extension(work, clock.id, asked.id, GRANT)
    with work_as("director") as work:
        assert work.session.query(Extension).all() == []


def test_the_page_asks_and_decides_and_tells_both_by_name(client_as: ClientAs, make: Make) -> None:
    clock = make.clock(make.case(), "finish_investigation", due_on=NEVER)  # a page knows the day of this machine
    address = f"/office/clocks/{clock.id}"
    asking, deciding = client_as("investigator"), client_as("director")
    page = asking.get(address).text
    assert "Ask for the pause" in page
    assert "60 calendar days; once; before the end; granted by director; Charter 12.10(b)" in page
    day = make.today.isoformat()
    assert asking.submit(f"{address}/extension/ask", why="").status_code == 422
    assert asking.submit(f"{address}/extension/ask", why="A witness is away.").status_code == 303
    assert asking.submit(f"{address}/pause/ask", kind=TRIAL, from_on=day, reason="Letter.").status_code == 303
    (extension,), (pause,) = make.all(Extension), make.all(Pause)
    assert asking.submit(f"{address}/pauses/{pause.id}/decide", answer="grant").status_code == 403
    shown = deciding.get(address).text
    assert shown.count("Asked for") >= 2
    assert "asked by Investigator" in shown
    for part, row in (("extensions", extension), ("pauses", pause)):
        assert deciding.submit(f"{address}/{part}/{row.id}/decide", answer="maybe").status_code == 422
        assert deciding.submit(f"{address}/{part}/{row.id}/decide", answer="grant").status_code == 303
    assert "decided by Director" in deciding.get(address).text
    ended = deciding.submit(f"{address}/pause/end", until_on=make.today.isoformat())
    assert ended.status_code == 303
    assert deciding.submit(f"{address}/pause/end", until_on=make.today.isoformat()).status_code == 409


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from_on": "2026-02-29"}, "from_on"),
        ({"from_on": "tomorrow"}, "from_on"),
        ({"reason": "x" * 4001}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"kind": "k" * 81}, "kind"),
        ({"evidence_id": "not-one"}, "evidence_id"),
        ({"more": "no"}, "more"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    client_as: ClientAs, make: Make, given: dict[str, str], field: str
) -> None:
    clock = running(make)
    whole = {"kind": LEAVE, "from_on": make.today.isoformat(), "reason": "Letter 🚓 of March."}
    answer = client_as("investigator").submit(f"/office/clocks/{clock.id}/pause/ask", **whole | given)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert make.all(Pause) == []
