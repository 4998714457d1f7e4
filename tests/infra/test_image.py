"""The Dockerfile against what `./candor` needs: nobody builds the image with the tests, so its lines are read."""

import re
import shlex
import tomllib
from fnmatch import fnmatch

import pytest

from app.infra.assets import PROJECT, node_modules
from app.infra.fonts import PACKAGES
from app.operations import system

# What the image cannot do without, besides the code.
NEEDED = (
    "candor",
    "requirements.lock",
    "package-lock.json",
    ".npmrc",
    "alembic.ini",
    "migrations",
    "policies",
    "templates",
)


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The Dockerfile's instructions, each in one line."""
    joined = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")
    return [" ".join(line.split()) for line in joined.splitlines() if line and not line.startswith("#")]


def _of(lines: list[str], instruction: str) -> list[str]:
    return [line.removeprefix(f"{instruction} ") for line in lines if line.startswith(f"{instruction} ")]


def test_its_python_is_one_that_we_run_on_and_that_candor_looks_for(lines: list[str]) -> None:
    (base,) = _of(lines, "FROM")
    version = re.fullmatch(r"python:3\.(\d+)-slim-bookworm", base)
    assert version, base
    needed = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert int(version[1]) >= int(needed.removeprefix(">=3."))
    assert f"python3.{version[1]}" in (PROJECT / "candor").read_text()


def test_it_brings_every_library_and_font_that_papers_need(lines: list[str]) -> None:
    (step,) = (line for line in _of(lines, "RUN") if "apt-get install" in line)
    assert {*system.LIBRARIES.values(), *system.FONTS} <= set(shlex.split(step))


def test_all_that_is_needed_is_there_and_copied(lines: list[str]) -> None:
    assert any(line.endswith(" . .") for line in _of(lines, "COPY"))
    ignored = (PROJECT / ".dockerignore").read_text().split()
    for name in NEEDED:
        assert (PROJECT / name).exists()
        assert not [pattern for pattern in ignored if fnmatch(name, pattern)]


def test_what_is_removed_after_the_build_leaves_the_fonts_of_the_papers(lines: list[str]) -> None:
    fonts = node_modules().name + "/" + str(PACKAGES)
    removed = [word for line in _of(lines, "RUN") for word in shlex.split(line.partition("rm -rf")[2])]
    assert removed
    assert not [word for word in removed if fonts == word or fonts.startswith(f"{word}/")]
