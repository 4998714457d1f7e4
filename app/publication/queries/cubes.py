"""Counts over many groupings in one statement, so that a table of millions is read once."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from app.access.work import Work
from app.publication.rules.scope import LIVES, Scope

Rows = list[tuple[tuple[str | None, ...], tuple[int, ...]]]
FETCH = 2000

# A day of receipt that a source does not know is not made up: its year alone is counted.
COMPLAINTS = """
complaint AS NOT MATERIALIZED (
  SELECT c.id, c.source, c.department_id AS department, c.district, c.category, c.classification, c.language,
    c.anonymity,
    coalesce(c.source_values ->> (CAST(:paths AS jsonb) -> c.source ->> 'channel'), c.channel) AS channel,
    to_char(c.received_on, 'YYYY') AS year,
    to_char(c.received_on, CASE WHEN c.source_values ->> 'received' = 'year' THEN 'YYYY' ELSE 'YYYY-MM' END)
      AS received,
    CASE WHEN c.closed_on > :through OR NOT c.stage = ANY(:final_stages) THEN 'open'
         ELSE coalesce(nullif(c.result, ''), nullif(c.closure, ''), 'closed') END AS outcome
  FROM cases c
  WHERE c.received_on <= :through AND NOT c.closure = ANY(:excluded_closures)
    AND (CAST(:source AS text) = '' OR c.source = :source)
    AND (NOT c.origin = ANY(:own_kinds) OR EXISTS (SELECT FROM filings f WHERE f.case_id = c.id))
)"""

# Statements are put together of our own words alone; what comes from outside is always a parameter.
# The lives of one allegation stand side by side: the first published one in the order of the definition is counted.
ALLEGATIONS = f"""{COMPLAINTS},
found AS NOT MATERIALIZED (
  SELECT f.allegation_id,
    (array_agg(coalesce(f.source_value, f.disposition)
       ORDER BY array_position(CAST(:order AS text[]), f.life)))[1] AS disposition,
    (array_agg(f.finding_class ORDER BY array_position(CAST(:order AS text[]), f.life)))[1] AS class,
    max(coalesce(f.source_value, f.disposition)) FILTER (WHERE f.life = 'department') AS department_finding
  FROM findings f
  WHERE f.superseded_at IS NULL AND (f.found_on IS NULL OR f.found_on <= :through)
    AND (f.life = ANY(:lives) OR f.source_value IS NOT NULL) AND NOT f.disposition = ANY(:excluded_findings)
  GROUP BY f.allegation_id
),
imposed AS NOT MATERIALIZED (
  SELECT r.allegation_id, max(r.imposed) AS imposed FROM recommendations r
  WHERE r.allegation_id IS NOT NULL AND r.imposed <> '' AND (r.answered_on IS NULL OR r.answered_on <= :through)
  GROUP BY r.allegation_id
),
allegation AS NOT MATERIALIZED (
  SELECT a.case_id, c.year, c.received, a.category, a.subcategory, a.officer_id,
    CASE WHEN o.id IS NULL OR o.is_unknown THEN 'unknown' ELSE 'identified' END AS officer,
    coalesce(a.source_values ->> (CAST(:paths AS jsonb) -> a.source ->> 'officer_race'), o.race) AS officer_race,
    coalesce(a.source_values ->> (CAST(:paths AS jsonb) -> a.source ->> 'officer_sex'), o.sex) AS officer_sex,
    coalesce(a.source_values ->> (CAST(:paths AS jsonb) -> a.source ->> 'disposition'), f.disposition) AS disposition,
    coalesce(a.source_values ->> (CAST(:paths AS jsonb) -> a.source ->> 'penalty'), i.imposed) AS penalty,
    f.class, f.department_finding,
    CASE WHEN f.class = 'sustained' THEN 1 ELSE 0 END AS sustained
  FROM allegations a
  JOIN complaint c ON c.id = a.case_id
  LEFT JOIN officers o ON o.id = a.officer_id
  LEFT JOIN found f ON f.allegation_id = a.id
  LEFT JOIN imposed i ON i.allegation_id = a.id
  WHERE a.withdrawn_at IS NULL
)"""  # noqa: S608


def values_of(scope: Scope) -> dict[str, Any]:
    """What the statements are given."""
    return {
        "through": scope.through,
        "final_stages": list(scope.final_stages),
        "excluded_closures": list(scope.excluded_closures),
        "excluded_findings": list(scope.excluded_findings),
        "lives": list(scope.lives),
        "order": list(LIVES),
        "source": scope.source,
        "own_kinds": list(scope.own_kinds),
        "race_names": _names(scope, "complainant_race"),
        "sex_names": _names(scope, "complainant_sex"),
        "paths": json.dumps({source: dict(paths) for source, paths in scope.paths.items()}),
    }


def read_everything(work: Work) -> None:
    """Settles how this transaction reads: whole tables once; right after an import the planner knows no better."""
    work.session.execute(text("SET LOCAL enable_nestloop = off"))
    work.session.execute(text("SET LOCAL work_mem = '64MB'"))


def _names(scope: Scope, what: str) -> list[str]:
    """What the sources call it: rows that hang on no complaint do not say which source they are of."""
    chosen = [paths for source, paths in scope.paths.items() if scope.source in ("", source)]
    return sorted({paths[what] for paths in chosen if what in paths})


def count(
    work: Work, scope: Scope, given: str, source: str, sets: Mapping[str, Sequence[str]], counts: Sequence[str]
) -> dict[str, Rows]:
    """The counts of one relation by several groupings: `sets` is name -> columns; nothing else comes from outside."""
    columns = sorted({column for names in sets.values() for column in names})
    groupings = ", ".join(f"({', '.join(names)})" for names in sets.values())
    statement = text(
        f"WITH {given} SELECT grouping({', '.join(columns)}), {', '.join(columns)}, {', '.join(counts)} "  # noqa: S608 - our own names
        f"FROM {source} GROUP BY GROUPING SETS ({groupings})"
    )
    by_mask = {_mask(columns, names): name for name, names in sets.items()}
    found: dict[str, Rows] = {name: [] for name in sets}
    result = work.session.execute(statement, _needed(given, values_of(scope)))
    for row in result.yield_per(FETCH):
        name = by_mask[row[0]]
        cells = dict(zip(columns, row[1 : 1 + len(columns)], strict=True))
        found[name].append((tuple(cells[column] for column in sets[name]), tuple(row[1 + len(columns) :])))
    return found


def select_rows(work: Work, scope: Scope, statement: str, dims: int) -> Rows:
    """The rows of one statement: so many dimensions, then counts."""
    values = _needed(statement, values_of(scope))
    result = work.session.execute(text(statement), values).yield_per(FETCH)
    return [(tuple(row[:dims]), tuple(row[dims:])) for row in result]


def _mask(columns: Sequence[str], names: Sequence[str]) -> int:
    """PostgreSQL's grouping(): a bit for each column that is not part of the grouping, the last one lowest."""
    return sum(1 << place for place, column in enumerate(reversed(columns)) if column not in names)


def _needed(statement: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f":{name}" in statement}
