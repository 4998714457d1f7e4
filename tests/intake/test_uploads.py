"""Files in pieces at the residents' door: tus 1.0 over the real routes, from a page that was shown and for it alone."""

import base64
import re
from hashlib import sha256
from html import unescape
from typing import Any

import pytest

from app.infra import arriving
from app.infra.storage import CHUNK, RESERVE, Storage, StoredFile
from app.intake.pages.file_question import TOO_MANY
from app.intake.records import FilingFile
from app.web import tus
from app.web.limits import Limiter
from tests.conftest import Client, ClientAs, WorkAs
from tests.intake.test_filing_pages import PNG, Phone, filled
from tests.intake.test_pages import Filer, file
from tests.make import Make

ADDRESS = "/file/uploads"
FILM = PNG + bytes(range(256)) * 800
# Before anything, inside a chunk, beside a border and on it, before the last byte.
CUTS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 7, len(FILM) - 1]


def permit_of(text: str) -> str:
    found = re.search(r'data-permit="([^"]+)"', text)
    assert found
    return unescape(found[1])


class Line:
    """What tus-js-client says, spoken by hand."""

    def __init__(self, client: Client, permit: str) -> None:
        self.client = client
        self.said = {"tus-resumable": "1.0.0", "candor-permit": permit}

    def begin(self, length: int = len(FILM), name: str = "photo.png", more: dict[str, str] | None = None) -> Any:
        metadata = f"filename {base64.b64encode(name.encode()).decode()}"
        headers = self.said | {"upload-length": str(length), "upload-metadata": metadata} | (more or {})
        return self.client.post(ADDRESS, headers=headers)

    def send(self, url: str, data: bytes, at: int | str, **more: str) -> Any:
        headers = self.said | {"upload-offset": str(at), "content-type": tus.BODY} | more
        return self.client.patch(url, content=data, headers=headers)

    def look(self, url: str) -> Any:
        return self.client.head(url, headers=self.said)

    def whole(self, data: bytes = FILM, name: str = "photo.png") -> str:
        url = self.begin(len(data), name).headers["location"]
        return str(self.send(url, data, 0).headers["candor-file"])


@pytest.fixture
def phone(client_as: ClientAs) -> Phone:
    return filled(Phone(client_as())).send(go="change:evidence:0")


@pytest.fixture
def line(phone: Phone) -> Line:
    return Line(phone.client, permit_of(phone.page.text))


@pytest.mark.parametrize("cut", CUTS)
def test_cut_at_any_class_of_offset_the_upload_goes_on_and_is_the_same_file(
    phone: Phone, line: Line, make: Make, cut: int
) -> None:
    url = line.begin().headers["location"]
    if cut:
        assert line.send(url, FILM[:cut], 0).headers["upload-offset"] == str(cut)
    seen = line.look(url)
    assert (seen.headers["upload-offset"], seen.headers["upload-length"]) == (str(cut), str(len(FILM)))
    assert (seen.headers["cache-control"], seen.text) == ("no-store", "")
    done = line.send(url, FILM[cut:], cut)
    assert (done.status_code, done.headers["upload-offset"]) == (204, str(len(FILM)))
    assert make.all(FilingFile) == []
    phone.send(go="next", arrived=done.headers["candor-file"])
    assert phone.send("send").page.status_code == 200
    (kept,) = make.all(FilingFile)
    assert (kept.file_name, kept.media_type, kept.size) == ("photo.png", "image/png", len(FILM))
    stored = make.house.storage
    assert b"".join(stored.open(_stored(kept))) == FILM


def _stored(kept: FilingFile) -> StoredFile:
    return StoredFile(kept.object_name, kept.size, kept.sha256, kept.wrapped_key)


def test_several_files_come_and_one_is_taken_away_again(phone: Phone, line: Line, make: Make) -> None:
    slips = [line.whole(FILM, f"photo {number}.png") for number in range(3)]
    fields = [*phone.hidden().items(), ("go", "add-file"), *(("arrived", slip) for slip in slips)]
    phone.page = phone.client.post("/file/answer", files=[(name, (None, value)) for name, value in fields])
    first = re.search(r'value="drop-file:([^"]+)"', phone.page.text)
    assert first
    phone.send(go=f"drop-file:{first[1]}")
    phone.send(go="next").send("send")
    assert [each.file_name for each in make.all(FilingFile)] == ["photo 1.png", "photo 2.png"]


