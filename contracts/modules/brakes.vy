# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Brakes
@license AGPL-3.0-only
@author The Ringfence authors
@notice All that stops borrowing: pause levels that lapse by themselves, the stop after a loss, and
        the cap of all debt.
@dev Level 1 stops borrowing and lending; level 2 also stops withdrawing from vaults in debt. One
     slot: the ends of both levels (64 bits each), the stop flag and the cap (120 bits).
"""

from ..interfaces import ICreditPool

MAX_LEVEL: constant(uint256) = 2
MAX_PAUSE: constant(uint256) = 604_800  # [s] 7 days
TIME_MASK: constant(uint256) = 2**64 - 1
SECOND_SHIFT: constant(uint256) = 64
STOP_BIT: constant(uint256) = 2**128
CAP_SHIFT: constant(uint256) = 136
PAUSE_MASK: constant(uint256) = 2**128 - 1
CAP_MASK: constant(uint256) = (2**120 - 1) << 136

_state: uint256
lender_losses: public(uint256)  # [asset] since borrowing was last resumed


@internal
@view
def level() -> uint256:
    state: uint256 = self._state
    if self._second_end(state) >= block.timestamp:
        return 2
    if self._first_end(state) >= block.timestamp:
        return 1
    return 0


@internal
@view
def is_stopped() -> bool:
    return self._state & STOP_BIT != 0


@internal
@view
def borrow_cap() -> uint256:
    """
    @dev Total debt at which borrowing stops. [asset]
    """
    return self._state >> CAP_SHIFT


@internal
def set_borrow_cap(cap: uint256):
    self._state = (self._state & ~CAP_MASK) | (cap << CAP_SHIFT)


@internal
@view
def check_borrowing():
    assert self.level() == 0, "pool: paused"
    assert not self.is_stopped(), "pool: borrowing stopped"


@internal
def raise_to(level: uint256, duration: uint256):
    """
    @dev A pause is never shortened by another: each level keeps the later of its ends.
    """
    assert 0 < level and level <= MAX_LEVEL, "pool: no such pause level"
    assert 0 < duration and duration <= MAX_PAUSE, "pool: pause above 7 days"

    state: uint256 = self._state
    until: uint256 = block.timestamp + duration
    first: uint256 = max(self._first_end(state), until)
    second: uint256 = self._second_end(state)
    if level == 2:
        second = max(second, until)
    self._state = first | (second << SECOND_SHIFT) | (state & ~PAUSE_MASK)
    log ICreditPool.Paused(level=level, until=until, by=msg.sender)


@internal
def lower_to(level: uint256):
    assert level < self.level(), "pool: pause is not above that"

    state: uint256 = self._state
    first: uint256 = self._first_end(state) if level == 1 else 0
    self._state = first | (state & ~PAUSE_MASK)
    log ICreditPool.PauseLowered(level=level, by=msg.sender)


@internal
def book_loss(lost: uint256, tolerated: uint256):
    """
    @dev Count a loss of the lenders, and stop borrowing once they add up to more than `tolerated`.
    """
    if lost == 0:
        return
    losses: uint256 = self.lender_losses + lost
    self.lender_losses = losses
    if losses > tolerated and not self.is_stopped():
        self._state = self._state | STOP_BIT
        log ICreditPool.BorrowingStopped(losses=losses)


@internal
def resume():
    assert self.is_stopped(), "pool: borrowing is not stopped"
    log ICreditPool.BorrowingResumed(losses=self.lender_losses)
    self._state = self._state & ~STOP_BIT
    self.lender_losses = 0


@internal
@pure
def _first_end(state: uint256) -> uint256:
    return state & TIME_MASK


@internal
@pure
def _second_end(state: uint256) -> uint256:
    return (state >> SECOND_SHIFT) & TIME_MASK
