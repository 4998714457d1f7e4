"""The office's pages of cases: what waits for me, the queue, one case."""

from fastapi import APIRouter

from app.cases.pages import case, deciding, history, links, messages, milestones, mine, opening, queue, walls

router = APIRouter(include_in_schema=False)
router.include_router(mine.router)
router.include_router(queue.router)
router.include_router(opening.router)
router.include_router(case.router)
router.include_router(messages.router)
router.include_router(milestones.router)
router.include_router(links.router)
router.include_router(history.router)
router.include_router(walls.router)
router.include_router(deciding.router)
