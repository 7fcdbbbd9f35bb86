# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Notice
@license AGPL-3.0-only
@author The Ringfence authors
@notice Lets a change happen only after it has stood announced, word for word, for some days.
@dev An action is the hash of the calldata that will carry it out. It can be spent once, between
     `NOTICE` and `NOTICE + WINDOW` after its announcement: a permission that waits in a drawer for
     the day on which nobody looks lapses.
"""

from ..interfaces import INotice

MIN_NOTICE: constant(uint256) = 259_200  # [s] 3 days
WINDOW: constant(uint256) = 1_209_600  # [s] 14 days

NOTICE: public(immutable(uint256))  # [s]
ready_at: public(HashMap[bytes32, uint256])  # action -> [unix s]; 0 if not announced


@deploy
def __init__(notice: uint256):
    assert notice >= MIN_NOTICE, "notice: below 3 days"
    NOTICE = notice


@internal
def announce(call: Bytes[516]):
    action: bytes32 = keccak256(call)
    ready: uint256 = block.timestamp + NOTICE
    self.ready_at[action] = ready
    log INotice.Announced(action=action, call=call, ready_at=ready)


@internal
def cancel(call: Bytes[516]):
    action: bytes32 = keccak256(call)
    assert self.ready_at[action] != 0, "notice: not announced"
    self.ready_at[action] = 0
    log INotice.AnnouncementCancelled(action=action)


@internal
def spend(call: Bytes[516]):
    """
    @dev Use up the announcement of `call`, which is the calldata being carried out.
    """
    action: bytes32 = keccak256(call)
    ready: uint256 = self.ready_at[action]
    assert ready != 0, "notice: not announced"
    assert block.timestamp >= ready, "notice: too early"
    assert block.timestamp <= ready + WINDOW, "notice: lapsed"
    self.ready_at[action] = 0
