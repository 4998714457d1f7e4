"""The office's pages of clocks: the lapse list, one clock, and how all were counted again."""

from fastapi import APIRouter

from app.clocks.pages import clock, lapses, recounts

router = APIRouter(include_in_schema=False)
router.include_router(lapses.router)
router.include_router(recounts.router)
router.include_router(clock.router)
