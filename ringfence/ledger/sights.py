"""What a market said at blocks, kept in its ledger: a node that forgets is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ape.exceptions import ApeException, ContractLogicError
from eth_tester.exceptions import (  # type: ignore[import-untyped]
    BlockNotFound,
    TransactionFailed,
)
from eth_utils.crypto import keccak
from web3.exceptions import ContractLogicError as Reverted
from web3.exceptions import Web3Exception

from ringfence.exceptions import RingfenceError
from ringfence.ledger.entries import Block
from ringfence.ledger.node import Node
from ringfence.ledger.store import HEADER, Sight
from ringfence.model.health import ramped
from ringfence.reading import BlockReader
from ringfence.units import MAX_UINT

# How a chain does not tell.
UNTOLD = (ApeException, Web3Exception, BlockNotFound, TransactionFailed)
LATEST_ROUND = keccak(text="latestRoundData()")[:4]
UPDATED_AT = slice(96, 128)  # in its answer
LATEST_TIME = 2**40 - 1  # [unix s] that the oracle takes for one
DEEP = 256  # blocks below the ledger's end, which no chain replaces any more

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
    has_answer: bool  # the feed said something: else the price is but the upper bound

    @property
    def worth(self) -> int | None:
        """What a token was worth [WAD]; None if nobody says."""
        return self.price if self.has_answer and self.price else None


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
    """Answers of a market's views, by the hash of the block: those of a block that the chain has
    replaced are never taken for those of another.
    """

    market: Market
    answers: dict[tuple[bytes, str], str] = field(default_factory=dict)  # by block's hash and view
    blocks: dict[int, Block] = field(default_factory=dict)
    deep: int = -1  # up to which blocks are kept as final
    fresh: list[Sight] = field(default_factory=list)  # not kept yet

    @classmethod
    @contextmanager
    def of(cls, market: Market, store: Store, passing: int | None = None) -> Iterator[Sights]:
        """Yield the sights of a market; what was asked meanwhile is kept, whatever happens.

        :param passing: block whose answers are not kept: that of a page that lives till the next.
        """
        head, known = store.head, store.sights()
        deep = -1 if head is None else head.number - DEEP
        sights = cls(
            market,
            answers={(it.hash, it.what): it.answer for it in known},
            blocks={
                it.block: Block(it.block, it.hash, int(it.answer))
                for it in known
                if it.what == HEADER and it.block <= deep
            },
            deep=deep,
        )
        try:
            yield sights
        finally:
            store.keep_sights(it for it in sights._lasting() if it.block != passing)

    # -- Blocks ------------------------------------------------------------------------------------

    def block(self, number: int) -> Block:
        """Return a block of the chain."""
        if number not in self.blocks:
            found = Node(self.market.provider).block(number)
            self.blocks[number] = found
            if number <= self.deep:
                self.fresh.append(Sight(number, found.hash, HEADER, str(found.timestamp)))
        return self.blocks[number]

    def _lasting(self) -> Iterator[Sight]:
        """Yield what was asked, but of blocks that the chain has replaced meanwhile: a node answers
        by number.
        """
        hashes = self._hashes({it.block for it in self.fresh if it.block > self.deep})
        for it in self.fresh:
            if it.block <= self.deep or hashes.get(it.block) == it.hash:
                yield it

    def _hashes(self, blocks: Collection[int]) -> dict[int, bytes]:
        """Return the hashes of blocks, of those that the chain has; none if nobody answers."""
        node = Node(self.market.provider)
        try:
            last = node.block().number if blocks else 0
            return {it: node.block(it).hash for it in blocks if it <= last}
        except (*UNTOLD, OSError):
            return {}

    def time(self, block: int) -> int:
        """Return when a block was made. [unix s]"""
        return self.block(block).timestamp

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
        """Return the debt index [RAY]; before the pool stood, 0."""
        if block < self._since("pool"):
            return 0
        found: int = self._asked(block, "index", lambda read: read(self.market.pool.debt_index))
        return found

    def token_count(self, block: int) -> int:
        """Return how many tokens were listed."""
        count: int = self._asked(block, "tokens", lambda read: read(self.market.engine.token_count))
        return count

    def price(self, block: int, token: str) -> Price:
        """Return what the oracle said of a token; before it stood, nothing."""
        oracle = self.market.oracle
        if block < self._since("oracle"):
            return Price(0, False, 0, False, has_answer=False)

        def ask(read: BlockReader) -> list[Any]:
            price, is_live, low, is_low_live = read(oracle.prices_of, token)
            has_answer = is_live or price < read(oracle.highest_price_of, token)
            return [price, is_live, low, is_low_live, has_answer]

        return Price(*self._asked(block, f"prices {token}", ask))

    def _since(self, name: str) -> int:
        """Return the block in which a contract was deployed."""
        return next(it.block for it in self.market.manifest.contracts if it.name == name)

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
            return None if int(feed.source, 16) == 0 else [feed.source, feed.heartbeat]

        told = self._asked(block, f"feed {token}", ask)
        if told is None:
            return None
        source, heartbeat = told
        updated = self._asked(block, f"updated {source}", lambda read: _updated_at(read, source))
        return Feed(source, heartbeat, updated)

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

    def collaterals(self, block: int, vault: str) -> list[str]:
        """Return which tokens count as a vault's collateral, as it says."""
        contract = self.market.vault_at(vault)
        found: list[str] = self._asked(
            block,
            f"collaterals {vault}",
            lambda read: [str(it) for it in read(contract.collaterals)],
        )
        return found

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
        of = self.block(block).hash
        key = (of, what)
        if key not in self.answers:
            self.answers[key] = json.dumps(ask())
            self.fresh.append(Sight(block, of, what, self.answers[key]))
        return json.loads(self.answers[key])


def _updated_at(read: BlockReader, source: str) -> int | None:
    """Return when a feed says that it last changed [unix s]; one that fails, or lies, says nothing.

    What else goes wrong is the node's, and no answer.
    """
    try:
        answer = read.raw(source, LATEST_ROUND)
    except (ContractLogicError, Reverted, TransactionFailed, RingfenceError):
        return None
    except Web3Exception as error:
        if "gas" in str(error).lower():  # it burns all it gets
            return None
        raise
    updated = int.from_bytes(answer[UPDATED_AT]) if len(answer) >= UPDATED_AT.stop else MAX_UINT
    return updated if updated <= LATEST_TIME else None
