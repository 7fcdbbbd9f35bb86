"""What a chart is given: numbers over time, and what to mark among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Point = tuple[int, Decimal | None]  # [unix s], and None where there is no number
Known = tuple[int, Decimal]
MarkTone = Literal["in", "out", "bad", "plain"]

MOST_DRAWN = 400  # points of a series in a picture
MOST_TOLD = 120  # rows of a table
KEPT = 5  # of a bucket: first, last, lowest, highest, and one without a number


@dataclass(frozen=True)
class Series:
    """Numbers over time, in the order of time."""

    name: str
    points: Sequence[Point]
    missing: str = "unavailable"  # why some have no number


@dataclass(frozen=True)
class Mark:
    """Something that happened, drawn where the line was then."""

    at: int  # [unix s]
    value: Decimal
    label: str
    tone: MarkTone = "plain"


@dataclass(frozen=True)
class Threshold:
    """A level that matters."""

    value: Decimal
    label: str


def number_of(point: Point) -> Decimal | None:
    """Return the number of a point; infinity is none that can be drawn."""
    value = point[1]
    return value if value is not None and value.is_finite() else None


def known(points: Sequence[Point]) -> list[Known]:
    """Return the points that have a number."""
    return [(it[0], value) for it in points if (value := number_of(it)) is not None]


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """Keep of each of equal spans of time its first, last, lowest and highest point, and a gap."""
    if len(points) <= most:
        return list(points)
    start, end = points[0][0], points[-1][0]
    span = (end - start) // (most // KEPT) + 1
    buckets: dict[int, list[int]] = {}
    for number, point in enumerate(points):
        buckets.setdefault((point[0] - start) // span, []).append(number)
    kept = sorted({it for bucket in buckets.values() for it in _kept(points, bucket)})
    return [points[it] for it in kept]


def _kept(points: Sequence[Point], bucket: Sequence[int]) -> set[int]:
    numbers = {it: value for it in bucket if (value := number_of(points[it])) is not None}
    gaps = [it for it in bucket if it not in numbers]
    if not numbers:
        return {bucket[0], bucket[-1]}
    lowest, highest = min(numbers, key=numbers.__getitem__), max(numbers, key=numbers.__getitem__)
    return {min(numbers), max(numbers), lowest, highest, *gaps[:1]}
