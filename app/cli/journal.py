"""`journal`: verify the whole of it, and prove that one receipt's filing is in it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from app.audit import candor_verify
from app.cli.installation import opened_house
from app.cli.terminal import print_json, progress, settings_from
from app.intake.rules.receipt import BadReceipt, Receipt, proves
from app.kernel.errors import NotFound, Refused
from app.operations import journal_rows, proof

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Data = Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    family = typer.Typer(no_args_is_help=True, help="The journal of everything that happened.")
    family.command("verify")(verify_journal)
    family.command("prove")(prove_receipt)
    family.command("export")(export_journal)
    family.command("check")(check_file)
    app.add_typer(family, name="journal")


def verify_journal(
    since: Annotated[
        Path | None, typer.Option(help="Only what came after this checkpoint, which must still be part of the journal.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint kept elsewhere; the whole journal is held against each.")
    ] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Also hold every row against the entry that it names.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Prove that no entry was altered, removed, put in or moved. A tail not yet sealed is no fault."""
    note, notes = _note(since) if since else None, [_note(path) for path in checkpoint or []]
    with opened_house(settings_from(data), progress) as house:
        outside = [proof.checkpoint_in(house, each) for each in notes]
        found = proof.verify(house, proof.checkpoint_in(house, note) if note else None, outside)
        kept = journal_rows.verify_rows(house) if rows else None
    if as_json:
        print_json(_as_json(found) | ({"rows": asdict(kept)} if kept is not None else {}))
    else:
        _print_found(found, kept)
    if not found.ok:
        raise Refused(
            f"The journal was tampered with: {found.differences[0].what}. "
            "Stop the installation, keep a copy of the database as it is, and compare it with a backup."
        )
    if kept is not None and not kept.ok:
        raise Refused(
            f"A row is not what the journal says: {kept.differences[0]}. Keep a copy of the database as it is."
        )


def _as_json(found: proof.Verified) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "entries": found.entries,
        "sealed": found.sealed,
        "unsealed": found.unsealed,
        "differences": [{"index": d.index, "what": d.what} for d in found.differences],
    }


def _print_found(found: proof.Verified, kept: journal_rows.Found | None) -> None:
    for difference in found.differences:
        print(f"entry {difference.index}: {difference.what}" if difference.index is not None else difference.what)
    print(f"{found.entries} entries, {found.sealed} sealed, {found.unsealed} not yet.")
    if kept is None:
        return
    print("\n".join(kept.differences))
    print(
        f"{kept.rows} rows, each with its entry; of {kept.compared} the words were compared. "
        f"Of {kept.unsaid} the entry is older than commitments or was imported, of {kept.forgotten} they were erased."
    )


def export_journal(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file: one line of JSON for each entry.")],
    data: Data = None,
) -> None:
    """Write the sealed journal and its checkpoints to a file that candor_verify.py checks on another machine."""
    with opened_house(settings_from(data), progress) as house:
        count = proof.export_journal(house, file)
    print(f"{count} entries. Check them elsewhere: python3 candor_verify.py {file.name} --checkpoint NOTE")


def check_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A proof, or an exported journal.")],
    key: Annotated[str, typer.Option(help="The verifier key, from paper or an earlier mail.")] = "",
    receipt: Annotated[str, typer.Option(help="The line of the receipt, beginning with candor1.")] = "",
    checkpoint: Annotated[list[Path] | None, typer.Option(help="A checkpoint that you kept.")] = None,
) -> None:
    """Check a proof or an exported journal as anybody can elsewhere: without the database and without the keys."""
    try:
        said = candor_verify.check(file, key, receipt, [_note(path) for path in checkpoint or []])
    except candor_verify.Bad as problem:
        raise Refused(f"It does not hold. {problem}") from problem
    print("\n".join(["It holds.", *said]))


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
