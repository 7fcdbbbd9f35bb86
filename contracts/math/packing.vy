# pragma version 0.4.3
"""
@title Packing
@license AGPL-3.0-only
@author The Ringfence authors
@notice Puts two numbers of 128 bits into one storage slot and takes them out again.
"""

HALF_BITS: constant(uint256) = 128
MAX_HALF: constant(uint256) = 2**128 - 1


@internal
@pure
def pack(low: uint256, high: uint256) -> uint256:
    """
    @notice Join `low` and `high`; a number that needs more than 128 bits is refused.
    """
    assert low <= MAX_HALF and high <= MAX_HALF, "packing: above 128 bits"
    return low | (high << HALF_BITS)


@internal
@pure
def low_half(packed: uint256) -> uint256:
    return packed & MAX_HALF


@internal
@pure
def high_half(packed: uint256) -> uint256:
    return packed >> HALF_BITS
