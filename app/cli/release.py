"""`release` and `report`: build, check, attack and publish releases; make and check reports."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.terminal import print_json, progress, settings_from
from app.kernel.errors import Refused

if TYPE_CHECKING:
    from app.publication.commands import BuildRelease

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a release.")]
Data = Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")]
LARGEST_POPULATION = 16 * 1024 * 1024


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    family = typer.Typer(no_args_is_help=True, help="Releases: the anonymised figures that the public reads.")
    family.command("build")(build)
    family.command("verify")(verify)
    family.command("attack")(attack)
    family.command("publish")(publish)
    app.add_typer(family, name="release")
    app.command("report")(report)


def build(
    through: Annotated[str, typer.Option(help="The last day that counts, such as 2025-12-31.")],
    out: Annotated[Path, typer.Option(help="The folder to make.")],
    unprotected: Annotated[bool, typer.Option("--unprotected", help="Exact; never publishable.")] = False,
    population: Annotated[Path | None, typer.Option(help="Residents, for rates: a CSV by city or by district.")] = None,
    population_of: Annotated[str, typer.Option(help="The city to look for in it; the rulebook's when left out.")] = "",
    window: Annotated[list[str] | None, typer.Option(help="Officers in these years as well: 2007-2017.")] = None,
    source: Annotated[str, typer.Option(help="Only what was imported from this source.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Build a release of everything received up to a day."""
    from app.access.actor import Actor
    from app.access.work import open_work
    from app.cli.installation import opened_house
    from app.publication import actions

    ask = _asked(through, population, population_of, window or [])
    ask = ask.model_copy(update={"unprotected": unprotected, "source": source})
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(f"{out} is there already. Give a folder that does not exist yet.")
    with opened_house(settings_from(data), progress) as house, open_work(house, Actor.system("release")) as work:
        built = actions.build_release(work, ask, lambda step, steps, words: progress(f"{step} of {steps}: {words}"))
        actions.write_folder(out, built.files)
    manifest = built.manifest
    if manifest.through < ask.through:
        progress(f"{ask.through} has not come yet: the release reaches to {manifest.through}.")
    answer = {
        "id": manifest.id,
        "out": str(out),
        "through": manifest.through,
        "protected": manifest.protected,
        "figures": built.figures,
        "tables": len(manifest.tables),
        "files": len(manifest.files),
        "withheld": built.withheld,
    }
    if as_json:
        print_json(answer)
        return
    print(f"{manifest.id}: {built.figures} figures from {len(manifest.tables)} tables, in {out}")
    for name, reason in built.withheld.items():
        print(f"  withheld: {name} ({reason})")


def _asked(through: str, population: Path | None, city: str, windows: list[str]) -> "BuildRelease":
    from datetime import date

    from app.publication.commands import BuildRelease
    from app.publication.rules.scope import parse_window

    try:
        day = date.fromisoformat(through)
    except ValueError as wrong:
        raise typer.BadParameter(f"{through} is not a day such as 2025-12-31.", param_hint="--through") from wrong
    try:
        years = tuple(parse_window(text) for text in windows)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--window") from wrong
    content = _content(population) if population else None
    name = population.name if population else ""
    return BuildRelease(through=day, windows=years, population=content, population_name=name, city=city)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_POPULATION:
            raise Refused(f"{path} is too large for a population file.")
        return path.read_bytes()
    except OSError as problem:
        raise Refused(f"{path} cannot be read: {problem.strerror}.") from problem


def verify(
    folder: Folder,
    key: Annotated[str, typer.Option(help="The verifier key it must be signed with; its own when left out.")] = "",
    as_json: Json = False,
) -> None:
    """Check signature and digests, and compute every figure again from the release's own tables."""
    from app.publication import actions

    done = actions.verify_release(actions.read_folder(folder), key or None)
    if as_json:
        print_json(
            {
                "ok": done.ok,
                "files": done.files,
                "figures": done.figures,
                "recomputed": done.recomputed,
                "problems": done.problems,
            }
        )
    else:
        print(f"{done.recomputed} of {done.figures} figures follow from the tables; {done.files} files as signed")
    if not done.ok:
        raise Refused(f"{folder} does not verify: {done.problems[0]}")


