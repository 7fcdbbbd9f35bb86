# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Pool Rules
@license AGPL-3.0-only
@author The Ringfence authors
@notice Caps of the market, limits of one vault's debt, pauses, and who may change them.
@dev Caps and limits bind only where risk grows; nothing that exists is touched when they change.
"""

from ..interfaces import ICreditPool
from ..interfaces import IVaultFactory
from ..math import packing
from . import brakes
from . import notice

initializes: brakes
initializes: notice

MAX_CAP: constant(uint256) = 2**120 - 1  # [asset] stands for no cap

FACTORY: public(immutable(address))  # attests which callers are vaults, names the officers

supply_cap: public(uint256)  # [asset] total of assets at which deposits stop
_debt_limits: uint256  # smallest, largest debt of one vault [asset]


@deploy
def __init__(
    factory: address,
    notice_period: uint256,
    supply: uint256,
    borrow: uint256,
    smallest: uint256,
    largest: uint256,
):
    assert factory != empty(address), "pool: zero address"

    notice.__init__(notice_period)
    FACTORY = factory
    self._set_caps(supply, borrow)
    self._set_debt_limits(smallest, largest)


# -- Officers --------------------------------------------------------------------------------------


@external
def pause(level: uint256, duration: uint256):
    """
    @notice Raise the pause level: 1 stops borrowing and deposits, 2 also withdrawing from vaults
            in debt. It lapses by itself, and may be raised again at any time.
    @param level 1 or 2.
    @param duration At most 7 days; an end that is already later stays. [s]
    """
    assert msg.sender == staticcall IVaultFactory(FACTORY).guardian(), "pool: not the guardian"
    brakes.raise_to(level, duration)


@external
def lower_pause(level: uint256):
    """
    @notice Lower the pause level before it lapses.
    @param level 0 or 1, below the present level.
    """
    self._check_risk_admin()
    brakes.lower_to(level)


@external
def resume_borrowing():
    """
    @notice Allow borrowing again after the lenders' losses stopped it; counting starts anew.
    """
    self._check_risk_admin()
    brakes.resume()


@external
def announce(call: Bytes[516]):
    """
    @notice Announce a change of this pool, which may be made once the notice has passed.
    @param call Calldata of the call that will make the change.
    """
    self._check_risk_admin()
    notice.announce(call)


@external
def cancel(call: Bytes[516]):
    """
    @notice Withdraw an announcement.
    @param call Calldata that was announced.
    """
    self._check_risk_admin()
    notice.cancel(call)


@external
def set_caps(supply: uint256, borrow: uint256):
    """
    @notice Lower the market's caps at once, or raise one of them after notice.
    @param supply Total of assets at which deposits stop. [asset]
    @param borrow Total debt at which borrowing stops. [asset]
    """
    self._check_risk_admin()
    if supply > self.supply_cap or borrow > brakes.borrow_cap():
        notice.spend(abi_encode(supply, borrow, method_id=method_id("set_caps(uint256,uint256)")))
    self._set_caps(supply, borrow)


@external
def set_debt_limits(smallest: uint256, largest: uint256):
    """
    @notice Lower the largest debt of a vault at once; raise it, or change the smallest, after
            notice.
    @param smallest Debt below which nothing may be left. [asset]
    @param largest Debt above which nothing may be borrowed. [asset]
    """
    self._check_risk_admin()
    now: uint256 = self._debt_limits
    if smallest != packing.low_half(now) or largest > packing.high_half(now):
        notice.spend(
            abi_encode(smallest, largest, method_id=method_id("set_debt_limits(uint256,uint256)"))
        )
    self._set_debt_limits(smallest, largest)


# -- Views -----------------------------------------------------------------------------------------


@external
@view
def borrow_cap() -> uint256:
    """
    @notice Return the total debt at which borrowing stops.
    @return Cap. [asset]
    """
    return brakes.borrow_cap()


@external
@view
def min_debt() -> uint256:
    """
    @notice Return the smallest debt that borrowing or a partial repayment may leave in a vault.
    @return Limit. [asset]
    """
    return packing.low_half(self._debt_limits)


@external
@view
def max_debt() -> uint256:
    """
    @notice Return the largest debt to which borrowing may bring a vault.
    @return Limit. [asset]
    """
    return packing.high_half(self._debt_limits)


@external
@view
def pause_level() -> uint256:
    """
    @notice Return the pause level in force.
    @return 0 normal, 1 no borrowing and no deposits, 2 also no withdrawal from vaults in debt.
    """
    return brakes.level()


@external
@view
def borrowing_stopped() -> bool:
    """
    @notice Tell whether losses of the lenders have stopped borrowing.
    @return True until the risk admin resumes it.
    """
    return brakes.is_stopped()


# -- For the host ----------------------------------------------------------------------------------


@internal
@view
def check_vault(caller: address):
    assert staticcall IVaultFactory(FACTORY).vault_id(caller) != 0, "pool: not a vault"


@internal
@view
def check_debt(debt: uint256, total_debt: uint256):
    """
    @dev Limits of a vault's debt and of all debt, after borrowing. [asset]
    """
    limits: uint256 = self._debt_limits
    assert debt >= packing.low_half(limits), "pool: debt below the smallest"
    assert debt <= packing.high_half(limits), "pool: debt above the largest"
    assert total_debt <= brakes.borrow_cap(), "pool: borrow cap reached"


@internal
@view
def smallest_debt() -> uint256:
    return packing.low_half(self._debt_limits)


@internal
@view
def room(total_assets: uint256) -> uint256:
    """
    @dev What the pause and the supply cap leave to deposit. [asset]
    """
    cap: uint256 = self.supply_cap
    if brakes.level() > 0 or total_assets >= cap:
        return 0
    return cap - total_assets


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _check_risk_admin():
    admin: address = staticcall IVaultFactory(FACTORY).risk_admin()
    assert msg.sender == admin, "pool: not the risk admin"


@internal
def _set_caps(supply: uint256, borrow: uint256):
    assert max(supply, borrow) <= MAX_CAP, "pool: cap above 120 bits"
    self.supply_cap = supply
    brakes.set_borrow_cap(borrow)
    log ICreditPool.CapsChanged(supply_cap=supply, borrow_cap=borrow)


@internal
def _set_debt_limits(smallest: uint256, largest: uint256):
    assert 0 < smallest and smallest <= largest, "pool: debt limits out of order"
    assert largest <= MAX_CAP, "pool: cap above 120 bits"
    self._debt_limits = packing.pack(smallest, largest)
    log ICreditPool.DebtLimitsChanged(min_debt=smallest, max_debt=largest)
