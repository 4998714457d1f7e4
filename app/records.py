"""Every table of the house in one place, for migrations and for checks."""

from app.access import absences
from app.access import records as access
from app.administration import records as administration
from app.allegations import records as allegations
from app.audit import records as audit
from app.cases import records as cases
from app.clocks import records as clocks
from app.commission import records as commission
from app.correspondence import records as correspondence
from app.discipline import records as discipline
from app.evidence import records as evidence
from app.imports import records as imports
from app.infra.db import Table
from app.intake import records as intake
from app.people import records as people
from app.policy import records as policy
from app.publication import records as publication

ROOMS = (
    absences,
    access,
    administration,
    allegations,
    audit,
    cases,
    clocks,
    commission,
    correspondence,
    discipline,
    evidence,
    imports,
    intake,
    people,
    policy,
    publication,
)

metadata = Table.metadata
