"""Mirror of `math/packing.vy`: two numbers of 128 bits in one word."""

from ringfence.model.fixed_point import uint
from ringfence.model.refusal import check

MAX_HALF = 2**128 - 1


def pack(low: int, high: int) -> int:
    """Join `low` and `high`; a number that needs more than 128 bits is refused."""
    check(uint(low) <= MAX_HALF and uint(high) <= MAX_HALF, "packing: above 128 bits")
    return low | (high << 128)


def low_half(packed: int) -> int:
    """The lower 128 bits."""
    return packed & MAX_HALF


def high_half(packed: int) -> int:
    """The upper 128 bits."""
    return packed >> 128
