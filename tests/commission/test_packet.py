"""The packet: what stands in it, that it is frozen once, and that who complained is nowhere in it."""

import io
from pathlib import Path

import pdfua
import pypdf
import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.allegations.records import Allegation
from app.commission import jobs
from app.commission.queries import stored
from app.commission.records import Packet
from app.infra.db import Door
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.intake.records import Filing
from app.people.records import Person
from tests.commission.conftest import Table
from tests.conftest import WorkAs
from tests.make import Make

NAME = "Zenobia Quillfeather"
EMAIL = "zenobia@canary.example"


@pytest.fixture
def frozen(table: Table, make: Make, work_as: WorkAs) -> bytes:
    """The packet of a case whose filer is known, built as the worker builds it."""
    make.finding(table.allegation, reasons="The video shows it.")
    make.clock(table.case, make.book.deadlines[0].code)
    build(table, work_as)
    (packet,) = make.all(Packet)
    return read(make, packet)


def build(table: Table, work_as: WorkAs) -> None:
    with work_as(Actor.system("build_packet")) as work:
        jobs.build_packet(work, table.item.id)


def read(make: Make, packet: Packet) -> bytes:
    return b"".join(make.house.storage.open(stored(packet)))


def words_of(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages).split())


def test_the_packet_tells_the_case(frozen: bytes, table: Table) -> None:
    words = words_of(frozen)
    for expected in (table.case.number, "A traffic stop.", "The video shows it.", "Sample", "Clocks"):
        assert expected in words


def test_the_packet_is_tagged_and_passes_the_checks(frozen: bytes, tmp_path: Path) -> None:
    (tmp_path / "packet.pdf").write_bytes(frozen)
    assert [finding.message for finding in pdfua.validate(str(tmp_path / "packet.pdf")).findings] == []


def test_who_complained_is_nowhere_in_it(table: Table, make: Make, work_as: WorkAs) -> None:
    name_the_filer(table, make, work_as)
    build(table, work_as)
    (packet,) = make.all(Packet)
    paper = read(make, packet)
    words = words_of(paper)
    assert table.case.number in words
    for canary in (NAME, EMAIL, "Quillfeather"):
        assert canary not in words
        assert canary.encode() not in paper


def name_the_filer(table: Table, make: Make, work_as: WorkAs) -> None:
    """The case's filing is one with a name, and its allegation was done to that person."""
    said = {
        "language": "en",
        "anonymity": "named",
        "filer": {"relationship": "self", "name": NAME, "email": EMAIL},
        "incident": {"date": "2026-03-01", "location": "Oak Street", "narrative": "He shouted at me."},
    }
    anyone = Actor.anyone(Door.RESIDENT, make.house.access.of(frozenset({Role.ANYONE})))
    with work_as(anyone) as work:
        submit_filing(work, SubmitFiling.model_validate(said), repeat_key="k1")
    with make.owner() as session:
        person, filing = session.query(Person).one(), session.query(Filing).one()
        person.case_id = filing.case_id = table.case.id
        allegation = session.get(Allegation, table.allegation.id)
        assert allegation is not None
        allegation.person_id = person.id
        session.commit()


def test_the_same_file_is_frozen_once_and_a_changed_one_anew(table: Table, make: Make, work_as: WorkAs) -> None:
    build(table, work_as)
    build(table, work_as)
    assert len(make.all(Packet)) == 1
    make.finding(table.allegation, reasons="Something new.")
    build(table, work_as)
    first, second = sorted(make.all(Packet), key=lambda packet: packet.size)
    assert first.sha256 != second.sha256
    assert make.tags() == ["commission:packet:frozen"] * 2
