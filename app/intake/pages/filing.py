"""The form: one topic a page, no script, no cookie; nothing is kept before Send, and everything typed stays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from app.access.permissions import Permission
from app.access.work import Work
from app.intake import actions
from app.intake.commands import SubmitFiling
from app.intake.pages import asking, receipt
from app.intake.pages.receipt import Given, show_receipt
from app.intake.rules import draft as drafts
from app.intake.rules import form as rules
from app.intake.rules.draft import LIFE, Draft, Kept
from app.intake.rules.filing import TOO_LARGE, AnonymityKind
from app.kernel.errors import Invalid
from app.policy.model.intake import FieldType, NoticeWhen, Page, Question
from app.policy.model.powers import Act
from app.web.answers import done, show
from app.web.forms import Form, Unbound, messages_of
from app.web.limits import wait_for_filing, wait_for_upload
from app.web.sealed_field import new_id, open_field, seal_field
from app.web.shell import language_of
from app.web.uploads import LARGEST_FILE
from app.web.work import may

router = APIRouter(prefix="/file", include_in_schema=False)
router.include_router(receipt.router)

Submitter = Annotated[Work, may(Permission.FILING_SUBMIT)]

MEGABYTE = 1_000_000
TOO_MANY = "Many files come from your network right now. Wait a minute and add it again, or go on without it."
MOST_FILES = 20
NO_MORE = "These are as many files as we can take with one complaint. You can send more when it has arrived."
WAITED = "Your file waited here for too long and is gone. Add it again, or go on without it."


@dataclass
class Step:
    """One page of the form, sent."""

    request: Request
    work: Work
    form: Form
    draft: Draft
    page: Page
    at: int
    arg: str = ""
    is_lost: bool = False


@router.get("")
def start_filing(request: Request, work: Submitter) -> Response:
    """Before the first question: what this is, how long it takes, other ways to reach the office."""
    return _first_page(request, work)


def _first_page(request: Request, work: Work, draft: Draft | None = None) -> Response:
    """Where nothing is taken now, that and why in place of the way in, with the words that were written so far."""
    book = work.book
    language = draft.language if draft else language_of(request, book.language_codes)
    stop = work.stop_of(Act.FILINGS)
    return show(
        request,
        work,
        "intake/start.html",
        title=book.form.title.to(language) if stop is None else book.name.to(language),
        lang=language,
        book=book,
        language=language,
        notices=asking.notices(book, NoticeWhen.BEFORE_FILING),
        stop=stop,
        unsent=asking.written_rows(book, draft) if draft else [],
        status=409 if draft else 200,
    )


@router.get("/{step}")
def begin_again(request: Request, work: Submitter, step: str) -> Response:
    """The pages of the form have no address of their own."""
    return done(request, goto=f"/file?lang={language_of(request, work.book.language_codes)}")


@router.post("/answer")
def answer_page(request: Request, form: Unbound, work: Submitter) -> Response:
    """Takes one page's answers and goes where the pressed button says."""
    step = _read(request, work, form)
    if work.stop_of(Act.FILINGS) is not None:
        return _first_page(request, work, step.draft)
    verb, _, step.arg = form.value("go", "next").partition(":")
    if not form.value("page"):
        return _page(step)
    return GO.get(verb, _next)(step)


def _read(request: Request, work: Work, form: Form) -> Step:
    """The draft with what was typed on this page in it, before anything is judged."""
    book = work.book
    draft, is_lost = _open(request, work, form.value("draft"))
    page = book.form.page(form.value("page")) or book.form.pages[0]
    at = _index(form.value("at"))
    if form.value("page") and not page.is_check:
        draft = drafts.taken(book, draft, page, form.values, form.lists, at)
    return _with_file(_without_old_files(Step(request, work, form, draft, page, at, is_lost=is_lost)))


def _open(request: Request, work: Work, sealed: str) -> tuple[Draft, bool]:
    opened = open_field(work.house, "draft", sealed, request.state.arrived, seconds=int(LIFE.total_seconds()))
    if opened is not None:
        return Draft.model_validate_json(opened), False
    return Draft(id=new_id(), language=language_of(request, work.book.language_codes)), bool(sealed)


