# pragma version 0.4.3
"""
@title Interest Math
@license AGPL-3.0-only
@author The Ringfence authors
@notice Growth of the debt index, and the kinked curve from utilisation to rate.
"""

from . import fixed_point as fp

YEAR: constant(uint256) = 31_536_000  # [s]
MAX_RATE: constant(uint256) = 10 * fp.RAY // YEAR  # [RAY / s] 1,000 % a year
MAX_INDEX: constant(uint256) = 2**128 - 1  # [RAY]


@internal
@pure
def compound(index: uint256, rate: uint256, elapsed: uint256) -> uint256:
    """
    @notice Grow `index` by `rate` over `elapsed` seconds.
    @dev Third-order Taylor series of exp(rate * elapsed): never more than true compounding. An
         index that would pass `MAX_INDEX` stays where it is, so that accrual never reverts. With
         `rate` <= `MAX_RATE` no product overflows within 1,000 years.
    @return Debt index after, rounded down. [RAY]
    """
    x: uint256 = rate * elapsed
    x2: uint256 = x * x // (2 * fp.RAY)
    x3: uint256 = x2 * x // (3 * fp.RAY)
    grown: uint256 = fp.mul_div_down(index, fp.RAY + x + x2 + x3, fp.RAY)
    if grown > MAX_INDEX:
        return index
    return grown


@internal
@pure
def utilisation(cash: uint256, debt: uint256) -> uint256:
    """
    @notice Return the lent share of the pool's assets.
    @return Utilisation, rounded up: the debtor pays the dust. [WAD]
    """
    if debt == 0:
        return 0
    return fp.mul_div_up(debt, fp.WAD, cash + debt)


@internal
@pure
def kinked_rate(
    used: uint256, kink: uint256, base: uint256, at_kink: uint256, at_full: uint256
) -> uint256:
    """
    @notice Read the borrow rate off a line with one kink.
    @param used Utilisation. [WAD]
    @param kink Utilisation at which the slope changes, above 0 and below 1. [WAD]
    @param base Rate at no utilisation. [RAY / s]
    @param at_kink Rate at the kink, at least `base`. [RAY / s]
    @param at_full Rate at full utilisation, at least `at_kink`. [RAY / s]
    @return Rate, rounded up: the debtor pays the dust. [RAY / s]
    """
    if used <= kink:
        return base + fp.mul_div_up(at_kink - base, used, kink)
    return at_kink + fp.mul_div_up(at_full - at_kink, used - kink, fp.WAD - kink)
