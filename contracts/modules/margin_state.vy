# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Margin State
@license AGPL-3.0-only
@author The Ringfence authors
@notice What a vault owes and which of its tokens count as collateral; asks the engine and the pool
        what follows from it.
@dev Stored in `vault_slots`. Moves no token.
"""

from ..interfaces import ICreditPool
from ..interfaces import IMarginEngine
from ..interfaces import IVault
from ..math import bitmap
from . import vault_slots as slots

uses: slots

ENGINE: public(immutable(IMarginEngine))
POOL: public(immutable(ICreditPool))
ASSET: public(immutable(address))  # the credit asset
INSURANCE_FUND: immutable(address)


@deploy
def __init__(engine: IMarginEngine):
    ENGINE = engine
    POOL = ICreditPool(staticcall engine.POOL())
    ASSET = staticcall POOL.asset()
    INSURANCE_FUND = staticcall POOL.INSURANCE_FUND()


# -- Views -----------------------------------------------------------------------------------------


@external
@view
@reentrant
def debt() -> uint256:
    """
    @notice Return what the vault owes now.
    @return Debt, rounded up. [asset]
    """
    return staticcall POOL.debt_of(slots.scaled_debt())


@external
@view
@reentrant
def scaled_debt() -> uint256:
    """
    @notice Return the debt without interest since the pool began.
    @return Scaled debt. [asset / index]
    """
    return slots.scaled_debt()


@external
@view
@reentrant
def collateral_mask() -> uint256:
    """
    @notice Return the enabled collateral as the engine's bits.
    @return Mask.
    """
    return slots.mask()


@external
@view
@reentrant
def margin_state() -> (uint256, uint256):
    """
    @notice Return all that the engine asks of a vault, in one call.
    @return Enabled collateral as the engine's bits, and scaled debt [asset / index].
    """
    return slots.mask(), slots.scaled_debt()


@external
@view
@reentrant
def collaterals() -> DynArray[address, bitmap.MAX_MEMBERS]:
    """
    @notice Return the tokens that count as collateral.
    @return Enabled tokens, at most 16.
    """
    return staticcall ENGINE.tokens_of(slots.mask())


# -- For the host ----------------------------------------------------------------------------------


@internal
def enable_if_possible(token: address, bit: uint256):
    mask: uint256 = slots.mask()
    if bitmap.has(mask, bit) or bitmap.count(mask) == bitmap.MAX_MEMBERS:
        return
    if not staticcall ENGINE.is_live(token):
        return
    slots.set_mask(mask | bit)
    log IVault.CollateralEnabled(token=token)


@internal
def leave(token: address, left: uint256) -> bool:
    """
    @dev Tell whether the token is enabled; the last unit takes its bit with it.
    """
    bit: uint256 = staticcall ENGINE.bit_of(token)
    if not bitmap.has(slots.mask(), bit):
        return False
    if left == 0:
        self.disable(bit)
    return True


@internal
def disable(bits: uint256):
    """
    @dev Take tokens out of the collateral.
    """
    if bits == 0:
        return
    slots.set_mask(bitmap.without(slots.mask(), bits))
    for token: address in staticcall ENGINE.tokens_of(bits):
        log IVault.CollateralDisabled(token=token)


@internal
@view
def check_pause():
    if slots.scaled_debt() > 0:
        assert staticcall POOL.pause_level() < 2, "vault: paused"


@internal
@view
def check_margin():
    """
    @dev Without debt nothing is checked: the exit is always open.
    """
    scaled: uint256 = slots.scaled_debt()
    if scaled > 0:
        self.check_pause()
        self.check_carried(staticcall POOL.debt_of(scaled))


@internal
@view
def check_carried(debt: uint256):
    assert staticcall ENGINE.carries(slots.mask(), debt), "vault: not enough margin"


@internal
@view
def repayable(assets: uint256) -> uint256:
    assert assets > 0, "vault: zero amount"
    scaled: uint256 = slots.scaled_debt()
    assert scaled > 0, "vault: no debt"
    paid: uint256 = staticcall POOL.repayable(assets, scaled)
    assert paid > 0, "vault: repay more"
    return paid


@internal
@view
def judge(token: address, max_repay: uint256, burnable: uint256) -> IMarginEngine.Liquidation:
    scaled: uint256 = slots.scaled_debt()
    assert scaled > 0, "vault: no debt"
    return staticcall ENGINE.judge(
        self, slots.mask(), staticcall POOL.debt_of(scaled), token, max_repay, burnable
    )
