"""Mirror of `math/bitmap.vy`: a set of small numbers, below 128, in one word."""

from collections.abc import Iterator

from ringfence.model.fixed_point import MAX_UINT

MAX_MEMBERS = 16  # that anybody may have to walk through


def bit(index: int) -> int:
    """The set that has only `index`; empty from 256 on, where the shift leaves the word."""
    return 1 << index if index < 256 else 0


def has(mask: int, bits: int) -> bool:
    """Tell whether one of `bits` is in `mask`."""
    return mask & bits != 0


def without(mask: int, bits: int) -> int:
    """Take `bits` out of `mask`."""
    return mask & ~bits & MAX_UINT


def count(mask: int) -> int:
    """Count the members of `mask`, up to one more than `MAX_MEMBERS`."""
    return min(mask.bit_count(), MAX_MEMBERS + 1)


def lowest(mask: int) -> int:
    """Return the smallest member of a set of numbers below 128 that is not empty.

    The search ends at 127 if all are larger, and at 0 if there is none.
    """
    return min(max((mask & -mask).bit_length() - 1, 0), 127)


def members(mask: int) -> Iterator[int]:
    """Walk through the first 16 members from the lowest on, as the contracts do."""
    for _ in range(MAX_MEMBERS):
        if mask == 0:
            return
        yield lowest(mask)
        mask &= mask - 1
