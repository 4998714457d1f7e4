"""What the department's own rules said on the day of the incident, and what is said where that is not known."""

from datetime import date
from typing import Any

import pytest

from app.access.actor import Actor
from app.allegations import queries, rules
from app.allegations.queries.standards import standards_section
from app.commission.rules.packet import Section
from app.kernel.dates import UNKNOWN, ImpreciseDate
from app.policy.model.law import PolicyDocument, PolicyText
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

OLD = PolicyText(from_on=date(2020, 1, 1), to_on=date(2024, 12, 31), number="GO 9", text="Old words.")
NEW = PolicyText(from_on=date(2025, 3, 1), number="GO 9a", address="https://department.example/9a")
ORDER = PolicyDocument(code="order_9", label="Firearms", texts=(OLD, NEW))
NEVER = PolicyDocument(code="order_8", label="Drones", kind="standard")


@pytest.mark.parametrize(
    ("when", "numbers", "remark"),
    [
        ("2019-12-31", [], rules.NO_TEXT),
        ("2020-01-01", ["GO 9"], ""),
        ("2024-12-31", ["GO 9"], ""),
        ("2025-01-15", [], rules.NO_TEXT),
        ("2025-03-01", ["GO 9a"], ""),
        # A month within one text is as good as a day.
        ("2024-02", ["GO 9"], ""),
        ("2025-02", [], rules.NO_TEXT),
        ("2025", ["GO 9a"], rules.SOME_DAYS_LACK),
        ("2024", ["GO 9"], ""),
        (None, ["GO 9", "GO 9a"], rules.NO_DAY),
    ],
)
def test_the_text_of_the_day_is_shown_and_every_one_that_may_apply(
    when: str | None, numbers: list[str], remark: str
) -> None:
    (then,) = rules.policies_then([ORDER], ImpreciseDate.parse(when))
    assert [text.number for text in then.texts] == numbers
    assert then.remark == remark


def test_where_the_text_changed_within_the_days_it_may_have_been_both_are_shown_and_that_is_said() -> None:
    texts = (PolicyText(from_on=date(2024, 1, 1), number="1"), PolicyText(from_on=date(2024, 7, 1), number="2"))
    order = PolicyDocument(code="order_7", label="Pursuits", texts=texts)
    (then,) = rules.policies_then([order], ImpreciseDate.parse("2024"))
    assert ([text.number for text in then.texts], then.remark) == (["1", "2"], rules.SEVERAL)
    # The first one ended on the day before the second began, though nobody wrote that down.
    assert [text.last_on for text in then.texts] == [date(2024, 6, 30), None]


def test_a_policy_of_which_nothing_is_kept_says_so() -> None:
    (then,) = rules.policies_then([NEVER], UNKNOWN)
    assert (then.kind, then.texts, then.remark) == ("Standard", (), rules.NO_TEXT_AT_ALL)
    (dated,) = rules.policies_then([NEVER], ImpreciseDate.parse("2025-05-05"))
    assert dated.remark == rules.NO_TEXT


def test_a_kind_of_allegation_that_the_rulebook_does_not_know_has_no_policies(make: Make) -> None:
    assert rules.documents_of(make.book, "brought_along") == ()
    assert rules.rests_on(make.book, "brought_along") == ""
    # A child rests on what the one above it names.
    assert rules.rests_on(make.book, "property_taken") == rules.rests_on(make.book, "property") != ""


def on(make: Make, day: date | None, precision: str = "day", **given: Any) -> Any:
    return make.case(incident_date=day, incident_precision=precision if day else "unknown", **given)


