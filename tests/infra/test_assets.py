"""What a browser loads: built from locked packages, named by content, built again only when it must be."""

import base64
import hashlib
import json
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from app.infra import assets
from app.infra.assets import Manifest, build_assets, static_dir
from app.kernel.errors import Refused

pytestmark = pytest.mark.xdist_group("assets")


@pytest.fixture(scope="session")
def built() -> Manifest:
    build_assets()
    return Manifest.read()


def test_every_page_finds_its_style_sheet_and_scripts(built: Manifest) -> None:
    assert {"candor.css", "candor.js"} <= set(built.files)


def test_htmx_its_guard_and_ours_come_in_one_file_in_this_order(built: Manifest) -> None:
    content = (static_dir() / built.files["candor.js"]["file"]).read_text()
    ours = (assets.PROJECT / assets.SCRIPT).read_text().strip()
    assert 0 <= content.index("htmx") < content.index('registerExtension("hx-csp"') < content.index(ours[:200])


def test_a_name_changes_with_the_content_and_the_digest_fits(built: Manifest) -> None:
    for name, entry in built.files.items():
        content = (static_dir() / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest()[:16] in built.url(name)
        assert built.integrity(name) == f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def test_each_file_has_a_compressed_twin_of_the_same_content(built: Manifest) -> None:
    for entry in built.files.values():
        path = static_dir() / entry["file"]
        assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == path.read_bytes()


def test_nothing_built_asks_another_host_or_a_source_map(built: Manifest) -> None:
    for entry in built.files.values():
        content = (static_dir() / entry["file"]).read_text()
        assert "sourceMappingURL" not in content
        assert "url(http" not in content


def test_an_unchanged_tree_is_not_built_again(built: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_node", None)
    said: list[str] = []
    build_assets(said.append)
    assert said == []


def test_before_the_first_build_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"\./candor up"):
        Manifest.read(tmp_path)


def test_the_lock_file_holds_no_address_of_a_registry() -> None:
    lock = json.loads((assets.PROJECT / "package-lock.json").read_text())
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
