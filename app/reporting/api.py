"""The public API: releases and their tables, as JSON or CSV."""

import hashlib
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.publication.queries import published
from app.publication.rules.manifest import Manifest
from app.publication.rules.tables import read_csv
from app.web.problems import documented
from app.web.work import may

router = APIRouter(prefix="/api/v1/public", tags=["public"])

Reader = Annotated[Work, may(Permission.RELEASE_READ)]
ReleaseId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$", description="The id of a release.")]
ReportName = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9-]{1,80}\.[A-Za-z-]{2,35}\.pdf$", description="The name of a report, as listed.")
]
TableName = Annotated[
    str, Path(pattern=r"^[a-z0-9_]{1,80}(\.csv)?$", description="A table, `figures`, or either with .csv.")
]
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The table."}
PDF = "application/pdf"
PAPER = {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}, "description": "The report."}
REPORTS = "reports/"
UNCHANGED = {"description": "Not changed since the ETag that was sent."}


class Answer(BaseModel):
    """Base of the answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReleaseLine(Answer):
    """One release of the list."""

    id: str
    through: date
    published_at: datetime


class Releases(Answer):
    """Every release, the newest first."""

    releases: list[ReleaseLine]


class Release(Answer):
    """One release with its manifest."""

    id: str
    published_at: datetime
    manifest: Manifest


class TableRows(Answer):
    """One table: its columns, and its rows as text in their order."""

    release: str
    name: str
    columns: list[str]
    rows: list[list[str]]


class ReportLine(Answer):
    """One published report."""

    release: str
    name: str
    size: int
    through: date


class ReportList(Answer):
    """Every published report, of the newest release first."""

    reports: list[ReportLine]


@router.get("/releases", operation_id="list_releases", response_model=Releases, responses={304: UNCHANGED})
def list_releases(request: Request, work: Reader) -> Response:
    """Every published release."""
    lines = [
        ReleaseLine(id=row.id, through=row.through_on, published_at=row.published_at)
        for row in published.list_releases(work)
    ]
    return _kept(request, _json(Releases(releases=lines)), FOR_A_WHILE)


@router.get(
    "/releases/{release_id}",
    operation_id="get_release",
    response_model=Release,
    responses={304: UNCHANGED, **documented(404, 422)},
)
def get_release(request: Request, work: Reader, release_id: ReleaseId) -> Response:
    """One release and its manifest."""
    manifest, published_at = published.get_manifest(work, release_id)
    return _kept(request, _json(Release(id=release_id, published_at=published_at, manifest=manifest)), FOR_EVER)


@router.get(
    "/releases/{release_id}/tables/{name}",
    operation_id="get_release_table",
    response_model=TableRows,
    responses={200: CSV, 304: UNCHANGED, **documented(404, 422)},
)
def get_release_table(
    request: Request,
    work: Reader,
    release_id: ReleaseId,
    name: TableName,
    accept: Annotated[str, Header(max_length=500)] = "",
) -> Response:
    """One table: JSON, or the exact CSV file that was signed."""
    table = published.get_table(work, release_id, name.removesuffix(".csv"))
    if name.endswith(".csv") or _wants_csv(accept):
        return _kept(request, Response(table.csv, media_type="text/csv; charset=utf-8"), FOR_EVER)
    columns, rows = read_csv(table.csv)
    return _kept(request, _json(TableRows(release=release_id, name=table.name, columns=columns, rows=rows)), FOR_EVER)


@router.get("/reports", operation_id="list_reports", response_model=ReportList, responses={304: UNCHANGED})
def list_reports(request: Request, work: Reader) -> Response:
    """Every published report."""
    lines = [
        ReportLine(release=release, name=name.removeprefix(REPORTS), size=size, through=through)
        for release, name, size, through in published.reports(work)
    ]
    return _kept(request, _json(ReportList(reports=lines)), FOR_A_WHILE)


@router.get(
    "/releases/{release_id}/reports/{name}",
    operation_id="get_report",
    response_class=Response,
    responses={200: PAPER, 304: UNCHANGED, **documented(404, 422)},
)
def get_report(request: Request, work: Reader, release_id: ReleaseId, name: ReportName) -> Response:
    """One report, as the tagged PDF that was published with its release."""
    found = published.get_file(work, release_id, f"{REPORTS}{name}")
    return _kept(request, Response(found.body, media_type=found.media_type), FOR_EVER)


def _wants_csv(accept: str) -> bool:
    kinds = [part.split(";")[0].strip() for part in accept.split(",")]
    return "text/csv" in kinds and "application/json" not in kinds[: kinds.index("text/csv")]


def _json(answer: Answer) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")


def _kept(request: Request, answer: Response, how_long: str) -> Response:
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    answer.headers.update({"etag": tag, "cache-control": how_long, "vary": "Accept"})
    given = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in given:
        return Response(status_code=304, headers={"etag": tag, "cache-control": how_long, "vary": "Accept"})
    return answer
