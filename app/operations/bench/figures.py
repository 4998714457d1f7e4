"""What a run of requests is summed up to."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

MS = 1000


@dataclass(frozen=True)
class Proof:
    """Whether a measure holds, by which figures, and how they were come by."""

    holds: bool
    figures: dict[str, Any]
    how: str


@dataclass
class Sample:
    """How long each answer took, how long all of them together, and how many were none."""

    durations: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failures: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.durations) / self.seconds if self.seconds else 0.0

    def figures(self) -> dict[str, Any]:
        """Times in milliseconds."""
        return {
            "requests": len(self.durations),
            "failures": self.failures,
            "median_ms": round(quantile(self.durations, 0.50) * MS, 2),
            "p95_ms": round(quantile(self.durations, 0.95) * MS, 2),
            "p99_ms": round(quantile(self.durations, 0.99) * MS, 2),
            "per_second": round(self.rate, 1),
        }


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def middle(values: Sequence[float]) -> float:
    """The median of several runs: one disturbed run does not count."""
    return statistics.median(values)
