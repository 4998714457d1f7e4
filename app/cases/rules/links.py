"""Links between cases: how two may belong together, and what speaks against a link."""

from collections.abc import Collection, Mapping

from app.kernel.errors import Invalid, Refused

# How a link reads on the page of the case that it was made in, and on that of the other.
RELATIONS: Mapping[str, tuple[str, str]] = {
    "retaliation": ("Retaliation for", "Followed by a complaint of retaliation"),
    "same_incident": ("The same incident", "The same incident"),
    "reopened_as": ("Taken up again as", "Takes up again"),
    "related": ("Belongs together", "Belongs together"),
}
NO_CASE = "There is no case of this number that you may see."
Link = tuple[object, object, str]


def check_link(relation: str, case: object, other: object, standing: Collection[Link]) -> None:
    """Two different cases, once in each relation, whichever way round."""
    if relation not in RELATIONS:
        raise Invalid({"relation": "Choose one of the list."})
    if case == other:
        raise Invalid({"number": "This is the number of this case itself."})
    if {(case, other, relation), (other, case, relation)} & set(standing):
        raise Refused("These two cases are linked like this already.")


def relation_words(relation: str, *, from_here: bool) -> str:
    """How a link reads on the page of one of its two cases."""
    here, there = RELATIONS.get(relation, (relation, relation))
    return here if from_here else there
