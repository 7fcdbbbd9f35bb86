# pragma version 0.4.3
"""
@title Fixed Point
@license AGPL-3.0-only
@author The Ringfence authors
@notice Scales and the two ways to round a product divided by a number.
@dev Plain checked arithmetic: every caller bounds its factors so that the product fits in 256
     bits. A product that does not fit reverts.
"""

WAD: constant(uint256) = 10**18  # scale of ratios, prices and values
RAY: constant(uint256) = 10**27  # scale of the debt index and of rates per second


@internal
@pure
def mul_div_down(x: uint256, y: uint256, denominator: uint256) -> uint256:
    """
    @notice Return `x * y / denominator`, rounded down.
    """
    return x * y // denominator


@internal
@pure
def mul_div_up(x: uint256, y: uint256, denominator: uint256) -> uint256:
    """
    @notice Return `x * y / denominator`, rounded up.
    """
    product: uint256 = x * y
    return product // denominator + convert(product % denominator > 0, uint256)
