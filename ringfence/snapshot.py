"""A vault and its market at one block, in the contracts' integers: what previews decide upon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ape.exceptions import ApeException

from ringfence.exceptions import AmountError
from ringfence.model.bitmap import bit, has
from ringfence.model.fixed_point import RAY, mul_div_down, mul_div_up
from ringfence.model.health import ramped
from ringfence.model.interest import compound
from ringfence.reading import BlockReader
from ringfence.units import MAX_UINT

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

    from ringfence.market import Market

INDEX_SLACK = 8  # [RAY] above any difference that rounding makes between one accrual and two


@dataclass(frozen=True)
class Holding:
    """A token that the market ever listed, as one vault has it."""

    symbol: str
    token: str
    decimals: int
    balance: int  # [token]
    is_readable: bool  # the token tells its balance
    is_enabled: bool  # it counts as collateral
    is_listed: bool  # it was not delisted
    initial_ltv: int  # [WAD]
    maintenance_ltv: int  # [WAD] now
    cap: int  # [token] that counts when risk grows
    price: int  # [WAD] of a whole token, as it counts for liquidation
    is_live: bool
    low_price: int  # [WAD] of a whole token, as it counts when risk grows
    is_low_live: bool


@dataclass(frozen=True)
class PoolState:
    """What the pool of a market would say to a vault."""

    index: int  # [RAY]
    rate: int  # [RAY / s]
    cash: int  # [asset]
    scaled_debt: int  # [asset / index] of all vaults
    min_debt: int  # [asset] of one vault
    max_debt: int  # [asset] of one vault
    borrow_cap: int  # [asset]
    pause_level: int
    is_stopped: bool

    def debt_of(self, scaled_debt: int) -> int:
        """Return what a vault with this scaled debt owes. [asset, rounded up]"""
        return mul_div_up(scaled_debt, self.index, RAY)

    @property
    def total_debt(self) -> int:
        """What all vaults owe. [asset, rounded down]"""
        return mul_div_down(self.scaled_debt, self.index, RAY)


@dataclass(frozen=True)
class VaultState:
    """A vault at one block, with all that the engine and the pool would look at."""

    vault: str
    owner: str
    block: int  # number
    now: int  # [unix s] of the block
    hold_until: int  # [unix s]
    scaled_debt: int  # [asset / index]
    holdings: tuple[Holding, ...]  # in the order of their listing
    pool: PoolState
    asset: str  # the credit asset
    asset_symbol: str
    asset_decimals: int
    debt_price: int  # [WAD] of a whole credit asset
    is_debt_price_live: bool

    @property
    def debt(self) -> int:
        """What the vault owes. [asset]"""
        return self.pool.debt_of(self.scaled_debt)

    @property
    def counted(self) -> tuple[Holding, ...]:
        """Enabled tokens, those left out that were delisted and have no live price."""
        return tuple(it for it in self.holdings if it.is_enabled and (it.is_listed or it.is_live))

    @property
    def carrying(self) -> tuple[Holding, ...]:
        """Enabled tokens that carry new risk: those that were delisted are left out."""
        return tuple(it for it in self.holdings if it.is_enabled and it.is_listed)

    def holding(self, symbol: str) -> Holding:
        """Return the holding with this symbol or address, in any case of letters.

        :raises AmountError: if the market never listed such a token.
        """
        for holding in self.holdings:
            if symbol.lower() in (holding.symbol.lower(), holding.token.lower()):
                return holding
        known = ", ".join(holding.symbol for holding in self.holdings)
        raise AmountError(f"the market knows no {symbol}; it knows {known}")

    def with_holding(self, changed: Holding) -> VaultState:
        """Return this state with one holding replaced."""
        holdings = tuple(changed if it.token == changed.token else it for it in self.holdings)
        return replace(self, holdings=holdings)

    def grown(self, seconds: int) -> VaultState:
        """Return this state with the interest of some time in which nobody else does anything.

        The debt is never less than it will be: what passes with it passes until then.
        """
        if seconds == 0 or self.pool.rate == 0:
            return self
        index = compound(self.pool.index, self.pool.rate, seconds) + INDEX_SLACK
        return replace(self, pool=replace(self.pool, index=index))


# -- Reading ---------------------------------------------------------------------------------------


def take_snapshot(market: Market, vault: ContractInstance, block: int | None = None) -> VaultState:
    """Read a vault and its market from the chain, all as of a block, the latest unless told."""
    read = BlockReader.at(market.provider, block)
    mask = read(vault.collateral_mask)
    tokens = market.first_listed(read(market.engine.token_count))
    price, is_live = read(market.oracle.price_of, market.asset)
    return VaultState(
        vault=str(vault.address),
        owner=str(read(vault.owner)),
        block=read.number,
        now=read.timestamp,
        hold_until=read(vault.hold_until),
        scaled_debt=read(vault.scaled_debt),
        holdings=tuple(
            _holding(market, read, token, vault, has(mask, bit(index)))
            for index, token in enumerate(tokens)
        ),
        pool=_pool(market.pool, read),
        asset=str(market.asset.address),
        asset_symbol=market.asset_symbol,
        asset_decimals=market.asset_decimals,
        debt_price=price,
        is_debt_price_live=is_live,
    )


def _pool(pool: ContractInstance, read: BlockReader) -> PoolState:
    return PoolState(
        index=read(pool.debt_index),
        rate=read(pool.borrow_rate),
        cash=read(pool.cash),
        scaled_debt=read(pool.total_scaled_debt),
        min_debt=read(pool.min_debt),
        max_debt=read(pool.max_debt),
        borrow_cap=read(pool.borrow_cap),
        pause_level=read(pool.pause_level),
        is_stopped=read(pool.borrowing_stopped),
    )


def _holding(
    market: Market,
    read: BlockReader,
    token: ContractInstance,
    vault: ContractInstance,
    is_enabled: bool,
) -> Holding:
    balance = _balance(token, vault, read.number)
    rules = read(market.engine.rules_of, token)
    price, is_live = read(market.oracle.price_of, token)
    low_price, is_low_live = read(market.oracle.low_price_of, token)
    ramp = (rules.start_ltv, rules.target_ltv, rules.ramp_begin, rules.ramp_end)
    return Holding(
        symbol=market.symbol_of(str(token.address)),
        token=str(token.address),
        decimals=rules.decimals,
        balance=balance or 0,
        is_readable=balance is not None,
        is_enabled=is_enabled,
        is_listed=not rules.is_delisted,
        initial_ltv=rules.initial_ltv,
        maintenance_ltv=ramped(*ramp, read.timestamp),
        cap=read(market.engine.cap_of, token) if rules.is_capped else MAX_UINT,
        price=price,
        is_live=is_live,
        low_price=low_price,
        is_low_live=is_low_live,
    )


def _balance(token: ContractInstance, vault: ContractInstance, block: int) -> int | None:
    """A token may refuse to tell; then the engine counts nothing and holds its price for dead."""
    try:
        return int(token.balanceOf(vault, block_id=block))
    except ApeException:
        return None
