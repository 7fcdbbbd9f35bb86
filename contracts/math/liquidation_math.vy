# pragma version 0.4.3
"""
@title Liquidation Math
@license AGPL-3.0-only
@author The Ringfence authors
@notice Bonus, largest repayment and seizure of a liquidation with one collateral token.
@dev Paying x of debt and giving (1 + b) * x of collateral with weight k keeps health from falling
     if and only if (1 + b) * k <= health. So the bonus is capped by health / k - 1, and a token
     whose cap is below the smallest bonus is in deep mode: health cannot be restored with it.
"""

from . import fixed_point as fp
from . import health_math

ALTERNATIVE_SHARE: constant(uint256) = fp.WAD // 20  # [WAD] of the debt, for `alternative_value`


@internal
@pure
def largest_factor(health: uint256, ltv: uint256) -> uint256:
    """
    @notice Return 1 + the largest bonus that does not lower health, rounded down.
    @return Factor; the maximum of the type for a token without weight. [WAD]
    """
    if ltv == 0:
        return max_value(uint256)
    return fp.mul_div_down(health, fp.WAD, ltv)


@internal
@pure
def is_deep(health: uint256, ltv: uint256, min_bonus: uint256) -> bool:
    """
    @notice Tell whether not even the smallest bonus leaves health where it is.
    """
    return self.largest_factor(health, ltv) < fp.WAD + min_bonus


@internal
@pure
def bonus(
    health: uint256, ltv: uint256, min_bonus: uint256, max_bonus: uint256, floor_health: uint256
) -> uint256:
    """
    @notice Return the bonus in normal mode: it grows linearly from `min_bonus` at health 1 to
            `max_bonus` at `floor_health`, and stops where it would lower health.
    @dev The token is not in deep mode, so the result is at least `min_bonus`.
    @return Bonus, rounded down: the liquidator pays the dust. [WAD]
    """
    grown: uint256 = max_bonus
    if health > floor_health:
        grown = min_bonus + fp.mul_div_down(
            max_bonus - min_bonus, fp.WAD - health, fp.WAD - floor_health
        )
    return min(grown, self.largest_factor(health, ltv) - fp.WAD)


@internal
@pure
def affordable(
    reward: uint256, min_bonus: uint256, collateral_value: uint256, debt_value: uint256
) -> uint256:
    """
    @notice Return a bonus cut to what the vault's equity pays for all of its debt, but never below
            `min_bonus`: beyond that the bonus would come from whoever bears the loss.
    @return Bonus, rounded down. [WAD]
    """
    coverage: uint256 = fp.mul_div_down(collateral_value, fp.WAD, debt_value)
    equity: uint256 = max(coverage, fp.WAD) - fp.WAD
    return max(min_bonus, min(reward, equity))


@internal
@pure
def value_to_target(
    weighted_value: uint256, debt_value: uint256, ltv: uint256, reward: uint256, target: uint256
) -> uint256:
    """
    @notice Return the debt value whose repayment brings health to exactly `target`.
    @dev Solves (weighted - (1 + b) * k * x) / (debt - x) = target for x. The configuration keeps
         (1 + b) * k below 0.99, so the denominator is positive.
    @param reward Bonus of this liquidation. [WAD]
    @return Debt value, rounded up. [WAD]
    """
    shortfall: uint256 = target * debt_value - weighted_value * fp.WAD
    return fp.mul_div_up(shortfall, 1, target - fp.mul_div_down(fp.WAD + reward, ltv, fp.WAD))


@internal
@pure
def seizable(
    repaid: uint256,
    debt_price: uint256,
    debt_decimals: uint256,
    reward: uint256,
    price: uint256,
    decimals: uint256,
) -> uint256:
    """
    @notice Return the collateral that a repayment buys.
    @dev Rounded down three times: the liquidator pays the dust.
    @return Amount of the collateral token. [token]
    """
    value: uint256 = health_math.value_down(repaid, debt_price, debt_decimals)
    return health_math.amount_down(fp.mul_div_down(value, fp.WAD + reward, fp.WAD), price, decimals)


@internal
@pure
def price_of_all(
    balance: uint256,
    debt_price: uint256,
    debt_decimals: uint256,
    reward: uint256,
    price: uint256,
    decimals: uint256,
) -> uint256:
    """
    @notice Return the repayment that buys a whole balance of collateral.
    @dev Rounded up twice: the liquidator pays the dust.
    @return Amount of the credit asset. [asset]
    """
    value: uint256 = health_math.value_down(balance, price, decimals)
    return health_math.amount_up(
        fp.mul_div_up(value, fp.WAD, fp.WAD + reward), debt_price, debt_decimals
    )


@internal
@pure
def insurance_due(repaid: uint256, reward: uint256, insurance_share: uint256) -> uint256:
    """
    @notice Return the insurance fund's share of the bonus, in the credit asset.
    @return Amount on top of the repayment, rounded up: the liquidator pays the dust. [asset]
    """
    return fp.mul_div_up(fp.mul_div_up(repaid, reward, fp.WAD), insurance_share, fp.WAD)


@internal
@pure
def is_small(debt: uint256, smallest: uint256) -> bool:
    """
    @notice Tell whether a debt may be liquidated in full although less restores health.
    @dev That is the smallest debt and up to 1 % more: a part too small to be worth a transaction,
         or to burn any scaled debt at all, must not stand in the way.
    @param debt Debt of a vault. [asset]
    @param smallest Smallest debt that may be left. [asset]
    """
    return debt <= smallest + smallest // 100


@internal
@pure
def alternative_value(debt_value: uint256, dust_value: uint256) -> uint256:
    """
    @notice Return the value from which another token in normal mode forbids seizing a deep one.
    @return Value. [WAD]
    """
    return max(dust_value, fp.mul_div_down(debt_value, ALTERNATIVE_SHARE, fp.WAD))