def test_what_was_begun_or_came_whole_is_offered_again_when_the_page_is(phone: Phone, line: Line) -> None:
    metadata = f"filename {base64.b64encode(b'walk <b>.png').decode()},mark {base64.b64encode(b'0f' * 32).decode()}"
    url = line.begin(more={"upload-metadata": metadata}).headers["location"]
    line.send(url, FILM[:70_000], 0)
    line.whole(name="whole.png")
    phone.send(go="lang:en")
    assert (
        f'data-begun="{url}" data-name="walk &lt;b&gt;.png" data-length="{len(FILM)}" data-mark="{"0f" * 32}"'
        in phone.page.text
    )
    assert "70 KB of 204.9 KB are here." in phone.text
    assert phone.page.text.count('name="arrived"') == 1


def digest_of(data: bytes) -> str:
    return sha256(sha256(data).digest()).hexdigest()


def marked(line: Line, mark: str = "a" * 64) -> str:
    """An upload that the same browser knows again."""
    metadata = f"filename {base64.b64encode(b'film.png').decode()},mark {base64.b64encode(mark.encode()).decode()}"
    return str(line.begin(more={"upload-metadata": metadata}).headers["location"])


def test_what_goes_on_as_another_file_is_refused_in_the_language_of_the_page_and_what_came_is_dropped(
    line: Line, make: Make
) -> None:
    url, other = marked(line), PNG + bytes(len(FILM) - len(PNG))
    line.send(url, FILM[:70_000], 0)
    said = {"candor-digest": digest_of(other), "accept-language": "es"}
    refused = line.send(url, other[70_000:], 70_000, **said)
    assert (refused.status_code, refused.text.startswith("Este no es el archivo")) == (422, True)
    assert line.look(url).status_code == 404
    assert list(make.house.storage.names()) == []


def test_what_goes_on_as_the_same_file_is_whole_and_another_is_not_told_that_it_is_theirs(line: Line) -> None:
    url = marked(line)
    line.send(url, FILM[:70_000], 0)
    done = line.send(url, FILM[70_000:], 70_000, **{"candor-digest": digest_of(FILM)})
    assert (done.status_code, "candor-file" in done.headers) == (204, True)
    other = line.client.head(url, headers=line.said | {"candor-digest": digest_of(PNG)})
    assert (other.status_code, "candor-file" in other.headers) == (422, False)
    assert line.look(url).headers["candor-file"]


@pytest.mark.parametrize("mark", ["", "A" * 64, "a" * 63, "a" * 65, '"><script>' + "a" * 54])
def test_what_no_browser_knows_again_is_not_offered_to_be_gone_on_with(phone: Phone, line: Line, mark: str) -> None:
    url = marked(line, mark)
    line.send(url, FILM[:70_000], 0)
    phone.send(go="lang:en")
    assert url not in phone.page.text


WRONG_BEGINNINGS = {
    "no length": ({"upload-length": ""}, 400),
    "a negative length": ({"upload-length": "-1"}, 400),
    "no bytes": ({"upload-length": "0"}, 400),
    "a huge length": ({"upload-length": "9" * 16}, 413),
    "more digits than any file": ({"upload-length": "9" * 40}, 400),
    "a length with signs": ({"upload-length": "+5"}, 400),
    "a length said later": ({"upload-defer-length": "1"}, 400),
    "a file made of others": ({"upload-concat": "final;/file/uploads/x"}, 400),
    "a part of a file": ({"upload-concat": "partial"}, 400),
    "another protocol": ({"tus-resumable": "0.2.2"}, 412),
    "another method behind this one": ({"x-http-method-override": "DELETE"}, 400),
    "no permit": ({"candor-permit": ""}, 403),
    "a permit of ours for something else": ({"candor-permit": "A" * 22 + "." + "B" * 80}, 403),
}


@pytest.mark.parametrize(("said", "status"), WRONG_BEGINNINGS.values(), ids=WRONG_BEGINNINGS.keys())
def test_hostile_beginnings_are_turned_away(line: Line, said: dict[str, str], status: int) -> None:
    assert line.begin(more=said).status_code == status


WRONG_PIECES = {
    "a negative offset": ("-1", {}, 400),
    "an offset before what is here": (0, {}, 409),
    "an offset past what is here": (500, {}, 409),
    "no offset": ("", {}, 400),
    "another kind of body": (100, {"content-type": "application/octet-stream"}, 415),
    "more than was said": (100, {}, 413),
}


@pytest.mark.parametrize(("at", "said", "status"), WRONG_PIECES.values(), ids=WRONG_PIECES.keys())
def test_hostile_pieces_are_turned_away_and_spoil_nothing(
    line: Line, at: int | str, said: dict[str, str], status: int
) -> None:
    url = line.begin(1000).headers["location"]
    line.send(url, FILM[:100], 0)
    data = FILM[:2000] if status == 413 else FILM[100:200]
    assert line.send(url, data, at, **said).status_code == status
    assert line.look(url).headers["upload-offset"] == "100"


