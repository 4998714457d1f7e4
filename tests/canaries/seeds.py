"""Everybody does their part once, with words that stand nowhere else."""

import io
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from PIL import Image
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.records import SignedIn, Wall
from app.access.sessions import hash_of, new_secret
from app.access.tokens import issue
from app.access.work import open_work
from app.evidence.jobs import read_hidden_facts
from app.infra.db import Door, Table, engine_at, hidden_key
from app.infra.words import wordlist
from app.intake.rules.passphrase import Wordlist, lookup
from app.web.doors import SESSION_COOKIE
from app.web.forms import token_for
from app.web.work import token_key
from tests.api.conftest import PASSWORD
from tests.canaries.city import City
from tests.canaries.crawl import Person

# The log-ins of the demonstration, by what each is here.
STAFF = {
    "intake": "intake",
    "investigator": "investigator",
    "investigator on the criminal side": "investigator5",
    "supervisor": "supervisor",
    "counsel": "counsel",
    "director": "director",
    "analyst": "analyst",
    "administrator": "administrator",
    "auditor": "auditor",
    "commissioner": "commissioner",
    "recused commissioner": "commissioner2",
    "secretary": "secretary",
    "liaison": "liaison",
    "city clerk": "outsider",
}
MEMBERS = ("commissioner", "commissioner2", "commissioner3", "commissioner4", "commissioner5")
# Who writes what is kept: each inside their own compartment.
WRITERS = {
    "investigator": "compelled",
    "supervisor": "juvenile",
    "counsel": "court_sealed",
    "director": "defending_counsel",
}
KEEPERS = {"investigator": "compelled", "supervisor": "juvenile"}
NOBODY = UUID(int=0)
# The words on a page of the form with which a draft is opened again.
SHOWN = re.compile(r'words__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<')
WORDS = Wordlist(wordlist())


def photo_by(device: str) -> bytes:
    """A photo in which a telephone says its name."""
    out, said = io.BytesIO(), Image.Exif()
    said[0x0110] = device
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=said)
    return out.getvalue()


