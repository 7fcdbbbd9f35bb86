# pragma version 0.4.3
"""
@title Math Harness
@license AGPL-3.0-only
@author The Ringfence authors
@notice Lets tests call every function of `math/`, one at a time or hundreds in one call.
"""

from ..math import bitmap
from ..math import fixed_point as fp
from ..math import health_math
from ..math import interest_math
from ..math import liquidation_math
from ..math import packing
from ..math import price_math
from ..math import share_math

MAX_ROWS: constant(uint256) = 1_000
MAX_ARGUMENTS: constant(uint256) = 6


struct Answer:
    success: bool
    word: uint256  # returned, as it is encoded; 0 without success


@external
@view
def answers(
    selector: bytes4, rows: DynArray[uint256[MAX_ARGUMENTS], MAX_ROWS]
) -> DynArray[Answer, MAX_ROWS]:
    """
    @notice Call one function of this contract with each row of arguments; reverts are told.
    """
    found: DynArray[Answer, MAX_ROWS] = []
    for row: uint256[MAX_ARGUMENTS] in rows:
        success: bool = False
        response: Bytes[32] = b""
        success, response = raw_call(
            self,
            concat(selector, abi_encode(row)),
            max_outsize=32,
            is_static_call=True,
            revert_on_failure=False,
        )
        word: uint256 = 0
        if success:
            word = convert(response, uint256)
        found.append(Answer(success=success, word=word))
    return found


# -- Bitmap ----------------------------------------------------------------------------------------


@external
@pure
def bit(index: uint256) -> uint256:
    return bitmap.bit(index)


@external
@pure
def has(mask: uint256, bits: uint256) -> bool:
    return bitmap.has(mask, bits)


@external
@pure
def without(mask: uint256, bits: uint256) -> uint256:
    return bitmap.without(mask, bits)


@external
@pure
def count(mask: uint256) -> uint256:
    return bitmap.count(mask)


@external
@pure
def lowest(mask: uint256) -> uint256:
    return bitmap.lowest(mask)


# -- Fixed point -----------------------------------------------------------------------------------


@external
@pure
def mul_div_down(x: uint256, y: uint256, denominator: uint256) -> uint256:
    return fp.mul_div_down(x, y, denominator)


@external
@pure
def mul_div_up(x: uint256, y: uint256, denominator: uint256) -> uint256:
    return fp.mul_div_up(x, y, denominator)


# -- Health math -----------------------------------------------------------------------------------


@external
@pure
def value_down(balance: uint256, price: uint256, decimals: uint256) -> uint256:
    return health_math.value_down(balance, price, decimals)


@external
@pure
def value_up(assets: uint256, price: uint256, decimals: uint256) -> uint256:
    return health_math.value_up(assets, price, decimals)


@external
@pure
def amount_down(worth: uint256, price: uint256, decimals: uint256) -> uint256:
    return health_math.amount_down(worth, price, decimals)


@external
@pure
def amount_up(worth: uint256, price: uint256, decimals: uint256) -> uint256:
    return health_math.amount_up(worth, price, decimals)


@external
@pure
def weighted(worth: uint256, ltv: uint256) -> uint256:
    return health_math.weighted(worth, ltv)


@external
@pure
def health(weighted_value: uint256, debt_value: uint256) -> uint256:
    return health_math.health(weighted_value, debt_value)


@external
@pure
def cushion(excess: int256, equity: int256) -> int256:
    return health_math.cushion(excess, equity)


@external
@pure
def ramped(start: uint256, target: uint256, begin: uint256, end: uint256, now: uint256) -> uint256:
    return health_math.ramped(start, target, begin, end, now)


# -- Interest math ---------------------------------------------------------------------------------


@external
@pure
def compound(index: uint256, rate: uint256, elapsed: uint256) -> uint256:
    return interest_math.compound(index, rate, elapsed)


