"""The public pages: the way in, the dashboard of a release, reports, the calendar. They read what is published."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.kernel.errors import NotFound
from app.policy.model.powers import Act
from app.publication.queries import published
from app.publication.rules.periods import parse_period
from app.reporting import queries
from app.reporting.rules.blocks import key_figures, sections_of
from app.reporting.rules.view import EVERYTHING
from app.web.answers import show
from app.web.shell import language_of
from app.web.words import catalogue
from app.web.work import may

router = APIRouter(include_in_schema=False)

Reader = Annotated[Work, may(Permission.RELEASE_READ)]
ReleaseId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
DRAWN = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
AGENDA = "agenda"
PDF = "application/pdf"


@router.get("/")
def show_home(request: Request, work: Reader) -> Response:
    """What this office is, and the three ways in."""
    releases = published.list_releases(work)
    language = language_of(request, work.book.language_codes)
    page = show(
        request,
        work,
        "public/home.html",
        title=work.book.name.to(language),
        book=work.book,
        language=language,
        releases=releases,
        stop=work.stop_of(Act.FILINGS),
        newest=queries.view_of(work, releases[0].id, language) if releases else None,
        agendas=published.bulletins(work, AGENDA),
    )
    return _kept(request, page, FOR_A_WHILE)


def _say(request: Request, work: Work, words: str) -> str:
    return catalogue(language_of(request, work.book.language_codes)).gettext(words)


@router.get("/data")
def show_data(request: Request, work: Reader) -> Response:
    """The dashboard of the newest release."""
    releases = published.list_releases(work)
    if not releases:
        return show(request, work, "public/no_data.html", title=_say(request, work, "Data and reports"))
    return _kept(request, _dashboard(request, work, releases[0].id), FOR_A_WHILE)


@router.get("/data/{release_id}")
def show_release(request: Request, work: Reader, release_id: ReleaseId) -> Response:
    """The dashboard of one release; what it says never changes."""
    return _kept(request, _dashboard(request, work, release_id), FOR_A_WHILE)


def _dashboard(request: Request, work: Work, release_id: str) -> Response:
    view = queries.view_of(work, release_id, language_of(request, work.book.language_codes))
    period = EVERYTHING
    year = request.query_params.get("year", "")
    if year in view.years():
        period = parse_period(year)
    manifest, published_at = published.get_manifest(work, release_id)
    files = published.file_names(work, release_id)
    return show(
        request,
        work,
        "public/data.html",
        title=_say(request, work, "Data and reports"),
        view=view,
        manifest=manifest,
        published_at=published_at,
        period=period,
        key=key_figures(view, period),
        sections=sections_of(view, period),
        charts={name for name, _, _ in files},
        reports=[(name, size) for name, kind, size in files if kind == PDF and f".{view.printed_in}." in name],
        releases=published.list_releases(work),
    )


@router.get("/data/{release_id}/files/{name:path}")
def get_release_file(request: Request, work: Reader, release_id: ReleaseId, name: str) -> Response:
    """One file of a release: a chart, a report, the manifest; its address never holds anything else."""
    found = published.get_file(work, release_id, name)
    headers = {"content-security-policy": DRAWN} if found.media_type == "image/svg+xml" else {}
    return _kept(request, Response(found.body, media_type=found.media_type, headers=headers), FOR_EVER)


@router.get("/data/{release_id}/tables/{name}.csv")
def get_release_table(request: Request, work: Reader, release_id: ReleaseId, name: str) -> Response:
    """One table of a release, as the exact file that was signed."""
    found = published.get_table(work, release_id, name)
    headers = {"content-disposition": f'attachment; filename="{found.name}-{release_id}.csv"'}
    return _kept(request, Response(found.csv, media_type="text/csv; charset=utf-8", headers=headers), FOR_EVER)


@router.get("/reports")
def list_reports(request: Request, work: Reader) -> Response:
    """Every published report."""
    reports = published.reports(work)
    page = show(request, work, "public/reports.html", title=_say(request, work, "Reports"), reports=reports)
    return _kept(request, page, FOR_A_WHILE)


@router.get("/calendar")
def show_calendar(request: Request, work: Reader) -> Response:
    """The meetings that were announced."""
    agendas = published.bulletins(work, AGENDA)
    page = show(request, work, "public/calendar.html", title=_say(request, work, "Meetings"), agendas=agendas)
    return _kept(request, page, FOR_A_WHILE)


@router.get("/calendar/{number}")
def show_bulletin(request: Request, work: Reader, number: str) -> Response:
    """One agenda as it was published."""
    found = next((each for each in published.bulletins(work, AGENDA) if each.number == number), None)
    if found is None:
        raise NotFound()
    return show(request, work, "public/bulletin.html", title=found.title, bulletin=found)


def _kept(request: Request, answer: Response, how_long: str) -> Response:
    """Says how long the answer may be kept; 304 where the reader has it already."""
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    answer.headers["etag"] = tag
    answer.headers["cache-control"] = how_long
    answer.headers["vary"] = "Accept-Language"
    given = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag not in given and "*" not in given:
        return answer
    kept = {name: answer.headers[name] for name in ("etag", "cache-control", "vary")}
    return Response(status_code=304, headers=kept)