def attack(
    folder: Folder,
    earlier: Annotated[list[Path] | None, typer.Option("--since", help="An earlier release beside it.")] = None,
    as_json: Json = False,
) -> None:
    """Try to learn something about the people who complained; exit 1 if anything is found."""
    from app.publication import actions

    files = actions.read_folder(folder)
    findings = actions.attack_files(files, [actions.read_folder(older) for older in earlier or ()])
    if as_json:
        print_json({"findings": [{"kind": f.kind, "file": f.file, "words": f.words} for f in findings]})
    else:
        for found in findings:
            print(f"{found.kind}: {found.file}: {found.words}")
    if findings:
        raise Refused(f"{len(findings)} findings: this release tells something about people who complained.")
    if not as_json:
        print("Nothing found.")


def publish(folder: Folder, data: Data = None, as_json: Json = False) -> None:
    """Show a release to the public, if it verifies, withstands and is protected."""
    from app.access.actor import Actor
    from app.access.work import open_work
    from app.cli.installation import opened_house
    from app.infra.db import Door
    from app.publication import actions

    files = actions.read_folder(folder)
    actor = Actor.system("publication", Door.PUBLISHER)
    with opened_house(settings_from(data), progress) as house, open_work(house, actor) as work:
        manifest = actions.publish_release(work, files)
    if as_json:
        print_json({"id": manifest.id, "through": manifest.through, "page": f"/data/{manifest.id}"})
    else:
        print(f"published {manifest.id}: see /data/{manifest.id}")


def report(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="A report of the rulebook, such as annual; or: verify.")],
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[FILE DIR]", help="For verify only.")] = None,
    release: Annotated[Path | None, typer.Option(help="The folder of the release.")] = None,
    period: Annotated[str, typer.Option(help="2025, 2025-H1, 2025-Q1, 2025-03 or all.")] = "",
    out: Annotated[Path | None, typer.Option(help="The PDF to write.")] = None,
    language: Annotated[str, typer.Option(help="The language of the report.")] = "en",
    as_json: Json = False,
) -> None:
    """Make a report from a release, or check one against it: report verify FILE.pdf DIR."""
    if kind == "verify":
        _verify_report(paths or [], as_json)
        return
    if paths or release is None or out is None or not period:
        raise typer.BadParameter("report KIND needs --release DIR, --period and --out FILE.pdf.")
    _make_report(kind, release, period, out, language, as_json)


def _make_report(kind: str, release: Path, period: str, out: Path, language: str, as_json: bool) -> None:
    from app.publication import actions
    from app.publication.rules.periods import parse_period
    from app.reporting.letters import make_report

    try:
        chosen = parse_period(period)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--period") from wrong
    if out.suffix.lower() != ".pdf" or out.is_dir():
        raise Refused(f"{out} is not the name of a PDF file.")
    progress("Setting the report")
    made = make_report(actions.read_folder(release), kind, chosen, language)
    actions.write_file(out, made.pdf)
    answer = {"out": str(out), "pages": made.pages, "figures": made.figures, "release": made.release}
    if as_json:
        print_json(answer)
    else:
        print(f"{out}: {made.pages} pages, {made.figures} figures of the release {made.release}")


def _verify_report(paths: list[Path], as_json: bool) -> None:
    from app.publication import actions
    from app.reporting.letters import verify_report

    if len(paths) != 2:
        raise typer.BadParameter("report verify needs FILE.pdf and DIR.")
    done = verify_report(_content(paths[0]), actions.read_folder(paths[1]))
    if as_json:
        print_json({"ok": done.ok, "figures": done.figures, "found": done.found, "problems": done.problems})
    else:
        print(f"{done.found} of {done.figures} figures stand in the report as in the release")
    if not done.ok:
        raise Refused(f"{paths[0]} does not match the release: {done.problems[0]}")
