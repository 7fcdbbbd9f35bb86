# pragma version 0.4.3
"""
@title Plain Feed
@license AGPL-3.0-only
@author The Ringfence authors
@notice AggregatorV3 feed that keeps its answer and its time in one slot: what gas is measured with.
"""

MASK: constant(uint256) = 2**128 - 1

decimals: public(constant(uint8)) = 8
_round: uint256  # answer 128 bits, time


@deploy
def __init__(answer: uint256):
    self._round = answer | (block.timestamp << 128)


@external
def set_answer(answer: uint256):
    """
    @notice Answer this from now on, as updated now.
    """
    self._round = answer | (block.timestamp << 128)


@external
@view
def answer() -> uint256:
    """
    @notice Return the last answer.
    @return Answer. [feed answer]
    """
    return self._round & MASK


@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    round: uint256 = self._round
    updated_at: uint256 = round >> 128
    return 1, convert(round & MASK, int256), updated_at, updated_at, 1
