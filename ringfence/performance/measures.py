"""How an account did: what its history comes to in the measures that the field knows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ringfence.performance.history import History, Moment
from ringfence.performance.marks import Units
from ringfence.performance.returns import (
    Payment,
    Stretch,
    modified_dietz,
    money_weighted,
    money_weighted_held,
    time_weighted,
)
from ringfence.performance.statistics import Statistics, drawdowns, statistics
from ringfence.units import DAY


@dataclass(frozen=True)
class Performance:
    """An account from one block to another."""

    history: History

    # -- Returns -----------------------------------------------------------------------------------

    @property
    def time_weighted(self) -> float | None:
        """What a unit of equity gained, whatever flowed."""
        return time_weighted([_stretch(*pair) for pair in self._pairs])

    @property
    def money_weighted(self) -> float | None:
        """The rate per year that the owner got on his money (XIRR, act/365)."""
        return money_weighted(list(self._payments()))

    @property
    def money_weighted_held(self) -> float | None:
        """The same for the period, not annualised."""
        return money_weighted_held(list(self._payments()))

    @property
    def modified_dietz(self) -> float | None:
        """The gain on the capital there was on average."""
        opening, closing = self.history.opening, self.history.closing
        span = closing.timestamp - opening.timestamp
        flows = [(Fraction(closing.timestamp - at, span), flow) for at, flow in self.flows if span]
        return modified_dietz(opening.after, closing.after, flows) if span else None

    @property
    def flows(self) -> list[tuple[int, int]]:
        """What came from elsewhere less what went there: when [unix s], and how much [WAD]."""
        moments = self.history.moments[1:]
        return [(it.timestamp, it.net_flow) for it in moments if it.net_flow]

    @property
    def gain(self) -> int:
        """The change of equity that flows do not explain. [WAD]"""
        opening, closing = self.history.opening, self.history.closing
        return closing.after - opening.after - sum(flow for _, flow in self.flows)

    # -- Over time ---------------------------------------------------------------------------------

    @cached_property
    def index(self) -> list[float | None]:
        """What a unit of equity at the opening is at each moment; None once all was lost."""
        found: list[float | None] = [1.0]
        for before, after in self._pairs:
            last, gained = found[-1], time_weighted([_stretch(before, after)])
            if before.after == after.before == 0:
                found.append(last)
            elif not last or gained is None:
                found.append(None)
            else:
                found.append(last * (1 + gained))
        return found

    @property
    def falls(self) -> list[float | None]:
        """How far a unit of equity was from its highest so far, at each moment; None once all was
        lost.
        """
        known = [it for it in self.index if it is not None]
        return [*drawdowns(known), *([None] * (len(self.index) - len(known)))]

    @property
    def max_drawdown(self) -> float | None:
        """The deepest of them; None if there was nothing to lose."""
        has_more = any(it.after > 0 for it in self.history.moments)
        return min(it for it in self.falls if it is not None) if has_more else None

    @property
    def daily(self) -> list[tuple[int, float]]:
        """Returns of whole days, in UTC: when each ended [unix s], and what was gained in it; days
        in which there was nothing to gain on are left out.
        """
        opening, closing = self.history.opening, self.history.closing
        first, last = -(-opening.timestamp // DAY), closing.timestamp // DAY
        ends = [(day * DAY, self._index_at(day * DAY)) for day in range(first, last + 1)]
        return [
            (end, value / before - 1)
            for (_, before), (end, value) in zip(ends, ends[1:], strict=False)
            if before and value is not None and self._is_invested(end)
        ]

    @property
    def statistics(self) -> Statistics:
        """What the daily returns tell of gain and risk."""
        return statistics([it for _, it in self.daily])

    @property
    def units(self) -> Units:
        """Equity per unit, with the highest that was seen."""
        units = Units()
        for it in self.history.moments:
            units = units.seen(it.before)
            flow = it.after if it is self.history.opening else it.net_flow
            if flow:
                units = units.after_flow(flow, it.after - flow)
        return units

    @property
    def _pairs(self) -> list[tuple[Moment, Moment]]:
        moments = self.history.moments
        return list(zip(moments, moments[1:], strict=False))

    def _payments(self) -> Iterator[Payment]:
        opening, closing = self.history.opening, self.history.closing
        yield Payment(opening.timestamp, -opening.after)
        for at, flow in self.flows:
            yield Payment(at, -flow)
        yield Payment(closing.timestamp, max(0, closing.after))

    def _index_at(self, moment: int) -> float | None:
        return self.index[self._place(moment)]

    def _is_invested(self, end: int) -> bool:
        """Tell whether there was equity on some of the day that ends then."""
        places = range(self._place(end - DAY), self._place(end) + 1)
        return any(self.history.moments[it].after > 0 for it in places)

    def _place(self, moment: int) -> int:
        """Return which is the last moment until then."""
        times: Sequence[int] = self._times
        return bisect_right(times, moment) - 1

    @cached_property
    def _times(self) -> list[int]:
        return [it.timestamp for it in self.history.moments]


def _stretch(before: Moment, after: Moment) -> Stretch:
    return Stretch(before.after, after.before)
