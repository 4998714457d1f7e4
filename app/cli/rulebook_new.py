"""`rulebook new`: asks what a city knows, and writes a rulebook in which everything else is an open question."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.terminal import print_json, progress, settings_from
from app.kernel.errors import Refused
from app.operations.new_rulebook.answers import Answer, Answers, BadAnswer
from app.operations.new_rulebook.asking import Dialog, ask_all
from app.operations.new_rulebook.catalogue import Question
from app.operations.new_rulebook.files import as_file, example_file, read_answers
from app.operations.new_rulebook.writing import StillOpen, Written, check_is_free, folder_for, write_rulebook
from app.operations.scenarios.runner import access_rights, shelf_of, tell_folder
from app.policy.loader import examine, read_rulebook
from app.policy.problems import Severity
from app.policy.vocabulary import Vocabulary

KEPT = Path("new-rulebook.answers.yaml")
STOPPED = 130
# What a terminal sends that is no text in its own encoding: refused like any other damaged answer.
DAMAGED = "\udcff"


def new_rulebook(
    answers: Annotated[Path | None, typer.Option(help="A file of answers; what it leaves out is asked.")] = None,
    into: Annotated[Path | None, typer.Option(help="Where the rulebooks are; policies/ when left out.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Print a file of answers with every key.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write a city's first rulebook: plain questions, one at a time, and nothing is guessed."""
    if example:
        sys.stdout.write(example_file())
        return
    place = into or settings_from().policies_dir
    if not place.is_dir():
        raise Refused(f"There is no folder {place}: name the one that holds the rulebooks with --into.")
    written = write_rulebook(_all_answers(answers, place), place)
    if _is_kept(answers):
        KEPT.unlink(missing_ok=True)
    _tell(written, _warnings(written.folder), as_json=as_json)


def _all_answers(file: Path | None, place: Path) -> Answers:
    """From the file, and by asking for whatever it leaves out."""
    if file is None:
        _refuse_without_a_terminal("give the answers in a file with --answers FILE (--example prints one)")
        return _asked(Answers(), None, place)
    if not file.is_file():
        raise Refused(f"There is no file {file}. ./candor rulebook new --example prints one.")
    read = read_answers(file)
    if read.not_asked:
        progress(f"Not asked under these answers, and not used: {', '.join(read.not_asked)}.")
    if not read.missing:
        return read.answers
    keys = ", ".join(question.key for question in read.missing)
    _refuse_without_a_terminal(f'{file} leaves these out: {keys}. Write "?" for what is not known')
    return _asked(read.answers, file, place)


def _is_kept(file: Path | None) -> bool:
    return file is None or file.resolve() == KEPT.resolve()


def _refuse_without_a_terminal(mend: str) -> None:
    if not sys.stdin.isatty():
        raise Refused(f"Nobody is there to answer: {mend}.")


def _asked(answers: Answers, file: Path | None, place: Path) -> Answers:
    """The dialog; each answer is kept at once, so that whatever ends it, nothing is lost."""
    if KEPT.exists() and (file is None or not _is_kept(file)):
        raise Refused(f"{KEPT} holds answers of an earlier time: go on with --answers {KEPT}, or move it away.")
    try:
        return ask_all(Dialog(_hear, _say, _keep, _checker(place)), answers)
    except (KeyboardInterrupt, EOFError):
        _say(f"\nStopped. Go on later with: ./candor rulebook new --answers {KEPT}" if KEPT.exists() else "\nStopped.")
        raise typer.Exit(STOPPED) from None


def _checker(place: Path) -> Any:
    def check(question: Question, answer: Answer, answers: Answers) -> None:
        if question.key != "takes_effect":
            return
        try:
            check_is_free(folder_for(answers.with_(question.key, "", answer), place))
        except Refused as taken:
            raise BadAnswer(taken.words) from taken

    return check


def _hear(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    try:
        typed = sys.stdin.readline()
    except UnicodeDecodeError:
        return DAMAGED
    if not typed:
        raise EOFError
    return typed


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _keep(answers: Answers) -> None:
    beside = KEPT.with_name(f".{KEPT.name}")
    beside.write_text(as_file(answers), "utf-8")
    beside.replace(KEPT)


def _warnings(folder: Path) -> list[str]:
    """The check of `rulebook check`, at once: what this command wrote must pass it."""
    read = cache(read_rulebook)
    problems = examine(folder, _vocabulary(), read)
    access = access_rights(settings_from().policies_dir)
    problems += [problem for told in tell_folder(folder, shelf_of(folder, read), access) for problem in told.problems]
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise Refused(f"{errors[0]}. This is a fault of `rulebook new`; the folder stays as it is.")
    return [str(problem) for problem in problems]


def _vocabulary() -> Vocabulary:
    from app import stages

    return stages.WIRING.vocabulary


def _tell(written: Written, warnings: list[str], *, as_json: bool) -> None:
    shown = os.path.relpath(written.folder)
    if as_json:
        print_json(_as_json(written, warnings))
        return
    letters = sum(name.startswith("letters/") for name in written.files)
    print(f"Written: {shown} with rulebook.yaml, form.yaml, {letters} letters and a first scenario. The check passes.")
    print(f"The answers are kept in {os.path.relpath(written.answers)}.\n")
    print("It is a draft. No case opens under it before this is answered:")
    for each in written.stopping:
        print(_question(shown, each))
    others = [each for each in written.open if each not in written.stopping]
    print(f"\nThis stops no case, and can be answered later ({len(others)}):")
    for each in others:
        print(_question(shown, each))
    print(_what_next(written, shown))


def _question(shown: str, each: StillOpen) -> str:
    return f"  {shown}/rulebook.yaml:{each.line}: {each.question.place}\n      {each.question.question}"


def _what_next(written: Written, shown: str) -> str:
    return (
        f"\nNext: open {shown}/rulebook.yaml, write each answer at its line, and take its question out of"
        f" `open_questions`.\nWhen none with `stops_cases: true` is left, write `status: active` in line"
        f" {written.status_line}. After each change:\n\n  ./candor rulebook check {shown}\n\nand in the end:\n\n"
        f"  ./candor setup --agency {written.folder.parent.name} --data /srv/candor\n\n"
        f"docs/rulebook.md tells how to write; docs/rulebook-format.md has every key."
    )


def _as_json(written: Written, warnings: list[str]) -> dict[str, Any]:
    return {
        "folder": str(written.folder),
        "files": list(written.files),
        "answers": str(written.answers),
        "status": "draft",
        "status_line": written.status_line,
        "open_questions": [{"line": each.line, **each.question.model_dump(mode="json")} for each in written.open],
        "warnings": warnings,
    }
