"""Where numbers and moments stand on an axis, and which of them are written there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

EXACT = 120  # digits
FLAT = Decimal("0.001")  # a smaller change of a number is not seen
NEAR = Decimal("0.5")  # zero is shown if it is at most so many spans away


@dataclass(frozen=True)
class Scale:
    """Maps values to places in a picture."""

    low: Decimal
    high: Decimal
    start: float
    end: float

    def at(self, value: Decimal | int) -> float:
        """Return the place of a value."""
        with localcontext(prec=EXACT):
            share = (Decimal(value) - self.low) / (self.high - self.low)
        return self.start + float(share) * (self.end - self.start)


@dataclass(frozen=True)
class ValueAxis:
    """Round numbers that enclose what is drawn."""

    step: Decimal
    ticks: tuple[Decimal, ...]

    def scale(self, start: float, end: float) -> Scale:
        """Lay the axis from `start` to `end`."""
        return Scale(self.ticks[0], self.ticks[-1], start, end)


def value_axis(values: Iterable[Decimal], most: int = 4) -> ValueAxis:
    """Choose at most about `most` round steps around the values."""
    with localcontext(prec=EXACT):
        low, high = _range(list(values))
        step = nice_step((high - low) / most)
        first = int((low / step).to_integral_value(ROUND_FLOOR))
        last = int((high / step).to_integral_value(ROUND_CEILING))
        return ValueAxis(step, tuple(it * step for it in range(first, last + 1)))


def nice_step(least: Decimal) -> Decimal:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below `least`."""
    power = least.adjusted()
    steps = (Decimal(it).scaleb(power) for it in (1, 2, 5, 10))
    return next(it for it in steps if it >= least)


def _range(values: list[Decimal]) -> tuple[Decimal, Decimal]:
    if not any(values):
        return Decimal(0), Decimal(1)
    low, high = min(values), max(values)
    size = max(abs(low), abs(high))
    if high - low < size * FLAT:
        return low - size / 10, high + size / 10
    span = high - low
    if 0 < low <= span * NEAR:
        low = Decimal(0)
    if 0 < -high <= span * NEAR:
        high = Decimal(0)
    return low, high
