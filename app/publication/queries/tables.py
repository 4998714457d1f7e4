"""The public tables with which releases begin: complaints, allegations, demands, answers."""

from collections.abc import Iterator

from app.access.work import Work
from app.publication.queries.cubes import ALLEGATIONS, COMPLAINTS, Rows, count, select_rows
from app.publication.queries.sources import books_of
from app.publication.rules.scope import Scope
from app.publication.rules.tables import BLANK, Table, table_of

COMPLAINT_SETS = {
    "cases": ("year", "department", "outcome"),
    "complaints_by_month": ("received", "classification"),
    "complaints_by_category": ("year", "category"),
    "complaints_by_classification": ("year", "classification"),
    "complaints_by_district": ("year", "district"),
    "complaints_by_channel": ("channel",),
    "complaints_by_language": ("language",),
    "complaints_by_anonymity": ("anonymity",),
}
OF_FILERS = {"complaints_by_channel", "complaints_by_language", "complaints_by_anonymity"}
# What nobody has filled in says nothing: such a table is left out, unless it is the one that all others rest on.
ALWAYS = {"cases", "complaints_by_month"}

ALLEGATION_SETS = {
    "allegations": ("year", "category", "disposition", "class", "officer"),
    "allegations_by_month": ("received", "category"),
    "findings_by_month": ("received", "disposition", "class"),
    "allegations_by_subcategory": ("category", "subcategory"),
}
KNOWN_SETS = {
    "allegations_by_officer_race": ("officer_race",),
    "allegations_by_officer_sex": ("officer_sex",),
    "allegations_by_penalty": ("penalty",),
}

INVOLVED = """
SELECT CASE WHEN {n} >= 10 THEN '10+' ELSE CAST({n} AS text) END, count(*) FROM (
  SELECT c.id, {what} AS n FROM complaint c {joined} GROUP BY c.id) AS involved GROUP BY 1"""

BY_FINDING = """
SELECT per.year, CASE WHEN per.any_one THEN 'yes' ELSE 'no' END,
  CASE WHEN per.known_one THEN 'yes' ELSE 'no' END, count(*)
FROM (SELECT c.id, c.year, coalesce(bool_or(a.sustained = 1), false) AS any_one,
             coalesce(bool_or(a.sustained = 1 AND a.officer = 'identified'), false) AS known_one
      FROM complaint c LEFT JOIN allegation a ON a.case_id = c.id GROUP BY c.id, c.year) AS per
GROUP BY 1, 2, 3"""

BY_OFFICER = """
SELECT CAST(per.n AS text), count(*) FROM (
  SELECT a.officer_id, count(DISTINCT a.case_id) AS n FROM allegation a
  WHERE a.officer = 'identified' {years} GROUP BY a.officer_id) AS per GROUP BY 1"""

COMPLAINANTS = """
WITH complaint AS (
  SELECT id FROM cases WHERE received_on <= :through AND NOT closure = ANY(:excluded_closures)
    AND (CAST(:source AS text) = '' OR source = :source)
)
SELECT coalesce(
    (SELECT d.source_values ->> name FROM unnest(CAST(:{column}_names AS text[])) AS name
     WHERE jsonb_exists(d.source_values, name) LIMIT 1), d.{column}), count(*)
FROM demographics d
WHERE (d.case_id IS NULL AND (CAST(:source AS text) = '' OR EXISTS (
    SELECT FROM unnest(CAST(:{column}_names AS text[])) AS name WHERE jsonb_exists(d.source_values, name))))
  OR d.case_id IN (SELECT id FROM complaint)
GROUP BY 1"""

BY_COMPLAINANT_RACE = """,
race AS (
  SELECT d.case_id, count(DISTINCT nullif(d.race, '')) AS races, min(nullif(d.race, '')) AS race
  FROM demographics d WHERE d.case_id IS NOT NULL GROUP BY d.case_id
)
SELECT CASE WHEN r.races > 1 THEN 'multiple' ELSE r.race END, count(*), sum(a.sustained), count(DISTINCT a.case_id)
FROM allegation a LEFT JOIN race r ON r.case_id = a.case_id
WHERE a.officer = 'identified' AND EXISTS (SELECT FROM demographics)
GROUP BY 1"""

