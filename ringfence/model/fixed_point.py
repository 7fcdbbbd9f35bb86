"""Mirror of `math/fixed_point.vy`, and the limits of the chain's integers."""

from ringfence.model.refusal import Overflow

WAD = 10**18  # scale of ratios, prices and values
RAY = 10**27  # scale of the debt index and of rates per second

MAX_UINT = 2**256 - 1
MAX_INT = 2**255 - 1
MIN_INT = -(2**255)


def uint(number: int) -> int:
    """Return `number` if it is a uint256, and overflow as the chain does if it is not."""
    if not 0 <= number <= MAX_UINT:
        raise Overflow
    return number


def sint(number: int) -> int:
    """Return `number` if it is an int256, and overflow as the chain does if it is not."""
    if not MIN_INT <= number <= MAX_INT:
        raise Overflow
    return number


def divide(dividend: int, divisor: int) -> int:
    """Divide two integers towards zero, as the chain does for either sign."""
    if divisor == 0:
        raise Overflow
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def mul_div_down(x: int, y: int, denominator: int) -> int:
    """Return `x * y / denominator`, rounded down."""
    product = x * y
    if denominator == 0 or product > MAX_UINT:
        raise Overflow
    return product // denominator


def mul_div_up(x: int, y: int, denominator: int) -> int:
    """Return `x * y / denominator`, rounded up."""
    product = x * y
    if denominator == 0 or product > MAX_UINT:
        raise Overflow
    return -(-product // denominator)
