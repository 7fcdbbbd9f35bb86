"""Mirror of `math/price_math.vy`: from a feed's answer to a price with 18 decimals."""

from ringfence.model.fixed_point import MAX_INT, WAD, uint
from ringfence.model.refusal import Overflow

WAD_DECIMALS = 18
MAX_DEVIATION = WAD // 20  # [WAD] between a feed and its replacement


def clamp(answer: int, lowest: int, highest: int) -> int:
    """Move an answer [feed answer] into the bounds of its feed."""
    if lowest > MAX_INT:
        raise Overflow
    return lowest if answer <= lowest else min(answer, highest)


def to_wad(answer: int, decimals: int) -> int:
    """Bring an answer with `decimals` decimals to 18, rounded down: price of a whole token [WAD]"""
    if decimals <= WAD_DECIMALS:
        return uint(answer * 10 ** (WAD_DECIMALS - decimals))
    return answer // uint(10 ** (decimals - WAD_DECIMALS))


def is_near(price: int, reference: int) -> bool:
    """Tell whether `price` [WAD] is within 5 % of `reference` [WAD]."""
    return uint(abs(price - reference) * WAD) <= uint(reference * MAX_DEVIATION)
