# pragma version 0.4.3
"""
@title Price Math
@license AGPL-3.0-only
@author The Ringfence authors
@notice From a feed's answer to a price with 18 decimals.
"""

from . import fixed_point as fp

WAD_DECIMALS: constant(uint256) = 18
MAX_DEVIATION: constant(uint256) = fp.WAD // 20  # [WAD] between a feed and its replacement


@internal
@pure
def clamp(answer: int256, lowest: uint256, highest: uint256) -> uint256:
    """
    @notice Move an answer into the bounds of its feed.
    """
    if answer <= convert(lowest, int256):
        return lowest
    return min(convert(answer, uint256), highest)


@internal
@pure
def to_wad(answer: uint256, decimals: uint256) -> uint256:
    """
    @notice Bring an answer with `decimals` decimals to 18, rounded down.
    @return Price of a whole token. [WAD]
    """
    if decimals <= WAD_DECIMALS:
        return answer * 10**(WAD_DECIMALS - decimals)
    return answer // 10**(decimals - WAD_DECIMALS)


@internal
@pure
def is_near(price: uint256, reference: uint256) -> bool:
    """
    @notice Tell whether `price` is within 5 % of `reference`.
    """
    distance: uint256 = max(price, reference) - min(price, reference)
    return distance * fp.WAD <= reference * MAX_DEVIATION
