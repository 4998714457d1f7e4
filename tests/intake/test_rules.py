"""What intake takes, by the rulebook alone."""

import pytest

from app.intake.rules.filing import AnonymityKind, check_taken
from app.kernel.errors import Invalid
from app.policy.loader import Rulebooks


@pytest.mark.parametrize("kind", list(AnonymityKind))
def test_a_complaint_is_taken_only_in_the_ways_of_the_rulebook(policies: Rulebooks, kind: AnonymityKind) -> None:
    open_to_all, by_name_only = policies.of("riverbend")[-1], policies.of("washington-dc-opc")[-1]
    check_taken(open_to_all, kind)
    if kind is AnonymityKind.NAMED:
        check_taken(by_name_only, kind)
        return
    with pytest.raises(Invalid) as refusal:
        check_taken(by_name_only, kind)
    assert refusal.value.fields == {"anonymity": "This office does not take such complaints. It takes: named."}
