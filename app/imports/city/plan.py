"""Draws the year: which complaints arrive when, in whose words, and how each would end. Pure: one seed, one story."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import yaml

from app.imports.city.people import InventedOfficer, Resident, dice, resident, roster

HERE = Path(__file__).parent
FILINGS = 181
DAYS = 398
LATE_FILINGS = (33, 27, 9)  # days before the anchor on which one came that intake has left lying
SPANISH = 0.11
NOT_NAMED = {"anonymous": 0.20, "confidential": 0.14, "named": 0.66}
CHANNELS = {
    "web": 0.66,
    "phone": 0.12,
    "in_person": 0.08,
    "mail": 0.05,
    "email": 0.04,
    "community": 0.03,
    "council": 0.02,
}
RELATIONSHIPS = {"self": 0.72, "witness": 0.12, "parent": 0.09, "representative": 0.05, "other": 0.02}
# Roughly as boards that investigate report it: half of all cases end before anybody decided what happened.
ENDINGS = {
    "decided": 50,
    "no_contact": 19,
    "withdrawn": 12,
    "no_rule_broken": 9,
    "mediated": 6,
    "too_late": 1.5,
    "court_case": 1.5,
    "no_resources": 1,
}
# Of forty allegations that are decided; drawn like cards, so that the shares hold also for a small city.
FOUND = {
    "not_sustained": 12,
    "within_policy": 10,
    "unfounded": 7,
    "sustained": 6,
    "training_failure": 2,
    "policy_failure": 2,
    "officer_left": 1,
}
NEIGHBOURS = {
    "sustained": "not_sustained",
    "not_sustained": "within_policy",
    "within_policy": "not_sustained",
    "unfounded": "not_sustained",
    "training_failure": "sustained",
    "policy_failure": "within_policy",
}
WITHOUT_OFFICER = {"service", "refer", "decline"}


@dataclass(frozen=True)
class Charge:
    """One thing alleged against one officer, and what each authority would say of it."""

    category: str
    officer: int | None  # a place in the roster; None for one whom nobody can name yet
    was: int  # who it really was
    description: str
    investigator: str
    supervisor: str
    board: str


@dataclass(frozen=True)
class Complaint:
    """One filing as it will be sent, and the course that the office would take with it."""

    number: int
    filed_at: datetime
    language: str
    anonymity: str
    relationship: str
    channel: str
    who: Resident | None
    incident: str  # an ISO day, month or year, or nothing
    incident_time: str
    place: str
    department: int
    narrative: str
    officers: tuple[Mapping[str, str], ...]
    files: tuple[str, ...]
    classification: str
    category: str
    reason: str
    ending: str
    charges: tuple[Charge, ...]
    tempo: float  # 1 is ordinary; the office is not equally quick with everything
    is_left_lying: bool = False
    repeats: int | None = None  # the complaint whose events this one tells again
    seed: int = 0
    kind: str = ""  # the rulebook's code of what it is, where that is no complaint

    @property
    def is_decided(self) -> bool:
        """True where it goes the whole way to the commission."""
        return self.ending == "decided"


@dataclass(frozen=True)
class Year:
    """The whole story, before anything of it is told."""

    seed: int
    anchor: date
    officers: tuple[InventedOfficer, ...]
    complaints: tuple[Complaint, ...]
    words: Mapping[str, Any] = field(repr=False, default_factory=dict)


def plan_year(seed: int, anchor: date, zone: ZoneInfo) -> Year:
    """The same seed and anchor day give the same year."""
    rng = dice(seed, anchor)
    officers = tuple(roster(rng, anchor))
    drawing = _Drawing(rng, anchor, zone, officers)
    return Year(seed, anchor, officers, tuple(drawing.complaints()), words())


@cache
def words() -> Mapping[str, Any]:
    """What people in the office write."""
    read: Mapping[str, Any] = yaml.safe_load((HERE / "words.yaml").read_text("utf-8"))
    return read


@cache
def stories(language: str) -> Sequence[Mapping[str, Any]]:
    """What residents tell."""
    read: Sequence[Mapping[str, Any]] = yaml.safe_load((HERE / f"stories.{language}.yaml").read_text("utf-8"))
    return read


def drawn(rng: Random, text: str) -> str:
    """`[[this / that]]` becomes one of them."""
    return re.sub(r"\[\[(.+?)\]\]", lambda found: rng.choice(found[1].split(" / ")), text)


def picked(rng: Random, weights: Mapping[str, float]) -> str:
    """One of the keys, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


Card = TypeVar("Card")


