"""What is done with releases: built, checked, attacked, asked for, published."""

from app.publication.actions.asking import ask_for_release, ask_to_publish, fail_build, finish_build, note_outcome
from app.publication.actions.building import Built, build_release
from app.publication.actions.checking import attack_files, verify_release
from app.publication.actions.folders import pack, read_folder, unpack, write_file, write_folder
from app.publication.actions.publishing import publish_release

__all__ = [
    "Built",
    "ask_for_release",
    "ask_to_publish",
    "attack_files",
    "build_release",
    "fail_build",
    "finish_build",
    "note_outcome",
    "pack",
    "publish_release",
    "read_folder",
    "unpack",
    "verify_release",
    "write_file",
    "write_folder",
]
