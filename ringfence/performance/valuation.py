"""What a vault is worth: all that it holds and the market lists, less what it owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ringfence.model.fixed_point import RAY, mul_div_up
from ringfence.model.health import value_down, value_up


@dataclass(frozen=True, slots=True)
class Quotes:
    """What counts for the worth of vaults at a block."""

    block: int
    timestamp: int  # [unix s]
    index: int  # [RAY] of debt
    prices: Mapping[str, int | None]  # [WAD] of a whole token, by address; None if nobody says
    dead: frozenset[str] = frozenset()  # tokens whose price was not live; the last answer counts
    silent: frozenset[str] = frozenset()  # of them, those without an answer: an older one counts


@dataclass(frozen=True, slots=True)
class Listing:
    """The tokens that have a value: what a market lends, and what it lists."""

    asset: str  # the credit asset
    decimals: Mapping[str, int]  # of the credit asset and all that is listed, by address


@dataclass(frozen=True, slots=True)
class Position:
    """What a vault holds and owes."""

    balances: Mapping[str, int] = field(default_factory=dict)  # [token] by address
    scaled_debt: int = 0  # [asset / index]

    def with_more(self, token: str, amount: int) -> Position:
        """Return it after a token came, or went."""
        held = self.balances.get(token, 0) + amount
        return replace(self, balances={**self.balances, token: held})

    def with_debt(self, scaled_debt: int) -> Position:
        """Return it with another debt."""
        return replace(self, scaled_debt=scaled_debt)


def holding_value(position: Position, token: str, quotes: Quotes, listing: Listing) -> int:
    """Return what a vault has of a token is worth [WAD, rounded down]; nothing if nobody says."""
    held, price = position.balances.get(token, 0), quotes.prices.get(token)
    if held <= 0 or price is None:
        return 0
    return value_down(held, price, listing.decimals[token])


def collateral_value(position: Position, quotes: Quotes, listing: Listing) -> int:
    """Return what all that a vault has is worth. [WAD]"""
    return sum(holding_value(position, it, quotes, listing) for it in position.balances)


def debt_of(position: Position, index: int) -> int:
    """Return what a vault owes. [asset, rounded up]"""
    return mul_div_up(position.scaled_debt, index, RAY)


def debt_value(
    position: Position, quotes: Quotes, listing: Listing, index: int | None = None
) -> int:
    """Return what a debt is worth [WAD, rounded up]; of another index if one is given."""
    if position.scaled_debt == 0:
        return 0
    owed = debt_of(position, quotes.index if index is None else index)
    price = quotes.prices[listing.asset]
    return 0 if price is None else value_up(owed, price, listing.decimals[listing.asset])


def equity_of(position: Position, quotes: Quotes, listing: Listing) -> int:
    """Return what is left for the owner, which may be less than nothing. [WAD]"""
    return collateral_value(position, quotes, listing) - debt_value(position, quotes, listing)
