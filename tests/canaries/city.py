"""The installation that the canaries live in, and all that it leaves behind."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.api.conftest import Office
from tests.canaries.crawl import Candidate, Person
from tests.installation import Installed

# Where a place-holder's name does not say in which table its values are.
TABLES = {
    "account_id": ["accounts"],
    "build_id": ["release_builds"],
    "entry_id": ["journal_entries"],
    "file_id": ["filing_files"],
    "half_id": ["second_halves"],
    "item_id": ["docket_items", "evidence_items"],
    "machine_id": ["accounts"],
    "report_id": ["reports_to_others"],
    "request_id": ["filer_requests"],
    "side_id": ["case_sides"],
    "use_id": ["vault_uses"],
    "word_id": ["session_words"],
    "warning_id": ["clock_warnings"],
}
SAID = {
    "appeal": ["reconsideration", "none"],
    "code": ["charter"],
    "number": ["1"],
    "name": ["figures", "figures.csv", "annual"],
    "release_id": ["none"],
    "secret": ["x"],
    "size": ["1"],
    "step": ["you", "what", "review"],
    "upload_id": ["none"],
}
PARENTS = ("case_id", "filing_id", "meeting_id", "clock_id")
MOST_ENTRIES = 12


@dataclass
class City:
    """The installation, its words by compartment, its people, and what it leaves behind."""

    installed: Installed
    office: Office
    words: dict[str, str]
    secrets: dict[str, str]
    people: dict[str, Person]
    cases: dict[str, str]
    logged: StringIO
    temporary: Path
    mails: list[str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the owner of the tables reads."""
        with psycopg.connect(self.installed.url.replace("+psycopg", "")) as connection:
            return connection.execute(query).fetchall()

    def places(self, names: set[str]) -> dict[str, list[Candidate]]:
        """What may stand in the places of the routes: all that there is."""
        return {name: self._said(name) or self._found(name) or [{name: str(uuid4())}] for name in names}

    @staticmethod
    def _said(name: str) -> list[Candidate]:
        return [{name: value} for value in SAID.get(name, [])]

    def _found(self, name: str) -> list[Candidate]:
        found: list[Candidate] = []
        for table in TABLES.get(name, [f"{name.removesuffix('_id')}s"]):
            columns = {
                row[0]
                for row in self.rows(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
            }
            assert "id" in columns, f"{{{name}}}: no table is known for it; name one in TABLES or SAID"
            parents = [parent for parent in PARENTS if parent in columns and parent != name]
            for row in self.rows(f"SELECT {', '.join(['id', *parents])} FROM {table} LIMIT {MOST_ENTRIES}"):
                values = zip([name, *parents], row, strict=True)
                found.append({key: str(value) for key, value in values if value is not None})
        return found