@external
@pure
def utilisation(cash: uint256, debt: uint256) -> uint256:
    return interest_math.utilisation(cash, debt)


@external
@pure
def kinked_rate(
    used: uint256, kink: uint256, base: uint256, at_kink: uint256, at_full: uint256
) -> uint256:
    return interest_math.kinked_rate(used, kink, base, at_kink, at_full)


# -- Liquidation math ------------------------------------------------------------------------------


@external
@pure
def largest_factor(health: uint256, ltv: uint256) -> uint256:
    return liquidation_math.largest_factor(health, ltv)


@external
@pure
def is_deep(health: uint256, ltv: uint256, min_bonus: uint256) -> bool:
    return liquidation_math.is_deep(health, ltv, min_bonus)


@external
@pure
def bonus(
    health: uint256, ltv: uint256, min_bonus: uint256, max_bonus: uint256, floor_health: uint256
) -> uint256:
    return liquidation_math.bonus(health, ltv, min_bonus, max_bonus, floor_health)


@external
@pure
def affordable(
    reward: uint256, min_bonus: uint256, collateral_value: uint256, debt_value: uint256
) -> uint256:
    return liquidation_math.affordable(reward, min_bonus, collateral_value, debt_value)


@external
@pure
def value_to_target(
    weighted_value: uint256, debt_value: uint256, ltv: uint256, reward: uint256, target: uint256
) -> uint256:
    return liquidation_math.value_to_target(weighted_value, debt_value, ltv, reward, target)


@external
@pure
def seizable(
    repaid: uint256,
    debt_price: uint256,
    debt_decimals: uint256,
    reward: uint256,
    price: uint256,
    decimals: uint256,
) -> uint256:
    return liquidation_math.seizable(repaid, debt_price, debt_decimals, reward, price, decimals)


@external
@pure
def price_of_all(
    balance: uint256,
    debt_price: uint256,
    debt_decimals: uint256,
    reward: uint256,
    price: uint256,
    decimals: uint256,
) -> uint256:
    return liquidation_math.price_of_all(
        balance, debt_price, debt_decimals, reward, price, decimals
    )


@external
@pure
def insurance_due(repaid: uint256, reward: uint256, insurance_share: uint256) -> uint256:
    return liquidation_math.insurance_due(repaid, reward, insurance_share)


@external
@pure
def is_small(debt: uint256, smallest: uint256) -> bool:
    return liquidation_math.is_small(debt, smallest)


@external
@pure
def alternative_value(debt_value: uint256, dust_value: uint256) -> uint256:
    return liquidation_math.alternative_value(debt_value, dust_value)


# -- Packing ---------------------------------------------------------------------------------------


@external
@pure
def pack(low: uint256, high: uint256) -> uint256:
    return packing.pack(low, high)


@external
@pure
def low_half(packed: uint256) -> uint256:
    return packing.low_half(packed)


@external
@pure
def high_half(packed: uint256) -> uint256:
    return packing.high_half(packed)


# -- Price math ------------------------------------------------------------------------------------


@external
@pure
def clamp(answer: int256, lowest: uint256, highest: uint256) -> uint256:
    return price_math.clamp(answer, lowest, highest)


@external
@pure
def to_wad(answer: uint256, decimals: uint256) -> uint256:
    return price_math.to_wad(answer, decimals)


@external
@pure
def is_near(price: uint256, reference: uint256) -> bool:
    return price_math.is_near(price, reference)


# -- Share math ------------------------------------------------------------------------------------


@external
@pure
def to_shares_down(assets: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    return share_math.to_shares_down(assets, total_assets, total_shares)


@external
@pure
def to_shares_up(assets: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    return share_math.to_shares_up(assets, total_assets, total_shares)


@external
@pure
def to_assets_down(shares: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    return share_math.to_assets_down(shares, total_assets, total_shares)


@external
@pure
def to_assets_up(shares: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    return share_math.to_assets_up(shares, total_assets, total_shares)
