"""What intake takes, by the rulebook alone; whatever is answered, only what was asked is filed."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import PROJECT
from app.infra.sniff import sniff
from app.intake.rules.draft import Answer, Draft
from app.intake.rules.filing import AnonymityKind, check_file_type, check_taken
from app.intake.rules.form import filing_of, place_of
from app.kernel.errors import Invalid
from app.policy.loader import Rulebooks, load_folder
from app.policy.model import Rulebook
from app.policy.model.intake import FieldType, Question


@pytest.mark.parametrize("kind", list(AnonymityKind))
def test_a_complaint_is_taken_only_in_the_ways_of_the_rulebook(policies: Rulebooks, kind: AnonymityKind) -> None:
    open_to_all, by_name_only = policies.of("riverbend")[-1], policies.of("washington-dc-opc")[-1]
    check_taken(open_to_all, kind)
    if kind is AnonymityKind.NAMED:
        check_taken(by_name_only, kind)
        return
    with pytest.raises(Invalid) as refusal:
        check_taken(by_name_only, kind)
    assert refusal.value.fields == {"anonymity": "This office does not take such complaints. It takes: named."}


# -- branching ----------------------------------------------------------------------------------------

MARK = "answer to "


def answers_to(book: Rulebook, question: Question) -> st.SearchStrategy[Answer]:
    """Anything that the form lets somebody answer; words tell which question they answer."""
    if question.type is FieldType.YES_NO:
        return st.sampled_from(["", "yes", "no"])
    if question.type is FieldType.IMPRECISE_DATE:
        return st.just({"year": "2026", "month": "2", "day": ""})
    codes = [choice.code for choice in book.choices(question)]
    if question.type is FieldType.CHOICES:
        return st.lists(st.sampled_from(codes), unique=True)
    if question.type in (FieldType.CHOICE, FieldType.LANGUAGE):
        return st.sampled_from(["", *codes])
    return st.sampled_from(["", MARK + question.code])


def drafts_of(book: Rulebook) -> st.SearchStrategy[Draft]:
    """Any answers to any questions, of pages that are shown and of pages that were shown once."""
    once = {q.code: answers_to(book, q) for page in book.form.pages if not page.repeats for q in page.fields}
    entries = {
        page.code: st.lists(st.fixed_dictionaries({q.code: answers_to(book, q) for q in page.fields}), max_size=2)
        for page in book.form.pages
        if page.repeats
    }
    return st.builds(
        Draft,
        id=st.just("a"),
        language=st.just("en"),
        answers=st.fixed_dictionaries(once),
        entries=st.fixed_dictionaries(entries),
    )


def leaves(value: Any) -> Iterator[Any]:
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from leaves(inner)
    if not isinstance(value, dict | list):
        yield value


BOOK = load_folder(PROJECT / "policies" / "riverbend" / "2025-01-01")


@given(drafts_of(BOOK))
def test_only_what_was_asked_is_filed(draft: Draft) -> None:
    form, filing = BOOK.form, filing_of(BOOK, draft)
    pages = form.visible_pages(draft.answers)
    asked = {question.code for page in pages for question in form.asked(page, draft.answers)}
    told = {leaf.removeprefix(MARK) for leaf in leaves(filing) if isinstance(leaf, str) and leaf.startswith(MARK)}
    assert told <= asked
    hidden = [q for page in form.pages for q in page.fields if q.code not in asked and q.fills != "nothing"]
    for group, _, name in (place_of(question).rpartition(".") for question in hidden):
        entries = filing.get(group) if group else filing
        for entry in entries if isinstance(entries, list) else [entries or {}]:
            assert not entry.get(name)


@given(drafts_of(BOOK))
def test_nothing_that_says_who_somebody_is_is_filed_without_a_name(draft: Draft) -> None:
    filing = filing_of(BOOK, draft.with_(answers=draft.answers | {"anonymity": "anonymous"}))
    identifying = {q.code for page in BOOK.form.pages for q in page.fields if q.is_identifying}
    # What was typed is marked; a code such as "phone" may be the answer to something else.
    typed = {leaf.removeprefix(MARK) for leaf in leaves(filing) if isinstance(leaf, str) and leaf.startswith(MARK)}
    assert not identifying & typed
    assert not {"contact_rules", "contact_preference", "contact_times"} & set(filing["filer"])


@given(drafts_of(BOOK))
def test_every_page_that_is_shown_leads_to_the_check(draft: Draft) -> None:
    pages = BOOK.form.visible_pages(draft.answers)
    here, walked = BOOK.form.page_after(None, draft.answers), []
    while here is not None:
        walked.append(here.code)
        here = BOOK.form.page_after(here.code, draft.answers)
    assert walked == [page.code for page in pages]
    assert pages[-1].is_check


@pytest.mark.parametrize(
    "head",
    [
        b"\xff\xd8\xff\xe1\x00\x10Exif",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm",
        b"\x00\x00\x00\x20ftyp3gp5" + bytes(20),
        b"OggS\x00\x02" + bytes(22) + b"OpusHead",
        b"\xff\xf1\x50\x80\x01\x1f\xfc\x00",
        b"#!AMR\n\x3c",
        b"#!AMR-WB\n\x44",
    ],
    ids=["photo", "webp", "webm", "3gp", "opus", "aac", "amr", "wide amr"],
)
def test_what_telephones_make_is_taken_by_its_content(policies: Rulebooks, head: bytes) -> None:
    book = policies.of("riverbend")[-1]
    check_file_type(book, sniff(head))
    with pytest.raises(Invalid):
        check_file_type(book, sniff(b"MZ\x90\x00\x03"))
