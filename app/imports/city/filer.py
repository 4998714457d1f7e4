"""What the person who files does: sends the complaint, adds to it, writes and reads messages."""

import io
from datetime import datetime, time, timedelta
from random import Random

from app.access.work import Work
from app.imports.city.diary import RESIDENT, Life, Turn
from app.imports.city.kinds import said_besides
from app.imports.city.pictures import pdf, png
from app.imports.city.plan import Complaint
from app.imports.city.town import Matter, Town
from app.intake import actions
from app.intake.actions import Sent, additions
from app.intake.commands import AddToFiling, SubmitFiling, TellMore

LARGEST = 1_000_000
LOST_SINCE = 15  # complaints: whoever loses their words filed some weeks ago


def send(work: Work, town: Town, matter: Matter) -> None:
    """Sends the complaint as the form would, with its photos and papers."""
    plan = matter.plan
    files = [_file(work, matter.rng, kind, plan) for kind in plan.files]
    key = f"demonstration-{town.year.seed}-{town.year.anchor}-{plan.number}"
    kept = actions.submit_filing(work, asked(town, plan), repeat_key=key, files=files, channel=plan.channel)
    matter.passphrase = kept.passphrase.words
    matter.filing_id = actions.own_by_passphrase(work, matter.passphrase).id


def asked(town: Town, plan: Complaint) -> SubmitFiling:
    """The complaint as a command."""
    who, intake = plan.who, town.book.intake
    lists = {"contact_rules": intake.contact_rules, "matters": intake.matters, "contact_kinds": intake.contact_kinds}
    besides = said_besides(plan, {name: [each.code for each in listed] for name, listed in lists.items()})
    return SubmitFiling.model_validate(
        {
            "language": plan.language,
            "anonymity": plan.anonymity,
            "kind": besides["kind"],
            "filer": {
                "relationship": plan.relationship,
                "name": who.name if who else "",
                "email": who.email if who else "",
                "phone": who.phone if who else "",
                **besides["filer"],
            },
            "incident": {
                "date": plan.incident or None,
                "time": plan.incident_time,
                "location": plan.place,
                "narrative": plan.narrative,
                "department": town.book.departments[plan.department].code,
                **besides["incident"],
            },
            "officers": [dict(officer) for officer in plan.officers],
            "witnesses": besides["witnesses"],
        }
    )


def _file(work: Work, rng: Random, kind: str, plan: Complaint) -> Sent:
    if kind == "png":
        return actions.keep_upload(work, f"photo-{rng.randrange(100, 999)}.png", io.BytesIO(png(rng)), limit=LARGEST)
    lines = ["Riverbend", "", "What I wrote down the same evening:", "", *_lines(plan.narrative)]
    return actions.keep_upload(work, "notes.pdf", io.BytesIO(pdf(lines)), limit=LARGEST)


def _lines(text: str) -> list[str]:
    words, lines, line = text.split(), [], ""
    for word in words:
        if len(line) + len(word) > 72:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line][:30]


def remembers_more(town: Town, matter: Matter, days: float) -> Life:
    """Some days later the filer adds a few words."""
    at = matter.plan.filed_at
    work = yield town.pace.resident(at, days)
    filing = actions.own_by_passphrase(work, matter.passphrase)
    words = town.say(matter.rng, "amendments", language=matter.plan.language)
    actions.add_to_filing(work, filing.id, AddToFiling(body=words))


def tells_without_words(town: Town) -> Life:
    """The day before the anchor somebody who lost the passphrase tells more: the office finds the complaint."""
    day = town.year.anchor - timedelta(days=1)
    work = yield Turn(RESIDENT, datetime.combine(day, time(16, 40), tzinfo=town.pace.zone))
    known = reversed(town.year.complaints[:-LOST_SINCE])
    plan = next(each for each in known if each.language == "en" and each.anonymity == "anonymous")
    told = town.year.words["told_without_words"]
    about = told["about"].format(day=plan.filed_at.strftime("%B %-d"), place=plan.place)
    additions.tell_more(work, TellMore(language="en", about=about, body=told["body"]))
