"""What an account gained, and what its owner got out of it, while money flowed in and out.

Equity and payments are exact integers, a return is a float: 0.05 for 5 %, None if there is none.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import or_

from ringfence.units import YEAR

MOST_TERMS = 250_000  # discounted to tell how many rates there are: about a second
ROUNDING = 1e-12  # share of a sum of floats that may be wrong

Dated = list[tuple[int, int]]  # [unix s], [WAD]
Terms = list[tuple[float, float]]  # time, amount


# -- Time-weighted ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time without flows."""

    begin: int  # [WAD] equity after the flow that begins it
    end: int  # [WAD] equity before the flow that ends it


def time_weighted(stretches: Sequence[Stretch]) -> float | None:
    """Return what a unit of equity gained over stretches that follow one another.

    The first stretch that ends with nothing or less ends the series: all is lost, -1.0, whatever
    comes later. Who funds the account again begins another series. A stretch from nothing to
    nothing is an empty account, and left out. None if no other stretch is there, or if one that
    comes before the end begins with nothing or less: there is nothing to measure on.
    """
    logs = []
    for it in stretches:
        if it.begin == it.end == 0:
            continue
        if it.begin <= 0:
            return None
        if it.end <= 0:
            return -1.0
        logs.append(_log_of(it))
    return math.expm1(math.fsum(logs)) if logs else None


def _log_of(stretch: Stretch) -> float:
    # A sum of logs takes linear time where exact products take quadratic, and log1p keeps the
    # digits of a small gain. Near a total loss it has none left: there the ratio has them.
    if 2 * stretch.end < stretch.begin:
        return math.log(stretch.end / stretch.begin)
    return math.log1p((stretch.end - stretch.begin) / stretch.begin)


# -- Modified Dietz --------------------------------------------------------------------------------


def modified_dietz(
    begin: int, end: int, flows: Sequence[tuple[Fraction | float, int]]
) -> float | None:
    """Return the gain on the capital there was on average, for when equity at flows is unknown.

    :param begin: equity before the first flow [WAD]
    :param end: equity after the last flow [WAD]
    :param flows: share of the time that was left, from 1 to 0, and what was paid in [WAD]
    :return: None if there was no capital on average, or less
    """
    gain = end - begin - sum(amount for _, amount in flows)
    capital = begin + sum(Fraction(left) * amount for left, amount in flows)
    return float(gain / Fraction(capital)) if capital > 0 else None


# -- Money-weighted --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payment:
    """What an owner paid in or got out; at last what he could get out, which is never below 0."""

    at: int  # [unix s]
    amount: int  # [WAD] > 0 out of the account, < 0 into it


def money_weighted(payments: Sequence[Payment]) -> float | None:
    """Return the rate per year at which all payments together are worth nothing (XIRR, act/365).

    -1.0 if nothing came out: all is lost. None if none was paid in first; if none came out after
    the last was paid in; if no time passed; if several rates would do, or it can not be told that
    just one does; if the rate is beyond a float. In any order; those of one second are one payment.
    """
    growth, span = _growth(payments)
    return None if growth is None else _grown(growth * YEAR / span)


def money_weighted_held(payments: Sequence[Payment]) -> float | None:
    """Return `money_weighted`, not annualised: for the time from the first payment to the last,
    those of nothing left out, as before and after them no money was at work.

    Exact where that of a short time is not: a loss of a third in a day is a rate of -1.0 per year.
    """
    growth, _ = _growth(payments)
    return None if growth is None else _grown(growth)


def _grown(growth: float) -> float | None:
    try:
        return math.expm1(growth)
    except OverflowError:
        return None


def _growth(payments: Sequence[Payment]) -> tuple[float | None, int]:
    """Return ln(1 + return), -inf for a total loss, and the time it took. [s]"""
    sums: defaultdict[int, int] = defaultdict(int)
    for it in payments:
        sums[it.at] += it.amount
    dated = sorted((at, amount) for at, amount in sums.items() if amount != 0)
    if not dated or dated[0][1] > 0:
        return None, 0
    if all(amount < 0 for _, amount in dated):
        span = max(sums) - dated[0][0]
        return (-math.inf if span else None), span
    if dated[-1][1] < 0:  # an even number of rates
        return None, 0
    return _only_growth(dated), dated[-1][0] - dated[0][0]


