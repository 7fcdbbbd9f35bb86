"""Mirror of `math/interest_math.vy`: growth of the debt index, and the kinked curve."""

from ringfence.model.fixed_point import RAY, WAD, mul_div_down, mul_div_up, uint

YEAR = 31_536_000  # [s]
MAX_RATE = 10 * RAY // YEAR  # [RAY / s] 1,000 % a year
MAX_INDEX = 2**128 - 1  # [RAY]


def compound(index: int, rate: int, elapsed: int) -> int:
    """Grow `index` [RAY] by `rate` [RAY / s] over `elapsed` [s], rounded down.

    Third-order Taylor series of exp(rate * elapsed). An index that would pass `MAX_INDEX` stays.
    """
    x = uint(rate * elapsed)
    x2 = uint(x * x) // (2 * RAY)
    x3 = uint(x2 * x) // (3 * RAY)
    grown = mul_div_down(index, uint(RAY + x + x2 + x3), RAY)
    return index if grown > MAX_INDEX else grown


def utilisation(cash: int, debt: int) -> int:
    """Return the lent share of the pool's assets [WAD], rounded up."""
    if debt == 0:
        return 0
    return mul_div_up(debt, WAD, uint(cash + debt))


def kinked_rate(used: int, kink: int, base: int, at_kink: int, at_full: int) -> int:
    """Read the borrow rate [RAY / s] at utilisation `used` [WAD] off the curve, rounded up."""
    if used <= kink:
        return uint(base + mul_div_up(uint(at_kink - base), used, kink))
    steep = mul_div_up(uint(at_full - at_kink), used - kink, uint(WAD - kink))
    return uint(at_kink + steep)
