"""The command line: one module a family, of which only the one that is asked for is imported."""

import importlib
import importlib.util
import sys
from collections.abc import Iterable
from typing import NoReturn

import typer

from app.kernel.errors import Refusal, words_of

FAMILIES = {
    "serve": ("up", "assets"),
    "checks": ("check", "test"),
    "rulebook": ("rulebook",),
    "languages": ("languages",),
    "users": ("setup", "user"),
    "recover": ("recover",),
    "keys": ("keys",),
    "imports": ("import",),
    "generate": ("generate",),
    "release": ("release", "report"),
    "journal": ("journal",),
    "backup": ("backup", "restore", "export", "upgrade"),
    "bench": ("bench", "prove"),
    "doctor": ("doctor",),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one command; it ends with 0 done, 1 refused (one line says what to do), 2 wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        application(words[0] if words else "")(words, prog_name="candor")
    except Refusal as refusal:
        _refuse(refusal.words)
    except (OSError, ValueError) as problem:
        said = words_of(problem) if isinstance(problem, OSError) else _of_a_rulebook(problem)
        if said is None:
            raise
        _refuse(said)
    except KeyboardInterrupt:
        sys.stderr.write("candor: stopped.\n")
        sys.exit(130)


def _of_a_rulebook(problem: ValueError) -> str | None:
    """What is wrong with a rulebook, wherever it was read; not imported here, since most commands read none."""
    module = sys.modules.get("app.policy.problems")
    return str(problem) if module is not None and isinstance(problem, module.RulebookError) else None


def _refuse(words: str) -> NoReturn:
    sys.stderr.write(f"candor: {' '.join(words.split())}\n")
    sys.exit(1)


def application(command: str) -> typer.Typer:
    """The application with the family of this command; with all of them where no family knows it."""
    made = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Candor: case management for the civilian oversight of police.",
    )
    made.callback()(_root)
    for family in _wanted(command):
        importlib.import_module(f"app.cli.{family}").register(made)
    return made


def _root() -> None:
    return


def _wanted(command: str) -> Iterable[str]:
    known = [family for family in FAMILIES if importlib.util.find_spec(f"app.cli.{family}")]
    named = [family for family in known if command in FAMILIES[family]]
    return named or known
