"""A mapping is read strictly: each mistake with its file, its line and a reason."""

from pathlib import Path

import pytest

from app.config import PROJECT
from app.imports.mapping import load_mapping, read_mapping
from app.kernel.errors import Refused
from app.policy.loader import folders
from tests.imports.conftest import MAPPING

BUILT_IN = sorted(path.stem for path in (PROJECT / "policies" / "sources").glob("*.yaml"))


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_mapping_loads_under_its_own_name(name: str) -> None:
    read = load_mapping(name, PROJECT / "policies")
    assert read.mapping.source == name
    assert len(read.digest) == 64


def test_the_mappings_are_no_rulebooks() -> None:
    assert not [folder for folder in folders(PROJECT / "policies") if "sources" in folder.parts]


def test_a_mapping_of_ones_own_is_given_by_its_path(tmp_path: Path) -> None:
    own = tmp_path / "harbor.yaml"
    own.write_text(MAPPING)
    assert load_mapping(str(own), PROJECT / "policies").mapping.source == "harbor"


def test_an_unknown_source_names_those_there_are() -> None:
    with pytest.raises(Refused, match="There is no source atlantis") as refusal:
        load_mapping("atlantis", PROJECT / "policies")
    assert all(name in refusal.value.words for name in BUILT_IN)


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("category: kind", "category: sort", 'has no column "sort"'),
        ("district: district", "distrikt: district", 'there is no key "distrikt" here'),
        ("Proven: sustained", "Proven: guilty", "guilty is not a class of finding"),
        ('badge: {pattern: "[0-9]{3}", required: true}', 'badge: {pattern: "[0-9"}', "is not a pattern"),
        ("number_prefix: HRB", "number_prefix: hrb", "should match pattern"),
        ("title: Harbor", "source: twice", "this key stands here twice"),
        ("file: officers.csv", "optional: maybe", '"file" is missing'),
        ("officer: {key: badge, ", "officer: {", '"key" is missing'),
    ],
)
def test_a_mistake_is_named_with_its_line(right: str, wrong: str, reason: str) -> None:
    assert right in MAPPING
    text = MAPPING.replace(right, wrong, 1)
    with pytest.raises(Refused) as refusal:
        read_mapping("harbor.yaml", text.encode())
    assert refusal.value.words.startswith("harbor.yaml:")
    assert int(refusal.value.words.split(":")[1]) > 1
    assert reason in refusal.value.words


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(Refused, match=r"harbor\.yaml:\d: this is not YAML"):
        read_mapping("harbor.yaml", b"files: [")
