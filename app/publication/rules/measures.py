"""What every measure counts, of what, and how it is computed from the release's own tables."""

from dataclasses import dataclass, field
from enum import StrEnum

DEFINITIONS_VERSION = 1

# The classes of finding that say what happened; the other ways of ending say nothing about it.
SUSTAINED = frozenset({"sustained"})
DECIDED = frozenset(
    {
        "sustained",
        "insufficient",
        "within_policy",
        "did_not_occur",
        "not_sustained",
        "training_or_coaching",
        "policy_gap",
    }
)


class Kind(StrEnum):
    """How a figure is to be read."""

    COUNT = "count"
    SHARE = "share"
    RATE = "rate"
    VALUE = "value"


@dataclass(frozen=True)
class Measure:
    """One measure: the words printed beside it, and what stands above and below the line."""

    id: str
    label: str
    definition: str
    numerator: str
    denominator: str = ""
    kind: Kind = Kind.COUNT


@dataclass(frozen=True)
class Breakdown:
    """One way to count a table: which count, by which dimensions, over which rows.

    The denominator is the same count over the rows whose classes are in `of` (all where it is empty), for a share
    in the same group, for a distribution over all groups of the first dimension's value where there are two.
    """

    measure: str
    table: str
    count: str
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    classes: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    above: str = ""
    named: tuple[str, ...] = field(default=())

    @property
    def by_name(self) -> str:
        """What stands in the column `by`."""
        return ",".join(self.named or self.by) or "all"


