"""`journal`: verify the whole of it, and prove that one receipt's filing is in it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.installation import opened_house
from app.cli.terminal import print_json, progress, settings_from
from app.intake.rules.receipt import BadReceipt, Receipt, proves
from app.kernel.errors import NotFound, Refused
from app.operations import proof

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Data = Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    family = typer.Typer(no_args_is_help=True, help="The journal of everything that happened.")
    family.command("verify")(verify_journal)
    family.command("prove")(prove_receipt)
    app.add_typer(family, name="journal")


def verify_journal(
    since: Annotated[
        Path | None, typer.Option(help="A checkpoint kept elsewhere: it must still be part of this journal.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Prove that no entry was altered, removed, put in or moved. A tail not yet sealed is no fault."""
    note = _note(since) if since else None
    with opened_house(settings_from(data), progress) as house:
        found = proof.verify(house, proof.checkpoint_in(house, note) if note else None)
    if as_json:
        print_json(
            {
                "ok": found.ok,
                "entries": found.entries,
                "sealed": found.sealed,
                "unsealed": found.unsealed,
                "differences": [{"index": d.index, "what": d.what} for d in found.differences],
            }
        )
    else:
        for difference in found.differences:
            print(f"entry {difference.index}: {difference.what}" if difference.index is not None else difference.what)
        print(f"{found.entries} entries, {found.sealed} sealed, {found.unsealed} not yet.")
    if not found.ok:
        raise Refused(
            f"The journal was tampered with: {found.differences[0].what}. "
            "Stop the installation, keep a copy of the database as it is, and compare it with a backup."
        )


def prove_receipt(
    receipt: Annotated[str, typer.Argument(metavar="RECEIPT", help="As the filer got it: candor1.….…")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Seal what waits, then print the proof that this receipt's filing is in the journal as it was acknowledged."""
    document = _proof(data, _parsed(receipt))
    if as_json:
        print_json({"receipt": receipt, **document})
        return
    for name in ("entry", "leaf", "index", "size", "root"):
        print(f"{name}: {document[name]}")
    print("\n  ".join(["proof:", *document["proof"]]))
    print(f"verifier key: {document['verifier_key']}\ncheckpoint:\n{document['checkpoint']}")


def _parsed(text: str) -> Receipt:
    try:
        return Receipt.parse(text)
    except BadReceipt:
        raise Refused("This is not a receipt: it begins with candor1 and has three parts.") from None


def _proof(data: Path | None, receipt: Receipt) -> dict[str, Any]:
    with opened_house(settings_from(data), progress) as house:
        document = proof.prove(house, receipt.entry_id)
    if document is None:
        raise NotFound("No entry of this journal belongs to this receipt.")
    if not proves(receipt, document["entry"].encode()):
        raise Refused("The entry is there, but it is not the one that was acknowledged: run ./candor journal verify.")
    return document


def _note(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"{path} cannot be read as a checkpoint.") from problem
