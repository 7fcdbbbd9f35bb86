"""Cells of a CSV file, which people open in a spreadsheet."""

from __future__ import annotations

from typing import TypeVar

FORMULA = ("=", "+", "-", "@", "\t")  # how a formula begins
T = TypeVar("T")


def inert(value: T) -> T | str:
    """Return a cell that no spreadsheet takes for a formula: names are whatever strangers chose."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
