"""The receipt: its format to the letter, the filing's exact bytes, and what they prove."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.rules.receipt import (
    BadReceipt,
    FiledDocument,
    Receipt,
    commitment,
    filing_bytes,
    opens,
    proves,
)
from app.kernel.canonical import Json, NotCanonical

ENTRY = UUID("01234567-89ab-4def-8123-456789abcdef")
BODY = b'{"tag":"intake:filing:received"}'
RECEIPT = Receipt(ENTRY, hashlib.sha256(b"\x00" + BODY).digest())
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
INCIDENT: dict[str, Json] = {"narrative": "Él me empujó.", "date": "2026-11"}
SAID: dict[str, Json] = {"incident": INCIDENT, "anonymity": "anonymous"}
FILES = [FiledDocument(b"\x01" * 32, 10), FiledDocument(b"\x02" * 32, 20)]
SALT = b"s" * 32
FILING = filing_bytes(SAID, "es", AT, FILES)


def test_the_receipt_is_written_as_documented() -> None:
    first, entry, leaf = RECEIPT.text.split(".")
    assert (first, entry, len(leaf)) == ("candor1", "ASNFZ4mrTe-BI0VniavN7w", 43)


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_any_receipt_is_read_back(entry_id: UUID, leaf: bytes) -> None:
    receipt = Receipt(entry_id, leaf)
    assert Receipt.parse(receipt.text) == receipt
    assert Receipt.parse(f"  {receipt.text[:30]}\n{receipt.text[30:]} ") == receipt


@pytest.mark.parametrize(
    "text",
    [
        "",
        "candor1",
        "candor2" + RECEIPT.text[7:],
        RECEIPT.text[:-1],
        RECEIPT.text + "A",
        RECEIPT.text + ".x",
        RECEIPT.text + "=",
        RECEIPT.text.replace("-", "+"),
        RECEIPT.text[:-1] + "~",
        RECEIPT.text[:-1] + "é",
        RECEIPT.text.upper(),
        RECEIPT.text.replace("ASNFZ4mrTe-BI0VniavN7w", "ASNFZ4mrTe-BI0VniavN7x"),
    ],
)
def test_what_is_not_a_receipt_is_refused(text: str) -> None:
    with pytest.raises(BadReceipt):
        Receipt.parse(text)


@given(st.text(max_size=90))
def test_any_text_is_a_receipt_or_refused(text: str) -> None:
    for each in (text, f"candor1.{text}", f"candor1.{text}.{text}"):
        with pytest.raises(BadReceipt):
            Receipt.parse(each)


def test_the_receipt_proves_its_own_entry_and_no_other() -> None:
    assert proves(RECEIPT, BODY)
    assert not proves(RECEIPT, BODY + b" ")
    assert not proves(replace(RECEIPT, leaf=hashlib.sha256(BODY).digest()), BODY)


def test_the_exact_bytes_of_a_filing_never_change_between_releases() -> None:
    # Commitments already in journals were made over these bytes.
    assert FILING.decode() == (
        '{"files":[{"sha256":"' + "01" * 32 + '","size":10},{"sha256":"' + "02" * 32 + '","size":20}],'
        '"format":"candor filing v1","language":"es","received_at":"2026-11-21T09:30:00.000000Z",'
        '"said":{"anonymity":"anonymous","incident":{"date":"2026-11","narrative":"Él me empujó."}}}'
    )


def test_the_same_moment_in_another_zone_is_the_same_filing() -> None:
    there = AT.astimezone(timezone(timedelta(hours=-5)))
    assert filing_bytes(SAID, "es", there, FILES) == FILING
    with pytest.raises(ValueError, match="zone"):
        filing_bytes(SAID, "es", AT.replace(tzinfo=None), FILES)


@pytest.mark.parametrize(
    "other",
    [
        filing_bytes(SAID | {"anonymity": "named"}, "es", AT, FILES),
        filing_bytes(SAID, "en", AT, FILES),
        filing_bytes(SAID, "es", AT + timedelta(microseconds=1), FILES),
        filing_bytes(SAID, "es", AT, FILES[:1]),
        filing_bytes(SAID, "es", AT, FILES[::-1]),
        filing_bytes(SAID, "es", AT, [FILES[0], FiledDocument(FILES[1].sha256, 21)]),
    ],
)
def test_anything_changed_in_a_filing_is_found(other: bytes) -> None:
    committed = commitment(SALT, FILING)
    assert opens(committed, SALT, FILING)
    assert not opens(committed, SALT, other)
    assert not opens(committed, b"t" * 32, FILING)


def test_without_its_salt_a_commitment_cannot_be_guessed() -> None:
    assert commitment(SALT, FILING) != commitment(b"t" * 32, FILING)
    with pytest.raises(ValueError, match="salt"):
        commitment(b"short", FILING)


def test_a_filing_with_a_float_has_no_exact_bytes() -> None:
    with pytest.raises(NotCanonical):
        filing_bytes({"latitude": 1.5}, "en", AT, [])  # type: ignore[dict-item]
