"""The office sees what an original says of place, time and device, as far as it may open the file, and nowhere else."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from app.access.actor import Actor
from app.access.records import Wall
from app.access.work import open_work
from app.cases.records import Case
from app.evidence import queries
from app.evidence.jobs import read_hidden_facts
from app.evidence.records import CustodyEvent, EvidenceItem, HiddenFactsKept
from app.infra.db import Door
from app.infra.hidden import opened
from app.infra.storage import Damaged, StoredFile
from app.intake.records import FilingFile
from tests.conftest import NOW, Client, ClientAs, WorkAs
from tests.evidence.test_pages import upload
from tests.make import Make

DEVICE = "Zqphone-4711"


def photo(device: str = DEVICE) -> bytes:
    out, said = BytesIO(), Image.Exif()
    said[0x0110] = device
    place = {1: "N", 2: (42.0, 21.0, 36.36), 3: "W", 4: (71.0, 3.0, 32.04)}
    said.get_ifd(0x8825).update(place)
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=said)
    return out.getvalue()


def read_all(make: Make) -> None:
    with open_work(make.house, Actor.system("read_hidden_facts", Door.WORKER)) as work:
        read_hidden_facts(work)


def added(client: Client, make: Make, **given: str) -> str:
    """The address of a photo in a case of its own."""
    case = make.case()
    home = f"/office/cases/{case.id}/evidence"
    upload(client, f"{home}/add", photo(), "photo.jpg", label="A photo", received_from="Her", **given)
    (item,) = make.all(EvidenceItem)
    return f"{home}/{item.id}/download"


def test_the_page_of_a_file_says_what_the_original_says_once_the_worker_has_read_it(
    client_as: ClientAs, make: Make
) -> None:
    client = client_as("investigator")
    address = added(client, make)
    assert "Not read yet" in client.get(f"{address}?as=facts").text
    read_all(make)
    read_all(make)
    (kept,) = make.all(HiddenFactsKept)
    page = client.get(f"{address}?as=facts").text
    assert "42.36010 N, 71.05890 W" in page
    assert DEVICE in page
    assert "As the phone recorded it; clocks of phones may be wrong" in page
    assert "http" not in page.partition('id="facts"')[2].partition("</section>")[0]
    assert make.tags().count("evidence:hidden_facts:read") == 1
    assert make.tags()[-2:] == ["evidence:hidden_facts:read", "evidence:file:opened"]
    assert [event.kind for event in make.all(CustodyEvent)] == ["received", "opened", "opened"]
    assert DEVICE.encode() not in kept.sealed


def test_neither_the_list_nor_the_step_before_nor_a_copy_shows_it_and_none_of_them_opens_the_file(
    client_as: ClientAs, make: Make
) -> None:
    client = client_as("investigator")
    address = added(client, make)
    read_all(make)
    for page in (address.rpartition("/evidence")[0] + "/evidence", address):
        text = client.get(page).text
        assert f"{address}?as=facts" in text
        assert DEVICE not in text
    assert "evidence:file:opened" not in make.tags()
    assert DEVICE.encode() not in client.get(f"{address}?knowing=yes&as=copy").content


@pytest.mark.parametrize("role", ["analyst", "administrator", "auditor", "secretary", "liaison"])
def test_whoever_does_not_open_files_is_told_nothing(client_as: ClientAs, make: Make, role: str) -> None:
    address = added(client_as("investigator"), make)
    read_all(make)
    answer = client_as(role).get(f"{address}?as=facts")
    assert answer.status_code in (403, 404)
    assert DEVICE not in answer.text


def test_a_wall_before_the_case_stands_before_them_too(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    client = client_as("investigator")
    address = added(client, make)
    read_all(make)
    (item,) = make.all(EvidenceItem)
    with work_as("investigator") as work:
        assert work.session.scalars(select(HiddenFactsKept)).all() != []
    (case,) = make.all(Case, id=item.case_id)
    make.wall(case, make.actor("investigator"))
    assert client.get(f"{address}?as=facts").status_code == 404
    with work_as("investigator") as work:
        assert work.session.scalars(select(HiddenFactsKept)).all() == []
        assert queries.hidden_facts_of(work, item) is None
    assert len(make.all(Wall)) == 1


def test_what_is_kept_in_a_compartment_keeps_its_facts_there(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    address = added(client_as("investigator"), make, keep="compelled")
    home = address.rpartition("/evidence")[0] + "/evidence"
    upload(client_as("investigator"), f"{home}/add", photo("Open"), "b.jpg", label="Open", received_from="Her")
    read_all(make)
    assert DEVICE in client_as("investigator").get(f"{address}?as=facts").text
    assert client_as("intake").get(f"{address}?as=facts").status_code in (403, 404)
    (open_one,) = (item for item in make.all(EvidenceItem) if item.file_name == "b.jpg")
    with work_as("intake") as work:
        assert [each.stored_name for each in work.session.scalars(select(HiddenFactsKept))] == [open_one.object_name]


def filing_file(make: Make, data: bytes, kind: str = "image/jpeg") -> FilingFile:
    stored = make.house.storage.put(data, limit=1_000_000)
    row = FilingFile(
        id=uuid4(),
        filing_id=make.filing().id,
        file_name="photo.jpg",
        media_type=kind,
        size=stored.size,
        sha256=stored.sha256,
        object_name=stored.name,
        wrapped_key=stored.wrapped_key,
        stored_at=NOW - timedelta(days=1),
        last_entry_id=uuid4(),
    )
    return make.row(row)


def test_a_file_of_a_filing_says_it_too(client_as: ClientAs, make: Make) -> None:
    file = filing_file(make, photo())
    read_all(make)
    client = client_as("intake")
    address = f"/office/filings/{file.filing_id}/files/{file.id}"
    assert f"{address}?as=facts" in client.get(f"/office/filings/{file.filing_id}").text
    assert DEVICE in client.get(f"{address}?as=facts").text
    assert make.tags()[-1] == "intake:file:opened"


def test_what_cannot_be_taken_apart_says_so_and_holds_up_no_other(client_as: ClientAs, make: Make) -> None:
    kinds = [(photo(), "image/jpeg"), (photo()[:12], "image/jpeg"), (b"x", "text/plain"), (photo(), "image/jpeg")]
    files = [filing_file(make, data, kind) for data, kind in kinds]
    make.house.storage.delete(files[0].object_name)
    read_all(make)
    client = client_as("intake")
    told = [client.get(f"/office/filings/{file.filing_id}/files/{file.id}?as=facts").text for file in files]
    assert "could not be taken apart to its end" in told[0]
    assert "could not be taken apart to its end" in told[1]
    assert "not read for place, time and device" in told[2]
    assert DEVICE in told[3]
    assert len(make.all(HiddenFactsKept)) == 3


def test_what_a_device_wrote_is_text_on_the_page(client_as: ClientAs, make: Make) -> None:
    file = filing_file(make, photo("<script>alert(1)</script>\u202egpj"))
    read_all(make)
    text = client_as("intake").get(f"/office/filings/{file.filing_id}/files/{file.id}?as=facts").text
    assert "<script>alert" not in text
    assert "\u202e" not in text


def test_whoever_has_the_key_of_another_file_opens_nothing(make: Make, work_as: WorkAs) -> None:
    one, two = filing_file(make, photo()), filing_file(make, photo("Other"))
    read_all(make)
    with work_as("investigator") as work:
        facts = queries.hidden_facts_of(work, one)
        assert facts is not None
        assert facts.model == DEVICE
    kept = next(row for row in make.all(HiddenFactsKept) if row.stored_name == one.object_name)
    other = StoredFile(one.object_name, two.size, two.sha256, two.wrapped_key)
    with pytest.raises(Damaged):
        opened(make.house.storage, other, kept.sealed)
