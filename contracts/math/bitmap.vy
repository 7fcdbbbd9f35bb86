# pragma version 0.4.3
"""
@title Bitmap
@license AGPL-3.0-only
@author The Ringfence authors
@notice A set of up to 128 small numbers in one word.
"""

MAX_MEMBERS: constant(uint256) = 16  # that anybody may have to walk through


@internal
@pure
def bit(index: uint256) -> uint256:
    return 1 << index


@internal
@pure
def has(mask: uint256, bits: uint256) -> bool:
    """
    @notice Tell whether one of `bits` is in `mask`.
    """
    return mask & bits != 0


@internal
@pure
def without(mask: uint256, bits: uint256) -> uint256:
    return mask & ~bits


@internal
@pure
def count(mask: uint256) -> uint256:
    """
    @notice Count the members of `mask`, up to one more than `MAX_MEMBERS`.
    """
    rest: uint256 = mask
    members: uint256 = 0
    for _: uint256 in range(MAX_MEMBERS + 1):
        if rest == 0:
            break
        rest &= rest - 1
        members += 1
    return members


@internal
@pure
def lowest(mask: uint256) -> uint256:
    """
    @notice Return the smallest member of a set that is not empty.
    """
    low: uint256 = mask & unsafe_add(~mask, 1)  # two's complement leaves the lowest bit
    index: uint256 = 0
    if low >= 2**64:
        low >>= 64
        index = 64
    if low >= 2**32:
        low >>= 32
        index += 32
    if low >= 2**16:
        low >>= 16
        index += 16
    if low >= 2**8:
        low >>= 8
        index += 8
    if low >= 2**4:
        low >>= 4
        index += 4
    if low >= 2**2:
        low >>= 2
        index += 2
    return index + 1 if low >= 2 else index