# An answer that came after the day of the release is none yet; where it was due before that day, there was none.
PENALTY = """
WITH sent AS (
  SELECT r.*, (r.answered_on IS NULL OR r.answered_on <= :through) AS is_told FROM recommendations r
), penalty AS (
  SELECT coalesce(to_char(coalesce(CASE WHEN r.is_told THEN r.answered_on END, r.sent_on), 'YYYY'), '') AS year,
    r.measure AS recommended, CASE WHEN r.is_told THEN r.imposed ELSE '' END AS imposed,
    CASE WHEN r.is_told AND r.answer IS NOT NULL THEN r.answer WHEN r.due_on < :through THEN 'no answer'
         WHEN r.due_on IS NOT NULL THEN 'not yet due' END AS answer,
    r.source_values ->> (CAST(:paths AS jsonb) -> r.source ->> 'prosecuted') AS prosecuted
  FROM sent r LEFT JOIN cases c ON c.id = r.case_id
  WHERE (CAST(:source AS text) = '' OR r.source = :source)
    AND (r.sent_on IS NULL OR r.sent_on <= :through) AND (c.id IS NULL OR NOT c.closure = ANY(:excluded_closures))
)"""
PENALTY_SETS = {
    "penalties_recommended": ("year", "recommended"),
    "penalties_imposed": ("year", "imposed"),
    "penalties_compared": ("recommended", "imposed"),
    "answers": ("year", "answer"),
    "penalties_prosecuted": ("prosecuted",),
}

DEMAND = """
WITH asked AS (
  SELECT to_char(d.sent_on, 'YYYY') AS year, d.kind,
    CASE WHEN d.answered_on <= :through THEN d.answered_on END AS answered_on, d.sent_on, d.due_on
  FROM demands d JOIN cases c ON c.id = d.case_id
  WHERE (CAST(:source AS text) = '' OR c.source = :source)
    AND d.sent_on <= :through AND NOT c.closure = ANY(:excluded_closures)
), demand AS (
  SELECT year, kind,
    CASE WHEN answered_on <= due_on THEN 'answered in time' WHEN answered_on IS NOT NULL THEN 'answered late'
         WHEN due_on < :through THEN 'overdue' ELSE 'not yet due' END AS state,
    width_bucket(coalesce(answered_on, :through) - sent_on, ARRAY[11, 21, 31, 61, 91]) AS band
  FROM asked
), aged AS (
  SELECT year, kind, state,
    (ARRAY['0-10 days', '11-20 days', '21-30 days', '31-60 days', '61-90 days', 'over 90 days'])[band + 1] AS waiting
  FROM demand
)"""
# The office's own aims are no law and never lapse in public; the least time between two events cannot. A duty without
# a number of days has none that could pass, and what the case ended first was neither kept nor missed.
CLOCK = """
WITH ran AS (
  SELECT to_char(k.due_on, 'YYYY') AS year, k.rule AS clock, k.due_on,
    CASE WHEN k.stopped_on <= :through THEN k.stopped_on END AS stopped_on, k.ended_early
  FROM clocks k JOIN cases c ON c.id = k.case_id
  WHERE k.due_on IS NOT NULL AND NOT k.is_void AND (CAST(:source AS text) = '' OR c.source = :source)
    AND k.started_on <= :through AND NOT c.closure = ANY(:excluded_closures)
), clock AS (
  SELECT year, clock,
    CASE WHEN stopped_on <= due_on AND ended_early THEN 'ended with the case'
         WHEN stopped_on <= due_on THEN 'in time' WHEN stopped_on IS NOT NULL THEN 'late'
         WHEN due_on < :through THEN 'lapsed' ELSE 'still running' END AS kept
  FROM ran
)"""
LAPSE = """
WITH lapse AS (
  SELECT to_char(w.due_on, 'YYYY') AS year, k.rule AS clock, w.cause
  FROM clock_warnings w JOIN clocks k ON k.id = w.clock_id JOIN cases c ON c.id = w.case_id
  WHERE w.step = 0 AND w.ended_on IS NULL AND w.due_on < :through AND NOT c.closure = ANY(:excluded_closures)
    AND (CAST(:source AS text) = '' OR c.source = :source)
)"""
DEMAND_SETS = {"demands": ("year", "kind", "state"), "demands_by_waiting": ("state", "waiting")}


def complaint_tables(work: Work, scope: Scope) -> Iterator[Table]:
    """What came in: by month, year, department, district, kind, outcome, and the way it came."""
    found = count(work, scope, COMPLAINTS, "complaint", COMPLAINT_SETS, ("count(*)",))
    for name, dims in COMPLAINT_SETS.items():
        if name in ALWAYS or _says_something(found[name], len(dims) - 1):
            yield table_of(name, dims, ("complaints",), found[name], describes_filers=name in OF_FILERS)
    complainants = _involved(work, scope, "count(d.id)", "JOIN demographics d ON d.case_id = c.id")
    if complainants:
        yield table_of(
            "complaints_by_complainants", ("complainants",), ("complaints",), complainants, describes_filers=True
        )
    officers = _involved(
        work,
        scope,
        "count(DISTINCT a.officer_id)",
        "JOIN allegations a ON a.case_id = c.id AND a.officer_id IS NOT NULL",
    )
    yield table_of("complaints_by_officers", ("officers",), ("complaints",), officers)


