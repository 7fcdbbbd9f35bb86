# pragma version 0.4.3
"""
@title Health Math
@license AGPL-3.0-only
@author The Ringfence authors
@notice Values, weights, loan-to-value ramps and the health of a vault.
@dev Values are WAD in the quote currency and stop at `MAX_VALUE`; balances stop at `MAX_BALANCE`,
     so that a token which lies about a balance cannot make a sum overflow.
"""

from . import fixed_point as fp

MAX_BALANCE: constant(uint256) = 2**128 - 1  # [token] what is above counts as this much
MAX_PRICE: constant(uint256) = 2**96 - 1  # [WAD per whole token] the oracle refuses higher bounds
MAX_VALUE: constant(uint256) = 2**128 - 1  # [WAD] what is above counts as this much


@internal
@pure
def value_down(balance: uint256, price: uint256, decimals: uint256) -> uint256:
    """
    @notice Value of collateral: rounded down, judged by the worse case.
    @param balance Amount of the token. [token]
    @param price Price of a whole token. [WAD]
    @param decimals Decimals of the token, at most 18.
    @return Value in the quote currency. [WAD]
    """
    return min(fp.mul_div_down(min(balance, MAX_BALANCE), price, 10**decimals), MAX_VALUE)


@internal
@pure
def value_up(assets: uint256, price: uint256, decimals: uint256) -> uint256:
    """
    @notice Value of debt: rounded up, judged by the worse case.
    """
    return fp.mul_div_up(assets, price, 10**decimals)


@internal
@pure
def amount_down(worth: uint256, price: uint256, decimals: uint256) -> uint256:
    """
    @notice Amount of a token that is worth `worth`, rounded down.
    """
    return fp.mul_div_down(worth, 10**decimals, price)


@internal
@pure
def amount_up(worth: uint256, price: uint256, decimals: uint256) -> uint256:
    """
    @notice Amount of a token that is worth `worth`, rounded up.
    """
    return fp.mul_div_up(worth, 10**decimals, price)


@internal
@pure
def weighted(worth: uint256, ltv: uint256) -> uint256:
    """
    @notice Debt that collateral of this value carries: rounded down, judged by the worse case.
    """
    return fp.mul_div_down(worth, ltv, fp.WAD)


@internal
@pure
def health(weighted_value: uint256, debt_value: uint256) -> uint256:
    """
    @notice Return weighted collateral over debt: rounded down, below one exactly when the
            collateral no longer carries the debt.
    @return Health; the maximum of the type if there is no debt. [WAD]
    """
    if debt_value == 0:
        return max_value(uint256)
    return fp.mul_div_down(weighted_value, fp.WAD, debt_value)


@internal
@pure
def cushion(excess: int256, equity: int256) -> int256:
    """
    @notice Return excess liquidity as a share of equity, rounded towards zero.
    @return Share; without equity the minimum of the type, or 0 if nothing is missing. [WAD]
    """
    if equity > 0:
        return excess * convert(fp.WAD, int256) // equity
    return min_value(int256) if excess < 0 else 0


@internal
@pure
def ramped(start: uint256, target: uint256, begin: uint256, end: uint256, now: uint256) -> uint256:
    """
    @notice Read a maintenance LTV that falls on a straight line from `start` to `target`.
    @dev Rounded up: a ramp never falls faster than announced.
    @param begin Start of the ramp. [unix s]
    @param end End of the ramp. [unix s]
    @return LTV at `now`. [WAD]
    """
    if now >= end:
        return target
    if now <= begin:
        return start
    return target + fp.mul_div_up(start - target, end - now, end - begin)
