"""`setup` and `user`: a city really starts, and people are let in, locked out and given a new way in."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import Work, open_work
from app.administration.actions import accounts
from app.administration.commands import InviteUser
from app.administration.queries import accounts as queries
from app.cli.installation import opened_house
from app.cli.terminal import print_json, progress, settings_from
from app.config import ENVIRONMENT, Settings
from app.infra.db import Door
from app.infra.keys import Keys, SheetKind
from app.kernel.errors import Invalid, Refused
from app.operations.demonstration import kept_password
from app.operations.house import load_keys, rulebooks
from app.web.forms import messages_of

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Data = Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The user name.")]

COMMAND_LINE = Actor.system("command line", Door.OFFICE)
DEFAULT_URL = "http://127.0.0.1:8000"
HEADINGS: dict[SheetKind, str] = {
    "master": "ENVELOPE 1 of 2: the master key. With it the house opens; names and addresses stay closed.",
    "identity": "ENVELOPE 2 of 2: the identity key. Keep it with another person, in another place.",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command()(setup)
    family = typer.Typer(no_args_is_help=True, help="The people who sign in.")
    family.command("add")(add_user)
    family.command("list")(list_users)
    family.command("disable")(disable_user)
    family.command("reset")(reset_user)
    app.add_typer(family, name="user")


def add_user(
    name: Name,
    role: Annotated[
        list[Role] | None, typer.Option("--role", help="What the person is to the office; may be repeated.")
    ] = None,
    display_name: Annotated[str, typer.Option(help="The name others see; the user name when left out.")] = "",
    title: Annotated[str, typer.Option(help="The person's title.")] = "",
    department: Annotated[str | None, typer.Option(help="For a liaison: whose.")] = None,
    outsider: Annotated[
        str | None, typer.Option(help="For somebody from outside the office: what the rulebook calls them.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Give a person an account; prints a one-time link that lets them choose a password."""
    if not role and not outsider:
        raise typer.BadParameter("say what the person is to the office: --role, or --outsider.")
    with _work(data) as work:
        ask = _asked(name, role or [Role.OUTSIDER], display_name, title, department, outsider)
        link = _in_one_line(lambda: accounts.invite_user(work, ask)).link
    _print_link(link, as_json=as_json)


def list_users(data: Data = None, as_json: Json = False) -> None:
    """List everybody who has an account."""
    with _work(data) as work:
        rows: list[dict[str, Any]] = [
            {
                "name": person.account.name,
                "display_name": person.account.display_name,
                "roles": sorted(person.roles),
                "outsider": person.account.outsider,
                "status": person.account.status,
                "demonstration": person.account.is_demonstration,
            }
            for person in queries.list_people(work)
        ]
    if as_json:
        print_json({"users": rows})
        return
    for row in rows:
        print(f"{row['name']:<20} {row['status']:<9} {', '.join(row['roles']):<28} {row['display_name']}")


def disable_user(name: Name, data: Data = None) -> None:
    """Lock a person out; what they did stays theirs."""
    with _work(data) as work:
        accounts.disable_user(work, queries.person_named(work, name).id)
    print(f"{name} is disabled; every session has ended.")


def reset_user(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Take away password and sessions; prints a one-time link. Every administrator is told."""
    with _work(data) as work:
        link = accounts.reset_user(work, queries.person_named(work, name).id).link
    _print_link(link, as_json=as_json)
    progress("Every administrator sees this reset on the page of users, and the journal keeps it.")


@contextmanager
def _work(data: Path | None) -> Iterator[Work]:
    """One Work of the command line, behind the office's door."""
    with (
        opened_house(settings_from(data), progress) as house,
        open_work(house, COMMAND_LINE) as work,
    ):
        yield work


def _asked(
    name: str, roles: list[Role], display_name: str, title: str, department: str | None, outsider: str | None = None
) -> InviteUser:
    try:
        return InviteUser(
            name=name,
            display_name=display_name or name,
            title=title,
            roles=tuple(str(role) for role in roles),
            department_id=department,
            outsider=outsider,
        )
    except ValidationError as wrong:
        raise Refused(" ".join(f"{field}: {words}" for field, words in messages_of(wrong).items())) from None


def _in_one_line(action: Callable[[], accounts.Invited]) -> accounts.Invited:
    """What a form would say beside its fields, as the one line of a refused command."""
    try:
        return action()
    except Invalid as wrong:
        raise Refused(" ".join(f"{words}" for words in wrong.fields.values())) from None


def _print_link(link: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"link": link})
        return
    print(link)
    progress("It works once, within 48 hours. Hand it over in person, by telephone or in a sealed letter.")