MEASURES = (
    Measure(
        "complaints",
        "Complaints received",
        "Every complaint received up to the day of the release, once, however many people filed it. Complaints "
        "joined to another as duplicates and closures that the rulebook keeps out of publication are not counted. "
        "Cases that the office opened itself, without a complaint, are not counted here, nor is what they allege. "
        "The year and month are those of receipt; where a source gives only the day of the incident, that day.",
        "complaints",
        "all complaints; in a table of one year, all of that year",
    ),
    Measure(
        "complaints_sustained",
        "Complaints with at least one sustained allegation",
        "Complaints in which at least one allegation was sustained, as a share of all complaints received.",
        "complaints with at least one sustained allegation",
        "all complaints received",
        Kind.SHARE,
    ),
    Measure(
        "complaints_sustained_officer",
        "Complaints with a sustained allegation against an identified officer",
        "Complaints in which at least one allegation against an identified officer was sustained.",
        "complaints with at least one sustained allegation against an identified officer",
        "all complaints received",
        Kind.SHARE,
    ),
    Measure(
        "allegations",
        "Allegations",
        "One thing that one officer, known or not yet known, is said to have done; a complaint can have many. The "
        "disposition is the word of the office's own decision as it was written (the board's; where it has none, "
        "that of the nearest deciding life the rulebook publishes). Allegations without a published finding are "
        "shown as blank, or with the word of the source.",
        "allegations",
        "all allegations; in a table of one year or one category, all of that one",
    ),
    Measure(
        "officer_allegations",
        "Allegations against identified officers",
        "Allegations for which the officer is known. An officer accused in several allegations counts each time.",
        "allegations against identified officers",
        "all allegations against identified officers; in a table of one year, all of that year",
    ),
    Measure(
        "sustained_of_all",
        "Sustained, of all allegations",
        "Allegations whose published finding is of the class sustained, as a share of all allegations, decided or not.",
        "sustained allegations",
        "all allegations",
        Kind.SHARE,
    ),
    Measure(
        "sustained_of_investigated",
        "Sustained, of allegations fully investigated",
        "Sustained allegations as a share of those on which it was decided what happened. Closed without a "
        "decision (withdrawn, could not reach the person, officer left) is not in the denominator, so this share "
        "is higher than the one of all allegations.",
        "sustained allegations",
        "allegations fully investigated: the finding says what happened",
        Kind.SHARE,
    ),
    Measure(
        "sustained_of_officer_allegations",
        "Sustained, of allegations against identified officers",
        "The same as the share of all allegations, but only where the officer is known.",
        "sustained allegations against identified officers",
        "all allegations against identified officers",
        Kind.SHARE,
    ),
    Measure(
        "officers",
        "Officers with at least one allegation",
        "Different identified officers against whom there is at least one allegation. An allegation that was not "
        "sustained is not a fact about the officer.",
        "officers",
    ),
    Measure(
        "officer_complaints",
        "Times an officer was named in a complaint",
        "Pairs of one complaint and one identified officer: an officer counts once in each complaint, whatever "
        "the number of allegations in it.",
        "pairs of an officer and a complaint",
    ),
    Measure(
        "officers_by_complaints",
        "Officers by number of complaints",
        "How many identified officers have exactly so many complaints. Officers without a complaint are not in "
        "this count.",
        "officers with so many complaints",
        "all officers with at least one allegation",
    ),
    Measure(
        "officer_deciles",
        "Complaints by tenths of officers",
        "The officers with at least one complaint, sorted by their number of complaints and cut into ten groups "
        "of the same size (the first groups one larger where it does not divide); group 10 has the officers with "
        "the most.",
        "pairs of an officer and a complaint in this tenth",
        "all pairs of an officer and a complaint",
        Kind.SHARE,
    ),
    Measure(
        "officers_ten_or_more",
        "Officers with ten or more complaints",
        "Identified officers with ten or more complaints.",
        "officers with ten or more complaints",
        "all officers with at least one allegation",
        Kind.SHARE,
    ),
    Measure(
        "most_complaints",
        "Most complaints against one officer",
        "The largest number of complaints that any one identified officer has.",
        "complaints",
        kind=Kind.VALUE,
    ),
    Measure(
        "penalties",
        "Recommendations of discipline",
        "Recommendations of discipline and what became of them, in the words of those who wrote them: what was "
        "recommended, what the department answered, and what was imposed. No answer: none had come on the day of the "
        "release although it was due before. The year is that of the answer, or of the sending where none came.",
        "recommendations of discipline",
        "all recommendations; in a table of one year, all of that year",
    ),
    Measure(
        "complainants",
        "Complainants",
        "People who complained and about whom something was noted, whether they said it themselves or a source "
        "did; whoever gave no answer is shown as blank. All years together: smaller tables could point at a person.",
        "complainants",
        "all complainants",
    ),
    Measure(
        "sustained_by_complainant_race",
        "Sustained, by race of the complainants",
        "Allegations against identified officers in complaints whose complainants, as far as they said, all have "
        "one race (otherwise: multiple; none said: blank), and how many of them were sustained.",
        "sustained allegations against identified officers",
        "all allegations against identified officers of that group of complaints",
        Kind.SHARE,
    ),
    Measure(
        "complainants_per_10000",
        "Complainants for each 10,000 residents",
        "Complainants of one race, of all years in this release, for each 10,000 residents of that race in the "
        "population file named in the manifest. It is not a rate for one year.",
        "complainants",
        "residents",
        Kind.RATE,
    ),
    Measure(
        "complaints_per_10000",
        "Complaints for each 10,000 residents",
        "Complaints about one district, of all years in this release, for each 10,000 residents of the district.",
        "complaints",
        "residents",
        Kind.RATE,
    ),
    Measure(
        "demands",
        "Demands on departments",
        "Things asked of a department (records, recordings, statements), by the year they were asked for. "
        "Overdue: not answered on the day of the release although due before it.",
        "demands",
        "all demands; in a table of one year, all of that year",
    ),
    Measure(
        "clocks",
        "Deadlines",
        "Deadlines that the law sets, by the year in which they ended or will end. In time: what was waited for came "
        "on or before the last day, pauses and more time that were granted included. Late: it came afterwards. "
        "Lapsed: it had not come on the day of the release although the last day had passed. Ended with the case: the "
        "case was referred or closed early before the last day, and what was waited for was never done. Each round of "
        "a duty that comes back is one deadline. The office's own aims, earlier warnings of another deadline, and "
        "duties for which the law gives no number of days are not counted.",
        "deadlines",
        "all deadlines; in a table of one year, all of that year",
    ),
    Measure(
        "lapses",
        "Why deadlines were missed",
        "Deadlines that were missed, by the reason that the office gave, out of the list of its rulebook; blank where "
        "it has given none yet.",
        "deadlines that were missed",
        "all deadlines that were missed; in a table of one year, all of that year",
    ),
)

BY_ID = {measure.id: measure for measure in MEASURES}

KNOWN = (("officer", "identified"),)


def _counts() -> tuple[Breakdown, ...]:
    complaints = [
        Breakdown("complaints", table, "complaints", by)
        for table, by in (
            ("cases", ()),
            ("cases", ("year",)),
            ("cases", ("department",)),
            ("cases", ("year", "department")),
            ("cases", ("outcome",)),
            ("cases", ("year", "outcome")),
            ("complaints_by_category", ("category",)),
            ("complaints_by_category", ("year", "category")),
            ("complaints_by_classification", ("classification",)),
            ("complaints_by_classification", ("year", "classification")),
            ("complaints_by_district", ("district",)),
            ("complaints_by_district", ("year", "district")),
            ("complaints_by_channel", ("channel",)),
            ("complaints_by_language", ("language",)),
            ("complaints_by_anonymity", ("anonymity",)),
            ("complaints_by_complainants", ("complainants",)),
            ("complaints_by_officers", ("officers",)),
        )
    ]
    ways: tuple[tuple[str, ...], ...] = (
        (),
        ("year",),
        ("category",),
        ("year", "category"),
        ("disposition",),
        ("year", "disposition"),
        ("class",),
        ("year", "class"),
        ("category", "disposition"),
    )
    allegations = [Breakdown("allegations", "allegations", "allegations", by) for by in ways]
    known = [Breakdown("officer_allegations", "allegations", "allegations", by, KNOWN) for by in ways]
    return (*complaints, *allegations, *known)


