"""The commission as a program works with it: its meetings, and the part of them without the public."""

from fastapi import APIRouter

from app.commission.api import closed, meetings

router = APIRouter()
router.include_router(meetings.router)
router.include_router(closed.router)