class Seeds:
    """Sows one word in each compartment, by the doors that people use."""

    def __init__(self, city: City, address: str) -> None:
        self.city = city
        self.office = city.office
        self.address = address

    def sow(self) -> None:
        """The whole of it."""
        self._people()
        self._begun()
        self._taken_down()
        case = self._open_case()
        self._inside(case)
        self._kept(case)
        self._walled()
        self._routed()
        self._before_the_commission(case)
        self._before_the_department(case)
        self.office.worker()
        with open_work(self.city.installed.house, Actor.system("read_hidden_facts", Door.WORKER)) as work:
            read_hidden_facts(work)

    def _word(self, compartment: str) -> str:
        return self.city.words.setdefault(compartment, f"zq{secrets.token_hex(7)}")

    def _row(self, row: Table) -> None:
        engine = engine_at(make_url(self.city.installed.url), 1)
        with Session(engine) as session:
            session.add(row)
            session.commit()
        engine.dispose()

    def _people(self) -> None:
        house, now = self.city.installed.house, datetime.fromtimestamp(time.time(), UTC)
        for label, name in STAFF.items():
            secret, account_id = new_secret(), self.office.accounts[name]
            self._row(
                SignedIn(
                    secret_hash=hash_of(secret),
                    account_id=account_id,
                    kind="browser",
                    created_at=now,
                    seen_at=now,
                    proved_at=now + timedelta(hours=1),
                    factor="passkey",
                    expires_at=now + timedelta(hours=1),
                )
            )
            client = httpx.Client(base_url=self.address, timeout=60, cookies={SESSION_COOKIE: secret})
            bearer = issue(token_key(house), subject=str(account_id), session=secret, now=int(time.time()))
            self.city.people[label] = Person(label, client, bearer, token_for(house.keys, hash_of(secret)))
            self.city.secrets[f"session of the {label}"] = secret
        self.city.secrets["password"] = PASSWORD
        self.city.people["anyone"] = Person("anyone", httpx.Client(base_url=self.address, timeout=60))

    def _filed(self, key: str, *, filer: str, narrative: str, against: str = "") -> dict[str, Any]:
        name = self._word(f"{filer}: name")
        body = {
            "language": "en",
            "anonymity": "confidential",
            "filer": {
                "relationship": "self",
                "name": f"Ada {name}",
                "email": f"{self._word(f'{filer}: e-mail')}@example.org",
                "phone": self._phone(f"{filer}: phone"),
            },
            "incident": {
                "date": self.office.today[:4],
                "location": f"Mill Street {self._word(f'{narrative}: place')}",
                "narrative": f"He pushed me over. {self._word(narrative)}",
            },
            "officers": [{"description": f"Tall, {self._word(f'{narrative}: officer described')}"}],
            "against": against,
        }
        filing = self.office.ask("", "POST", "/filings", 201, json=body, headers={"Idempotency-Key": key}).json()
        self.city.secrets[f"passphrase of {key}"] = filing["passphrase"]
        return dict(filing)

    def _phone(self, compartment: str) -> str:
        """Digits only, and enough of them that no figure or id has the same by chance."""
        return self.city.words.setdefault(compartment, "".join(secrets.choice("123456789") for _ in range(15)))

    def _screened(self, filing: dict[str, Any], who: str = "intake") -> str:
        waiting = self.office.get(who, "/screenings")["items"]
        (mine,) = [each for each in waiting if each["number"] == filing["number"]]
        decided = self.office.post(
            who,
            f"/screenings/{mine['id']}/screen",
            version=mine["version"],
            classification="investigation",
            department_id="rpd",
            category="force_hands",
            reason=self._word("reason of the screening"),
        )
        return str(decided["case_id"])

    def _open_case(self) -> str:
        """A complaint that goes the usual way, and its filer who comes back."""
        filing = self._filed("open", filer="filer", narrative="narrative")
        self._filer(filing["passphrase"])
        case_id = self.city.cases["open"] = self._screened(filing)
        leads = self.office.get("supervisor", "/investigators")["items"]
        (lead,) = [each for each in leads if each["name"] == "investigator"]
        version = self.office.get("supervisor", f"/cases/{case_id}")["version"]
        self.office.post("supervisor", f"/cases/{case_id}/assign", version=version, account_id=lead["id"])
        return case_id

    def _filer(self, passphrase: str) -> None:
        client, keys = httpx.Client(base_url=self.address, timeout=60), self.city.installed.house.keys
        filer = self.city.people["filer"] = Person("filer", client)
        filer.press("/my/sign-in", passphrase=passphrase)
        filer.token = token_for(keys, lookup(keys.derive("lookup"), passphrase, WORDS))
        filer.press("/my/messages/send", body=self._word("message of the filer"))
        filer.press("/my/words/add", words=self._word("words added"))
        name, content = self._word("name of the filer's file"), self._word("content of the filer's file")
        filer.press("/my/files/add", files={"file": (f"{name}.txt", content.encode(), "text/plain")})

    def _begun(self) -> None:
        """Somebody begins a complaint and goes away; somebody else tells more without the words."""
        with httpx.Client(base_url=self.address, timeout=60) as client:
            said = {"page": "what_happened", "narrative": self._word("draft"), "go": "next"}
            page = client.post("/file/answer?lang=en", data=said, headers={"sec-fetch-site": "same-origin"})
            assert page.status_code == 200, page.text[:2000]
            (self.city.secrets["words of a draft"],) = SHOWN.findall(page.text)
            more = {"about": self._word("addition: about"), "body": self._word("addition")}
            told = client.post("/file/addition/send?lang=en", data=more, headers={"sec-fetch-site": "same-origin"})
            assert told.status_code == 200, told.text[:2000]

    def _taken_down(self) -> None:
        """Somebody calls, and intake writes it down."""
        told = {
            "language": "en",
            "anonymity": "named",
            "filer": {"relationship": "self", "name": f"Ada {self._word('caller: name')}"},
            "incident": {"date": None, "location": "", "narrative": f"He shouted. {self._word('told by phone')}"},
        }
        how = {
            "channel": "phone",
            "arrived_on": self.office.today,
            "interpreter": self._word("interpreter of a caller"),
            "read_back": "not_possible",
            "read_back_why": self._word("why nothing was read back"),
            "handed": "not_yet",
        }
        headers = {"Idempotency-Key": "call"}
        kept = self.office.ask("intake", "POST", "/scribings", 201, json={"filing": told, "how": how}, headers=headers)
        self.city.secrets["passphrase of a caller"] = kept.json()["passphrase"]

    def _inside(self, case_id: str) -> None:
        """What the office writes and gathers in a case."""
        people, case = self.city.people, f"/office/cases/{case_id}"
        investigator = people["investigator"]
        self.office.post("investigator", f"/cases/{case_id}/notes/write", 201, reader="team", body=self._word("note"))
        self.office.post(
            "investigator", f"/cases/{case_id}/notes/write", 201, reader="mine", body=self._word("private note")
        )
        self.office.post("investigator", f"/cases/{case_id}/tasks/add", 201, title=self._word("task"))
        self.office.post(
            "investigator",
            f"/cases/{case_id}/contacts/log",
            201,
            channel="phone",
            result="no_answer",
            remark=self._word("contact attempt"),
        )
        (row,) = self.city.rows(f"SELECT id FROM filings WHERE case_id = '{case_id}'")
        investigator.press(f"/office/filings/{row[0]}/messages/send", body=self._word("message to the filer"))
        content = self._word("content of a file").encode()
        investigator.press(
            f"{case}/evidence/add",
            files={"file": (f"{self._word('name of a file')}.txt", content, "text/plain")},
            label=self._word("label of a file"),
            received_from=self._word("source of a file"),
        )
        photo = photo_by(self._word("content of a photo: its device"))
        fields = {"label": "A photo", "received_from": "Her"}
        investigator.press(f"{case}/evidence/add", files={"file": ("photo.jpg", photo, "image/jpeg")}, **fields)

    def _kept(self, case_id: str) -> None:
        """What only some of those who work on the case may see; one colleague works on its criminal side."""
        supervisor, case = self.city.people["supervisor"], f"/office/cases/{case_id}"
        helper = str(self.office.accounts["investigator5"])
        supervisor.press(
            f"{case}/walls/sides/name", account_id=helper, side="criminal", reason="Lent to the prosecutor."
        )
        for who, kind in WRITERS.items():
            body = self._word(f"note: {kind}")
            self.office.post(who, f"/cases/{case_id}/notes/write", 201, reader="team", body=body, keep=kind)
        for who, kind in KEEPERS.items():
            self.city.people[who].press(
                f"{case}/evidence/add",
                files={"file": (f"{self._word(f'name of a file: {kind}')}.txt", self._file(kind), "text/plain")},
                label=self._word(f"label of a file: {kind}"),
                received_from="the officer",
                keep=kind,
            )
        photo = photo_by(self._word("content of a photo: its device: compelled"))
        self.city.people["investigator"].press(
            f"{case}/evidence/add",
            files={"file": ("kept.jpg", photo, "image/jpeg")},
            label="A photo that is kept",
            received_from="the officer",
            keep="compelled",
        )

    def _file(self, kind: str) -> bytes:
        return self._word(f"content of a file: {kind}").encode()

    def _walled(self) -> None:
        """A case that the investigator may know nothing of."""
        case_id = self.city.cases["walled"] = self._screened(
            self._filed("walled", filer="filer of a walled case", narrative="narrative of a walled case")
        )
        self.office.post(
            "supervisor", f"/cases/{case_id}/notes/write", 201, reader="team", body=self._word("note in a walled case")
        )
        self._row(
            Wall(
                id=hidden_key(),
                account_id=self.office.accounts["investigator"],
                case_id=UUID(case_id),
                kind="conflict",
                raised_at=datetime.fromtimestamp(time.time(), UTC),
                last_entry_id=NOBODY,
            )
        )

    def _routed(self) -> None:
        """Complaints that go another way than past those whom they are against."""
        for against in ("office", "member", "liaison"):
            self._filed(
                against,
                filer=f"filer against the {against}",
                narrative=f"narrative against the {against}",
                against=against,
            )

    def _before_the_commission(self, case_id: str) -> None:
        office = self.office
        self._move("investigator", case_id, "investigating")
        (officer,) = office.get("investigator", "/officers", q="4711")["items"]
        state = f"/cases/{case_id}/allegations/state"
        wording = self._word("wording of an allegation")
        known = office.post(
            "investigator", state, 201, category="force_hands", officer_id=officer["id"], wording=wording
        )["id"]
        unknown = office.post(
            "investigator", state, 201, category="conduct_manner", description=self._word("unknown officer")
        )["id"]
        for allegation in (known, unknown):
            office.post(
                "investigator",
                f"/allegations/{allegation}/recommend",
                201,
                disposition="sustained" if allegation == known else "not_sustained",
                reasons=self._word("reasons of the investigator"),
            )
        self._move("investigator", case_id, "supervisor_review")
        for allegation in (known, unknown):
            office.post(
                "supervisor",
                f"/allegations/{allegation}/review",
                201,
                agrees=False,
                disposition="sustained" if allegation == known else "officer_unidentified",
                reasons=self._word("reasons of the supervisor"),
            )
        self._move("supervisor", case_id, "before_commission")
        self._meet(case_id, known, unknown)

    def _move(self, who: str, case_id: str, to: str) -> None:
        version = self.office.get(who, f"/cases/{case_id}")["version"]
        self.office.post(who, f"/cases/{case_id}/move", version=version, to=to)

    def _meet(self, case_id: str, known: str, unknown: str) -> None:
        office = self.office
        for position, name in enumerate(MEMBERS, 1):
            office.post(
                "director",
                "/meetings/seats/fill",
                201,
                of_body="commission",
                position=position,
                account_id=str(office.accounts[name]),
            )
        meeting = office.post(
            "director",
            "/meetings/schedule",
            201,
            body="commission",
            held_on=office.today,
            starts_at="18:00",
            place="City Hall",
        )
        office.post("director", f"/meetings/{meeting['id']}/docket/put", 201, case_id=case_id)
        office.worker()
        office.post(
            "commissioner2", f"/commission/cases/{case_id}/recusal/declare", 201, ground=self._ground(), sure="yes"
        )
        room = f"/commission/meetings/{meeting['id']}"
        office.post("secretary", f"{room}/open", version=meeting["version"])
        here = [str(office.accounts[name]) for name in MEMBERS]
        office.post("secretary", f"{room}/roll/call", present=here)
        case = f"/commission/cases/{case_id}"
        back = office.post(
            "commissioner", f"{case}/motions/send-back/put", 201, more_work=self._word("words of a motion")
        )
        office.post("secretary", f"{case}/motions/{back['id']}/withdraw", version=back["version"])
        for subject, word in ((known, "sustained"), (unknown, "officer_unidentified")):
            motion = office.post("commissioner", f"{case}/motions/put", 201, subject_id=subject, proposal=word)
            for member in (name for name in MEMBERS if name != "commissioner2"):
                office.post(member, f"{case}/motions/{motion['id']}/vote", 201, choice="yes")
            office.post("secretary", f"{case}/motions/{motion['id']}/close", version=motion["version"])
        office.worker()
        self.known = known

    def _before_the_department(self, case_id: str) -> None:
        office = self.office
        office.post(
            "investigator",
            f"/cases/{case_id}/demands/send",
            201,
            kind=self._demand_kind(),
            wording=self._word("demand"),
        )
        office.post(
            "director",
            f"/cases/{case_id}/recommendations/recommend",
            201,
            allegation_id=self.known,
            measure="written_reprimand",
            reasons=self._word("reasons of a recommendation"),
        )
        office.post("secretary", f"/commission/cases/{case_id}/send-on", 202, to="awaiting_answer")
        office.worker()

    def _demand_kind(self) -> str:
        return str(self._book.demands.kinds[0].code)

    def _ground(self) -> str:
        return str(next(body for body in self._book.bodies if body.recusal_grounds).recusal_grounds[0].code)

    @property
    def _book(self) -> Any:
        house = self.city.installed.house
        return house.policies.newest(house.agency)
