"""The prices of a market of mocks, as tests move them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ringfence.exceptions import RingfenceError
from ringfence.testing.people import Number, decimal
from ringfence.units import format_number, from_base, parse_ratio, parse_span, to_base, to_base_down

if TYPE_CHECKING:
    from ape.api import AccountAPI

    from ringfence.market import Market


@dataclass(frozen=True)
class Prices:
    """The feeds of a market, and who moves them."""

    market: Market
    keeper: AccountAPI

    def of(self, symbol: str) -> Decimal:
        """Return what the feed of a token says. [quote currency]"""
        feed = self.market.feed(symbol)
        return from_base(feed.answer(), feed.decimals())

    def set(self, symbol: str, price: Number) -> None:
        """Set what the feed of a token says, as of now. [quote currency]

        :raises RingfenceError: if the oracle would not believe it.
        """
        self._set(symbol, to_base(decimal(price), self.market.feed(symbol).decimals()))

    def crash(self, symbol: str, by: str) -> Decimal:
        """Let the price of a token fall by a share of it, "30 %"; return it. [quote currency]"""
        share = parse_ratio(by)
        if not 0 < share <= 1:
            raise RingfenceError(f'"{by}" is no fall; write it like "30 %"')
        left = 1 - share
        self._set(symbol, to_base_down(self.market.feed(symbol).answer() * left, 0))
        return self.of(symbol)

    def wait(self, span: str) -> None:
        """Let time pass, "3 days", while the feeds stay alive."""
        seconds = parse_span(span)
        if seconds <= 0:
            raise RingfenceError(f'"{span}" is no time that passes; write it like "3 days"')
        self.market.provider.chain_manager.mine(deltatime=seconds)
        for feed in self.market.feeds.values():
            feed.set_answer(feed.answer(), sender=self.keeper)

    def _set(self, symbol: str, answer: int) -> None:
        """Nobody wants to learn of a dead price from a liquidation that does not happen."""
        feed = self.market.feed(symbol)
        known = self.market.oracle.feed_of(self.market.token(symbol))
        if not known.lowest <= answer <= known.highest:
            price, lowest, highest = (
                format_number(from_base(it, feed.decimals()))
                for it in (answer, known.lowest, known.highest)
            )
            raise RingfenceError(
                f"the oracle believes no price of {symbol} but {lowest} to {highest}, and not"
                f" {price}; for a dead one call market.feed({symbol!r}).set_answer"
            )
        feed.set_answer(answer, sender=self.keeper)
