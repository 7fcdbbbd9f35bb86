"""A market's configuration in the contracts' own units: pure, and exact or rounded as it says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ringfence.config import Feed, LiquidationTerms, MarketConfig, RateCurve, Token
from ringfence.model.pool_rules import MAX_CAP
from ringfence.units import MAX_UINT, to_base, to_wad, yearly_to_ray


def rate_arguments(rates: RateCurve) -> tuple[int, int, int, int]:
    """Return kink [WAD] and the three rates [RAY / s, rounded down]."""
    return (
        to_wad(rates.kink),
        yearly_to_ray(rates.base),
        yearly_to_ray(rates.at_kink),
        yearly_to_ray(rates.full),
    )


def pool_terms(config: MarketConfig) -> dict[str, Any]:
    """Return the struct `CreditPool.Terms`."""
    pool, decimals = config.pool, config.credit_asset.decimals

    def limit(amount: Decimal | None) -> int:
        return MAX_CAP if amount is None else to_base(amount, decimals)

    return {
        "name": pool.share_name,
        "symbol": pool.share_symbol,
        "insurance_share": to_wad(pool.insurance_share),
        "treasury_share": to_wad(pool.treasury_share),
        "loss_stop": to_wad(pool.loss_stop),
        "supply_cap": limit(pool.supply_cap),
        "borrow_cap": limit(pool.borrow_cap),
        "min_debt": limit(pool.min_debt),
        "max_debt": limit(pool.max_debt),
        "notice": config.notice,
    }


def engine_terms(terms: LiquidationTerms) -> dict[str, int]:
    """Return the struct `IMarginEngine.LiquidationTerms`. [WAD]"""
    return {
        "min_bonus": to_wad(terms.min_bonus),
        "max_bonus": to_wad(terms.max_bonus),
        "floor_health": to_wad(terms.floor_health),
        "target_health": to_wad(terms.target_health),
        "insurance_share": to_wad(terms.insurance_share),
        "dust_value": to_wad(terms.dust_value),
    }


def token_arguments(config: MarketConfig, token: Token) -> tuple[int, int, int]:
    """Return initial LTV [WAD], maintenance LTV [WAD] and cap [token] for `list_token`."""
    cap = MAX_UINT if token.cap is None else to_base(token.cap, config.decimals_of(token))
    return to_wad(token.initial_ltv), to_wad(token.maintenance_ltv), cap


def feed_answer(feed: Feed) -> int:
    """Return the expected price as the feed answers it. [feed answer]"""
    return to_base(feed.price, feed.decimals)


def feed_bounds(feed: Feed) -> tuple[int, int]:
    """Return the lowest and the highest believable answer. [feed answer]"""
    return to_base(feed.lowest, feed.decimals), to_base(feed.highest, feed.decimals)
