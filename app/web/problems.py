"""Errors in words: `application/problem+json` for a program; never what was typed."""

import json
from http import HTTPStatus

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"
STEP_UP = "step-up-needed"
FACTOR = "second-factor-needed"


class Problem(BaseModel):
    """An error as RFC 9457 has it; `fields` says what is wrong with each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = BLANK
    title: str
    status: int
    detail: str
    fields: dict[str, str] = Field(default_factory=dict)


def problem_bytes(status: int, words: str, fields: dict[str, str] | None = None, kind: str = BLANK) -> bytes:
    """The body of an error answer."""
    problem = Problem(type=kind, title=HTTPStatus(status).phrase, status=status, detail=words, fields=fields or {})
    return json.dumps(problem.model_dump(), ensure_ascii=False).encode()


def problem(
    status: int,
    words: str,
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    kind: str = BLANK,
) -> Response:
    """An error answer for a program; `kind` where it can do something about it."""
    return Response(problem_bytes(status, words, fields, kind), status, headers=headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The error answers of a route, for its OpenAPI entry."""
    schema = {"schema": Problem.model_json_schema()}
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}} for status in statuses}