def _index(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0


def _without_old_files(step: Step) -> Step:
    """A file is promised only for as long as nobody sweeps it away."""
    asked, young = _file_question(step.work), step.draft.young_files(step.request.state.arrived)
    if asked and young != step.draft.files:
        step.draft = step.draft.with_(files=young)
        step.form.errors[asked[1].code] = WAITED
    return step


def _file_question(work: Work) -> tuple[Page, Question] | None:
    asked = ((page, question) for page in work.book.form.pages for question in page.fields)
    return next((one for one in asked if one[1].type is FieldType.FILE), None)


def _with_file(step: Step) -> Step:
    """Stores a file that came along, sealed; the draft alone can name it."""
    for question in step.page.fields:
        if question.type is FieldType.FILE and question.code in step.form.oversized:
            step.form.errors[question.code] = TOO_LARGE
        elif question.type is FieldType.FILE and question.code in step.form.files:
            _keep_file(step, question.code)
    return step


def _keep_file(step: Step, code: str) -> None:
    upload = step.form.files[code]
    if len(step.draft.files) >= MOST_FILES:
        step.form.errors[code] = NO_MORE
        return
    if wait_for_upload(step.request):
        step.form.errors[code] = TOO_MANY
        return
    try:
        sent = actions.keep_upload(step.work, upload.filename or "", upload.file, limit=largest_file(step.work))
    except Invalid as refusal:
        step.form.errors[code] = refusal.fields["file"]
        return
    kept = Kept(
        id=new_id(),
        name=sent.name,
        media_type=sent.media_type,
        size=sent.stored.size,
        sha256=sent.stored.sha256,
        object_name=sent.stored.name,
        wrapped_key=sent.stored.wrapped_key,
        kept_at=step.request.state.arrived,
    )
    step.form.errors.pop(code, None)
    step.draft = step.draft.with_file(kept)


def largest_file(work: Work) -> int:
    """How large a file may be: what the rulebook says, and no more than this door reads."""
    most = work.book.intake.largest_file_mb
    ours = LARGEST_FILE // MEGABYTE
    return min(ours, most or ours) * MEGABYTE


def _wrong(step: Step) -> dict[str, str]:
    answers = step.draft.entry(step.page, step.at)
    if step.page.repeats and not answers:
        return dict(step.form.errors)
    book, today = step.work.book, step.work.today
    return step.form.errors | rules.problems(book, step.page, answers, today, step.draft.language)


def _next(step: Step) -> Response:
    step.form.errors = _wrong(step)
    if step.form.errors:
        return _page(step, 422)
    return _at(step, drafts.after(step.work.book, step.draft, step.page))


def _again(step: Step) -> Response:
    step.form.errors = _wrong(step)
    return _page(step, 422) if step.form.errors else _at(step, step.page)


def _back(step: Step) -> Response:
    book = step.work.book
    if step.draft.is_checking:
        return _at(step, book.form.visible_pages(step.draft.answers)[-1])
    before = drafts.before(book, step.draft, step.page)
    return _at(step, before) if before else start_filing(step.request, step.work)


def _edit(step: Step) -> Response:
    step.at = _index(step.arg)
    return _page(step)


def _drop(step: Step) -> Response:
    step.draft = drafts.without_entry(step.draft, step.page, _index(step.arg))
    return _at(step, step.page)


def _drop_file(step: Step) -> Response:
    step.draft = step.draft.without_file(step.arg)
    return _page(step)


def _change(step: Step) -> Response:
    code, _, at = step.arg.partition(":")
    page = step.work.book.form.page(code) or step.page
    step.draft = step.draft.with_(is_checking=True)
    step.page, step.at = page, _index(at)
    return _page(step)


def _speak(step: Step) -> Response:
    """The same page in another language, nothing lost."""
    book = step.work.book
    if step.arg in book.language_codes:
        asked = rules.question_filling(book, "language")
        answers = step.draft.answers | ({asked[1].code: step.arg} if asked else {})
        step.draft = step.draft.with_(language=step.arg, answers=answers)
    return _page(step)


def _as_new(step: Step) -> Response:
    """The same words as a complaint of their own."""
    step.draft = step.draft.with_(id=new_id())
    return _page(step)


GO: Mapping[str, Callable[[Step], Response]] = {
    "next": _next,
    "again": _again,
    "back": _back,
    "edit": _edit,
    "drop": _drop,
    "drop-file": _drop_file,
    "change": _change,
    "lang": _speak,
    "new": _as_new,
}


def _at(step: Step, page: Page) -> Response:
    """Shows another page; one that repeats opens with room for one more."""
    is_checking = step.draft.is_checking and not page.is_check
    moved = replace(step, draft=step.draft.with_(is_checking=is_checking), page=page, at=_room(step.draft, page))
    return _page(moved)


def _room(draft: Draft, page: Page) -> int:
    return len(draft.entries.get(page.code, [])) if page.repeats else 0


def _page(step: Step, status_code: int = 200) -> Response:
    book, draft, page = step.work.book, step.draft, step.page
    pages = book.form.visible_pages(draft.answers)
    shown = asking.asks(book, draft, page, step.at, step.form.errors)
    return show(
        step.request,
        step.work,
        "intake/check.html" if page.is_check else "intake/page.html",
        title=page.label.to(draft.language),
        status=status_code,
        lang=draft.language,
        typed=step.form,
        sealed=_sealed(step),
        book=book,
        draft=draft,
        form_page=page,
        at=step.at,
        asks=shown,
        steps=[each.label.to(draft.language) for each in pages],
        place=pages.index(page) + 1 if page in pages else 1,
        rows=asking.check_rows(book, draft) if page.is_check else asking.entry_rows(book, draft, page),
        has_room=page.repeats and _room(draft, page) < (page.at_most or 1),
        notice=asking.notice_of(book, page),
        largest=largest_file(step.work),
        is_lost=step.is_lost,
        error_rows=_error_rows(step, shown),
    )


def _error_rows(step: Step, shown: list[asking.Ask]) -> list[tuple[str, str]]:
    say = asking.translate(step.draft.language)
    known = [(each.name, each.error) for each in shown if each.error]
    names = {name for name, _ in known}
    return known + [("", say(words)) for name, words in step.form.errors.items() if name not in names]


def _sealed(step: Step) -> str:
    data = step.draft.model_dump_json().encode()
    return seal_field(step.work.house, "draft", step.draft.id, data, step.request.state.arrived)


@router.post("/send")
def send_filing(request: Request, form: Unbound, work: Submitter) -> Response:
    """Keeps the complaint and shows the receipt, once the commit is done; sent twice, it is one complaint."""
    step = _read(request, work, form)
    if work.stop_of(Act.FILINGS) is not None:
        return _first_page(request, work, step.draft)
    step.page = work.book.form.visible_pages(step.draft.answers)[-1]
    faulty = rules.first_problem(work.book, step.draft, work.today) or _where_a_file_is_gone(step)
    if step.is_lost or faulty:
        return _faulty(step, faulty)
    wait = wait_for_filing(request)
    if wait:
        return _busy(step, wait)
    try:
        return _sent(step)
    except actions.KeyUsed:
        work.restart()
        return show(
            request,
            work,
            "intake/sent_before.html",
            title=asking.translate(step.draft.language)("This form was sent before"),
            lang=step.draft.language,
            status=409,
            sealed=_sealed(step),
            form_page=step.page,
        )
    except Invalid as refusal:
        work.restart()
        return _refused(step, refusal)


def _where_a_file_is_gone(step: Step) -> tuple[Page, int] | None:
    asked = _file_question(step.work)
    return (asked[0], 0) if asked and asked[1].code in step.form.errors else None


def _faulty(step: Step, faulty: tuple[Page, int] | None) -> Response:
    step.page, step.at = faulty or (step.work.book.form.pages[0], 0)
    step.form.errors = _wrong(step) if faulty else {}
    return _page(step, 422)


def _busy(step: Step, wait: int) -> Response:
    words = "Many complaints come from your network right now. Nothing is lost: wait a minute and press Send again."
    step.form.errors = {"": words}
    response = _page(step, 429)
    response.headers["retry-after"] = str(wait)
    return response


def _refused(step: Step, refusal: Invalid) -> Response:
    """An error of the filing beside the question it came from."""
    for place, words in refusal.fields.items():
        asked = rules.question_filling(step.work.book, place)
        if asked:
            step.page = asked[0]
            step.form.errors[asked[1].code] = words
        else:
            step.form.errors[""] = refusal.words
    return _page(step, 422)


def _sent(step: Step) -> Response:
    work, draft = step.work, step.draft
    try:
        ask = SubmitFiling.model_validate(rules.filing_of(work.book, draft))
    except ValidationError as wrong:
        raise Invalid(messages_of(wrong)) from None
    files = [actions.sent_of(file) for file in draft.files]
    got = actions.submit_filing(work, ask, repeat_key=f"form:{draft.id}", files=files)
    given = Given(
        number=got.number,
        words=got.passphrase.words,
        digits=got.passphrase.digits,
        receipt=got.receipt,
        received_at=got.received_at,
        is_exact=ask.anonymity is not AnonymityKind.ANONYMOUS,
        language=draft.language,
        against=ask.against,
    )
    return show_receipt(step.request, work, given, Form())
