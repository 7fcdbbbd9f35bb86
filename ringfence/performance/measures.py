"""How an account did: what its history comes to in the measures that the field knows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
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
from ringfence.performance.statistics import Statistics, statistics
from ringfence.units import DAY, WAD

DUST = WAD // 100  # [WAD] equity below it is none: what strangers send makes no return


@dataclass(frozen=True)
class Performance:
    """An account from one block to another.

    When all is lost a series of returns ends; another begins when money comes in.
    """

    history: History

    # -- Returns -----------------------------------------------------------------------------------

    @property
    def time_weighted(self) -> float | None:
        """What a unit of equity gained in the last series, whatever flowed."""
        return time_weighted([_stretch(*pair) for pair in self._pairs[self._series :]])

    @property
    def since(self) -> int:
        """When the last series began. [unix s]"""
        return self.history.moments[self._series].timestamp

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
        """What a unit of equity at the beginning of its series is at each moment; None from when
        all is lost until money comes in.
        """
        found: list[float | None] = [1.0]
        for before, after in self._pairs:
            stretch, last = _stretch(before, after), found[-1]
            if stretch.begin == 0:
                found.append(last or None)
                continue
            if last is None:
                last = found[-1] = 1.0
            found.append((last or 1.0) * (stretch.end / stretch.begin))
        return found

    @property
    def falls(self) -> list[float | None]:
        """How far a unit of equity was from the highest of its series so far, at each moment."""
        found: list[float | None] = []
        highest = 1.0
        for value in self.index:
            highest = max(highest, value) if value else highest
            found.append(None if value is None else value / highest - 1)
            highest = highest if value else 1.0
        return found

    @property
    def max_drawdown(self) -> float | None:
        """The deepest of them; None if there was nothing to lose."""
        has_more = any(_floored(it.after) for it in self.history.moments)
        return min(it for it in self.falls if it is not None) if has_more else None

    @property
    def daily(self) -> list[tuple[int, float]]:
        """Returns of whole days of the last series, in UTC: when each ended [unix s], and what was
        gained in it; days in which there was nothing to gain on are left out.
        """
        days = range(-(-self.since // DAY), self.history.until // DAY)
        gains = [(day * DAY + DAY, self._gain_of(day * DAY)) for day in days]
        return [(end, gain) for end, gain in gains if gain is not None]

    @property
    def statistics(self) -> Statistics:
        """What the daily returns tell of gain and risk."""
        return statistics([it for _, it in self.daily])

    @property
    def units(self) -> Units:
        """Equity per unit since the vault was opened, with the highest that was seen: at flows and
        at samples, so that it never falls as time goes on.
        """
        units = Units()
        for it in self.history.life:
            before, after = _floored(it.before), _floored(it.after)
            if it.net_flow or it.quotes.block in self.history.samples:
                units = units.seen(before)
            if it.net_flow and after != before:
                units = units.after_flow(after - before, before)
        return units

    @property
    def _pairs(self) -> list[tuple[Moment, Moment]]:
        moments = self.history.moments
        return list(zip(moments, moments[1:], strict=False))

    @cached_property
    def _series(self) -> int:
        """Which moment the last series of returns begins with."""
        begin, is_lost = 0, False
        for at, pair in enumerate(self._pairs):
            stretch = _stretch(*pair)
            if stretch.begin == 0:
                continue
            if is_lost:
                begin = at
            is_lost = stretch.end == 0
        return begin

    def _payments(self) -> Iterator[Payment]:
        opening, closing = self.history.opening, self.history.closing
        yield Payment(opening.timestamp, -opening.after)
        for at, flow in self.flows:
            yield Payment(at, -flow)
        yield Payment(closing.timestamp, max(0, closing.after))

    def _gain_of(self, begin: int) -> float | None:
        """Return what a day gained; None if there was nothing to gain on, -1.0 if all was lost."""
        first, last = self._place(begin), self._place(begin + DAY)
        if 0.0 in self.index[first + 1 : last + 1]:
            return -1.0
        is_begin = first == self._series  # where all that was before may have been lost
        before, value = 1.0 if is_begin else self.index[first], self.index[last]
        is_invested = any(_floored(it.after) for it in self.history.moments[first : last + 1])
        return value / before - 1 if before and value is not None and is_invested else None

    def _place(self, moment: int) -> int:
        """Return which is the last moment until then."""
        return bisect_right(self._times, moment) - 1

    @cached_property
    def _times(self) -> list[int]:
        return [it.timestamp for it in self.history.moments]


def _stretch(before: Moment, after: Moment) -> Stretch:
    """Return a time without flows; one that began with nothing ended with nothing."""
    begin = _floored(before.after)
    return Stretch(begin, _floored(after.before) if begin else 0)


def _floored(equity: int) -> int:
    return equity if equity >= DUST else 0
