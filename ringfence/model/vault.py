"""Executable specification of `Vault.vy`."""

from collections.abc import Callable

from ringfence.model import bitmap
from ringfence.model.chain import ZERO, Chain, transaction
from ringfence.model.engine import MarginEngineModel
from ringfence.model.fixed_point import MAX_UINT, uint
from ringfence.model.identity import Identity, Officers
from ringfence.model.judgement import Liquidation
from ringfence.model.margin_state import MarginState
from ringfence.model.refusal import Refused, check

Callback = Callable[[int, int], None]  # seized [token], payment [asset]


class VaultModel(Identity, MarginState):
    """Custody and margin state of one owner's one strategy."""

    def __init__(
        self,
        chain: Chain,
        address: str,
        factory: Officers,
        engine: MarginEngineModel,
        owner: str,
        fund_class: int,
    ) -> None:
        Identity.__init__(self, chain, address, factory, owner, fund_class)
        MarginState.__init__(self, chain, address, engine)

    # -- Collateral --------------------------------------------------------------------------------

    @transaction
    def deposit(self, token: str, amount: int, *, sender: str) -> int:
        """Put a listed token into the vault; return what arrived [token]."""
        check(amount > 0, "vault: zero amount")
        bit = self.engine.listed_bit(token)
        before = self._balance(token)
        erc20 = self.chain.token(token)
        is_sent = erc20.transferFrom(sender, self.address, amount, sender=self.address)
        check(is_sent, "vault: transfer failed")
        after = self._balance(token)
        check(after > before, "vault: nothing arrived")
        if sender == self._owner:
            self._enable_if_possible(token, bit)
        return after - before

    @transaction
    def enable_collateral(self, token: str, *, sender: str) -> None:
        """Let a token count as collateral."""
        self._check_owner(sender)
        bit = self.engine.listed_bit(token)
        if bitmap.has(self._mask, bit):
            return
        check(self.engine.is_live(token), "vault: dead price")
        check(bitmap.count(self._mask) < bitmap.MAX_MEMBERS, "vault: 16 tokens enabled")
        self._mask |= bit

    @transaction
    def disable_collateral(self, token: str, *, sender: str) -> None:
        """Let a token no longer count as collateral."""
        self._check_owner(sender)
        bit = self.engine.bit_of(token)
        check(bitmap.has(self._mask, bit), "vault: token not enabled")
        self._mask = bitmap.without(self._mask, bit)
        self._check_margin()

    @transaction
    def withdraw(self, token: str, amount: int, receiver: str, *, sender: str) -> int:
        """Take a token out of the vault; return the amount sent [token]."""
        self._check_owner(sender)
        self._check_no_hold()
        check(receiver != ZERO, "vault: zero receiver")
        check(receiver != self.address, "vault: receiver is the vault")
        balance = self._balance(token)
        sent = balance if amount == MAX_UINT else amount
        check(sent > 0, "vault: zero amount")
        check(sent <= balance, "vault: balance too low")

        was_enabled = self._leave(token, balance - sent)
        self._send(token, receiver, sent)
        if was_enabled:
            self._check_margin()
        else:
            self._check_pause()
        return sent

    # -- Debt --------------------------------------------------------------------------------------

    @transaction
    def borrow(self, assets: int, receiver: str, *, sender: str) -> None:
        """Borrow from the pool what the collateral carries [asset]."""
        self._check_owner(sender)
        self._check_no_hold()
        check(receiver != ZERO, "vault: zero receiver")
        scaled, debt = self.pool.borrow(assets, receiver, self._scaled, sender=self.address)
        self._store(self._mask, scaled)
        self._check_carried(debt)

    @transaction
    def repay(self, assets: int, *, sender: str) -> int:
        """Repay debt with the caller's money; return the amount repaid [asset]."""
        paid = self._repayable(assets)
        self._pull(sender, paid)
        self._book_repayment(paid)
        return paid

    @transaction
    def repay_from_vault(self, assets: int, *, sender: str) -> int:
        """Repay debt with the vault's own credit asset; return the amount repaid [asset]."""
        self._check_owner(sender)
        balance = self._balance(self.asset)
        paid = self._repayable(balance if assets == MAX_UINT else assets)
        check(paid <= balance, "vault: balance too low")
        self._leave(self.asset, balance - paid)
        self._send(self.asset, self.pool.address, paid)
        self._book_repayment(paid)
        return paid

    # -- Liquidation -------------------------------------------------------------------------------

    @transaction
    def liquidate(
        self,
        token: str,
        max_repay: int,
        min_seized: int,
        receiver: str,
        deadline: int,
        on_liquidate: Callback | None = None,
        *,
        sender: str,
    ) -> tuple[int, int]:
        """Repay debt of an unhealthy vault and take collateral for it.

        `on_liquidate` stands for the caller's callback. Return repaid [asset] and seized [token].
        """
        check(self.now <= deadline, "vault: deadline passed")
        check(receiver != ZERO, "vault: zero receiver")
        check(receiver != self.address, "vault: receiver is the vault")
        verdict = self._judged(token, max_repay)
        check(verdict.seized >= min_seized, "vault: seizes too little")

        payment = uint(verdict.repaid + verdict.insurance)
        if verdict.seized > 0:
            self._send(token, receiver, verdict.seized)
        if on_liquidate is not None:
            on_liquidate(verdict.seized, payment)
        if payment > 0:
            self._pull(sender, payment)
        self._settle(verdict)
        return verdict.repaid, verdict.seized

    @transaction
    def realise_loss(self) -> None:
        """Write off the debt of a vault that has no collateral above dust left."""
        verdict = self._judged(ZERO, 0)
        check(verdict.bad_debt > 0, "vault: no loss to realise")
        self._settle(verdict)

    # -- Internals ---------------------------------------------------------------------------------

    def _balance(self, token: str) -> int:
        return self.chain.token(token).balanceOf(self.address)

    def _send(self, token: str, receiver: str, amount: int) -> None:
        is_sent = self.chain.token(token).transfer(receiver, amount, sender=self.address)
        check(is_sent, "vault: transfer failed")

    def _pull(self, payer: str, assets: int) -> None:
        asset = self.chain.token(self.asset)
        is_sent = asset.transferFrom(payer, self.pool.address, assets, sender=self.address)
        check(is_sent, "vault: transfer failed")

    def _book_repayment(self, paid: int) -> None:
        left = self.pool.repay(paid, self._scaled, sender=self.address)
        self._store(self._mask, left)

    def _judged(self, token: str, max_repay: int) -> Liquidation:
        """The verdict, its first part carried out: the vault's own credit asset goes to the pool.

        If the asset refuses, it stays and counts like any collateral that cannot be sold.
        """
        verdict = self._judge(token, max_repay, MAX_UINT)
        if verdict.own_repaid == 0:
            return verdict
        if self._try_send(self.asset, self.pool.address, verdict.own_repaid):
            return verdict
        return self._judge(token, max_repay, 0)

    def _settle(self, verdict: Liquidation) -> None:
        left = self.pool.settle(
            uint(verdict.own_repaid + verdict.repaid),
            verdict.insurance,
            self._scaled,
            verdict.bad_debt,
            sender=self.address,
        )
        self._store(verdict.mask, left)
        if verdict.bad_debt > 0:
            self._surrender_delisted(verdict)

    def _surrender_delisted(self, verdict: Liquidation) -> None:
        """Delisted collateral makes good for a written-off debt, if it moves."""
        parts = self.engine.surrender_of(self.address, verdict.mask, verdict.bad_debt)
        for part in parts:
            if self._try_send(part.token, self.pool.insurance_fund, part.amount):
                self._mask = bitmap.without(self._mask, part.bit)

    def _try_send(self, token: str, receiver: str, amount: int) -> bool:
        try:
            with self.chain.little_gas():
                return self.chain.token(token).transfer(receiver, amount, sender=self.address)
        except Refused:
            return False
