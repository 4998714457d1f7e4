"""Following a complaint: the passphrase opens it for half an hour, to read the answers, write back and add to it."""

from fastapi import APIRouter

from app.intake.pages.tracking import adding, complaint, contact, letters, requests, signing

router = APIRouter(include_in_schema=False)
router.include_router(signing.router)
router.include_router(complaint.router)
router.include_router(adding.router)
router.include_router(letters.router)
router.include_router(requests.router)
router.include_router(contact.router)
