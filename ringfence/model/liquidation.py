"""Mirror of `math/liquidation_math.vy`: bonus, largest repayment and seizure of a liquidation."""

from ringfence.model import health as health_math
from ringfence.model.fixed_point import MAX_UINT, WAD, mul_div_down, mul_div_up, uint

ALTERNATIVE_SHARE = WAD // 20  # [WAD] of the debt, for `alternative_value`


def largest_factor(health: int, ltv: int) -> int:
    """Return 1 + the largest bonus that does not lower health [WAD], rounded down."""
    if ltv == 0:
        return MAX_UINT
    return mul_div_down(health, WAD, ltv)


def is_deep(health: int, ltv: int, min_bonus: int) -> bool:
    """Tell whether not even the smallest bonus leaves health where it is."""
    return largest_factor(health, ltv) < uint(WAD + min_bonus)


def bonus(health: int, ltv: int, min_bonus: int, max_bonus: int, floor_health: int) -> int:
    """Return the bonus [WAD] in normal mode, rounded down."""
    grown = max_bonus
    if health > floor_health:
        grown = uint(
            min_bonus
            + mul_div_down(
                uint(max_bonus - min_bonus), uint(WAD - health), uint(WAD - floor_health)
            )
        )
    return min(grown, uint(largest_factor(health, ltv) - WAD))


def affordable(reward: int, min_bonus: int, collateral_value: int, debt_value: int) -> int:
    """Return a bonus [WAD] cut to what the vault's equity pays, but never below `min_bonus`."""
    coverage = mul_div_down(collateral_value, WAD, debt_value)
    return max(min_bonus, min(reward, max(coverage, WAD) - WAD))


def value_to_target(
    weighted_value: int, debt_value: int, ltv: int, reward: int, target: int
) -> int:
    """Return the debt value [WAD] whose repayment brings health to `target`, rounded up."""
    shortfall = uint(uint(target * debt_value) - uint(weighted_value * WAD))
    return mul_div_up(shortfall, 1, uint(target - mul_div_down(uint(WAD + reward), ltv, WAD)))


def seizable(
    repaid: int, debt_price: int, debt_decimals: int, reward: int, price: int, decimals: int
) -> int:
    """Return the collateral [token] that a repayment [asset] buys, rounded down."""
    value = health_math.value_down(repaid, debt_price, debt_decimals)
    return health_math.amount_down(mul_div_down(value, uint(WAD + reward), WAD), price, decimals)


def price_of_all(
    balance: int, debt_price: int, debt_decimals: int, reward: int, price: int, decimals: int
) -> int:
    """Return the repayment [asset] that buys a whole balance of collateral [token], rounded up."""
    value = health_math.value_down(balance, price, decimals)
    return health_math.amount_up(
        mul_div_up(value, WAD, uint(WAD + reward)), debt_price, debt_decimals
    )


def insurance_due(repaid: int, reward: int, insurance_share: int) -> int:
    """Return the insurance fund's share of the bonus [asset], rounded up."""
    return mul_div_up(mul_div_up(repaid, reward, WAD), insurance_share, WAD)


def is_small(debt: int, smallest: int) -> bool:
    """Tell whether a debt [asset] is liquidated in full or not at all."""
    return debt <= uint(smallest + smallest // 100)


def alternative_value(debt_value: int, dust_value: int) -> int:
    """Value [WAD] from which another token in normal mode forbids seizing a deep one."""
    return max(dust_value, mul_div_down(debt_value, ALTERNATIVE_SHARE, WAD))
