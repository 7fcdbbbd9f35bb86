"""Looks at the life of a vault: its moves from the books, what they were worth from the chain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ringfence.model.engine import Margin
from ringfence.performance.history import (
    History,
    Moment,
    happenings_of,
    life_of,
    samples_between,
)
from ringfence.performance.valuation import Listing, Position, Quotes
from ringfence.preview import margin_of
from ringfence.snapshot import Holding, PoolState, VaultState
from ringfence.units import from_wad

if TYPE_CHECKING:
    from ringfence.ledger.account import Account
    from ringfence.ledger.sights import Price, Sights


@dataclass(frozen=True)
class Token:
    """A token that a market lists, or lends."""

    address: str
    symbol: str
    decimals: int


@dataclass(frozen=True)
class Looking:
    """A market as those see it who look back."""

    sights: Sights
    tokens: dict[str, Token]  # by address; the credit asset is the first

    @property
    def asset(self) -> Token:
        """The credit asset."""
        return next(iter(self.tokens.values()))

    @property
    def listing(self) -> Listing:
        """The tokens that have a value."""
        decimals = {it.address: it.decimals for it in self.tokens.values()}
        return Listing(self.asset.address, decimals)

    def quotes(self, block: int, tokens: Collection[str]) -> Quotes:
        """Return what counts for the worth of vaults at a block."""
        prices = {it: self.sights.price(block, it) for it in sorted(tokens)}
        return Quotes(
            block=block,
            timestamp=self.sights.time(block),
            index=self.sights.index(block) if self.asset.address in tokens else 0,
            prices={it: price.worth for it, price in prices.items()},
            dead=frozenset(it for it, price in prices.items() if not price.is_live),
            silent=frozenset(it for it, price in prices.items() if price.worth is None),
        )

    def begin_of(self, account: Account) -> int:
        """Return the last block before anything happened to a vault."""
        return min([account.opened, *happenings_of(account)]) - 1

    def market_facts(self) -> dict[str, Any]:
        """Return which market it is."""
        market = self.sights.market
        return {
            "name": market.name,
            "chain_id": market.manifest.chain_id,
            "factory": str(market.factory.address),
            "quote": market.quote,
            "asset": self.asset.symbol,
        }

    def price_facts(self, block: int, address: str) -> dict[str, Any]:
        """Return what a token cost after a block, who says so, and how long ago that was."""
        price, feed = self.sights.price(block, address), self.sights.feed(block, address)
        updated = None if feed is None else feed.updated_at
        return {
            "symbol": self.tokens[address].symbol,
            "token": address,
            "price": None if price.worth is None else from_wad(price.worth),
            "is_live": price.is_live,
            "source": None if feed is None else feed.source,
            "updated_at": updated,
            "age": None if updated is None else max(0, self.sights.time(block) - updated),
            "heartbeat": None if feed is None else feed.heartbeat,
        }

    def history(self, account: Account, first: int, last: int, until: int | None = None) -> History:
        """Return a vault from the end of one block to the end of another; it begins with the vault,
        if that was opened later.

        :param until: end of the period that the last block is the last of [unix s]; that block's
            own time unless given.
        """
        begin = self.begin_of(account)
        first, end = min(max(first, begin), last), self.sights.time(last)
        samples, low = set(), begin
        for moment in samples_between(self.sights.time(begin), end):
            low = self.sights.last_until(moment, low, last)
            samples.add(low)
        life = life_of(account, self.listing, self.quotes, begin, last, samples | {first})
        start = next(at for at, it in enumerate(life) if it.quotes.block >= first)
        until = end if until is None else until
        return History(life, start, self.listing, frozenset(samples), until)

    def margin(self, account: Account, moment: Moment) -> Margin:
        """Return the margin of a vault at a moment of its history, as the engine would have."""
        return margin_of(self.state(account, moment))

    def is_known(self, account: Account, moment: Moment) -> bool:
        """Tell whether somebody said each price that the margin of a vault depends on."""
        is_owed = moment.position.scaled_debt and self.asset.address in moment.quotes.silent
        return not is_owed and not self.unpriced(account, moment.quotes, moment.position)

    def unpriced(self, account: Account, quotes: Quotes, position: Position) -> set[str]:
        """Return the collateral that counts though nobody says its price: a delisted token does
        not.
        """
        block, balances = quotes.block, position.balances
        silent = quotes.silent & set(account.collaterals_at(block))
        return {it for it in silent if balances.get(it) and self.sights.rules(block, it).is_listed}

    def state(self, account: Account, moment: Moment) -> VaultState:
        """Return a vault at a moment of its history, with all that its margin depends on."""
        block = moment.quotes.block
        enabled = account.collaterals_at(block)
        owed = self.sights.price(block, self.asset.address) if moment.position.scaled_debt else None
        return VaultState(
            vault=account.vault,
            owner=account.owner,
            block=block,
            now=moment.timestamp,
            hold_until=0,
            scaled_debt=moment.position.scaled_debt,
            holdings=tuple(self._holding(moment, it) for it in enabled if it in self.tokens),
            pool=PoolState(moment.quotes.index, 0, 0, 0, 0, 0, 0, 0, is_stopped=False),
            asset=self.asset.address,
            asset_symbol=self.asset.symbol,
            asset_decimals=self.asset.decimals,
            debt_price=0 if owed is None else owed.price,
            is_debt_price_live=owed is None or owed.is_live,
        )

    def _holding(self, moment: Moment, address: str) -> Holding:
        token, block = self.tokens[address], moment.quotes.block
        return Holding(
            symbol=token.symbol,
            token=address,
            decimals=token.decimals,
            balance=moment.position.balances.get(address, 0),
            is_readable=True,
            is_enabled=True,
            **asdict(self.sights.rules(block, address)),
            **_price_of(self.sights.price(block, address)),
        )


def _price_of(price: Price) -> dict[str, Any]:
    """Return a price as a holding has it."""
    told = asdict(price)
    del told["has_answer"]
    return told
