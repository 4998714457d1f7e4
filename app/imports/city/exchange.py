"""What goes between the office, the filer and the departments: letters, messages, demands and their answers."""

import io
from datetime import datetime
from random import Random
from uuid import UUID

from app.access.permissions import Role
from app.access.work import Work
from app.correspondence import actions as correspondence
from app.correspondence.commands import SendMessage
from app.evidence import actions as evidence
from app.evidence import queries as evidence_queries
from app.evidence.commands import AddFile, AnswerDemand, ContradictDemand, SendDemand
from app.imports.city import asking
from app.imports.city.diary import Life
from app.imports.city.pictures import pdf, png
from app.imports.city.town import Matter, Town
from app.intake import actions as intake
from app.intake import letters
from app.intake import queries as filings

LARGEST = 1_000_000
# What a department answers, and after how many days: mostly in time, a fifth late, some never.
ANSWERS = {
    "body_camera": {"given": 0.58, "partly": 0.12, "none_exist": 0.14, "overwritten": 0.09, "refused": 0.07},
    "records": {"given": 0.72, "partly": 0.14, "none_exist": 0.07, "refused": 0.07},
    "statement": {"given": 0.84, "refused": 0.06, "on_leave": 0.1},
}
WITH_VIDEO = ("given", "partly")
WAITS = (((5, 32), 0.72), ((40, 95), 0.2), (None, 0.08))


def demand(town: Town, matter: Matter, work: Work, kind: str) -> None:
    """Asks the department for something; its liaison answers when they get to it."""
    rng = matter.rng
    wording = town.say(rng, "demands", kind)
    sent = evidence.send_demand(work, matter.case, SendDemand(kind=kind, wording=wording))
    matter.has_demand = True
    days = rng.choices([wait for wait, _ in WAITS], [share for _, share in WAITS])[0]
    liaison = town.liaison_of(sent.department_id)
    if liaison is not None and days is not None:
        town.diary.begin(_answer(town, matter, sent.id, liaison, work.now, rng.uniform(*days)))


def _answer(town: Town, matter: Matter, demand_id: UUID, liaison: str, sent_at: datetime, days: float) -> Life:
    rng = matter.rng
    work = yield town.pace.turn(liaison, sent_at, days)
    asked = evidence_queries.addressed_demand(work, demand_id)
    answers = ANSWERS[asked.kind]
    answer = rng.choices(list(answers), list(answers.values()))[0]
    words = town.say(rng, "answers", answer)
    file = (
        _paper(work, rng, f"answer-{asked.number}.pdf", [words]) if answer == "given" and rng.random() < 0.5 else None
    )
    evidence.answer_demand(work, demand_id, AnswerDemand(version=asked.version, answer=answer, words=words), file)
    matter.has_video = matter.has_video or (asked.kind == "body_camera" and answer in WITH_VIDEO)
    if answer == "none_exist" and rng.random() < 0.3 and not matter.is_over:
        at = work.now
        work = yield town.pace.turn(matter.lead, at, rng.uniform(10, 40))
        kept = evidence_queries.get_demand(work, demand_id)
        evidence.contradict_demand(work, matter.case, demand_id, ContradictDemand(version=kept.version))


def _paper(work: Work, rng: Random, name: str, lines: list[str]) -> intake.Sent:
    body = pdf([(work.book.meta.city or work.book.name).to("en"), "", *lines, "", f"Sheet {rng.randrange(1000, 9999)}"])
    return evidence.keep_file(work, name, io.BytesIO(body), limit=LARGEST)


def investigator_writes(town: Town, matter: Matter, work: Work) -> None:
    """A turn of the investigator's in the middle of a case: now and then a file, a demand, a question."""
    rng = matter.rng
    correspondence.read_messages(work, matter.filing, matter.case, from_filer=True)
    if rng.random() < 0.2:
        _file(town, matter, work)
    if not matter.has_demand:
        demand(town, matter, work, "body_camera")
    elif rng.random() < 0.1:
        demand(town, matter, work, rng.choice(("records", "statement", "statement")))
    if rng.random() < 0.14:
        _ask_filer(town, matter, work)


def _ask_filer(town: Town, matter: Matter, work: Work) -> None:
    rng, asked = matter.rng, town.ask_anew(matter, "ask_filer")
    if asked is None:
        return
    correspondence.write_to_filer(work, matter.filing, matter.case, SendMessage(body=asked.ask))
    if rng.random() < 0.7:
        town.diary.begin(filer_writes(town, matter, work.now, rng.uniform(0.3, 8), asked.answer))


def keeps_in_touch(town: Town, matter: Matter, at: datetime) -> Life:
    """Every six weeks the filer is told where it stands, until it is over; now and then later than that."""
    rng = matter.rng
    while True:
        late = rng.uniform(8, 24) if rng.random() < 0.12 else 0
        work = yield town.pace.turn(matter.lead, at, rng.uniform(35, 43) + late)
        if matter.is_over:
            return
        letters.write_update(work, filings.get_filing(work, matter.filing))
        at = work.now


def _file(town: Town, matter: Matter, work: Work) -> None:
    rng = matter.rng
    label = town.say_anew(matter, "evidence_labels")
    if not label:
        return
    is_photo = "Photo" in label or "Still" in label
    file = (
        evidence.keep_file(work, f"photo-{rng.randrange(100, 999)}.png", io.BytesIO(png(rng)), limit=LARGEST)
        if is_photo
        else _paper(work, rng, "scan.pdf", [label])
    )
    source = rng.choice(("the filer", "a witness", "the department", "collected by the investigator"))
    evidence.add_file(work, matter.case, AddFile(label=label, received_from=source), file)


def _photos(work: Work, matter: Matter) -> list[intake.Sent]:
    """One filer in a few sends a photo along."""
    if matter.plan.number % asking.WITH_A_FILE:
        return []
    picture = io.BytesIO(png(Random(matter.plan.number)))  # noqa: S311 - an invented picture
    return [intake.keep_upload(work, "photo.png", picture, limit=LARGEST)]


def filer_writes(town: Town, matter: Matter, after: datetime, days: float, answer: str = "") -> Life:
    """The filer opens their page with the passphrase, reads what is there and writes; mostly somebody reads that."""
    rng = matter.rng
    asked = None if answer else town.ask_anew(matter, "questions")
    words = answer or (asked.ask if asked else "")
    if not words:
        return
    work = yield town.pace.resident(after, days)
    at = work.now
    own = intake.own_by_passphrase(work, matter.passphrase)
    correspondence.read_messages(work, own.id, own.case_id, from_filer=False)
    intake.write_to_office(work, own, SendMessage(body=words), _photos(work, matter))
    if rng.random() > 0.93:
        return
    work = yield town.pace.turn(matter.lead or town.one(Role.INTAKE), at, rng.uniform(0, 5))
    correspondence.read_messages(work, matter.filing, matter.case_id, from_filer=True)
    if asked:
        correspondence.write_to_filer(work, matter.filing, matter.case_id, SendMessage(body=asked.answer))
