"""The words that go with a release: every measure's definition, the rulebook's words for its codes, its reports."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.kernel.canonical import Json
from app.kernel.text import DEFAULT_LANGUAGE, LocalText
from app.policy.model import Rulebook
from app.publication.rules.measures import DEFINITIONS_VERSION, MEASURES
from app.publication.rules.protection import REASONS

CLASSES: Mapping[str, Mapping[str, str]] = {
    "sustained": {"en": "Sustained", "es": "Comprobada"},
    "insufficient": {"en": "Not enough evidence", "es": "Pruebas insuficientes"},
    "within_policy": {"en": "Within the rules", "es": "Dentro de las normas"},
    "did_not_occur": {"en": "Did not happen", "es": "No ocurrió"},
    "not_sustained": {"en": "Not sustained", "es": "No comprobada"},
    "training_or_coaching": {"en": "Training or coaching", "es": "Capacitación o instrucción"},
    "policy_gap": {"en": "The rule should change", "es": "La norma debe cambiar"},
    "resolved_otherwise": {"en": "Resolved in another way", "es": "Resuelta de otra manera"},
    "not_investigated": {"en": "Ended without a decision", "es": "Terminó sin decisión"},
    "closed_resource": {"en": "Closed for lack of means", "es": "Cerrada por falta de medios"},
    "officer_left": {"en": "The officer left", "es": "El agente dejó el cargo"},
    "officer_unidentified": {"en": "The officer was not identified", "es": "No se identificó al agente"},
    "unclassified": {"en": "Another word of the source", "es": "Otra palabra de la fuente"},
    "(blank)": {"en": "No published finding", "es": "Sin conclusión publicada"},
}

RACES: Mapping[str, Mapping[str, str]] = {
    "white": {"en": "White", "es": "Blanca"},
    "black": {"en": "Black", "es": "Negra"},
    "latino": {"en": "Latino", "es": "Latina"},
    "asian": {"en": "Asian", "es": "Asiática"},
    "other": {"en": "Other", "es": "Otra"},
    "multiple": {"en": "Multiple", "es": "Varias"},
}
SEXES: Mapping[str, Mapping[str, str]] = {
    "male": {"en": "Male", "es": "Hombre"},
    "female": {"en": "Female", "es": "Mujer"},
}
# Words of ours for what no rulebook names.
OWN: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "outcome": {
        "open": {"en": "Not finished yet", "es": "Aún sin terminar"},
        "closed": {"en": "Finished", "es": "Terminada"},
    },
    "state": {
        "answered in time": {"en": "Answered in time", "es": "Respondida a tiempo"},
        "answered late": {"en": "Answered late", "es": "Respondida tarde"},
        "overdue": {"en": "Overdue", "es": "Vencida"},
        "not yet due": {"en": "Not yet due", "es": "Dentro del plazo"},
    },
    "kept": {
        "in time": {"en": "In time", "es": "A tiempo"},
        "late": {"en": "Late", "es": "Con retraso"},
        "ended with the case": {"en": "Ended with the case", "es": "Terminó con el caso"},
        "lapsed": {"en": "Lapsed", "es": "Vencido"},
        "still running": {"en": "Still running", "es": "Aún en curso"},
    },
    "cause": {"(blank)": {"en": "Not explained yet", "es": "Aún sin explicar"}},
    "answer": {
        "no answer": {"en": "No answer", "es": "Sin respuesta"},
        "not yet due": {"en": "Not yet due", "es": "Dentro del plazo"},
    },
    "class": CLASSES,
    "disposition": {"(blank)": {"en": "No published finding", "es": "Sin conclusión publicada"}},
    "department_finding": {"(blank)": {"en": "No finding of its own", "es": "Sin conclusión propia"}},
    "penalty": {"(blank)": {"en": "None on file", "es": "No consta ninguna"}},
    "imposed": {"(blank)": {"en": "None on file", "es": "No consta ninguna"}},
    "officer_race": RACES,
    "officer_sex": SEXES,
    "complainant_race": RACES,
    "complainant_sex": SEXES,
    "waiting": {
        "0-10 days": {"en": "0 to 10 days", "es": "de 0 a 10 días"},
        "11-20 days": {"en": "11 to 20 days", "es": "de 11 a 20 días"},
        "21-30 days": {"en": "21 to 30 days", "es": "de 21 a 30 días"},
        "31-60 days": {"en": "31 to 60 days", "es": "de 31 a 60 días"},
        "61-90 days": {"en": "61 to 90 days", "es": "de 61 a 90 días"},
        "over 90 days": {"en": "over 90 days", "es": "más de 90 días"},
    },
}


def _printed_in(book: Rulebook) -> list[Json]:
    """Whoever reads another language reads its words on the page, and charts and reports in English."""
    return [each.code for each in book.languages if each.is_complete or each.code == DEFAULT_LANGUAGE]


def definitions_of(books: Sequence[Rulebook], *, protected: bool) -> dict[str, Json]:
    """Everything a page or a report needs beside the figures, so that it needs nothing but the release."""
    book = books[-1]
    return {
        "format": 1,
        "version": DEFINITIONS_VERSION,
        "protected": protected,
        "agency": {"id": book.id, "name": _texts(book.name), "city": str(book.meta.city)},
        "languages": _printed_in(book),
        "measures": [
            {
                "id": measure.id,
                "label": measure.label,
                "definition": measure.definition,
                "numerator": measure.numerator,
                "denominator": measure.denominator,
                "kind": str(measure.kind),
            }
            for measure in MEASURES
        ],
        "reasons": dict(REASONS),
        "labels": _all_labels(books),
        "terms": [{"code": term.code, "text": _texts(term.label)} for term in book.publication.definitions],
        "reports": {
            report.code: {
                "label": _texts(report.label),
                "every": str(report.every),
                "introduction": _texts(report.introduction) if report.introduction else {},
                "sections": list(report.sections),
            }
            for report in book.publication.reports
        },
    }


def _all_labels(books: Sequence[Rulebook]) -> dict[str, Json]:
    named = {dimension: _labels(found) for dimension, found in _named(books).items()}
    return {dimension: {**OWN.get(dimension, {}), **named.get(dimension, {})} for dimension in {**OWN, **named}}


def _named(books: Iterable[Rulebook]) -> dict[str, list[Any]]:
    """The rulebooks' words for each dimension; of two versions the later one's word is kept."""
    found: dict[str, list[Any]] = {}
    for book in books:
        for dimension, named in _of(book).items():
            found.setdefault(dimension, []).extend(named)
    return found


def _of(book: Rulebook) -> dict[str, Sequence[Any]]:
    discipline = book.discipline
    return {
        "disposition": book.findings,
        "department_finding": book.findings,
        "category": book.allegations,
        "subcategory": book.allegations,
        "classification": book.classification,
        "department": book.departments,
        "outcome": (*book.closures, *book.findings),
        "channel": book.intake.channels,
        "anonymity": book.intake.anonymity,
        "language": book.languages,
        "kind": book.demands.kinds if book.demands else (),
        "clock": book.deadlines,
        "cause": book.deadline_defaults.lapse_reasons,
        "recommended": discipline.penalties if discipline else (),
        "imposed": discipline.penalties if discipline else (),
        "penalty": discipline.penalties if discipline else (),
        "answer": discipline.answers if discipline else (),
    }


def _labels(named: Iterable[Any]) -> dict[str, Json]:
    return {str(one.code): _texts(one.label) for one in named}


def _texts(text: LocalText | str) -> dict[str, Json]:
    return dict(text.texts) if isinstance(text, LocalText) else {"en": text}
