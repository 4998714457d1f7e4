"""The attacker is tested by leaks that are planted for it."""

import hashlib
from uuid import UUID

import pytest

from app.infra.db import hidden_key
from app.publication.rules.attack import attack

THRESHOLD = 5


def found(name: str, content: str) -> set[str]:
    files = {name: content.strip().replace("\n", "\r\n").encode() + b"\r\n"}
    return {finding.kind for finding in attack(files, THRESHOLD)}


HEADER = "measure,by,group,numerator,denominator,withheld\n"

PLANTED = {
    "a small cell": ("tables/x.csv", "channel,complaints\nweb,40\nfax,3", "small_cell"),
    "a small figure": (
        "figures.csv",
        HEADER + "complainants,complainant_sex,x,2,90,\ncomplainants,complainant_sex,y,88,90,",
        "small_cell",
    ),
    "a hidden cell beside its total": (
        "tables/x.csv",
        "channel,complaints\nweb,40\nmail,20\nfax,\nall,63",
        "derivable",
    ),
    "a hidden figure beside its total": (
        "figures.csv",
        HEADER + "complaints,all,all,63,,\ncomplaints,channel,web,40,,\n"
        "complaints,channel,mail,20,,\ncomplaints,channel,fax,,,small_cell",
        "derivable",
    ),
    "two hidden cells that sums narrow": (
        "tables/x.csv",
        "channel,complaints\nweb,40\nmail,<5\nfax,<5\ntotal,42",
        "derivable",
    ),
    "a hidden cell in a table of two dimensions": (
        "tables/x.csv",
        "race,sex,complainants\na,f,*\na,m,30\na,all,33\nb,f,20\nb,m,10\nb,all,30\nall,f,23\nall,m,40\nall,all,63",
        "derivable",
    ),
    "four corners hidden, solved by elimination": (
        "tables/x.csv",
        "race,sex,complainants\na,f,*\na,m,*\na,all,33\nb,f,*\nb,m,10\nb,all,30\nall,f,23\nall,m,40",
        "derivable",
    ),
    "a percentage": ("tables/x.csv", "race,base,percent\na,37,8.1\nb,500,12.0", "percentage"),
    "unit rows": (
        "tables/x.csv",
        "date,district,race,sex\n2026-01-02,1,black,f\n2026-01-09,2,white,m\n2026-02-03,1,latino,m",
        "unit_rows",
    ),
    "free text": (
        "tables/x.csv",
        "year,note\n2026,He pulled me out of the car and shouted at me in front of my son",
        "free_text",
    ),
    "a telephone number": ("tables/x.csv", "year,note\n2026,555-012-3456", "contact"),
    "hashes": (
        "tables/x.csv",
        "key,year\n" + "\n".join(f"{'%064x' % (n * 7919**9)},2026" for n in range(1, 5)),
        "identifier",
    ),
    "hashes of numbers": (
        "tables/x.csv",
        "key,year\n" + "\n".join(f"{hashlib.sha256(str(n).encode()).hexdigest()},2026" for n in range(500, 504)),
        "identifier",
    ),
    "a sequence": ("tables/x.csv", "id,year\n101,2026\n102,2026\n103,2026\n104,2026", "identifier"),
    "UUIDs of version 7": (
        "tables/x.csv",
        "key,year\n" + "\n".join(f"{hidden_key()},2026" for _ in range(4)),
        "identifier",
    ),
    "random UUIDs": (
        "tables/x.csv",
        "key,year\n" + "\n".join(f"{UUID(int=n << 90 | 4 << 76)},2026" for n in range(1, 5)),
        "identifier",
    ),
    "everybody alike": ("tables/x.csv", "complainant_race,allegations,sustained\na,14,14\nb,60,20", "everybody"),
    "everybody but a few": ("tables/x.csv", "complainant_race,allegations,sustained\na,14,12\nb,60,20", "small_cell"),
    "a formula": ("tables/x.csv", 'district,complaints\n"=HYPERLINK(1)",40', "formula"),
}


@pytest.mark.parametrize("leak", PLANTED)
def test_the_attacker_finds_every_planted_leak(leak: str) -> None:
    name, content, kind = PLANTED[leak]
    assert kind in found(name, content)


@pytest.mark.parametrize(
    "content",
    [
        "channel,complaints\nweb,40\nmail,20\n(all other groups),9",
        "year,department,outcome,complaints\n2026,rpd,sustained,1\n2026,rpd,open,2",
        "officer_race,allegations\nwhite,3\nblack,1",
        "complaints,officers\n1,40\n39,1",
        "complainant_race,allegations,sustained\na,40,0\nb,60,20",
        "state,waiting,demands\noverdue,over 90 days,1",
        "year,category,allegations\n2026,'=odd,3",
    ],
)
def test_the_attacker_is_silent_where_nothing_is_to_be_learnt(content: str) -> None:
    assert found("tables/x.csv", content) == set()


def test_the_difference_of_two_releases_is_a_leak_of_its_own() -> None:
    before = {"tables/x.csv": b"channel,complaints\r\nweb,40\r\nmail,20\r\n"}
    now = {"tables/x.csv": b"channel,complaints\r\nweb,43\r\nmail,20\r\n"}
    assert {finding.kind for finding in attack(now, THRESHOLD, [before])} == {"difference"}
    assert attack(before, THRESHOLD, [before]) == []
