# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Vault
@license AGPL-3.0-only
@author The Ringfence authors
@notice Custody and margin state of one owner's one strategy.
@dev What a token's own ledger says this address holds is what the vault holds; no quantity is
     stored. Tokens leave in three ways: `withdraw` by the owner, debt repaid from the vault, and a
     liquidation, which this contract carries out itself when the engine finds the vault short. No
     address has a function that moves them otherwise, and the vault never gives an allowance.
@custom:kill A pause stops borrowing and, at level 2, withdrawing from a vault in debt; a hold stops
             withdrawing and borrowing. Depositing, repaying and liquidating cannot be stopped.
"""

from ethereum.ercs import IERC20

from .interfaces import ILiquidationCallee
from .interfaces import IMarginEngine
from .interfaces import IVault
from .math import bitmap
from .modules import identity
from .modules import margin_state as state
from .modules import vault_slots as slots

implements: IVault

initializes: slots
initializes: identity[slots := slots]
initializes: state[slots := slots]

exports: (
    identity.FACTORY,
    identity.initialize,
    identity.transfer_ownership,
    identity.accept_ownership,
    identity.place_hold,
    identity.release_hold,
    identity.owner,
    identity.pending_owner,
    identity.fund_class,
    identity.hold_until,
    state.ENGINE,
    state.POOL,
    state.ASSET,
    state.debt,
    state.scaled_debt,
    state.collateral_mask,
    state.margin_state,
    state.collaterals,
)

TRY_GAS: constant(uint256) = 200_000  # for a token that may burn all it gets


@deploy
def __init__(engine: IMarginEngine):
    """
    @param engine Engine of the market, which knows its pool and its factory.
    """
    identity.__init__(staticcall engine.FACTORY())
    state.__init__(engine)


# -- Collateral ------------------------------------------------------------------------------------


@external
def deposit(token: address, amount: uint256) -> uint256:
    """
    @notice Put a listed token into the vault; anyone may.
    @dev The owner's own deposit also enables the token, if its price is alive and there is room.
    @param token Listed token.
    @param amount Amount to pull from the caller. [token]
    @return Amount that arrived. [token]
    """
    assert amount > 0, "vault: zero amount"
    bit: uint256 = staticcall state.ENGINE.listed_bit(token)
    before: uint256 = staticcall IERC20(token).balanceOf(self)

    assert extcall IERC20(token).transferFrom(
        msg.sender, self, amount, default_return_value=True
    ), "vault: transfer failed"

    after: uint256 = staticcall IERC20(token).balanceOf(self)
    assert after > before, "vault: nothing arrived"
    if msg.sender == slots.owner():
        state.enable_if_possible(token, bit)
    is_enabled: bool = bitmap.has(slots.mask(), bit)
    log IVault.Deposited(
        token=token, payer=msg.sender, amount=after - before, is_enabled=is_enabled
    )
    return after - before


@external
def enable_collateral(token: address):
    """
    @notice Let a token count as collateral, and be seized if the vault is short.
    @param token Listed token with a live price; one that is enabled already stays so.
    """
    identity.check_owner()
    bit: uint256 = staticcall state.ENGINE.listed_bit(token)
    mask: uint256 = slots.mask()
    if bitmap.has(mask, bit):
        return
    assert staticcall state.ENGINE.is_live(token), "vault: dead price"
    assert bitmap.count(mask) < bitmap.MAX_MEMBERS, "vault: 16 tokens enabled"

    slots.set_mask(mask | bit)
    log IVault.CollateralEnabled(token=token)


@external
def disable_collateral(token: address):
    """
    @notice Let a token no longer count as collateral; the rest must carry the debt.
    @param token Enabled token; its price may be dead.
    """
    identity.check_owner()
    bit: uint256 = staticcall state.ENGINE.bit_of(token)
    mask: uint256 = slots.mask()
    assert bitmap.has(mask, bit), "vault: token not enabled"

    state.disable(bit)

    state.check_margin()


@external
def withdraw(token: address, amount: uint256, receiver: address) -> uint256:
    """
    @notice Take a token out of the vault: any of it without debt, and of collateral what margin
            leaves.
    @param token Any token, listed or stray.
    @param amount Amount to send; the maximum for all of it. [token]
    @param receiver Account that gets it.
    @return Amount sent. [token]
    """
    identity.check_owner()
    identity.check_no_hold()
    assert receiver != empty(address), "vault: zero receiver"
    assert receiver != self, "vault: receiver is the vault"
    balance: uint256 = staticcall IERC20(token).balanceOf(self)
    sent: uint256 = balance if amount == max_value(uint256) else amount
    assert sent > 0, "vault: zero amount"
    assert sent <= balance, "vault: balance too low"

    was_enabled: bool = state.leave(token, balance - sent)
    log IVault.Withdrawn(token=token, receiver=receiver, amount=sent)

    self._send(token, receiver, sent)
    if was_enabled:
        state.check_margin()
    else:
        state.check_pause()
    return sent


# -- Debt ------------------------------------------------------------------------------------------


@external
def borrow(assets: uint256, receiver: address):
    """
    @notice Borrow from the pool what the collateral carries.
    @param assets Amount to borrow. [asset]
    @param receiver Account that gets it; may be this vault.
    """
    identity.check_owner()
    identity.check_no_hold()
    assert receiver != empty(address), "vault: zero receiver"

    scaled: uint256 = 0
    debt: uint256 = 0
    scaled, debt = extcall state.POOL.borrow(assets, receiver, slots.scaled_debt())
    slots.set_scaled_debt(scaled)
    log IVault.Borrowed(receiver=receiver, assets=assets, debt=debt)

    state.check_carried(debt)


@external
def repay(assets: uint256) -> uint256:
    """
    @notice Repay debt of the vault with the caller's money; anyone may.
    @dev A part that would leave a debt below the smallest is cut to leave exactly that.
    @param assets Most to repay; the maximum for all of the debt. [asset]
    @return Amount repaid. [asset]
    """
    paid: uint256 = state.repayable(assets)

    assert extcall IERC20(state.ASSET).transferFrom(
        msg.sender, state.POOL.address, paid, default_return_value=True
    ), "vault: transfer failed"
    self._book_repayment(msg.sender, paid)
    return paid


@external
def repay_from_vault(assets: uint256) -> uint256:
    """
    @notice Repay debt with the credit asset that is in the vault.
    @param assets Most to repay; the maximum for all there is, up to the debt. [asset]
    @return Amount repaid. [asset]
    """
    identity.check_owner()
    balance: uint256 = staticcall IERC20(state.ASSET).balanceOf(self)
    paid: uint256 = state.repayable(balance if assets == max_value(uint256) else assets)
    assert paid <= balance, "vault: balance too low"

    state.leave(state.ASSET, balance - paid)
    self._send(state.ASSET, state.POOL.address, paid)
    self._book_repayment(self, paid)
    return paid


# -- Liquidation -----------------------------------------------------------------------------------


@external
def liquidate(
    token: address,
    max_repay: uint256,
    min_seized: uint256,
    receiver: address,
    deadline: uint256,
    data: Bytes[1024],
) -> (uint256, uint256):
    """
    @notice Repay debt of a vault whose health is below one, and take collateral for it with a
            bonus; anyone may. `MarginEngine.quote_liquidation` says the outcome beforehand.
    @dev Collateral goes out first, then `data`, if any, goes to the caller's `on_liquidate`, then
         payment is pulled from the caller: so a liquidator needs no capital.
    @param token Collateral to seize.
    @param max_repay Most to repay; the insurance share comes on top. [asset]
    @param min_seized Least to get for it. [token]
    @param receiver Account that gets the collateral.
    @param deadline Last moment at which the caller wants this. [unix s]
    @param data Passed on to the caller's callback; empty for no callback.
    @return Repaid by the caller [asset], and seized [token].
    """
    assert block.timestamp <= deadline, "vault: deadline passed"
    assert receiver != empty(address), "vault: zero receiver"
    assert receiver != self, "vault: receiver is the vault"
    verdict: IMarginEngine.Liquidation = self._judge(token, max_repay)
    assert verdict.seized >= min_seized, "vault: seizes too little"

    payment: uint256 = verdict.repaid + verdict.insurance
    if verdict.seized > 0:
        self._send(token, receiver, verdict.seized)
    if len(data) > 0:
        extcall ILiquidationCallee(msg.sender).on_liquidate(
            self, token, verdict.seized, payment, data
        )
    if payment > 0:
        assert extcall IERC20(state.ASSET).transferFrom(
            msg.sender, state.POOL.address, payment, default_return_value=True
        ), "vault: transfer failed"

    self._settle(verdict)
    self._log_liquidation(token, receiver, verdict)
    return verdict.repaid, verdict.seized


@external
def realise_loss():
    """
    @notice Write off the debt of a vault that has no collateral above dust left; anyone may.
    """
    verdict: IMarginEngine.Liquidation = self._judge(empty(address), 0)
    assert verdict.bad_debt > 0, "vault: no loss to realise"

    self._settle(verdict)
    self._log_liquidation(empty(address), empty(address), verdict)


# -- Internals -------------------------------------------------------------------------------------


@internal
def _book_repayment(payer: address, paid: uint256):
    left: uint256 = extcall state.POOL.repay(paid, slots.scaled_debt())
    slots.set_scaled_debt(left)
    log IVault.Repaid(payer=payer, assets=paid, scaled_debt=left)


@internal
def _judge(token: address, max_repay: uint256) -> IMarginEngine.Liquidation:
    """
    @dev Get the verdict and carry out its first part: the vault's own credit asset goes to the
         pool. If the asset refuses, it stays and counts like any collateral that cannot be sold.
    """
    verdict: IMarginEngine.Liquidation = state.judge(token, max_repay, max_value(uint256))
    if verdict.own_repaid == 0:
        return verdict
    if self._try_send(state.ASSET, state.POOL.address, verdict.own_repaid):
        return verdict
    return state.judge(token, max_repay, 0)


@internal
def _settle(verdict: IMarginEngine.Liquidation):
    """
    @dev Until the pool has booked payment and loss, this vault shows its whole debt.
    """
    left: uint256 = extcall state.POOL.settle(
        verdict.own_repaid + verdict.repaid,
        verdict.insurance,
        slots.scaled_debt(),
        verdict.bad_debt,
    )
    state.disable(bitmap.without(slots.mask(), verdict.mask))
    slots.set_scaled_debt(left)
    if verdict.bad_debt > 0:
        self._surrender_delisted(verdict)


@internal
def _surrender_delisted(verdict: IMarginEngine.Liquidation):
    """
    @dev Delisted collateral makes good for a written-off debt, as far as it goes, in the insurance
         fund; a token that refuses is left here.
    """
    for part: IMarginEngine.Surrender in staticcall state.ENGINE.surrender_of(
        self, verdict.mask, verdict.bad_debt
    ):
        is_sent: bool = self._try_send(part.token, state.INSURANCE_FUND, part.amount)
        log IVault.DelistedSurrendered(token=part.token, amount=part.amount, is_sent=is_sent)
        if is_sent:
            state.disable(part.bit)


@internal
def _log_liquidation(token: address, receiver: address, verdict: IMarginEngine.Liquidation):
    if verdict.bad_debt > 0:
        log IVault.LossRealised(bad_debt=verdict.bad_debt)
    log IVault.Liquidated(
        liquidator=msg.sender,
        token=token,
        receiver=receiver,
        repaid=verdict.repaid,
        insurance=verdict.insurance,
        seized=verdict.seized,
        own_repaid=verdict.own_repaid,
        scaled_debt=slots.scaled_debt(),
    )


@internal
def _send(token: address, receiver: address, amount: uint256):
    assert extcall IERC20(token).transfer(
        receiver, amount, default_return_value=True
    ), "vault: transfer failed"


@internal
def _try_send(token: address, receiver: address, amount: uint256) -> bool:
    success: bool = False
    response: Bytes[32] = b""
    success, response = raw_call(
        token,
        abi_encode(receiver, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=32,
        gas=TRY_GAS,
        revert_on_failure=False,
    )
    return success and (len(response) == 0 or convert(response, uint256) != 0)
