"""What daily returns tell about gain and risk. Days are of UTC, and a year has 365 of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import mul
from statistics import fmean, stdev

YEAR_DAYS = 365
_ROOT = math.sqrt(YEAR_DAYS)
_TAIL = 20  # one of so many days is in the tail: 5 %


@dataclass(frozen=True, slots=True)
class Statistics:
    """Measures of daily returns; losses are below 0. None where one is not defined."""

    observations: int  # [days]
    total: float
    volatility: float | None  # [1 / year^0.5]
    sharpe: float | None  # [1 / year^0.5]
    sortino: float | None  # [1 / year^0.5]
    max_drawdown: float
    annual: float | None  # [1 / year], of however few days
    calmar: float | None  # [1 / year]
    hit_rate: float | None  # share of days above 0, among all
    value_at_risk: float | None  # [1 / day] not undercut on 95 % of days
    expected_shortfall: float | None  # [1 / day] mean of the days that undercut it
    longest_drawdown: int  # [days] below what was reached before, without a break


def statistics(daily: Sequence[float], riskless: float = 0.0, minimum: float = 0.0) -> Statistics:
    """Measure daily returns, each of -1 or more.

    Of fewer than two days there are but total and drawdown. There is no Sharpe ratio without
    deviation, no Sortino ratio without a day below `minimum`, no Calmar ratio without a drawdown.

    :param riskless: return that Sharpe counts from [1 / day]
    :param minimum: return that Sortino counts from, and shortfalls, too [1 / day]
    """
    index = list(accumulate((1 + it for it in daily), mul))
    total = index[-1] - 1 if index else 0.0
    below = drawdowns(index)
    deepest = min(below, default=0.0)
    is_enough = len(daily) >= 2
    annual = _annual(total, len(daily)) if is_enough else None
    return Statistics(
        observations=len(daily),
        total=total,
        volatility=stdev(daily) * _ROOT if is_enough else None,
        sharpe=_ratio(fmean(daily) - riskless, stdev(daily)) if is_enough else None,
        sortino=_ratio(fmean(daily) - minimum, _shortfall(daily, minimum)) if is_enough else None,
        max_drawdown=deepest,
        annual=annual,
        calmar=annual / -deepest if annual is not None and deepest < 0 else None,
        hit_rate=sum(it > 0 for it in daily) / len(daily) if is_enough else None,
        value_at_risk=_value_at_risk(daily) if is_enough else None,
        expected_shortfall=_expected_shortfall(daily) if is_enough else None,
        longest_drawdown=_longest(below),
    )


def drawdowns(index: Sequence[float]) -> list[float]:
    """Return how far each value is from the highest so far, the 1.0 before them included."""
    highs = accumulate(index, max, initial=1.0)
    next(highs)
    return [it / high - 1 for it, high in zip(index, highs, strict=True)]


def _annual(total: float, days: int) -> float | None:
    if total <= -1:
        return -1.0
    try:
        return math.expm1(math.log1p(total) * YEAR_DAYS / days)
    except OverflowError:
        return None


def _ratio(excess: float, deviation: float) -> float | None:
    return excess / deviation * _ROOT if deviation > 0 else None


def _shortfall(daily: Sequence[float], minimum: float) -> float:
    # over all days, not just those that fall short
    return math.sqrt(math.fsum(min(it - minimum, 0) ** 2 for it in daily) / len(daily))


def _value_at_risk(daily: Sequence[float]) -> float:
    # the quantile lies between two days: linear interpolation, as NumPy does
    worst = sorted(daily)
    place, rest = divmod(len(worst) - 1, _TAIL)
    if rest == 0:
        return worst[place]
    return worst[place] + (worst[place + 1] - worst[place]) * rest / _TAIL


def _expected_shortfall(daily: Sequence[float]) -> float:
    return fmean(sorted(daily)[: (len(daily) - 1) // _TAIL + 1])


def _longest(below: Sequence[float]) -> int:
    runs = (len(list(run)) for is_below, run in groupby(below, lambda it: it < 0) if is_below)
    return max(runs, default=0)
