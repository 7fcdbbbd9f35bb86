"""The executable model of the engine, holding what an account on the chain holds."""

from dataclasses import astuple

from ape.exceptions import ContractLogicError

from ringfence.model.engine_rules import LiquidationTerms
from ringfence.model.market import Addresses, MarketModel, MarketTerms
from ringfence.model.oracle import GivenPrices
from ringfence.model.pool import PoolTerms
from ringfence.model.rates import KinkedRateModel
from ringfence.model.refusal import Refused
from ringfence.terms import pool_terms


def mirror(market, holder):
    """A model of the market at the oracle's prices, with the holder's balances."""
    terms = pool_terms(market.config)
    terms = {name: terms[name] for name in PoolTerms.__dataclass_fields__}
    prices = GivenPrices()
    model = MarketModel(
        0,
        MarketTerms(
            pool=PoolTerms(**terms),
            liquidation=LiquidationTerms(*market.engine.liquidation_terms()),
            rate_model=KinkedRateModel(1, 0, 0, 0),
            asset_decimals=market.asset.decimals(),
        ),
        Addresses(asset=market.asset.address),
        prices,
    )
    prices.give(market.asset.address, *market.oracle.price_of(market.asset))
    for token in market.tokens.values():
        _copy(market, model, prices, token, holder)
    return model


def _copy(market, model, prices, token, holder):
    address, rules = token.address, market.engine.rules_of(token)
    twin = model.asset
    if address != market.asset.address:
        twin = model.add_token(address, rules.decimals)
    twin.balances[holder.address] = token.balanceOf(holder)
    prices.give(address, 1)
    cap = market.engine.cap_of(token)
    admin = model.addresses.risk_admin
    model.engine.list_token(address, rules.initial_ltv, rules.target_ltv, cap, sender=admin)
    price, is_live = market.oracle.price_of(token)
    prices.give(address, price, is_live, *market.oracle.low_price_of(token))


def outcome(ask):
    """What was told, as plain numbers, or the reason why nothing was."""
    try:
        told = ask()
    except (ContractLogicError, Refused) as refusal:
        return str(refusal)
    return tuple(told) if hasattr(told, "_fields") or isinstance(told, tuple) else astuple(told)
