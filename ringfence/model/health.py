"""Mirror of `math/health_math.vy`: values, weights, ramps and health."""

from ringfence.model.fixed_point import (
    MAX_UINT,
    MIN_INT,
    WAD,
    divide,
    mul_div_down,
    mul_div_up,
    sint,
    uint,
)

MAX_BALANCE = 2**128 - 1  # [token] what is above counts as this much
MAX_PRICE = 2**96 - 1  # [WAD per whole token] the oracle refuses higher bounds
MAX_VALUE = 2**128 - 1  # [WAD] what is above counts as this much


def value_down(balance: int, price: int, decimals: int) -> int:
    """Value of collateral [WAD]: `balance` [token] at `price` [WAD], rounded down."""
    return min(mul_div_down(min(balance, MAX_BALANCE), price, uint(10**decimals)), MAX_VALUE)


def value_up(assets: int, price: int, decimals: int) -> int:
    """Value of debt [WAD]: `assets` [asset] at `price` [WAD], rounded up."""
    return mul_div_up(assets, price, uint(10**decimals))


def amount_down(worth: int, price: int, decimals: int) -> int:
    """Amount of a token [token] that is worth `worth` [WAD], rounded down."""
    return mul_div_down(worth, uint(10**decimals), price)


def amount_up(worth: int, price: int, decimals: int) -> int:
    """Amount of a token [token] that is worth `worth` [WAD], rounded up."""
    return mul_div_up(worth, uint(10**decimals), price)


def weighted(worth: int, ltv: int) -> int:
    """Debt [WAD] that collateral of this value carries, rounded down."""
    return mul_div_down(worth, ltv, WAD)


def health(weighted_value: int, debt_value: int) -> int:
    """Weighted collateral over debt [WAD], rounded down; the largest integer without debt."""
    if debt_value == 0:
        return MAX_UINT
    return mul_div_down(weighted_value, WAD, debt_value)


def cushion(excess: int, equity: int) -> int:
    """Excess liquidity as a share of equity [WAD], rounded towards zero.

    Without equity the smallest integer, or 0 if nothing is missing.
    """
    if equity > 0:
        return divide(sint(excess * WAD), equity)
    return MIN_INT if excess < 0 else 0


def ramped(start: int, target: int, begin: int, end: int, now: int) -> int:
    """Maintenance LTV [WAD] on its line from `start` to `target` at `now` [unix s], rounded up."""
    if now >= end:
        return target
    if now <= begin:
        return start
    return uint(target + mul_div_up(uint(start - target), end - now, uint(end - begin)))