def _shares() -> tuple[Breakdown, ...]:
    ways: tuple[tuple[str, ...], ...] = ((), ("year",), ("category",), ("year", "category"))
    made: list[Breakdown] = []
    for by in ways:
        made += [
            Breakdown("sustained_of_all", "allegations", "allegations", by, (), SUSTAINED),
            Breakdown("sustained_of_investigated", "allegations", "allegations", by, (), SUSTAINED, DECIDED),
            Breakdown("sustained_of_officer_allegations", "allegations", "allegations", by, KNOWN, SUSTAINED),
        ]
    return tuple(made)


OTHER_COUNTS = (
    Breakdown("allegations", "allegations_by_subcategory", "allegations", ("category", "subcategory")),
    Breakdown("allegations", "allegations_by_subcategory", "allegations", ("subcategory",)),
    Breakdown("officer_allegations", "allegations_by_officer_race", "allegations", ("officer_race",)),
    Breakdown("officer_allegations", "allegations_by_officer_sex", "allegations", ("officer_sex",)),
    Breakdown("officer_allegations", "allegations_by_penalty", "allegations", ("penalty",)),
    Breakdown("allegations", "allegations_by_department_finding", "allegations", ("department_finding",)),
    Breakdown("penalties", "penalties_recommended", "penalties", ()),
    Breakdown("penalties", "penalties_recommended", "penalties", ("recommended",)),
    Breakdown("penalties", "penalties_recommended", "penalties", ("year", "recommended")),
    Breakdown("penalties", "penalties_imposed", "penalties", ("imposed",)),
    Breakdown("penalties", "penalties_imposed", "penalties", ("year", "imposed")),
    Breakdown("penalties", "answers", "penalties", ("answer",)),
    Breakdown("penalties", "answers", "penalties", ("year", "answer")),
    Breakdown("penalties", "penalties_prosecuted", "penalties", ("prosecuted",)),
    Breakdown("penalties", "penalties_compared", "penalties", ("recommended", "imposed")),
    Breakdown("complainants", "complainants_by_race", "complainants", ()),
    Breakdown("complainants", "complainants_by_race", "complainants", ("complainant_race",)),
    Breakdown("complainants", "complainants_by_sex", "complainants", ("complainant_sex",)),
    Breakdown("demands", "demands", "demands", ()),
    Breakdown("demands", "demands", "demands", ("state",)),
    Breakdown("demands", "demands", "demands", ("year", "state")),
    Breakdown("demands", "demands", "demands", ("kind",)),
    Breakdown("demands", "demands_by_waiting", "demands", ("state", "waiting")),
    Breakdown("clocks", "clocks", "clocks", ()),
    Breakdown("clocks", "clocks", "clocks", ("kept",)),
    Breakdown("clocks", "clocks", "clocks", ("year", "kept")),
    Breakdown("clocks", "clocks", "clocks", ("clock", "kept")),
    Breakdown("lapses", "lapses", "clocks", ("cause",)),
    Breakdown("lapses", "lapses", "clocks", ("year", "cause")),
)

BREAKDOWNS = (*_counts(), *_shares(), *OTHER_COUNTS)

# By periods smaller than a year: two dimensions at most, never three.
PERIODIC = (
    Breakdown("complaints", "complaints_by_month", "complaints", ("received",)),
    Breakdown("complaints", "complaints_by_month", "complaints", ("received", "classification")),
    Breakdown("allegations", "allegations_by_month", "allegations", ("received",)),
    Breakdown("allegations", "allegations_by_month", "allegations", ("received", "category")),
    Breakdown("allegations", "findings_by_month", "allegations", ("received", "disposition")),
    Breakdown("allegations", "findings_by_month", "allegations", ("received", "class")),
    Breakdown("sustained_of_all", "findings_by_month", "allegations", ("received",), (), SUSTAINED),
    Breakdown("sustained_of_investigated", "findings_by_month", "allegations", ("received",), (), SUSTAINED, DECIDED),
)
