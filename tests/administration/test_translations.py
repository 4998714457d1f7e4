"""A machine's translation: who stands for it, what protected words do until then, and what a changed text means."""

import pytest

from app.access.records import TranslationApproval
from app.administration.actions import translations as actions
from app.administration.commands import ApproveTranslations, WithdrawApproval
from app.administration.queries import translations as queries
from app.kernel.errors import NotAllowed, NotFound, Refused
from app.kernel.translations import APPROVED, fingerprint
from app.web.words import catalogue
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

HOME = "/office/translations"


@pytest.fixture(autouse=True)
def nothing_is_approved_elsewhere() -> None:
    """What a process knows to be approved is one set, whichever house it last read."""
    APPROVED.replace(())


def waiting(work_as: WorkAs, language: str) -> list[queries.Line]:
    with work_as("director") as work:
        return [line for line in queries.lines(work, language) if line.state == "waiting"]


def approve(work_as: WorkAs, language: str, *lines: queries.Line) -> None:
    with work_as("director") as work:
        ask = ApproveTranslations(texts=tuple(line.text.known_as for line in lines))
        actions.approve_translations(work, language, ask)


def notice_in(client_as: ClientAs, language: str) -> str:
    return str(client_as(None).get(f"/file?lang={language}").text)


def test_approved_words_are_shown_and_withdrawn_ones_no_more(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    book = make.house.policies.newest(make.house.agency)
    (notice,) = [each for each in book.intake.notices if each.code == "your_rights"]
    english = str(notice.text)
    (line,) = [each for each in waiting(work_as, "ar") if each.text.where == "intake.notices.your_rights.text"]
    assert notice.text.to("ar") == english
    approve(work_as, "ar", line)
    with work_as("intake") as work:
        assert [each.state for each in queries.lines(work, "ar") if each.text == line.text] == ["approved"]
    client_as(None).get("/file?lang=ar")
    assert notice.text.to("ar") == line.text.words != english
    with work_as("director") as work:
        actions.withdraw_approval(work, "ar", WithdrawApproval(text=line.text.known_as))
    client_as(None).get("/file?lang=ar")
    assert notice.text.to("ar") == english
    assert make.tags()[-2:] == ["administration:translation:approved", "administration:translation:withdrawn"]


def test_a_changed_english_is_another_text() -> None:
    assert len({fingerprint("ar", "a", "b"), fingerprint("ar", "c", "b"), fingerprint("pt", "a", "b")}) == 3


def test_what_nobody_was_shown_is_not_approved(make: Make, work_as: WorkAs) -> None:
    with work_as("director") as work, pytest.raises(Refused):
        actions.approve_translations(work, "ar", ApproveTranslations(texts=("0" * 64,)))
    line = waiting(work_as, "ar")[0]
    approve(work_as, "ar", line)
    with work_as("director") as work, pytest.raises(Refused):
        actions.approve_translations(work, "ar", ApproveTranslations(texts=(line.text.known_as,)))
    with work_as("director") as work, pytest.raises(Refused):
        actions.approve_translations(work, "pt", ApproveTranslations(texts=(line.text.known_as,)))
    assert len(make.all(TranslationApproval)) == 1


def test_an_investigator_approves_nothing(work_as: WorkAs) -> None:
    line = waiting(work_as, "ar")[0]
    with work_as("investigator") as work, pytest.raises(NotAllowed):
        actions.approve_translations(work, "ar", ApproveTranslations(texts=(line.text.known_as,)))


@pytest.mark.parametrize("language", ["en", "xx", "es-MX"])
def test_a_language_that_is_not_translated_is_not_there(work_as: WorkAs, language: str) -> None:
    with work_as("director") as work, pytest.raises(NotFound):
        queries.lines(work, language)


def test_the_office_sees_each_language_in_figures_and_approves_what_it_ticks(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    client = client_as("director")
    page = client.get(HOME).text
    assert "العربية" in page
    assert "Kreyòl ayisyen" in page
    lines = waiting(work_as, "vi")[:2]
    shown = client.get(f"{HOME}/vi").text
    assert all(line.text.known_as in shown for line in lines)
    assert "Intake, the notices, “Your rights”, the text" in client.get(f"{HOME}/ar").text
    assert "intake.notices" not in shown
    client.submit(f"{HOME}/vi/approve", texts=[line.text.known_as for line in lines])
    assert "Saved." in client.get(f"{HOME}/vi?done=saved").text
    assert {each.text_hash for each in make.all(TranslationApproval)} == {line.text.known_as for line in lines}
    assert "Take it back" in client.get(f"{HOME}/vi?state=approved").text
    assert client.get(f"{HOME}/vi?state=missing").status_code == 200
    assert client.submit(f"{HOME}/vi/approve").status_code == 422


def test_our_own_words_say_on_which_pages_they_stand() -> None:
    assert {each.folder for each in catalogue(queries.FIRST).entries} == set(queries.OUR_PAGES)


def test_a_letter_in_a_machines_words_waits_whole(make: Make, work_as: WorkAs) -> None:
    book = make.house.policies.newest(make.house.agency)
    assert book.letter("closing", "es").language == "es"
    assert book.letter("closing", "ht").language == "en"
    (line,) = [each for each in waiting(work_as, "ht") if each.text.where == "letters.closing"]
    APPROVED.replace([line.text.known_as])
    assert book.letter("closing", "ht").language == "ht"
