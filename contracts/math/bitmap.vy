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
    rest: uint256 = mask
    index: uint256 = 0
    width: uint256 = 64
    for _: uint256 in range(7):
        if rest & ((1 << width) - 1) == 0:
            rest >>= width
            index += width
        width >>= 1
    return index
