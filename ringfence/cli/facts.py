"""What a command has read, for programs: JSON, or CSV with a line of names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

JSON, CSV = "json", "csv"

Fact = Mapping[str, Any]
Facts = Fact | Sequence[Fact]  # one thing, or many of a kind


def written(facts: Facts, form: str) -> Iterable[str]:
    """Write facts in a form. Numbers with a fraction are texts, exact to the last digit."""
    if form == JSON:
        return [json.dumps(facts, default=_exact, indent=2)]
    rows = [facts] if isinstance(facts, Mapping) else list(facts)
    return _csv_lines([_flat(row) for row in rows])


def _csv_lines(rows: Sequence[Fact]) -> Iterable[str]:
    if not rows:
        return []
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().splitlines()


def _flat(row: Fact) -> Fact:
    """A row whose values are single: those of a mapping are named after both, a list is JSON."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{key}": it for key, it in _flat(value).items()}
        elif isinstance(value, list | tuple):
            flat[name] = json.dumps(value, default=_exact)
        else:
            flat[name] = _exact(value) if isinstance(value, Decimal) else value
    return flat


def _exact(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
