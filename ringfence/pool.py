"""Handle on the lenders' pool of a market: `Decimal` amounts in whole tokens in and out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfence.calls import Call, approvals, send_all
from ringfence.market import Market
from ringfence.model.fixed_point import mul_div_down
from ringfence.reading import BlockReader
from ringfence.reasons import explained
from ringfence.units import WAD, from_base, from_wad, ray_to_yearly, to_base

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI
    from ape.contracts import ContractInstance

SHARE_DECIMALS = 6  # that a share has on top of the asset's


@dataclass(frozen=True)
class PoolSummary:
    """The books of a pool; amounts in whole credit assets, rates nominal per year."""

    total_assets: Decimal
    cash: Decimal
    total_debt: Decimal
    utilisation: Decimal
    borrow_rate: Decimal
    lending_rate: Decimal  # what remains for lenders after the reserves' share
    supply_cap: Decimal
    borrow_cap: Decimal
    insurance: Decimal  # wealth of the insurance fund: its shares and its cash
    pause_level: int
    is_stopped: bool  # lenders have borne losses that stopped borrowing


@dataclass(frozen=True)
class Pool:
    """The pool of one market."""

    market: Market

    def __repr__(self) -> str:
        return "\n".join(f"{name:<13} {value}" for name, value in vars(self.summary()).items())

    @property
    def contract(self) -> ContractInstance:
        """The pool's contract."""
        return self.market.pool

    # -- What is ---------------------------------------------------------------------------------

    def summary(self, block: int | None = None) -> PoolSummary:
        """Return the books as of a block, the latest unless told, accrued interest included."""
        pool, fund = self.contract, self.market.fund
        with explained():
            read = BlockReader.at(self.market.provider, block)
            assets, debt = read(pool.totalAssets), read(pool.total_debt)
            rate = read(pool.borrow_rate)
            left = WAD - read(pool.INSURANCE_SHARE) - read(pool.TREASURY_SHARE)
            used = mul_div_down(debt, WAD, assets) if assets else 0
            shares = read(pool.convertToAssets, read(pool.balanceOf, fund))
            return PoolSummary(
                total_assets=self._assets(assets),
                cash=self._assets(read(pool.cash)),
                total_debt=self._assets(debt),
                utilisation=from_wad(used),
                borrow_rate=ray_to_yearly(rate),
                lending_rate=ray_to_yearly(rate * used * left // WAD**2),
                supply_cap=self._assets(read(pool.supply_cap)),
                borrow_cap=self._assets(read(pool.borrow_cap)),
                insurance=self._assets(shares + read(self.market.asset.balanceOf, fund)),
                pause_level=read(pool.pause_level),
                is_stopped=read(pool.borrowing_stopped),
            )

    def shares_of(self, owner: object) -> Decimal:
        """Return the shares of a lender. [share]"""
        return self._shares(self.contract.balanceOf(owner))

    def worth_of(self, owner: object, block: int | None = None) -> Decimal:
        """Return what the shares of a lender are worth, now unless told. [asset]"""
        read = BlockReader.at(self.market.provider, block)
        shares = read(self.contract.balanceOf, owner)
        return self._assets(read(self.contract.convertToAssets, shares))

    def largest_deposit(self) -> Decimal:
        """Return the most that can be deposited now: up to the supply cap, 0 in a pause. [asset]"""
        return self._assets(self.contract.maxDeposit(self.market.fund))

    def largest_withdrawal(self, owner: object) -> Decimal:
        """Return the most that a lender can withdraw now: his worth, up to the cash. [asset]"""
        return self._assets(self.contract.maxWithdraw(owner))

    # -- What lenders do -------------------------------------------------------------------------

    def deposit(
        self, amount: Decimal, sender: AccountAPI, receiver: object | None = None
    ) -> Decimal:
        """Lend to the pool; approves exactly that much before.

        :param amount: how much. [asset]
        :param receiver: who gets the shares; the sender unless named.
        :return: shares issued. [share]
        """
        with explained():
            calls = self.calls_to_deposit(amount, sender, receiver or sender)
            receipt = send_all(calls, sender)
        return self._shares(self._event(receipt, "Deposit").shares)

    def withdraw(
        self, amount: Decimal | None, sender: AccountAPI, receiver: object | None = None
    ) -> Decimal:
        """Take back what is not lent.

        :param amount: how much [asset]; None for all that the sender has, up to the cash.
        :param receiver: who gets it; the sender unless named.
        :return: assets received. [asset]
        """
        with explained():
            calls = self.calls_to_withdraw(amount, sender, receiver or sender)
            receipt = send_all(calls, sender)
        return self.received(receipt)

    def received(self, receipt: ReceiptAPI) -> Decimal:
        """Return what a transaction that withdrew paid. [asset]"""
        return self._assets(self._event(receipt, "Withdraw").assets)

    def calls_to_deposit(
        self, amount: Decimal, payer: object, receiver: object, is_later: bool = False
    ) -> list[Call]:
        """Return what lends money of `payer`, who sends it. [asset]

        :param is_later: others may use up what `payer` allows now before it is sent.
        """
        units = to_base(amount, self.market.asset_decimals)
        allowed = approvals(self.market.asset, payer, self.contract, units, is_later)
        return [*allowed, Call(self.contract.deposit, (units, receiver))]

    def calls_to_withdraw(
        self, amount: Decimal | None, lender: object, receiver: object
    ) -> list[Call]:
        """Return what takes money of `lender`, who sends it, back: so much, or all, up to the cash
        [asset].
        """
        shares = self.contract.balanceOf(lender)
        if amount is None and shares == self.contract.maxRedeem(lender):
            return [Call(self.contract.redeem, (shares, receiver, lender))]
        if amount is None:
            units = self.contract.maxWithdraw(lender)
        else:
            units = to_base(amount, self.market.asset_decimals)
        return [Call(self.contract.withdraw, (units, receiver, lender))]

    # -- Internals -------------------------------------------------------------------------------

    def _assets(self, units: int) -> Decimal:
        return from_base(units, self.market.asset_decimals)

    def _shares(self, units: int) -> Decimal:
        return from_base(units, self.market.asset_decimals + SHARE_DECIMALS)

    def _event(self, receipt: ReceiptAPI, name: str) -> Any:
        (event,) = receipt.decode_logs(getattr(self.contract, name))
        return event
