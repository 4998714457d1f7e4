"""Every table of the house in one place, for migrations and for checks."""

import app.access.records
import app.allegations.records
import app.audit.records
import app.cases.records
import app.clocks.records
import app.commission.records
import app.correspondence.records
import app.discipline.records
import app.evidence.records
import app.imports.records
import app.intake.records
import app.people.records
import app.policy.records
import app.publication.records
from app.infra.db import Table

metadata = Table.metadata
