"""`check` and `test`: what every commit passes, each step with its time."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import typer

from app.cli.terminal import progress
from app.config import PROJECT
from app.infra.assets import build_assets
from app.kernel.errors import Refusal, Refused
from app.operations import system

PASSED = 0
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command()(check)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(test)


def check() -> None:
    """Run every check of the code and the rulebooks, and no tests."""
    failed = _run_checks()
    if failed:
        raise Refused(f"Failed: {', '.join(failed)}. Mend what stands above, then run ./candor check again.")


def test(context: typer.Context) -> None:
    """Run every check, then all tests; further words go to pytest."""
    system.require_for_tests(progress)
    build_assets(progress)
    failed = _run_checks()
    if failed:
        progress(f"failed: {', '.join(failed)}; the tests follow all the same")
    sys.stdout.flush()
    # In the order that tests/conftest.py gives them: what takes long begins first.
    words = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", *context.args)
    code = _python("-m", "pytest", *words, environment=_keeping_what_is_compiled())
    sys.exit(code or int(bool(failed)))


def _run_checks() -> list[str]:
    steps: dict[str, Callable[[], int]] = {
        "ruff format": lambda: _python("-m", "ruff", "format", "--check", "--quiet", "."),
        "ruff check": lambda: _python("-m", "ruff", "check", "--quiet", "."),
        "mypy": lambda: _python("-m", "mypy", "--no-error-summary"),
        "lint-imports": _lint_imports,
        "rulebooks": _load_rulebooks,
        "languages": lambda: _python("-m", "app.cli", "languages", "--strict"),
        "alembic": _compare_migrations,
    }
    return [name for name, step in steps.items() if not _step(name, step)]


def _step(name: str, step: Callable[[], int]) -> bool:
    started = time.monotonic()
    sys.stderr.write(f"{name} …\n")
    try:
        code = step()
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.words}\n")
        code = 1
    sys.stderr.write(f"{name}: {'ok' if code == PASSED else 'FAILED'} ({time.monotonic() - started:.1f} s)\n")
    return code == PASSED


def _python(*arguments: str, environment: Mapping[str, str] | None = None) -> int:
    command = [sys.executable, "-P", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode  # noqa: S603 -- our own tools


def _keeping_what_is_compiled() -> Mapping[str, str]:
    """The tests start a hundred processes of ours: none but the first is to compile the whole source again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _lint_imports() -> int:
    """Its long list of kept contracts is of interest only when one is broken."""
    command = [sys.executable, "-P", "-c", LINT_IMPORTS, "--no-logo"]
    done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)  # noqa: S603 -- ours
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
    return done.returncode


def _load_rulebooks() -> int:
    if find_spec("app.cli.rulebook") is None:
        return PASSED
    return _python("-m", "app.cli", "rulebook", "check")


def _compare_migrations() -> int:
    """On a throw-away database of its own, so that nobody's data is touched."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy import create_engine

    from app.infra import postgres, schema
    from app.infra.db import Databases

    with (
        tempfile.TemporaryDirectory(prefix="candor-check-") as folder,
        postgres.ensure_running(Path(folder), settings={"fsync": "off"}) as server,
    ):
        schema.bring_up(server.url, Databases(server.url, lambda _: "only-for-this-check"))
        engine = create_engine(server.url)
        try:
            with engine.connect() as connection:
                configuration = Config()
                configuration.set_main_option("script_location", str(schema.MIGRATIONS).replace("%", "%%"))
                configuration.attributes["connection"] = connection
                command.check(configuration)
        except CommandError as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
        finally:
            engine.dispose()
    return PASSED
