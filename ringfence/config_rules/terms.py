"""What rates, pool and liquidation must not be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ringfence import config as c
from ringfence.config_rules.words import amount_problems, inside, is_exact, problem, share
from ringfence.model.pool_rules import MAX_CAP
from ringfence.units import WAD_DECIMALS, format_number

MAX_YEARLY_RATE = Decimal(10)
MAX_TARGET = Decimal("1.25")
MAX_SHARE = Decimal("0.9999")  # of what must not be taken whole
MAX_DUST = Decimal(2**64)  # [quote currency]


def rate_problems(rates: c.RateCurve) -> Iterator[str]:
    """Yield what is wrong with the curve of borrow rates."""
    if rates.kink in (0, 1):
        wrong = "leaves no second slope"
        yield problem("rates.kink", share(rates.kink), wrong, 'write one between, such as "80 %"')
    yield from inside("rates.kink", rates.kink, 0, 1)
    for name in ("base", "at_kink", "full"):
        rate: Decimal = getattr(rates, name)
        yield from inside(f"rates.{name}", rate, 0, MAX_YEARLY_RATE)
    for low, high in (("base", "at_kink"), ("at_kink", "full")):
        below, above = getattr(rates, low), getattr(rates, high)
        if above < below:
            wrong = f"is below rates.{low} of {share(below)}, so the curve falls"
            yield problem(f"rates.{high}", share(above), wrong, "raise it, or lower the other")


def pool_problems(pool: c.PoolTerms, decimals: int) -> Iterator[str]:
    """Yield what is wrong with the lenders' terms, for a credit asset with these decimals."""
    for name, most in (("share_name", 25), ("share_symbol", 16)):
        text: str = getattr(pool, name)
        if not (text.isascii() and 0 < len(text) <= most):
            remedy = f"use 1 to {most} ASCII characters"
            yield problem(f"pool.{name}", text, "does not fit", remedy)
    for name in ("insurance_share", "treasury_share", "loss_stop"):
        yield from inside(f"pool.{name}", getattr(pool, name), 0, 1)
    reserves = pool.insurance_share + pool.treasury_share
    if reserves > Decimal("0.5"):
        wrong = f"with the treasury's share the reserves take {share(reserves)} of the interest"
        yield problem(
            "pool.insurance_share", share(pool.insurance_share), wrong, "leave the lenders half"
        )
    for name in ("min_debt", "max_debt", "supply_cap", "borrow_cap"):
        yield from amount_problems(f"pool.{name}", getattr(pool, name), decimals, MAX_CAP)
    if pool.max_debt is not None and pool.min_debt > pool.max_debt:
        wrong = f"is above pool.max_debt of {format_number(pool.max_debt)}"
        yield problem("pool.min_debt", pool.min_debt, wrong, "lower it, or raise the other")


def liquidation_problems(terms: c.LiquidationTerms) -> Iterator[str]:
    """Yield what is wrong with the terms of liquidations."""
    for name in ("min_bonus", "max_bonus", "insurance_share"):
        yield from inside(f"liquidation.{name}", getattr(terms, name), 0, MAX_SHARE)
    if terms.min_bonus == 0:
        remedy = "nobody liquidates for nothing"
        yield problem("liquidation.min_bonus", share(terms.min_bonus), "is not above 0", remedy)
    if terms.max_bonus < terms.min_bonus:
        wrong = f"is below liquidation.min_bonus of {share(terms.min_bonus)}"
        yield problem("liquidation.max_bonus", share(terms.max_bonus), wrong, "raise it")
    limits = (
        ("floor_health", 0 <= terms.floor_health < 1, "from 0 to below 1, such as 0.9"),
        ("target_health", 1 < terms.target_health <= MAX_TARGET, "above 1 to 1.25, such as 1.05"),
        ("dust_value", 0 < terms.dust_value < MAX_DUST, "what a sale is worth, such as 10"),
    )
    for name, is_inside, choice in limits:
        number: Decimal = getattr(terms, name)
        if not is_inside:
            yield problem(f"liquidation.{name}", number, "is out of range", f"choose {choice}")
        elif not is_exact(number, WAD_DECIMALS):
            yield problem(f"liquidation.{name}", number, "is too fine", "write fewer places")


def dust_problems(
    terms: c.LiquidationTerms, pool: c.PoolTerms, asset: c.CreditAsset
) -> Iterator[str]:
    """Yield what is wrong with the dust value: it stays small against any debt."""
    most = pool.min_debt * asset.price / 10
    if terms.dust_value > most:
        wrong = f"is above a tenth of the smallest debt, {format_number(most)}"
        remedy = "lower it, or raise pool.min_debt"
        yield problem("liquidation.dust_value", terms.dust_value, wrong, remedy)


def gas_problems(
    gas: c.GasAssumptions, pool: c.PoolTerms, terms: c.LiquidationTerms, asset: c.CreditAsset
) -> Iterator[str]:
    """Yield why liquidating the smallest debt would not pay its gas."""
    for name in ("gas_price", "native_price", "liquidation_gas"):
        if getattr(gas, name) <= 0:
            yield problem(f"gas.{name}", getattr(gas, name), "is not above zero", "write more")
    part = terms.min_bonus * (1 - terms.insurance_share) * asset.price
    reward = pool.min_debt * part
    if reward < gas.liquidation_cost and part > 0:
        enough = format_number((gas.liquidation_cost / part).to_integral_value("ROUND_CEILING"))
        wrong = (
            f"liquidating it earns {format_number(reward, 2)} at the smallest bonus, after the"
            f" insurance share, and costs {format_number(gas.liquidation_cost, 2)} of gas with 16"
            " tokens"
        )
        remedy = f"raise it to {enough} or more, or raise liquidation.min_bonus"
        yield problem("pool.min_debt", pool.min_debt, wrong, remedy)
