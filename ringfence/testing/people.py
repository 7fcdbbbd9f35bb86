"""Who acts in tests beside their own accounts: those who bring money, and one who liquidates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ringfence.exceptions import RingfenceError
from ringfence.pool import Pool
from ringfence.units import parse_number, to_base
from ringfence.vault import Settlement, Vault

if TYPE_CHECKING:
    from ape.api import AccountAPI

    from ringfence.market import Market

Number = Decimal | int | str  # of whole tokens, or a price; "1,234.5" as people write it


@dataclass(frozen=True)
class Liquidator:
    """Liquidates with money that is minted as it is needed."""

    market: Market
    account: AccountAPI

    def liquidate(
        self, vault: object, symbol: str | None = None, most: Number | None = None
    ) -> Settlement:
        """Liquidate a vault as far as may be, and return what that did.

        :param vault: a handle, a contract or an address.
        :param symbol: collateral to seize; the one with the lowest maintenance LTV unless named.
        :param most: most to repay [asset]; no such limit unless named.
        :raises NotLiquidatable: if the vault is healthy.
        """
        found = handle(self.market, vault)
        token = symbol or weakest(found)
        limit = None if most is None else decimal(most)
        bounds = found.bounds(found.quote(token, limit), most=limit)
        self.market.asset.mint(self.account, bounds.payment, sender=self.account)
        return found.liquidate(token, self.account, bounds)

    def realise_loss(self, vault: object) -> Settlement:
        """Write off the debt of a vault that has no collateral above dust."""
        return handle(self.market, vault).realise_loss(self.account)


def weakest(vault: Vault) -> str:
    """Return the collateral of a vault with the lowest maintenance LTV, that restores it best.

    :raises RingfenceError: if none counts.
    """
    held = [it for it in vault.snapshot().counted if it.balance > 0]
    if not held:
        raise RingfenceError(f"{vault.address} has no collateral; its loss can be realised")
    return min(held, key=lambda it: it.maintenance_ltv).symbol


def lend(market: Market, lender: AccountAPI, amount: Number) -> None:
    """Let a lender have money, and the pool get it. [asset]"""
    mint(market, market.asset_symbol, lender, amount)
    Pool(market).deposit(decimal(amount), lender)


def mint(market: Market, symbol: str, account: AccountAPI, amount: Number) -> None:
    """Let an account have a mock token. [token]"""
    token = market.token(symbol)
    token.mint(account, to_base(decimal(amount), token.decimals()), sender=account)


def fill(vault: Vault, holds: Mapping[str, Number], payer: AccountAPI) -> None:
    """Mint tokens and put them into a vault. [token] by symbol"""
    for symbol, amount in holds.items():
        mint(vault.market, symbol, payer, amount)
        vault.deposit(symbol, decimal(amount), payer)


def check_owner(
    owner: object, is_account: bool, debt: Number | None, taken: Collection[object]
) -> None:
    """Refuse an owner that a vault of these tests cannot have.

    :raises RingfenceError: saying who could.
    """
    if owner in taken:
        raise RingfenceError(
            f"{owner} is one of the last three test accounts, which the market has for itself; take"
            " another"
        )
    if debt is not None and not is_account:
        raise RingfenceError(
            f"{owner} is no account that can sign; open its vault without debt, and let it borrow"
        )


def handle(market: Market, vault: object) -> Vault:
    """Return the handle of a vault, given as one, as a contract or as an address."""
    return Vault.at(market, str(getattr(vault, "address", vault)))


def decimal(number: Number) -> Decimal:
    """Return a number exactly.

    :raises RingfenceError: if it is a float, which is not what was written, or less than nothing.
    """
    if isinstance(number, float):
        raise RingfenceError(f'{number} is a float, which is not exact; write "{number}"')
    found = parse_number(number) if isinstance(number, str) else Decimal(number)
    if found < 0:
        raise RingfenceError(f"{number} is less than nothing")
    return found