def test_an_address_alone_opens_nothing_and_another_page_s_permit_neither(line: Line, client_as: ClientAs) -> None:
    url = line.begin().headers["location"]
    line.send(url, FILM[:50], 0)
    stranger = filled(Phone(client_as())).send(go="change:evidence:0")
    other = Line(stranger.client, permit_of(stranger.page.text))
    for answer in (other.look(url), other.send(url, FILM[50:], 50), stranger.client.delete(url, headers=other.said)):
        assert answer.status_code == 404
    bare = {"tus-resumable": "1.0.0"}
    assert stranger.client.head(url, headers=bare).status_code == 403
    assert line.look(url).headers["upload-offset"] == "50"


def test_another_s_slip_adds_nothing_to_a_form(line: Line, client_as: ClientAs, make: Make) -> None:
    slip = line.whole()
    stranger = filled(Phone(client_as())).send(go="change:evidence:0")
    stranger.send(go="next", arrived=slip).send("send")
    assert stranger.page.status_code == 200
    assert make.all(FilingFile) == []


def test_what_it_is_its_first_bytes_say_before_the_rest_is_sent_in_vain(line: Line) -> None:
    page = b"<html><script>" + b" " * 5000
    url = line.begin(len(page) + 10_000_000, "photo.png").headers["location"]
    refused = line.send(url, page, 0)
    assert refused.status_code == 415
    assert "We cannot take this kind of file." in refused.text
    assert line.look(url).status_code == 404


def test_it_can_be_taken_back_and_the_protocol_says_what_it_speaks(line: Line) -> None:
    url = line.begin().headers["location"]
    assert line.client.delete(url, headers=line.said).status_code == 204
    assert line.look(url).status_code == 404
    told = line.client.options(ADDRESS)
    assert (told.status_code, told.headers["tus-version"]) == (204, "1.0.0")
    assert told.headers["tus-extension"] == "creation,expiration,termination"


def test_when_too_many_come_at_once_the_next_is_asked_to_wait(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    url = line.begin().headers["location"]
    monkeypatch.setattr(tus, "MOST_AT_ONCE", 0)
    busy = line.send(url, FILM, 0)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "10")


def test_a_disk_that_fills_up_on_the_way_is_left_room(
    phone: Phone, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others were promised the same room, and a whole form may bring two gigabytes to any page."""
    url = line.begin().headers["location"]
    monkeypatch.setattr(Storage, "free", RESERVE - 1)
    refused = line.send(url, FILM, 0)
    assert (refused.status_code, refused.text) == (507, tus.NO_ROOM)
    assert line.begin().status_code == 507
    before = len(list(phone.client.app.state.house.storage.place.list().collect()))  # type: ignore[attr-defined]
    whole = phone.client.post(
        "/file/answer",
        data=phone.hidden(),
        files={"evidence": ("a.png", PNG + bytes(1_000_000))},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert whole.status_code == 422
    assert tus.NO_ROOM in unescape(whole.text)
    assert len(list(phone.client.app.state.house.storage.place.list().collect())) == before  # type: ignore[attr-defined]


def test_byte_by_byte_is_no_bad_line(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "SHORT_PIECES", 2)
    url = line.begin(100).headers["location"]
    said = [line.send(url, FILM[at : at + 1], at).status_code for at in range(5)]
    assert said == [204, 204, 204, 410, 410]


def test_a_page_that_is_sent_twice_adds_its_file_once(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    filer = Filer(client_as(), file(make, work_as).passphrase.words)
    slip = Line(filer.client, permit_of(filer.client.get("/my").text)).whole()
    sent = [filer.post("/my/files/add", arrived=[slip, slip]).status_code for _ in range(2)]
    assert sent == [303, 303]
    assert len(make.all(FilingFile)) == 1
    assert make.tags().count("intake:filing:added_to") == 1


def test_whoever_follows_a_complaint_does_not_pile_up_files(client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
    """What is added to a complaint stays: it is counted as what is added to a draft, and no words are lost by it."""
    filer = Filer(client_as(), file(make, work_as).passphrase.words)
    state = filer.client.app.state  # type: ignore[attr-defined]
    before, state.uploads_limit = state.uploads_limit, Limiter(0)
    try:
        added = filer.post("/my/files/add", files={"file": ("a.png", PNG)})
        sent = filer.post("/my/messages/send", files={"attached": ("a.png", PNG)}, body="Kept.")
        words = filer.post("/my/messages/send", body="Only words.")
    finally:
        state.uploads_limit = before
    assert [added.status_code, sent.status_code, words.status_code] == [422, 422, 303]
    assert TOO_MANY in added.text
    assert "Kept." in sent.text
    assert make.all(FilingFile) == []