def allegation_tables(work: Work, scope: Scope) -> Iterator[Table]:
    """What was alleged and what was found on it."""
    sets = {**ALLEGATION_SETS, **{name: ("officer", *dims) for name, dims in KNOWN_SETS.items()}}
    sets["allegations_by_department_finding"] = ("department_finding",)
    found = count(work, scope, ALLEGATIONS, "allegation", sets, ("count(*)",))
    for name, dims in ALLEGATION_SETS.items():
        if name != "allegations_by_subcategory" or _says_something(found[name], 1):
            yield table_of(name, dims, ("allegations",), found[name])
    for name, dims in KNOWN_SETS.items():
        known = [(group[1:], counts) for group, counts in found[name] if group[0] == "identified"]
        if _says_something(known, 0):
            yield table_of(name, dims, ("allegations",), known)
    if _says_something(found["allegations_by_department_finding"], 0):
        name = "allegations_by_department_finding"
        yield table_of(name, ("department_finding",), ("allegations",), found[name])
    per_complaint = select_rows(work, scope, f"WITH {ALLEGATIONS} {BY_FINDING}", 3)
    yield table_of("complaints_by_finding", ("year", "sustained", "sustained_officer"), ("complaints",), per_complaint)


def officer_tables(work: Work, scope: Scope) -> Iterator[Table]:
    """How many officers have how many complaints; no officer is named or numbered."""
    for window in (None, *scope.windows):
        years = "" if window is None else f"AND a.year BETWEEN '{window[0]}' AND '{window[1]}'"
        rows = select_rows(work, scope, f"WITH {ALLEGATIONS} {BY_OFFICER.format(years=years)}", 1)
        name = "officers_by_complaints" + ("" if window is None else f"_{window[0]}_{window[1]}")
        yield table_of(name, ("complaints",), ("officers",), rows)


def complainant_tables(work: Work, scope: Scope) -> Iterator[Table]:
    """What complainants said of themselves: one thing at a time, all years together."""
    for column in ("race", "sex"):
        rows = select_rows(work, scope, COMPLAINANTS.format(column=column), 1)
        if _says_something(rows, 0):
            dims = (f"complainant_{column}",)
            yield table_of(f"complainants_by_{column}", dims, ("complainants",), rows, describes_filers=True)
    rows = select_rows(work, scope, f"WITH {ALLEGATIONS} {BY_COMPLAINANT_RACE}", 1)
    if _says_something(rows, 0):
        yield table_of(
            "allegations_by_complainant_race",
            ("complainant_race",),
            ("allegations", "sustained"),
            [(group, counts[:2]) for group, counts in rows],
            describes_filers=True,
            guards={(group[0] or BLANK,): counts[2] for group, counts in rows},
        )


def penalty_tables(work: Work, scope: Scope) -> Iterator[Table]:
    """What discipline was recommended, answered and imposed."""
    found = count(work, scope, PENALTY.strip().removeprefix("WITH "), "penalty", PENALTY_SETS, ("count(*)",))
    for name, dims in PENALTY_SETS.items():
        if _says_something(found[name], len(dims) - 1):
            yield table_of(name, dims, ("penalties",), found[name])


def demand_tables(work: Work, scope: Scope) -> Iterator[Table]:
    """What departments were asked for, and how long the answer took."""
    found = count(work, scope, DEMAND.strip().removeprefix("WITH "), "aged", DEMAND_SETS, ("count(*)",))
    for name, dims in DEMAND_SETS.items():
        if found[name]:
            yield table_of(name, dims, ("demands",), found[name])


def clock_tables(work: Work, scope: Scope) -> Iterator[Table]:
    """Deadlines kept and missed, by the year they ended in; and why they were missed, where the rulebook counts it."""
    rules = [rule for book in books_of(work) for rule in book.deadlines]
    aims = {rule.code for rule in rules if rule.is_goal or rule.is_least or rule.warns_of}
    dims = ("year", "clock", "kept")
    found = count(work, scope, CLOCK.strip().removeprefix("WITH "), "clock", {"clocks": dims}, ("count(*)",))["clocks"]
    owed = [(group, counts) for group, counts in found if group[1] not in aims]
    if owed:
        yield table_of("clocks", dims, ("clocks",), owed)
    dims = ("year", "clock", "cause")
    missed = count(work, scope, LAPSE.strip().removeprefix("WITH "), "lapse", {"lapses": dims}, ("count(*)",))["lapses"]
    told = [(group, counts) for group, counts in missed if group[1] not in aims]
    if _says_something(told, 2):
        yield table_of("lapses", dims, ("clocks",), told)


def _involved(work: Work, scope: Scope, what: str, joined: str) -> Rows:
    return select_rows(work, scope, f"WITH {COMPLAINTS} {INVOLVED.format(n='involved.n', what=what, joined=joined)}", 1)


def _says_something(rows: Rows, column: int) -> bool:
    """Whether anybody has filled this column in."""
    return any((group[column] or "").strip() for group, _ in rows)


# What `app/stages.py` gathers; a stage that comes to count its own things adds its own function there.
TABLES = (
    complaint_tables,
    allegation_tables,
    officer_tables,
    complainant_tables,
    penalty_tables,
    demand_tables,
    clock_tables,
)
