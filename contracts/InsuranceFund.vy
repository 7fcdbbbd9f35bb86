# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Insurance Fund
@license AGPL-3.0-only
@author The Ringfence authors
@notice First-loss money of one market: shares of its pool, cash in the credit asset, and what
        delisted collateral a written-off vault left behind.
@dev Anyone adds to it by a plain transfer. The pool burns its shares and draws its cash to cover a
     loss; otherwise it pays out only to the market's owner, after notice.
@custom:kill Nothing to stop: it pays the pool what a loss needs and nobody else without notice.
"""

from ethereum.ercs import IERC20

from .interfaces import ICreditPool
from .interfaces import IInsuranceFund
from .interfaces import IVaultFactory
from .modules import notice

implements: IInsuranceFund

initializes: notice

exports: (
    notice.NOTICE,
    notice.ready_at,
)

TRANSFER_GAS: constant(uint256) = 200_000

POOL: public(immutable(address))
ASSET: immutable(IERC20)


@deploy
def __init__(pool: ICreditPool, notice_period: uint256):
    """
    @param pool Pool of the market, deployed for the address that this fund has.
    @param notice_period How long a withdrawal stands announced. [s]
    """
    assert staticcall pool.INSURANCE_FUND() == self, "fund: foreign pool"

    notice.__init__(notice_period)
    POOL = pool.address
    ASSET = IERC20(staticcall pool.asset())


# -- The pool --------------------------------------------------------------------------------------


@external
def cover(assets: uint256) -> uint256:
    """
    @notice Pay the pool up to `assets` of a loss, in cash.
    @dev Never reverts for want of money or because the token refuses: then it pays less.
    @param assets What the loss needs. [asset]
    @return What was paid. [asset]
    """
    assert msg.sender == POOL, "fund: not the pool"

    before: uint256 = staticcall ASSET.balanceOf(self)
    _success: bool = raw_call(
        ASSET.address,
        abi_encode(POOL, min(assets, before), method_id=method_id("transfer(address,uint256)")),
        gas=TRANSFER_GAS,
        revert_on_failure=False,
    )
    left: uint256 = staticcall ASSET.balanceOf(self)
    log IInsuranceFund.LossCovered(assets=before - left, cash=left)
    return before - left


# -- The market's owner ----------------------------------------------------------------------------


@external
def announce(call: Bytes[516]):
    """
    @notice Announce a withdrawal, which may be made once the notice has passed.
    @param call Calldata of the `withdraw` to come.
    """
    self._check_owner()
    notice.announce(call)


@external
def cancel(call: Bytes[516]):
    """
    @notice Give up an announced withdrawal.
    @param call Calldata that was announced.
    """
    self._check_owner()
    notice.cancel(call)


@external
def withdraw(token: address, amount: uint256, receiver: address):
    """
    @notice Take money out of the fund, as announced, while borrowing is not stopped.
    @param token Token to send: shares of the pool, the credit asset, or a delisted token.
    @param amount Amount to send. [token]
    @param receiver Account that gets it.
    """
    self._check_owner()
    assert not staticcall ICreditPool(POOL).borrowing_stopped(), "fund: borrowing is stopped"
    notice.spend(
        abi_encode(
            token, amount, receiver, method_id=method_id("withdraw(address,uint256,address)")
        )
    )

    log IInsuranceFund.Withdrawn(token=token, receiver=receiver, amount=amount)
    assert extcall IERC20(token).transfer(
        receiver, amount, default_return_value=True
    ), "fund: transfer failed"


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _check_owner():
    factory: IVaultFactory = IVaultFactory(staticcall ICreditPool(POOL).FACTORY())
    assert msg.sender == staticcall factory.owner(), "fund: not the owner"
