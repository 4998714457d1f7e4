"""What every command shares: its settings, its progress and its one JSON object."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.config import Settings
from app.kernel.errors import Refused


def settings_from(data: Path | None = None, agency: str | None = None, **given: Any) -> Settings:
    """The settings of this command; a wrong one is refused in one line that names its variable."""
    try:
        settings = Settings.read(data_dir=data, agency=agency, **given)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise Refused(f"CANDOR_{name}: {first['msg']}.") from problem
    return settings.model_copy(update={"data_dir": Path(os.path.abspath(settings.data_dir))})


def progress(words: str) -> None:
    """A line about a long step, apart from the answer on stdout."""
    sys.stderr.write(f"  {words}\n")
    sys.stderr.flush()


def print_json(answer: dict[str, Any]) -> None:
    """The one JSON object of a command with `--json`."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
