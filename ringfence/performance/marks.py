"""Equity per unit, which flows do not change, and the highest it has been.

Money paid in buys units at the price of the moment, and money paid out sells them. Rounding is
against whoever pays, so that nobody lowers the price below the mark by moving money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ringfence.units import WAD


@dataclass(frozen=True, slots=True)
class Units:
    """Units of an account; none to begin with, and the first cost 1 each.

    A price of 0, of equity that is nothing or less, ends the series: at the next flow another
    begins, with a mark of its own. An account that was emptied by its owner goes on at its last
    price, below its old mark if it was.
    """

    count: int = 0  # [unit / WAD]
    last: int = WAD  # [WAD] price at the last flow, at which units are bought while there are none
    highest: int = WAD  # [WAD] price, of those seen

    def price(self, equity: int) -> int:
        """Return equity [WAD] per unit, rounded down. [WAD]"""
        if self.count == 0:
            return self.last
        return max(0, equity) * WAD // self.count

    def seen(self, equity: int) -> Units:
        """Return the same units, and the mark raised to the price if that is higher."""
        return replace(self, highest=max(self.highest, self.price(equity)))

    def after_flow(self, flow: int, equity_before: int) -> Units:
        """Return the units after a flow, and the mark after its price was seen.

        Units bought are rounded down, units sold up. What that adds to the price is no gain: it
        raises the mark rather than pass it.

        :param flow: what is paid in, or out if it is below 0 [WAD]
        :param equity_before: equity without it [WAD]
        """
        price = self.price(equity_before)
        if price == 0:
            return Units().after_flow(flow, equity_before)

        equity = equity_before + flow
        if self.count == 0:
            count = max(0, equity) * WAD // price
        else:
            count = max(0, self.count + flow * self.count // equity_before)
        highest = max(self.highest, price)
        return Units(count, price, highest).seen(equity)
