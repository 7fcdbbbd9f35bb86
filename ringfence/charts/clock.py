"""Which moments are written on an axis of time, and how; all of it UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from ringfence.charts.svg import LETTER
from ringfence.units import DAY

MONDAY = 4 * DAY  # the first one of the epoch
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SECONDS = (1, 2, 5, 10, 15, 30)
MINUTES = (1, 2, 5, 10, 15, 30)
HOURS = (1, 2, 3, 6, 12)
DAYS = (1, 2, 7, 14)
STEPS = (*SECONDS, *(60 * it for it in MINUTES), *(3_600 * it for it in HOURS))
SPANS_OF_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200)
LONE = 6 * 3_600  # around a moment that stands alone [s]
BETWEEN = 16  # two labels, at least
LABEL = 8 * LETTER  # the widest: "Mar 2020", "14:00:05"

Tick = tuple[int, str]  # [unix s], label


def span_of(moments: list[int]) -> tuple[int, int]:
    """Return the first and the last moment; one that stands alone gets some time around it."""
    if not moments:
        return 0, DAY
    low, high = min(moments), max(moments)
    return (low, high) if low < high else (low - LONE, high + LONE)


def time_ticks(low: int, high: int, width: float) -> list[Tick]:
    """Choose round moments, as many as there is room for."""
    most = max(2, int(width // (LABEL + BETWEEN)))
    for step in STEPS:
        if (high - low) // step <= most:
            return _even(low, high, step, 0)
    for days in DAYS:
        if (high - low) // (days * DAY) <= most:
            return _even(low, high, days * DAY, MONDAY if days >= 7 else 0)
    for months in SPANS_OF_MONTHS:
        ticks = list(_calendar(low, high, months))
        if _have_room(ticks, (high - low) / width):
            break
    return ticks


def _have_room(ticks: list[Tick], second: float) -> bool:
    """Tell whether labels stand apart: months are not equally long.

    :param second: how many seconds a unit of width is.
    """
    gaps = (late[0] - early[0] for early, late in pairwise(ticks))
    return all(it >= (LABEL + BETWEEN) * second for it in gaps)


def _even(low: int, high: int, step: int, origin: int) -> list[Tick]:
    first = low + (origin - low) % step
    return [(at, _label(at, step)) for at in range(first, high + 1, step)]


def _label(at: int, step: int) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    if at % DAY == 0:
        return f"{moment.day} {MONTHS[moment.month - 1]}"
    return moment.strftime("%H:%M:%S" if step < 60 else "%H:%M")


def _calendar(low: int, high: int, months: int) -> Iterator[Tick]:
    year, last = datetime.fromtimestamp(low, UTC).year, datetime.fromtimestamp(high, UTC).year
    for number in range(year * 12 // months * months, (last + 1) * 12, months):
        moment = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        at = int(moment.timestamp())
        if low <= at <= high:
            name = f"{moment.year}" if months >= 12 else f"{MONTHS[number % 12]} {moment.year}"
            yield at, name
