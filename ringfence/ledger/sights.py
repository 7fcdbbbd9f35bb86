"""What a market said at blocks, kept in its ledger: a node that forgets is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ape.exceptions import ApeException
from eth_tester.exceptions import BlockNotFound  # type: ignore[import-untyped]
from web3.exceptions import Web3Exception

from ringfence.exceptions import RingfenceError
from ringfence.ledger.node import Node
from ringfence.model.health import ramped
from ringfence.reading import BlockReader
from ringfence.units import MAX_UINT

if TYPE_CHECKING:
    from ringfence.ledger.store import Store
    from ringfence.market import Market


@dataclass(frozen=True, slots=True)
class Price:
    """What the oracle said of a whole token."""

    price: int  # [WAD]
    is_live: bool
    low_price: int  # [WAD] as it counts when risk grows
    is_low_live: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """How a token counted as collateral."""

    initial_ltv: int  # [WAD]
    maintenance_ltv: int  # [WAD] at that block
    cap: int  # [token] that counts when risk grows
    is_listed: bool


@dataclass
class Sights:
    """Answers of a market's views by block."""

    market: Market
    store: Store
    known: dict[tuple[int, str], str] = field(default_factory=dict)
    fresh: dict[tuple[int, str], str] = field(default_factory=dict)  # not kept yet
    _until: dict[int, int] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of(cls, market: Market, store: Store) -> Iterator[Sights]:
        """Yield the sights of a market; what was asked meanwhile is kept, whatever happens."""
        sights = cls(market, store, store.sights())
        try:
            yield sights
        finally:
            store.keep_sights(sights.fresh)

    # -- Blocks ------------------------------------------------------------------------------------

    def time(self, block: int) -> int:
        """Return when a block was made. [unix s]"""
        moment: int = self._seen(
            block, "time", lambda: Node(self.market.provider).block(block).timestamp
        )
        return moment

    def last_until(self, moment: int, first: int, last: int) -> int:
        """Return the last block made until a moment [unix s], of those from first to last.

        :return: the first of them if all are later.
        """
        low, high = first, last
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.time(middle) <= moment else (low, middle - 1)
        return low

    # -- Views -------------------------------------------------------------------------------------

    def index(self, block: int) -> int:
        """Return the debt index. [RAY]"""
        found: int = self._asked(block, "index", lambda read: read(self.market.pool.debt_index))
        return found

    def price(self, block: int, token: str) -> Price:
        """Return what the oracle said of a token."""
        oracle = self.market.oracle
        return Price(
            *self._asked(block, f"prices {token}", lambda read: read(oracle.prices_of, token))
        )

    def rules(self, block: int, token: str) -> Rules:
        """Return how a token counted as collateral."""
        engine = self.market.engine

        def ask(read: BlockReader) -> list[Any]:
            rules = read(engine.rules_of, token)
            ramp = (rules.start_ltv, rules.target_ltv, rules.ramp_begin, rules.ramp_end)
            cap = read(engine.cap_of, token) if rules.is_capped else MAX_UINT
            now = ramped(*ramp, read.timestamp)
            return [rules.initial_ltv, now, cap, not rules.is_delisted]

        return Rules(*self._asked(block, f"rules {token}", ask))

    def _asked(self, block: int, what: str, ask: Callable[[BlockReader], Any]) -> Any:
        def answer() -> Any:
            try:
                return ask(BlockReader(self.market.provider, block, self.time(block)))
            except (ApeException, Web3Exception, BlockNotFound) as error:
                raise RingfenceError(
                    f"the node does not tell what was at block {block}: {error}; ask an archive"
                    " node, or use the --ledger of somebody who looked at it in time"
                ) from None

        return self._seen(block, what, answer)

    def _seen(self, block: int, what: str, ask: Callable[[], Any]) -> Any:
        key = (block, what)
        if key not in self.known:
            self.known[key] = self.fresh[key] = json.dumps(ask())
        return json.loads(self.known[key])
