"""The two ways a route answers: `show` a page or its part, `done` after a change."""

from typing import Any

from fastapi import Request, Response
from jinja2 import Environment
from starlette.responses import HTMLResponse, RedirectResponse, StreamingResponse

from app.access.work import Work
from app.web.shell import page_for
from app.web.templates import render


def is_htmx(request: Request) -> bool:
    """True where htmx asks for a part of a page."""
    return request.headers.get("hx-request") == "true"


def show(
    request: Request,
    work: Work,
    template: str,
    *,
    title: str,
    part: str | None = None,
    status: int = 200,
    lang: str | None = None,
    **context: Any,
) -> Response:
    """The page in its door's shell, or the part alone where htmx asks for one."""
    env: Environment = request.app.state.templates
    form = context.get("typed")
    page = page_for(request, work, title, lang=lang, failed=bool(form is not None and (form.errors or form.refusal)))
    name = part if part is not None and is_htmx(request) else template
    return HTMLResponse(render(env, name, {"page": page, "me": work.actor, "today": work.today, **context}), status)


def done(request: Request, *, goto: str) -> Response:
    """After a change: the fresh page, by a redirect that htmx and a bare browser both follow."""
    return RedirectResponse(goto, status_code=303)


def held_back(page: Response, seconds: int) -> Response:
    """The page again for whoever came too often, with when the next try is taken."""
    page.status_code = 429
    page.headers["retry-after"] = str(seconds)
    return page


def download(name: str, media_type: str, body: Any) -> Response:
    """A user's file: never opened by the browser as a page, its name reduced to plain letters."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)[:100].strip() or "file"
    headers = {
        "content-disposition": f'attachment; filename="{plain}"',
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(body, media_type=media_type, headers=headers)
