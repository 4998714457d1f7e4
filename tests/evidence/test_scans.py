"""Files are scanned by the worker, and what was not found clean takes a step before it is downloaded."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from app.access.actor import Actor
from app.access.work import open_work
from app.evidence.jobs import scan_files
from app.evidence.records import EvidenceItem, FileScan
from app.infra.db import Door
from app.infra.scanning import Scanner
from tests.conftest import ClientAs
from tests.evidence.test_pages import upload
from tests.infra.test_scanning import EICAR, clamd
from tests.make import Make

PLACE = "SECRET-PLACE"


def photo() -> bytes:
    out, said = BytesIO(), Image.Exif()
    said[0x010F] = PLACE
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=said)
    return out.getvalue()


def scan_all(make: Make, url: str) -> None:
    house = replace(make.house, scanner=Scanner(url))
    with open_work(house, Actor.system("scan_files", Door.WORKER)) as work:
        scan_files(work)


def test_each_file_is_scanned_once_and_its_verdict_is_shown(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(), client_as("investigator")
    address = f"/office/cases/{case.id}/evidence"
    for data, name in ((photo(), "photo.jpg"), (EICAR, "tool.txt")):
        upload(client, f"{address}/add", data, name, label=name, received_from="Her")
    assert client.get(address).text.count("Not scanned") == 2
    with clamd() as url:
        scan_all(make, url)
        scan_all(make, url)
    assert sorted(scan.verdict for scan in make.all(FileScan)) == ["clean", "infected"]
    page = client.get(address).text
    assert ("Malware" in page, "Not scanned" in page) == (True, False)
    items = {item.file_name: item for item in make.all(EvidenceItem)}
    assert client.get(f"{address}/{items['photo.jpg'].id}/download").content == photo()
    step = client.get(f"{address}/{items['tool.txt'].id}/download")
    assert "Eicar-Test-Signature" in step.text
    assert EICAR not in step.content
    taken = client.get(f"{address}/{items['tool.txt'].id}/download?knowing=yes")
    assert taken.content == EICAR
    assert taken.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("url", ["", "tcp://127.0.0.1:9"], ids=["none configured", "away"])
def test_without_a_scanner_files_are_taken_and_stay_unscanned(client_as: ClientAs, make: Make, url: str) -> None:
    case, client = make.case(), client_as("investigator")
    address = f"/office/cases/{case.id}/evidence"
    upload(client, f"{address}/add", photo(), "photo.jpg", label="A photo", received_from="Her")
    scan_all(make, url)
    assert make.all(FileScan) == []
    assert "Not scanned" in client.get(address).text


def test_a_copy_to_pass_on_holds_no_place_and_what_cannot_be_stripped_has_none(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(), client_as("investigator")
    address = f"/office/cases/{case.id}/evidence"
    for data, name in ((photo(), "photo.jpg"), (b"\x1aE\xdf\xa3 film", "film.webm")):
        upload(client, f"{address}/add", data, name, label=name, received_from="Her")
    items = {item.file_name: item for item in make.all(EvidenceItem)}
    known = "download?knowing=yes"
    assert PLACE.encode() in client.get(f"{address}/{items['photo.jpg'].id}/{known}").content
    copy = client.get(f"{address}/{items['photo.jpg'].id}/{known}&as=copy")
    assert PLACE.encode() not in copy.content
    assert Image.open(BytesIO(copy.content)).size == (8, 8)
    refused = client.get(f"{address}/{items['film.webm'].id}/{known}&as=copy")
    assert (refused.status_code, "No copy can be made" in refused.text) == (409, True)


def test_a_file_that_is_gone_is_not_scanned_and_keeps_no_other_from_it(client_as: ClientAs, make: Make) -> None:
    case, client = make.case(), client_as("investigator")
    address = f"/office/cases/{case.id}/evidence"
    for name in ("gone.jpg", "there.jpg"):
        upload(client, f"{address}/add", photo(), name, label=name, received_from="Her")
    (gone,) = make.all(EvidenceItem, file_name="gone.jpg")
    make.house.storage.delete(gone.object_name)
    with clamd() as url:
        scan_all(make, url)
    said = {scan.stored_name == gone.object_name: scan.verdict for scan in make.all(FileScan)}
    assert said == {True: "unscanned", False: "clean"}
