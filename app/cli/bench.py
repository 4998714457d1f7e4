"""`bench` and `prove`: how fast it is, and whether the measures that were promised hold."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app import stages
from app.cli.terminal import print_json, progress
from app.kernel.errors import Refused
from app.operations import prove as proofs
from app.operations.bench.run import CASES, bench

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("bench")(run_benches)
    app.command("prove")(prove)


def run_benches(
    name: Annotated[str | None, typer.Argument(help="One bench, or the beginning of several names.")] = None,
    data: Annotated[Path | None, typer.Option(help="A folder that `generate` has filled; else a new one.")] = None,
    cases: Annotated[int, typer.Option(help="How many cases to generate where there are none.", min=100)] = CASES,
    as_json: Json = False,
) -> None:
    """Measure pages, filing, its bare twin and the report, on servers of the bench's own."""
    found = bench(name, stages.WIRING, progress, data=data and data.absolute(), count=cases)
    if as_json:
        print_json(found)
        return
    for bench_name, figures in found["benches"].items():
        print(f"{bench_name:<24}{_in_a_line(figures)}")


def prove(
    name: Annotated[str | None, typer.Argument(help="One measure; all that are not proved yet when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Prove the measures at full size and keep the figures in docs/measures.json."""
    found = proofs.prove(name, stages.WIRING, progress)
    if as_json:
        print_json(found)
    else:
        for measure, entry in found["measures"].items():
            print(f"{measure:<10}{'holds' if entry['holds'] else 'DOES NOT HOLD'}  {_in_a_line(entry['figures'])}")
    failed = [measure for measure, entry in found["measures"].items() if not entry["holds"]]
    if failed:
        raise Refused(f"Does not hold: {', '.join(failed)}. The figures are in docs/measures.json.")


def _in_a_line(figures: dict[str, Any]) -> str:
    return "  ".join(f"{name} {value}" for name, value in figures.items() if not isinstance(value, dict | list))