def setup(
    agency: Annotated[str | None, typer.Option(help="Whose rulebook: ./candor rulebook list shows them.")] = None,
    base_url: Annotated[str | None, typer.Option(help="The address people will use, such as https://…")] = None,
    mail_url: Annotated[str | None, typer.Option(help="Where mail goes out: smtp://user:password@host:587")] = None,
    files: Annotated[str | None, typer.Option(help="A folder, or s3://, az://, gs:// for files.")] = None,
    backups: Annotated[str | None, typer.Option(help="The folder for backups.")] = None,
    administrator: Annotated[str | None, typer.Option(help="The first administrator's user name.")] = None,
    recovery_file: Annotated[
        Path | None, typer.Option(help="For scripts: write the recovery sheets there instead, and read them back.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Start a city: settles what must be settled and makes the first administrator."""
    settings = settings_from(data)
    _refuse_demonstration(settings)
    chosen = _choices(settings, agency, base_url, mail_url, files, backups)
    first = _first(administrator, ask="The first administrator's user name", or_="admin")
    if recovery_file is None and not sys.stdin.isatty():
        raise Refused("Nobody is there to write down the recovery sheets: name a file for them with --recovery-file.")
    ready = _with(settings, chosen)
    with opened_house(ready, progress) as house:
        with open_work(house, COMMAND_LINE) as work:
            _refuse_a_second_start(work)
        keep_recovery(load_keys(ready), recovery_file)
        # Only now: a refused set-up leaves the settings of an installation that stands as they are.
        _write_environment(settings.data_dir, chosen)
        with open_work(house, COMMAND_LINE) as work:
            ask = _asked(first, [Role.ADMINISTRATOR], "", "", None)
            link = _in_one_line(lambda: accounts.invite_user(work, ask)).link
    _say_what_is_left(ready, link, as_json=as_json)


NO_MIXING = (
    "This folder holds a demonstration, and invented cases are never mixed with real ones: give another --data folder."
)


def _with(settings: Settings, chosen: dict[str, str]) -> Settings:
    """The settings as they will be once they are written down."""
    given = {name.removeprefix("CANDOR_").lower(): value for name, value in chosen.items() if value}
    return settings_from(settings.data_dir, given.pop("agency"), **given)


def _refuse_a_second_start(work: Work) -> None:
    if work.house.is_demonstration:
        raise Refused(NO_MIXING)
    if queries.count_administrators(work):
        raise Refused("This installation has an administrator already: ./candor user add adds people.")


def _refuse_demonstration(settings: Settings) -> None:
    if kept_password(settings.data_dir) is not None:
        raise Refused(NO_MIXING)


def _choices(
    settings: Settings,
    agency: str | None,
    base_url: str | None,
    mail_url: str | None,
    files: str | None,
    backups: str | None,
) -> dict[str, str]:
    """Each by its option, else by what the environment says, else by asking."""
    from app import stages

    books = rulebooks(settings, stages.WIRING)
    known = ", ".join(books.agencies())
    mail = settings.smtp_url.get_secret_value() if settings.smtp_url else None
    kept = str(settings.backup_dir) if settings.backup_dir else None
    folder = settings.data_dir
    # What cannot be used is refused before anything more is asked.
    whose = _first(agency, settings.agency) or _ask(f"Whose rulebook ({known})")
    if whose not in books.agencies():
        raise Refused(f"There is no rulebook for {whose or 'nobody'}. Known: {known}.")
    address = _first(base_url, _given(settings, "base_url"), ask="The public address", or_=DEFAULT_URL)
    chosen = {
        "CANDOR_AGENCY": whose,
        "CANDOR_BASE_URL": _checked_address(address),
        "CANDOR_SMTP_URL": _first(mail_url, mail, ask="Where mail goes out (smtp://…; empty for none yet)"),
        "CANDOR_STORAGE_URL": _first(files, settings.storage_url, ask="Where files are kept", or_=f"{folder}/files"),
        "CANDOR_BACKUP_DIR": _first(backups, kept, ask="The folder for backups", or_=str(folder / "backups")),
    }
    return {name: _checked(name, value) for name, value in chosen.items()}


def _given(settings: Settings, field: str) -> str | None:
    return str(getattr(settings, field)) if field in settings.model_fields_set else None


def _first(*given: str | None, ask: str = "", or_: str = "") -> str:
    """What was given; else the answer to a question, which a script that nobody watches answers by the default."""
    for value in given:
        if value is not None:
            return value
    return _answer(ask, or_) if ask and sys.stdin.isatty() else or_


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise Refused(f"Nobody is there to answer “{question}”: give it as an option (./candor setup --help).")
    return _answer(question, "")


def _answer(question: str, otherwise: str) -> str:
    return str(typer.prompt(question, default=otherwise, show_default=bool(otherwise), err=True))


def _checked(name: str, value: str) -> str:
    if any(character in value for character in "'\"\n\\"):
        raise Refused(f"{name} holds a quotation mark, a backslash or a line break.")
    if name == "CANDOR_BASE_URL":
        return _checked_address(value)
    if name == "CANDOR_SMTP_URL" and value and not value.startswith(("smtp://", "smtps://")):
        raise Refused("The mail address begins with smtp:// or smtps://.")
    if name == "CANDOR_STORAGE_URL" and "://" not in value:
        return Path(value).absolute().as_uri()
    return str(Path(value).absolute()) if name == "CANDOR_BACKUP_DIR" else value


def _checked_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise Refused("The public address looks like https://complaints.example.gov, without a path.")
    return value.rstrip("/")


def _write_environment(data_dir: Path, chosen: dict[str, str]) -> None:
    """Read by every command on this folder; the environment itself wins over it."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / ENVIRONMENT
    fresh = path.with_name(f"{ENVIRONMENT}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{name}='{value}'\n" for name, value in chosen.items() if value)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    Path(chosen["CANDOR_BACKUP_DIR"]).mkdir(mode=0o700, parents=True, exist_ok=True)


def keep_recovery(keys: Keys, file: Path | None, only: SheetKind | None = None) -> None:
    """Both keys as words, for two people; not before they were read back are they believed to be written down."""
    sheet = keys.recovery_sheet()
    lines: dict[SheetKind, tuple[str, ...]] = {"master": sheet.master, "identity": sheet.identity}
    lines = {kind: words for kind, words in lines.items() if words and only in (None, kind)}
    if not keys.has_identity:
        progress("The second envelope is made where the identity key is: ./candor keys sheet --keys FOLDER.")
    if file is not None:
        _keep_in_file(keys, file, lines)
        return
    for kind, words in lines.items():
        _show_sheet(HEADINGS[kind], words)
        _read_back(lambda text, kind=kind: keys.check_readback(kind, text))  # type: ignore[misc]


def _show_sheet(heading: str, words: tuple[str, ...]) -> None:
    sys.stderr.write(f"\n{heading}\nWrite these four lines on paper, seal them, and keep no copy in a computer.\n\n")
    sys.stderr.writelines(f"  {number}. {line}\n" for number, line in enumerate(words, 1))


def _read_back(wrong_lines: Callable[[str], list[int]]) -> None:
    while True:
        typed = [_ask(f"Type line {number} as you wrote it") for number in range(1, 5)]
        wrong = wrong_lines("\n".join(typed))
        if not wrong:
            progress("That is right. Close the envelope.")
            return
        progress(f"Look again at line {', '.join(map(str, wrong))}.")


def _keep_in_file(keys: Keys, file: Path, lines: dict[SheetKind, tuple[str, ...]]) -> None:
    if file.exists():
        raise Refused(f"{file} is there already: name another file for the recovery sheets.")
    text = "\n\n".join(f"{HEADINGS[kind]}\n" + "\n".join(words) for kind, words in lines.items())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
        made.write(text + "\n")
        made.flush()
        os.fsync(made.fileno())
    blocks = file.read_text("utf-8").split("\n\n")
    for kind, block in zip(lines, blocks, strict=True):
        if keys.check_readback(kind, block.partition("\n")[2]):
            raise Refused(f"{file} could not be read back as it was written: look at the disk.")
    progress(f"The recovery sheets are in {file}. Print them, put each in its own envelope, then delete the file.")


def _say_what_is_left(settings: Settings, link: str, *, as_json: bool) -> None:
    if not settings.is_https:
        progress(f"{settings.base_url} is not HTTPS: nobody should send anything private to it.")
        progress("The README shows one way to HTTPS (“Behind HTTPS”). Do that before the first real complaint.")
    if settings.smtp_url is None:
        file = settings.data_dir / ENVIRONMENT
        progress(f"No mail is sent yet: write CANDOR_SMTP_URL='smtp://user:password@host:587' into {file}.")
    answer: dict[str, Any] = {"link": link, "environment": str(settings.data_dir / ENVIRONMENT)}
    if as_json:
        print_json(answer)
        return
    print(f"The first administrator's one-time link (48 hours): {link}")
    second = f"./candor user add NAME --role director --data {settings.data_dir}"
    print(f"Everybody is let in by two, so make the second person here as well: {second}")
    print(f"Settings are in {answer['environment']}. Start with: ./candor up --no-demo --data {settings.data_dir}")
