"""What moves a vault, as calls: `Vault` sends them, and so may a Safe or a custodian."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ringfence.calls import Call, approvals
from ringfence.exceptions import AmountError
from ringfence.market import Market
from ringfence.model.fixed_point import RAY, mul_div_up
from ringfence.model.interest import MAX_RATE, compound
from ringfence.quotes import Bounds
from ringfence.units import MAX_UINT, to_base

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

PATIENCE = 600  # [s] for which a liquidator wants its transaction, unless told otherwise


@dataclass(frozen=True)
class VaultCalls:
    """Calls to one vault, each with the approvals that it needs before it, as of now."""

    market: Market
    contract: ContractInstance
    patience: int = PATIENCE  # [s] until they are sent, at most
    is_later: bool = False  # others may send to the vault before

    # -- Collateral ------------------------------------------------------------------------------

    def deposit(self, symbol: str, amount: Decimal, payer: object) -> list[Call]:
        """Move a listed token from `payer`, who sends it, into the vault. [token]"""
        token = self.market.token(symbol)
        units = counted(amount, token.decimals())
        allowed = self._approvals(token, payer, units)
        return [*allowed, Call(self.contract.deposit, (token, units))]

    def withdraw(self, symbol: str, amount: Decimal | None, receiver: object) -> list[Call]:
        """Take a token out of the vault, all of it if no amount is given. [token]"""
        token = self.market.token(symbol)
        units = MAX_UINT if amount is None else counted(amount, token.decimals())
        return [Call(self.contract.withdraw, (token, units, receiver))]

    def enable(self, symbol: str) -> list[Call]:
        """Let a token count as collateral, and be seized if the vault is short."""
        return [Call(self.contract.enable_collateral, (self.market.token(symbol),))]

    def disable(self, symbol: str) -> list[Call]:
        """Let a token count no more, if the others carry the debt."""
        return [Call(self.contract.disable_collateral, (self.market.token(symbol),))]

    # -- Debt ------------------------------------------------------------------------------------

    def borrow(self, amount: Decimal, receiver: object) -> list[Call]:
        """Borrow the credit asset. [asset]"""
        return [Call(self.contract.borrow, (self._units(amount), receiver))]

    def repay(self, amount: Decimal | None, payer: object) -> list[Call]:
        """Repay with money of `payer`, who sends it: at most so much, or all of the debt. [asset]

        For all of the debt more is approved than is owed: what it may grow to until it is mined.
        """
        if amount is None:
            grown = compound(RAY, MAX_RATE, self.patience)
            units, needed = MAX_UINT, mul_div_up(self.contract.debt(), grown, RAY) + 1
        else:
            units = needed = self._units(amount)
        allowed = self._approvals(self.market.asset, payer, needed)
        return [*allowed, Call(self.contract.repay, (units,))]

    def repay_from_vault(self, amount: Decimal | None) -> list[Call]:
        """Repay with the credit asset in the vault: at most so much, or all there is. [asset]"""
        units = MAX_UINT if amount is None else self._units(amount)
        return [Call(self.contract.repay_from_vault, (units,))]

    # -- Liquidation -----------------------------------------------------------------------------

    def liquidate(self, symbol: str, payer: object, bounds: Bounds, receiver: object) -> list[Call]:
        """Repay debt of a vault that is short with money of `payer`, who sends it, and seize
        collateral for it; refused once the patience is over.
        """
        token = self.market.token(symbol)
        deadline = self.market.provider.get_block("latest").timestamp + self.patience
        terms = (token, bounds.repaid, bounds.seized, receiver, deadline, b"")
        allowed = self._approvals(self.market.asset, payer, bounds.payment)
        return [*allowed, Call(self.contract.liquidate, terms)]

    def realise_loss(self) -> list[Call]:
        """Write off the debt of the vault, once no collateral above dust is left."""
        return [Call(self.contract.realise_loss)]

    # -- Whose it is, and who may hold it ----------------------------------------------------------

    def transfer_ownership(self, new_owner: object) -> list[Call]:
        """Offer the vault to somebody, who must accept it."""
        return [Call(self.contract.transfer_ownership, (new_owner,))]

    def accept_ownership(self) -> list[Call]:
        """Accept the vault, as the one to whom it was offered."""
        return [Call(self.contract.accept_ownership)]

    def place_hold(self, reason: bytes, until: int) -> list[Call]:
        """Let nothing be withdrawn or borrowed, as the compliance officer. [unix s]"""
        return [Call(self.contract.place_hold, (reason, until))]

    def release_hold(self) -> list[Call]:
        """End a hold before its time, as the compliance officer."""
        return [Call(self.contract.release_hold)]

    def _approvals(self, token: ContractInstance, payer: object, units: int) -> list[Call]:
        return approvals(token, payer, self.contract, units, self.is_later)

    def _units(self, amount: Decimal) -> int:
        return counted(amount, self.market.asset_decimals)


def counted(amount: Decimal, decimals: int) -> int:
    """Return an amount in base units.

    :raises AmountError: if it is less than nothing.
    """
    if amount < 0:
        raise AmountError(f"{amount} is less than nothing; name an amount above zero")
    return to_base(amount, decimals)