def _only_growth(dated: Dated) -> float | None:
    """Return the one ln(1 + return) of the whole time at which payments are worth nothing."""
    later, earlier = _Worth.of(dated), _Worth.of([(-at, -sum_) for at, sum_ in reversed(dated)])
    side, sign = (later, 1) if later.net >= 0 else (earlier, -1)
    growth = side.root()
    if side.is_never_overdrawn(growth):
        return sign * growth
    counts = later.roots(), earlier.roots(), int(later.net == 0)
    return sign * growth if None not in counts and sum(filter(None, counts)) == 1 else None


@dataclass(frozen=True, slots=True)
class _Worth:
    """What payments are worth today if money grows; the first of them is paid in, the last out.

    Growth is ln(1 + return) of the whole time, here from 0 up. What is below 0 is the same above
    for the payments in reverse, as whoever got them sees them.
    """

    terms: Terms  # time from 0 to 1, share of the largest payment; in order
    net: float  # of all shares

    @classmethod
    def of(cls, dated: Dated) -> _Worth:
        first, span = dated[0][0], dated[-1][0] - dated[0][0]
        unit = max(abs(amount) for _, amount in dated)
        terms = [((at - first) / span, amount / unit) for at, amount in dated]
        return cls(terms, sum(amount for _, amount in dated) / unit)

    def at(self, growth: float) -> float:
        """Return the worth."""
        if growth >= 1:
            return math.fsum(amount * math.exp(-time * growth) for time, amount in self.terms)
        # that of no growth is exact, so that small growth has all its digits
        changes = (amount * math.expm1(-time * growth) for time, amount in self.terms)
        return math.fsum([self.net, *changes])

    def limit(self) -> float:
        """Return a growth from which on the first payment outweighs all that came out."""
        high = 1.0
        while _sums(self.terms, high)[0] >= -self.terms[0][1]:
            high *= 2
        return high

    def root(self) -> float:
        """Return a growth at which payments are worth nothing, by bisection; there is one if the
        net is not below 0.
        """
        low, high = 0.0, self.limit() if self.net > 0 else 0.0
        while low < (middle := (low + high) / 2) < high:
            if self.at(middle) > 0:
                low = middle
            else:
                high = middle
        return low

    def is_never_overdrawn(self, growth: float) -> bool:
        """Whether an account that grows so, steadily, always covers what is taken out of it.

        If so, no other growth will do (Soper 1959): a higher one would leave something at the end,
        a lower one nothing before. What it has is, by the payments so far, what they do not make
        up for; by those to come, what they are worth. Of little, only one of the two may tell.
        """
        worths = [amount * math.exp(-time * growth) for time, amount in self.terms]
        so_far = list(_is_clear(-it for it in worths[:-1]))
        to_come = list(_is_clear(reversed(worths[1:])))
        return all(map(or_, so_far, reversed(to_come)))

    def roots(self) -> int | None:
        """Return how many growths above 0 there are at which payments are worth nothing.

        The range is halved until in each piece the worth, or its slope, is bound to keep its sign.
        None if pieces become too small, two growths being too close to tell from none, or too many.
        """
        slopes = [(time, time * amount) for time, amount in self.terms]
        found, left, pieces = 0, MOST_TERMS, [(0.0, self.limit())]
        while pieces and left > 0:
            low, high = pieces.pop()
            left -= len(self.terms)
            if _keeps_sign(self.terms, low, high):
                continue
            if _keeps_sign(slopes, low, high):
                found += self._crosses(low, high)
            elif high - low < ROUNDING * max(1, high):
                return None
            else:
                middle = (low + high) / 2
                pieces += [(low, middle), (middle, high)]
        return None if pieces else found

    def _crosses(self, low: float, high: float) -> bool:
        # what is nothing at `high` belongs to this piece, what is at `low` to the one below
        before, after = self.at(low), self.at(high)
        return before < 0 <= after or after <= 0 < before


def _sums(terms: Terms, growth: float) -> tuple[float, float]:
    """Return what is above 0 and what is below; both fall as growth rises."""
    worths = [amount * math.exp(-time * growth) for time, amount in terms]
    return math.fsum(it for it in worths if it > 0), -math.fsum(it for it in worths if it < 0)


def _keeps_sign(terms: Terms, low: float, high: float) -> bool:
    most_out, most_in = _sums(terms, low)
    least_out, least_in = _sums(terms, high)
    sure = 1 + ROUNDING
    return least_out > most_in * sure or least_in > most_out * sure


def _is_clear(worths: Iterable[float]) -> Iterator[bool]:
    """Tell of the sum so far, after each, whether it is above 0 by more than rounding."""
    total = size = 0.0
    for it in worths:
        total += it
        size += abs(it)
        yield total > size * ROUNDING
