"""The cases that a case is linked with, and others of the same officers or filer; never one behind a wall."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import rules
from app.cases.queries.visible import names_of, visible_cases
from app.cases.records import Case, CaseLink
from app.intake.records import Filing
from app.people import queries as people

LISTED = 50


@dataclass(frozen=True)
class ShownLink:
    """One link as it reads on the page of one of its two cases."""

    relation: str
    words: str
    case: Case
    stage: str
    reason: str
    who: str
    linked_at: datetime | None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawal: str = ""


@dataclass(frozen=True)
class OtherCase:
    """A case that names the same officer, or that the same person filed."""

    id: UUID
    number: str
    received_on: date
    why: str


def visible_links(work: Work) -> Select[CaseLink]:
    """The links between two cases of which this person may know both; row security says the same."""
    visible = visible_cases(work).with_only_columns(Case.id)
    return select(CaseLink).where(CaseLink.case_id.in_(visible), CaseLink.other_id.in_(visible))


def links_of(work: Work, case_id: UUID) -> list[CaseLink]:
    """The links of one case that stand, whichever way round."""
    return [each for each in links_ever(work, case_id) if each.withdrawn_at is None]


def links_ever(work: Work, case_id: UUID) -> list[CaseLink]:
    """The same with those that were withdrawn, which come last."""
    query = visible_links(work).where(or_(CaseLink.case_id == case_id, CaseLink.other_id == case_id))
    order = (CaseLink.withdrawn_at.nulls_first(), CaseLink.linked_at, CaseLink.kind)
    return list(work.session.scalars(query.order_by(*order)))


def times_linked(work: Work, case_id: UUID, other_id: UUID, relation: str) -> int:
    """How often these two were linked like this and it was withdrawn."""
    ever = links_ever(work, case_id)
    return sum((each.case_id, each.other_id, each.kind) == (case_id, other_id, relation) for each in ever)


def shown_links(work: Work, case: Case) -> list[ShownLink]:
    """The same as a page shows them."""
    links = links_ever(work, case.id)
    others = {link: link.other_id if link.case_id == case.id else link.case_id for link in links}
    found = {each.id: each for each in work.session.scalars(visible_cases(work).where(Case.id.in_(others.values())))}
    people_named = {key for link in links for key in (link.linked_by_id, link.withdrawn_by_id) if key}
    names = names_of(work, people_named)
    return [_shown(work, link, found[key], names, from_here=link.case_id == case.id) for link, key in others.items()]


def _shown(work: Work, link: CaseLink, other: Case, names: dict[UUID, str], *, from_here: bool) -> ShownLink:
    return ShownLink(
        relation=link.kind,
        words=rules.relation_words(link.kind, from_here=from_here),
        case=other,
        stage=work.policies.named(other.policy_id).stage(other.stage).label.to("en"),
        reason=link.reason,
        who=names.get(link.linked_by_id or UUID(int=0), ""),
        linked_at=link.linked_at,
        withdrawn_at=link.withdrawn_at,
        withdrawn_by=names.get(link.withdrawn_by_id or UUID(int=0), ""),
        withdrawal=link.withdrawal,
    )


def links_tab(work: Work, case: Case) -> tuple[str, str, int]:
    """The tab of linked cases, with how many links this person may know of."""
    return ("Linked cases", f"/office/cases/{case.id}/links", len(links_of(work, case.id)))


def links_view(work: Work, case: Case, other_id: str = "", relation: str = "") -> dict[str, Any]:
    """What the tab shows: the links, and other cases of the same officers, for those who may read the roster."""
    links = shown_links(work, case)
    standing = (each for each in links if each.withdrawn_at is None)
    return {
        "links": links,
        "withdrawing": next((e for e in standing if (str(e.case.id), e.relation) == (other_id, relation)), None),
        "relations": [(code, words) for code, (words, _) in rules.RELATIONS.items()],
        "of_officers": cases_of_officers(work, case.id) if work.may(Permission.OFFICER_READ) else None,
        "may_seek_filer": work.may(Permission.IDENTITY_OPEN),
    }


def cases_of_officers(work: Work, case_id: UUID) -> list[OtherCase]:
    """Other cases that this person may know of and that name an officer of this one."""
    named: dict[UUID, list[str]] = {}
    for part in work.parts("cases_of_officers"):
        for other_id, officer in part(work, case_id):
            named.setdefault(other_id, []).append(officer)
    return _others(work, {key: ", ".join(sorted(set(officers))) for key, officers in named.items() if key != case_id})


def cases_of_filer(work: Work, case_id: UUID) -> list[OtherCase]:
    """Other cases filed by whoever filed this one, as far as their sealed name or contact says so."""
    filings = list(work.session.scalars(select(Filing.id).where(Filing.case_id == case_id)))
    same = people.filings_of_same_person(work, filings)
    rows = work.session.execute(select(Filing.id, Filing.case_id).where(Filing.id.in_(same)))
    return _others(work, {row.case_id: same[row.id] for row in rows if row.case_id not in (None, case_id)})


def _others(work: Work, why: dict[UUID, str]) -> list[OtherCase]:
    query = visible_cases(work).where(Case.id.in_(why)).order_by(Case.received_on.desc(), Case.id).limit(LISTED)
    return [OtherCase(each.id, each.number, each.received_on, why[each.id]) for each in work.session.scalars(query)]
