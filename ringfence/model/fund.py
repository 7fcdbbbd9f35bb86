"""Mirror of `InsuranceFund.vy`: first-loss money of one market."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.chain import Chain, transaction
from ringfence.model.notice import Call, Notice
from ringfence.model.refusal import Refused, check

if TYPE_CHECKING:
    from ringfence.model.pool import PoolModel


class InsuranceFundModel(Notice):
    """Shares of the pool, cash, and what written-off vaults left behind."""

    def __init__(self, chain: Chain, address: str, pool: PoolModel, notice: int) -> None:
        check(pool.insurance_fund == address, "fund: foreign pool")
        Notice.__init__(self, chain, address, notice)
        self.pool = pool
        self.asset = chain.token(pool.asset())

    @transaction
    def cover(self, assets: int, *, sender: str) -> int:
        """Pay the pool up to `assets` of a loss; return what was paid [asset]."""
        check(sender == self.pool.address, "fund: not the pool")
        before = self.asset.balanceOf(self.address)
        try:
            self.asset.transfer(self.pool.address, min(assets, before), sender=self.address)
        except Refused:
            return 0
        return before - self.asset.balanceOf(self.address)

    @transaction
    def announce(self, call: Call, *, sender: str) -> None:
        """Announce a withdrawal."""
        self._check_owner(sender)
        self._announce(call)

    @transaction
    def cancel(self, call: Call, *, sender: str) -> None:
        """Give up an announced withdrawal."""
        self._check_owner(sender)
        self._cancel(call)

    @transaction
    def withdraw(self, token: str, amount: int, receiver: str, *, sender: str) -> None:
        """Take `amount` [token] out, as announced, while borrowing is not stopped."""
        self._check_owner(sender)
        check(not self.pool.borrowing_stopped(), "fund: borrowing is stopped")
        self._spend("withdraw", token, amount, receiver)
        is_sent = self.chain.token(token).transfer(receiver, amount, sender=self.address)
        check(is_sent, "fund: transfer failed")

    def _check_owner(self, sender: str) -> None:
        check(sender == self.pool.factory.owner, "fund: not the owner")