class TestPage:
    def test_a_case_of_last_year_shows_the_order_of_last_year(self, client_as: ClientAs, make: Make) -> None:
        case = on(make, date(2026, 1, 31))
        allegation = make.allegation(case, category="duty_camera")
        page = client_as("investigator").get(f"/office/cases/{case.id}/allegations/{allegation.id}").text
        assert "from the start of every meeting" in page
        assert "everybody has gone" not in page
        assert "to January 31, 2026" in page.replace("Jan ", "January ")
        assert "Look closely" not in page

    def test_from_the_day_of_the_change_on_the_new_one_holds(self, client_as: ClientAs, make: Make) -> None:
        case = on(make, date(2026, 2, 1))
        make.allegation(case, category="duty_camera")
        page = client_as("investigator").get(f"/office/cases/{case.id}/allegations").text
        assert "everybody has gone" in page
        assert "from the start of every meeting" not in page

    def test_of_a_day_that_nobody_knows_all_texts_are_shown_and_that_is_said(
        self, client_as: ClientAs, make: Make
    ) -> None:
        case = on(make, None)
        make.allegation(case, category="force_hands")
        make.allegation(case, category="force_neck", position=2)
        page = client_as("analyst").get(f"/office/cases/{case.id}/allegations").text
        assert rules.NO_DAY in page
        assert "a reasonable officer would use" in page
        assert "tries words first" in page
        # Both allegations are about one order, which stands there once.
        assert page.count("allegations 1, 2") == 1

    def test_of_a_day_without_a_text_that_is_said(self, client_as: ClientAs, make: Make) -> None:
        case = on(make, date(2015, 5, 5))
        make.allegation(case, category="force_hands")
        assert rules.NO_TEXT in client_as("counsel").get(f"/office/cases/{case.id}/allegations").text

    def test_where_the_rulebook_names_none_that_is_said(self, client_as: ClientAs, make: Make) -> None:
        case = on(make, date(2026, 2, 1))
        allegation = make.allegation(case, category="supervision")
        client = client_as("counsel")
        page = client.get(f"/office/cases/{case.id}/allegations/{allegation.id}").text
        assert (
            "names no policy or standard for this kind of allegation; it rests on Department General Order 3.1" in page
        )
        assert "own rules said then" not in client.get(f"/office/cases/{case.id}/allegations").text

    def test_an_allegation_of_a_kind_that_nobody_knows_has_its_page_all_the_same(
        self, client_as: ClientAs, make: Make
    ) -> None:
        case = on(make, date(2026, 2, 1))
        allegation = make.allegation(case, category="brought_along")
        answer = client_as("counsel").get(f"/office/cases/{case.id}/allegations/{allegation.id}")
        assert (answer.status_code, "names no policy or standard" in answer.text) == (200, True)


class TestPacket:
    def sections(self, work_as: WorkAs, case: Any) -> list[Section]:
        with work_as(Actor.system("build_packet")) as work:
            return queries.packet_sections(work, case.id)

    def test_members_read_the_text_of_the_day(self, work_as: WorkAs, make: Make) -> None:
        case = on(make, date(2026, 2, 1))
        make.allegation(case, category="duty_camera")
        make.allegation(case, category="force_hands", position=2, withdrawn_at=make.now)
        (table,) = self.sections(work_as, case)[-1].tables
        assert [row[1] for row in table.rows] == ["General Order 2.4, revised", "Standard 41.3"]
        assert table.rows[0][2:] == (
            "February 1, 2026 until now",
            "A camera runs from the moment an officer is sent until everybody has gone; whoever turns it off says why.",
            "1",
        )

    def test_members_are_told_where_the_day_is_not_known(self, work_as: WorkAs, make: Make) -> None:
        case = on(make, date(2026, 1, 1), "year")
        make.allegation(case, category="duty_camera")
        told = self.sections(work_as, case)[-1].paragraphs
        assert told == ("Day of the incident: 2026.", f"Duty and body cameras: {rules.SEVERAL}")

    def test_a_packet_of_a_case_without_such_rules_has_no_such_part(self, work_as: WorkAs, make: Make) -> None:
        case = on(make, date(2026, 2, 1))
        make.allegation(case, category="supervision")
        assert len(self.sections(work_as, case)) == 1
        with work_as("counsel") as work:
            assert standards_section(work, case, []) == []
