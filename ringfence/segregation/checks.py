"""What was looked at, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

PASS, FAIL, SKIPPED = "pass", "fail", "skipped"
TOLD = "told"  # the report says so, and nothing but its signature stands for it


@dataclass(frozen=True)
class Check:
    """One thing that a report is to show."""

    id: str
    title: str
    status: str  # one of the above
    evidence: str  # how much was looked at, or why nothing was
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, id: str, title: str, evidence: str, faults: Sequence[str], notes: Sequence[str] = ()
    ) -> Check:
        """Return a check that passed unless there is a fault."""
        return cls(id, title, FAIL if faults else PASS, evidence, tuple(faults), tuple(notes))

    @classmethod
    def skipped(cls, id: str, title: str, why: str) -> Check:
        """Return a check that was not made."""
        return cls(id, title, SKIPPED, why)

    @classmethod
    def read(cls, told: dict[str, Any]) -> Check:
        """Return a check as a report tells it."""
        return cls(**(told | {"faults": tuple(told["faults"]), "notes": tuple(told["notes"])}))

    def json(self) -> dict[str, Any]:
        """Return it as a report tells it."""
        return asdict(self) | {"faults": list(self.faults), "notes": list(self.notes)}
