"""What a market said at blocks, kept in its ledger: a node that forgets is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ape.exceptions import ApeException
from eth_tester.exceptions import (  # type: ignore[import-untyped]
    BlockNotFound,
    TransactionFailed,
)
from eth_utils.crypto import keccak
from web3.exceptions import Web3Exception

from ringfence.exceptions import RingfenceError
from ringfence.ledger.node import Node
from ringfence.model.health import ramped
from ringfence.reading import BlockReader
from ringfence.units import MAX_UINT

# How a chain does not tell.
UNTOLD = (ApeException, Web3Exception, BlockNotFound, TransactionFailed)
LATEST_ROUND = keccak(text="latestRoundData()")[:4]
UPDATED_AT = slice(96, 128)  # in its answer

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


@dataclass(frozen=True, slots=True)
class Feed:
    """Where the price of a token comes from."""

    source: str
    heartbeat: int  # [s]
    updated_at: int | None  # [unix s] None if it does not say


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

    def feed(self, block: int, token: str) -> Feed | None:
        """Return what prices a token; None if nothing does."""

        def ask(read: BlockReader) -> list[Any] | None:
            feed = read(self.market.oracle.feed_of, token)
            if int(feed.source, 16) == 0:
                return None
            return [feed.source, feed.heartbeat, _updated_at(read, feed.source)]

        told = self._asked(block, f"feed {token}", ask)
        return None if told is None else Feed(*told)

    def balance(self, block: int, token: str, vault: str) -> int:
        """Return what a vault has of a token, as the token says. [token]"""
        contract = self.market.token_at(token)
        held: int = self._asked(
            block, f"balance {token} {vault}", lambda read: read(contract.balanceOf, vault)
        )
        return held

    def scaled_debt(self, block: int, vault: str) -> int:
        """Return what a vault owes, as it says. [asset / index]"""
        contract = self.market.vault_at(vault)
        owed: int = self._asked(
            block, f"scaled debt {vault}", lambda read: read(contract.scaled_debt)
        )
        return owed

    def borrow_rate(self, block: int) -> int:
        """Return what debt costs. [RAY / s]"""
        rate: int = self._asked(block, "rate", lambda read: read(self.market.pool.borrow_rate))
        return rate

    def _asked(self, block: int, what: str, ask: Callable[[BlockReader], Any]) -> Any:
        def answer() -> Any:
            try:
                return ask(BlockReader(self.market.provider, block, self.time(block)))
            except UNTOLD as error:
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


def _updated_at(read: BlockReader, source: str) -> int | None:
    """Return when a feed says that it last changed; a dead one says nothing. [unix s]"""
    try:
        answer = read.raw(source, LATEST_ROUND)
    except (*UNTOLD, RingfenceError):
        return None
    return int.from_bytes(answer[UPDATED_AT]) if len(answer) >= UPDATED_AT.stop else None
