"""The form: one topic a page, no script, no cookie; what is typed is saved under words that its writer alone has."""

from fastapi import APIRouter

from app.intake.pages import receipt
from app.intake.pages.filing import resuming, sending, starting, turning

router = APIRouter(include_in_schema=False)
# The last one takes every address of the form that is only posted to.
for each in (receipt.router, turning.router, sending.router, resuming.router, starting.router):
    router.include_router(each)