class _Deck(Generic[Card]):
    """Cards dealt in an order of their own: none comes again before all others came."""

    def __init__(self, rng: Random, cards: Sequence[Card]) -> None:
        self._rng, self._cards = rng, cards
        self._left: list[Card] = []

    def deal(self) -> Card:
        if not self._left:
            self._left = list(self._cards)
            self._rng.shuffle(self._left)
        return self._left.pop()


class _Drawing:
    """Draws complaint after complaint."""

    def __init__(self, rng: Random, anchor: date, zone: ZoneInfo, officers: Sequence[InventedOfficer]) -> None:
        self.rng, self.anchor, self.zone, self.officers = rng, anchor, zone, officers
        self.decks = {language: _Deck(rng, stories(language)) for language in ("en", "es")}
        self.found = _Deck(rng, [word for word, count in FOUND.items() for _ in range(count)])
        self.words = words()

    def complaints(self) -> Iterator[Complaint]:
        """Every complaint of the year, the earliest first; two of them tell of the same events as one before."""
        days = [DAYS * (1 - (number + self.rng.random()) / FILINGS) for number in range(FILINGS)]
        made: list[Complaint] = []
        for number, before in enumerate(sorted([*days, *map(float, LATE_FILINGS)], reverse=True)):
            complaint = self._one(number, before, is_left_lying=before in LATE_FILINGS)
            made.append(complaint)
        yield from self._told_twice(made)

    def _told_twice(self, made: list[Complaint]) -> list[Complaint]:
        """Twice a neighbour files about events that somebody else has told of already."""
        investigated = [each for each in made if each.classification == "investigation" and not each.is_left_lying]
        known = [each for each in investigated if len(each.incident) == len("2026-03-05") and each.is_decided]
        settled = [each for each in known if (self.anchor - each.filed_at.date()).days > 40]
        for first in (settled[len(settled) // 3], settled[-2]):
            later = next(each for each in investigated if each.number > first.number + 2)
            made[later.number] = self._retold(first, later)
        return made

    def _retold(self, first: Complaint, later: Complaint) -> Complaint:
        told = (
            "I saw this from my window and want to say that it is true, whatever they tell you. I heard the shouting "
            "first and then I looked. It was two officers, or three, I am not sure. A neighbor told me that she has "
            "written to you, so I am writing too."
            if first.language == "en"
            else "Yo también lo vi desde mi ventana y quiero decir que es verdad. Primero oí los gritos y luego me "
            "asomé. Eran dos policías. Mi vecina me dijo que ya les escribió."
        )
        return _changed(
            later,
            narrative=told,
            place=first.place,
            incident=first.incident,
            language=first.language,
            relationship="witness",
            repeats=first.number,
            charges=(),
            ending="no_contact",
        )

    def _one(self, number: int, before: float, *, is_left_lying: bool) -> Complaint:
        rng = self.rng
        filed_at = self._moment(before)
        is_last_left = is_left_lying and before == min(LATE_FILINGS)
        language = "es" if is_last_left or rng.random() < SPANISH else "en"
        story = self.decks[language].deal()
        place = rng.choice(self.words["places"][story["place"]])
        hour = rng.choice(self.words["times"])
        anonymity = picked(rng, NOT_NAMED)
        department = 1 if place.get("housing") else 0
        charges = self._charges(story, department)
        ending = self._ending(story, anonymity)
        classification = _classification(story)
        return Complaint(
            number=number,
            filed_at=filed_at,
            language=language,
            anonymity=anonymity,
            relationship=picked(rng, RELATIONSHIPS),
            channel=picked(rng, CHANNELS),
            who=None if anonymity == "anonymous" else resident(rng, language),
            incident=self._incident(filed_at.date(), ending),
            incident_time=hour["said"],
            place=place["where"],
            department=department,
            narrative=self._narrative(story, place, hour, language),
            officers=self._named_by_filer(charges, language),
            files=self._files(),
            classification=classification,
            category=story["category"],
            reason=story.get("why") or story.get("urgent", ""),
            ending=ending,
            charges=charges,
            tempo=rng.lognormvariate(0, 0.45),
            is_left_lying=is_left_lying,
            seed=rng.randrange(2**32),
        )

    def _moment(self, before: float) -> datetime:
        """People file in the evening and at the weekend as well; the later on the last day, the less would be told."""
        day = self.anchor - timedelta(days=int(before) + 1)
        hour = self.rng.choices(range(24), [1, 1, 0, 0, 0, 0, 1, 3, 5, 7, 8, 8, 9, 8, 7, 7, 7, 8, 9, 10, 11, 10, 7, 3])[
            0
        ]
        at = time(hour, self.rng.randrange(60), self.rng.randrange(60))
        return datetime.combine(day, at, tzinfo=self.zone)

    def _incident(self, filed_on: date, ending: str) -> str:
        if ending == "too_late":
            return f"{filed_on - timedelta(days=self.rng.randint(430, 700)):%Y-%m}"
        ago = int(self.rng.choices((0, 1), (0.85, 0.15))[0] * self.rng.randint(30, 330) + self.rng.expovariate(1 / 6))
        day = filed_on - timedelta(days=1 + min(ago, 360))
        shape = self.rng.random()
        return day.isoformat() if shape < 0.88 else f"{day:%Y-%m}" if shape < 0.97 else ""

    def _narrative(self, story: Mapping[str, Any], place: Mapping[str, Any], hour: Mapping[str, Any], to: str) -> str:
        facts = {
            **{name: place.get(name, "") for name in ("street", "bus", "school", "hospital", "near_plain", "near")},
            "station": place.get("station") or self.rng.choice(self.words["stations"]),
            "when": hour["when"],
        }
        if to == "es":
            facts |= {name: place[f"{name}_es"] for name in facts if f"{name}_es" in place} | {"when": hour["when_es"]}
        text = drawn(self.rng, " ".join(str(story["text"]).split())).format(**facts)
        return text[0].upper() + text[1:]

    def _charges(self, story: Mapping[str, Any], department: int) -> tuple[Charge, ...]:
        """The first allegation, and those of the others that would come up; each against one officer of the scene."""
        count = int(story["officers"])
        if count == 0 or story.get("classify") in WITHOUT_OFFICER:
            return ()
        at_scene = self._officers(department, min(count, 2))
        categories = [story["category"], *(each for each in story.get("also", ()) if self.rng.random() < 0.7)]
        pairs = [(category, at_scene[min(i, len(at_scene) - 1)]) for i, category in enumerate(categories)]
        if len(at_scene) > 1 and self.rng.random() < 0.25:
            pairs.append((categories[0], at_scene[1]))
        nameless = at_scene[0] if self.rng.random() < 0.16 else None
        whole = [self._charge(category, who, unknown=who == nameless) for category, who in dict.fromkeys(pairs)]
        return tuple(whole[:4])

    def _officers(self, department: int, count: int) -> list[int]:
        places = [i for i, each in enumerate(self.officers) if each.department == department]
        chosen: list[int] = []
        while len(chosen) < count:
            one = self.rng.choices(places, [self.officers[i].weight for i in places])[0]
            if one not in chosen:
                chosen.append(one)
        return chosen

    def _charge(self, category: str, officer: int, *, unknown: bool) -> Charge:
        said = self.rng.choice(self.words["descriptions"])
        found = "officer_unidentified" if unknown and self.rng.random() < 0.55 else self.found.deal()
        reviewed = NEIGHBOURS.get(found, found) if self.rng.random() < 0.10 else found
        decided = NEIGHBOURS.get(reviewed, reviewed) if self.rng.random() < 0.09 else reviewed
        named = None if unknown else officer
        return Charge(category, named, officer, said if unknown else "", found, reviewed, decided)

    def _named_by_filer(self, charges: Sequence[Charge], language: str) -> tuple[Mapping[str, str], ...]:
        """What the filer can say of the officers: mostly a look, at times a badge, seldom a name."""
        said: list[Mapping[str, str]] = []
        for place in dict.fromkeys(charge.officer for charge in charges):
            look = self.rng.choice(self.words["descriptions_es" if language == "es" else "descriptions"])
            officer = self.officers[place] if place is not None else None
            known = self.rng.random() if officer else 1.0
            badge = officer.served[0].badge if officer and known < 0.35 else ""
            name = officer.last_name if officer and known < 0.15 else ""
            said.append({"name": name, "badge": badge, "description": look})
        return tuple(said)

    def _files(self) -> tuple[str, ...]:
        return self.rng.choices(((), ("png",), ("pdf",), ("png", "png")), (0.74, 0.15, 0.07, 0.04))[0]

    def _ending(self, story: Mapping[str, Any], anonymity: str) -> str:
        classification = _classification(story)
        if classification in {"refer", "decline"}:
            return classification
        if classification == "service":
            return self.rng.choice(("mediated", "no_rule_broken"))
        weights = dict(ENDINGS)
        if anonymity == "anonymous":  # nobody who withdraws or mediates, and harder to reach
            weights |= {"withdrawn": 2, "mediated": 0, "no_contact": 25}
        if classification == "urgent":
            weights |= {"no_rule_broken": 0, "mediated": 0, "no_resources": 0}
        return picked(self.rng, weights)


def _classification(story: Mapping[str, Any]) -> str:
    return str(story.get("classify") or ("urgent" if "urgent" in story else "investigation"))


def _changed(complaint: Complaint, **given: Any) -> Complaint:
    return Complaint(**{**complaint.__dict__, **given})
