"""`keys`: a service that alone holds the identity key, a new key while the office works, and its envelope."""

import json
import os
import pwd
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from app.cli.terminal import print_json, progress, settings_from
from app.infra.keyfiles import IDENTITY_FILE, KEY, KeyFileError, key_id_of, read_keys
from app.infra.keys import add_identity_key, drop_identity_key
from app.infra.keyservice import KeyServer, keeper_at
from app.kernel.errors import Refused

Data = Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Folder = Annotated[Path, typer.Option("--keys", help="The folder of the identity key, the service's own.")]
LOG = "opened.log"
T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    family = typer.Typer(
        no_args_is_help=True, help="The identity key, which opens names: where it is and when it changes."
    )
    family.command("serve")(serve)
    family.command("add")(add)
    family.command("drop")(drop)
    family.command("rotate")(rotate)
    family.command("sheet")(sheet)
    app.add_typer(family, name="keys")


def serve(
    keys: Folder,
    socket: Annotated[Path, typer.Option(help="Where it answers; name it in CANDOR_KEY_SERVICE.")],
    allow: Annotated[list[str] | None, typer.Option(help="A user of this machine who may ask; this one may.")] = None,
    per_minute: Annotated[int, typer.Option(min=1, help="How many names it opens in a minute.")] = 60,
) -> None:
    """Hold the identity key in this process alone: the web and the worker seal names, and ask here to open one."""
    keeper = _checked(lambda: keeper_at(keys, per_minute, _noting(keys / LOG)))
    others = frozenset(_user(name) for name in allow or ())
    mode = 0o666 if others else 0o600  # the kernel tells the service who asks; whom it does not know gets no answer
    with KeyServer(socket, keeper, others | {os.getuid()}, mode) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        progress(f"The identity key {keeper.holder.key_id} answers at {socket}. Each opening is noted in {keys / LOG}.")
        server.serve_forever()
    socket.unlink(missing_ok=True)


def add(keys: Folder) -> None:
    """On the service's side: make a new key, with which all is sealed from now on; then `keys rotate` on the other."""
    _checked(lambda: add_identity_key(keys))
    print(f"New key {key_id_of(read_keys(keys / IDENTITY_FILE)[0])}. Run ./candor keys rotate where the data is.")


def drop(key_id: Annotated[str, typer.Argument(metavar="KEY")], keys: Folder) -> None:
    """On the service's side: delete an old key for ever, after `keys rotate` has named it."""
    _checked(lambda: drop_identity_key(keys, key_id))
    print(f"The old key {key_id} is gone.")


def rotate(data: Data = None, as_json: Json = False) -> None:
    """Make a new identity key, wrap every person's key with it while people file and open, and drop the old one."""
    from app import stages
    from app.operations.database import owner_url, running_database
    from app.operations.house import open_house
    from app.operations.rotation import rotate as run

    # Not by way of set-up: people are at work, and nothing of the schema is touched.
    with running_database(settings_from(data), progress) as ready:
        house = open_house(ready, owner_url(ready), stages.WIRING)
        done = run(house, progress)
        house.databases.dispose()
    if as_json:
        print_json(asdict(done))
        return
    print(f"{done.rewrapped} keys are wrapped with {done.key_id}. Dropped: {', '.join(done.dropped) or 'none'}.")
    for key_id in done.to_drop:
        print(
            f"Nothing names {key_id} any more: two minutes from now, ./candor keys drop {key_id} on the service's side."
        )
    if not done.to_drop:
        print("The second envelope is of the old key: write a new one with ./candor keys sheet.")


def sheet(
    data: Data = None,
    keys: Annotated[Path | None, typer.Option("--keys", help="On a key service's side: its folder.")] = None,
    recovery_file: Annotated[Path | None, typer.Option(help="Write the sheets here instead, to be printed.")] = None,
) -> None:
    """Show the keys as words for two envelopes, and have them read back."""
    from app.cli.users import keep_recovery
    from app.infra.keys import Keys
    from app.operations.house import load_keys

    if keys is None:
        keep_recovery(load_keys(settings_from(data)), recovery_file)
        return
    held = _checked(lambda: read_keys(keys / IDENTITY_FILE))
    keep_recovery(Keys(bytes(KEY), held), recovery_file, "identity")


def _noting(path: Path) -> Callable[[dict[str, Any]], None]:
    """One line for each question, in a file that the web cannot write."""

    def note(what: dict[str, Any]) -> None:
        line = json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **what})
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.write(line + "\n")

    return note


def _user(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        raise Refused(f"This machine knows no user {name}.") from None


def _checked(act: Callable[[], T]) -> T:
    try:
        return act()
    except KeyFileError as problem:
        raise Refused(str(problem)) from problem
