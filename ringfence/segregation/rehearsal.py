"""What clients would get back if all ended at a block: as it is, and had it been one account.

Segregated, each gets what is in his vault, less what his vault owes. In one omnibus account what
some owe beyond their own is paid with what is the others', who share what is left by their claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.exceptions import DeadPrice
from ringfence.model.fixed_point import RAY, WAD, mul_div_up
from ringfence.model.health import value_down, value_up
from ringfence.registry import openings

if TYPE_CHECKING:
    from ringfence.market import Market
    from ringfence.reading import BlockReader

CLIENT = "client"


@dataclass(frozen=True)
class Claim:
    """What a client has in a vault, and owes for it."""

    vault: str
    label: str
    owner: str
    assets: int  # [WAD] value of all tokens, rounded down
    debt: int  # [WAD] value, rounded up

    @property
    def equity(self) -> int:
        """What is his, which may be less than nothing. [WAD]"""
        return self.assets - self.debt


@dataclass(frozen=True)
class Payout:
    """What a client would get."""

    claim: Claim
    segregated: int  # [WAD]
    omnibus: int  # [WAD]

    @property
    def difference(self) -> int:
        """What mixing would cost him. [WAD]"""
        return self.segregated - self.omnibus


def rehearsed(claims: Sequence[Claim]) -> list[Payout]:
    """Return what each client would get, rounded down; in the order of the claims."""
    own = [max(0, it.equity) for it in claims]
    whole = sum(own)
    left = max(0, sum(it.equity for it in claims))
    return [
        Payout(claim, mine, mine * left // whole if whole else 0)
        for claim, mine in zip(claims, own, strict=True)
    ]


@dataclass(frozen=True)
class Price:
    """What a whole token is worth."""

    decimals: int
    price: int  # [WAD]


def prices_at(
    market: Market, read: BlockReader, falls: Mapping[str, int] | None = None
) -> dict[str, Price]:
    """Return what tokens are worth, by address.

    :param falls: share by which the price of a token falls before. [WAD] by address
    :raises DeadPrice: if the oracle does not know one.
    """
    listed = market.first_listed(read(market.engine.token_count))
    found = {}
    for token in (market.asset, *listed):
        address = str(token.address)
        price, is_live = read(market.oracle.price_of, token)
        if not is_live:
            symbol = market.symbol_of(address)
            raise DeadPrice(
                f"the price of {symbol} is dead at block {read.number}",
                "name a block at which it was not",
            )
        left = WAD - (falls or {}).get(address, 0)
        found[address] = Price(read(token.decimals), price * left // WAD)
    return found


def claims_at(market: Market, read: BlockReader, prices: Mapping[str, Price]) -> list[Claim]:
    """Return the claims of all clients, by the id of their vaults."""
    opened = (it for it in openings(market, block=read.number) if it.fund_class == CLIENT)
    return [_claim(market, read, prices, it.vault, it.label) for it in opened]


def _claim(
    market: Market, read: BlockReader, prices: Mapping[str, Price], address: str, label: str
) -> Claim:
    vault = market.vault_at(address)
    held = {it: read(market.token_at(it).balanceOf, vault) for it in prices}
    asset = prices[str(market.asset.address)]
    debt = mul_div_up(read(vault.scaled_debt), read(market.pool.debt_index), RAY)
    return Claim(
        vault=address,
        label=label,
        owner=str(read(vault.owner)),
        assets=sum(value_down(held[it], prices[it].price, prices[it].decimals) for it in prices),
        debt=value_up(debt, asset.price, asset.decimals),
    )
