"""What a market must not be: the rules of `MarketConfig`, pure and told in full.

They are the rules of the contracts' constructors, and those that no contract can know: that a
liquidation pays its gas, that a feed is believed around its price, that nothing is there twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from eth_utils.address import is_address

from ringfence import config as c
from ringfence.units import (
    WAD_DECIMALS,
    UnitError,
    format_number,
    format_percent,
    to_base,
)

MIN_NOTICE = 259_200  # [s] 3 days
MAX_TOKENS = 128
MAX_DECIMALS = 18
MAX_FEED_DECIMALS = 36
MAX_CAP = 2**120 - 1  # [asset]
MAX_PRICE = 2**96 - 1  # [WAD]
MAX_YEARLY_RATE = Decimal(10)
MAX_SECURED = Decimal("0.99")  # (1 + largest bonus) * maintenance LTV
MAX_TARGET = Decimal("1.25")
ZERO_ADDRESS = "0x" + 40 * "0"


def problems_of(parts: Mapping[str, Any]) -> list[str]:
    """Return everything that is wrong with the parts of a market; parts that are missing are not
    looked at.
    """
    pool, terms = parts.get("pool"), parts.get("liquidation")
    asset, tokens = parts.get("credit_asset"), parts.get("tokens", ())
    found = list(_market(parts))
    if (roles := parts.get("roles")) is not None:
        found += _roles(roles)
    if (oracle := parts.get("oracle")) is not None:
        found += _oracle(oracle)
    if (rates := parts.get("rates")) is not None:
        found += _rates(rates)
    if terms is not None:
        found += _liquidation(terms)
    if asset is not None:
        found += _credit_asset(asset)
        found += _tokens(tokens, asset, terms)
    if asset is not None and pool is not None:
        found += _pool(pool, asset.decimals)
    gas = parts.get("gas")
    if gas is not None and asset is not None and pool is not None and terms is not None:
        found += _gas(gas, pool, terms, asset)
    return found


def problems_on_chain(config: c.MarketConfig, is_local: bool, accounts: int) -> list[str]:
    """Return what keeps a market from being deployed on this kind of chain.

    :param is_local: whether the chain is a local one, where mocks and test accounts exist.
    :param accounts: how many test accounts there are.
    """
    found: list[str] = []
    for role, ref in vars(config.roles).items():
        if isinstance(ref, int) and not (is_local and ref < accounts):
            limit = f"there are {accounts} test accounts" if is_local else "this network is live"
            found.append(_problem(f"roles.{role}", ref, limit, "write an address"))
    if not is_local:
        found += [
            _problem(f"{key}.mock", True, "mocks are for local chains", "write an address")
            for key in _mocks(config)
        ]
    return found


def _mocks(config: c.MarketConfig) -> Iterator[str]:
    asset = config.credit_asset
    if asset.is_mock:
        yield "credit_asset"
    if asset.feed is not None and asset.feed.is_mock:
        yield "credit_asset.feed"
    for token in config.tokens:
        if token.is_mock and not config.is_credit_asset(token):
            yield f"token.{token.symbol}"
        if token.feed is not None and token.feed.is_mock:
            yield f"token.{token.symbol}.feed"


# -- Words -----------------------------------------------------------------------------------------


def _problem(key: str, value: object, wrong: str, remedy: str) -> str:
    return f"{key} = {_shown(value)}: {wrong}; {remedy}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format_number(value)
    return f'"{value}"' if isinstance(value, str) else str(value)


def _share(ratio: Decimal) -> str:
    return f"{format_number(ratio * 100)} %"


def _is_exact(number: Decimal, decimals: int) -> bool:
    try:
        to_base(number, decimals)
    except UnitError:
        return False
    return True


def _inside(key: str, ratio: Decimal, low: Decimal | int, high: Decimal | int) -> Iterator[str]:
    """A share from `low` to `high`, both allowed, that fits 18 decimals."""
    if not low <= ratio <= high:
        limits = f"{_share(Decimal(low))} to {_share(Decimal(high))}"
        yield _problem(key, _share(ratio), "is out of range", f"choose from {limits}")
    elif not _is_exact(ratio, WAD_DECIMALS):
        yield _problem(key, _share(ratio), "has too many decimal places", "write fewer")


def _address(key: str, address: str | None) -> Iterator[str]:
    if address is None:
        return
    if not is_address(address):
        yield _problem(key, address, "is no address", 'write 20 bytes in hex: "0x…"')
    elif address.lower() == ZERO_ADDRESS:
        yield _problem(key, address, "is the zero address", "write the real one, or leave it out")


# -- Market, roles, oracle -------------------------------------------------------------------------


def _market(parts: Mapping[str, Any]) -> Iterator[str]:
    name = parts.get("name")
    if name is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name):
        remedy = "use up to 40 lower-case letters, digits and hyphens"
        yield _problem("market.name", name, "cannot name a manifest", remedy)
    notice = parts.get("notice")
    if notice is not None and notice < MIN_NOTICE:
        yield _problem(
            "market.notice", f"{notice} seconds", "is too short", 'write "3 days" or more'
        )


def _roles(roles: c.Roles) -> Iterator[str]:
    for role, ref in vars(roles).items():
        if isinstance(ref, int):
            if ref < 0:
                yield _problem(f"roles.{role}", ref, "is no account", "count them from 0")
        else:
            yield from _address(f"roles.{role}", ref)


def _oracle(oracle: c.OracleTerms) -> Iterator[str]:
    yield from _address("oracle.sequencer", oracle.sequencer)
    if oracle.sequencer is None and oracle.grace != 0:
        yield _problem("oracle.grace", oracle.grace, "has no sequencer", "name the feed or drop it")
    if oracle.grace < 0:
        yield _problem("oracle.grace", oracle.grace, "is negative", "write a span of time")


# -- Assets ----------------------------------------------------------------------------------------


def _credit_asset(asset: c.CreditAsset) -> Iterator[str]:
    yield from _decimals("credit_asset.decimals", asset.decimals)
    yield from _address("credit_asset.address", asset.address)
    if asset.is_quote and asset.feed is not None:
        remedy = "drop the feed, or write is_quote = false"
        yield _problem("credit_asset.is_quote", True, "the quote currency needs no feed", remedy)
    if not asset.is_quote and asset.feed is None:
        remedy = "add [credit_asset.feed], or write is_quote = true"
        yield f"credit_asset.feed: is missing; {remedy}"
    yield from _feed("credit_asset.feed", asset.feed)


def _tokens(
    tokens: Iterable[c.Token], asset: c.CreditAsset, terms: c.LiquidationTerms | None
) -> Iterator[str]:
    tokens = tuple(tokens)
    if not tokens:
        yield "token: is missing; a market without collateral lends nothing, add [token.WETH]"
    if len(tokens) > MAX_TOKENS:
        yield _problem("token", len(tokens), "are too many", f"list at most {MAX_TOKENS}")
    yield from _twice("symbol", [token.symbol for token in tokens])
    own = [t.address for t in tokens if t.address is not None]
    yield from _twice("address", own + ([asset.address] if asset.address is not None else []))
    for token in tokens:
        key = f"token.{token.symbol}"
        yield from _ltv(key, token, terms)
        if token.symbol == asset.symbol:
            yield from _credit_token(key, token)
            yield from _amount(f"{key}.cap", token.cap, asset.decimals)
        else:
            yield from _foreign_token(key, token)


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            yield _problem(f"token.{what}", name, "is there twice", "list each token once")


def _ltv(key: str, token: c.Token, terms: c.LiquidationTerms | None) -> Iterator[str]:
    yield from _inside(f"{key}.initial_ltv", token.initial_ltv, 0, 1)
    yield from _inside(f"{key}.maintenance_ltv", token.maintenance_ltv, 0, 1)
    if token.initial_ltv > token.maintenance_ltv:
        limit = _share(token.maintenance_ltv)
        yield _problem(
            f"{key}.initial_ltv",
            _share(token.initial_ltv),
            f"is above the maintenance LTV of {limit}",
            f"lower it to {limit} or less",
        )
    if terms is not None and (1 + terms.max_bonus) * token.maintenance_ltv > MAX_SECURED:
        secured = format_percent((1 + terms.max_bonus) * token.maintenance_ltv)
        yield _problem(
            f"{key}.maintenance_ltv",
            _share(token.maintenance_ltv),
            f"with the largest bonus of {_share(terms.max_bonus)} it comes to {secured} of the"
            " collateral, above 99 %",
            f"lower it to {format_percent(MAX_SECURED / (1 + terms.max_bonus))} or less, or lower"
            " liquidation.max_bonus",
        )


def _credit_token(key: str, token: c.Token) -> Iterator[str]:
    for part in ("address", "feed"):
        if getattr(token, part) is not None:
            yield f"{key}.{part}: is the credit asset, which has its own; leave it out here"


def _foreign_token(key: str, token: c.Token) -> Iterator[str]:
    yield from _decimals(f"{key}.decimals", token.decimals)
    yield from _address(f"{key}.address", token.address)
    yield from _amount(f"{key}.cap", token.cap, token.decimals)
    if token.feed is None:
        yield f"{key}.feed: is missing; collateral needs a price, add [{key}.feed]"
    yield from _feed(f"{key}.feed", token.feed)


def _decimals(key: str, decimals: int) -> Iterator[str]:
    if not 0 <= decimals <= MAX_DECIMALS:
        yield _problem(key, decimals, "is out of range", f"only 0 to {MAX_DECIMALS} are supported")


def _amount(key: str, amount: Decimal | None, decimals: int) -> Iterator[str]:
    """An amount above zero in whole tokens; None stands for no limit."""
    if amount is None:
        return
    if amount <= 0:
        yield _problem(key, amount, "is not above zero", "write more, or leave it out for no limit")
    elif not _is_exact(amount, max(decimals, 0)):
        yield _problem(key, amount, "is finer than the token", f"write {decimals} decimal places")
    elif to_base(amount, max(decimals, 0)) > MAX_CAP:
        yield _problem(key, amount, "is too large", "leave it out for no limit")


def _feed(key: str, feed: c.Feed | None) -> Iterator[str]:
    if feed is None:
        return
    yield from _address(f"{key}.address", feed.address)
    if not 0 <= feed.decimals <= MAX_FEED_DECIMALS:
        remedy = f"only 0 to {MAX_FEED_DECIMALS} are supported"
        yield _problem(f"{key}.decimals", feed.decimals, "is out of range", remedy)
        return
    if not 0 < feed.heartbeat < 2**64:
        yield _problem(f"{key}.heartbeat", feed.heartbeat, "is out of range", 'write "25 hours"')
    if not feed.lowest < feed.price < feed.highest:
        bounds = f"{format_number(feed.lowest)} to {format_number(feed.highest)}"
        remedy = "widen the bounds around it"
        yield _problem(f"{key}.price", feed.price, f"is outside its bounds {bounds}", remedy)
    yield from _feed_numbers(key, feed)


def _feed_numbers(key: str, feed: c.Feed) -> Iterator[str]:
    for name in ("price", "lowest", "highest"):
        price: Decimal = getattr(feed, name)
        if not _is_exact(price, feed.decimals):
            remedy = f"write {feed.decimals} decimal places"
            yield _problem(f"{key}.{name}", price, "is finer than the feed", remedy)
    if not _is_positive(feed.lowest):
        yield _problem(f"{key}.lowest", feed.lowest, "is not above zero", "write more")
    if feed.highest.scaleb(WAD_DECIMALS) > MAX_PRICE:
        yield _problem(f"{key}.highest", feed.highest, "is too large", "lower it")


def _is_positive(price: Decimal) -> bool:
    """Above zero even when counted with 18 decimals."""
    return price.scaleb(WAD_DECIMALS) >= 1


# -- Terms -----------------------------------------------------------------------------------------


def _rates(rates: c.RateCurve) -> Iterator[str]:
    if not 0 < rates.kink < 1:
        yield _problem("rates.kink", _share(rates.kink), "is not between 0 and 100 %", 'try "80 %"')
    elif not _is_exact(rates.kink, WAD_DECIMALS):
        yield _problem(
            "rates.kink", _share(rates.kink), "has too many decimal places", "write fewer"
        )
    for name in ("base", "at_kink", "full"):
        rate: Decimal = getattr(rates, name)
        yield from _inside(f"rates.{name}", rate, 0, MAX_YEARLY_RATE)
    for low, high in (("base", "at_kink"), ("at_kink", "full")):
        below, above = getattr(rates, low), getattr(rates, high)
        if above < below:
            wrong = f"is below rates.{low} of {_share(below)}, so the curve falls"
            yield _problem(f"rates.{high}", _share(above), wrong, "raise it, or lower the other")


def _pool(pool: c.PoolTerms, decimals: int) -> Iterator[str]:
    for name, most in (("share_name", 25), ("share_symbol", 16)):
        text: str = getattr(pool, name)
        if not (text.isascii() and 0 < len(text) <= most):
            remedy = f"use 1 to {most} ASCII characters"
            yield _problem(f"pool.{name}", text, "does not fit", remedy)
    for name in ("insurance_share", "treasury_share", "loss_stop"):
        yield from _inside(f"pool.{name}", getattr(pool, name), 0, 1)
    reserves = pool.insurance_share + pool.treasury_share
    if reserves > Decimal("0.5"):
        wrong = f"with the treasury's share the reserves take {_share(reserves)} of the interest"
        yield _problem(
            "pool.insurance_share", _share(pool.insurance_share), wrong, "leave the lenders half"
        )
    for name in ("min_debt", "max_debt", "supply_cap", "borrow_cap"):
        yield from _amount(f"pool.{name}", getattr(pool, name), decimals)
    if pool.max_debt is not None and pool.min_debt > pool.max_debt:
        wrong = f"is above pool.max_debt of {format_number(pool.max_debt)}"
        yield _problem("pool.min_debt", pool.min_debt, wrong, "lower it, or raise the other")


def _liquidation(terms: c.LiquidationTerms) -> Iterator[str]:
    if terms.min_bonus <= 0:
        remedy = "nobody liquidates for nothing"
        yield _problem("liquidation.min_bonus", _share(terms.min_bonus), "is not above 0", remedy)
    if terms.max_bonus < terms.min_bonus:
        wrong = f"is below liquidation.min_bonus of {_share(terms.min_bonus)}"
        yield _problem("liquidation.max_bonus", _share(terms.max_bonus), wrong, "raise it")
    if terms.max_bonus >= 1:
        yield _problem(
            "liquidation.max_bonus", _share(terms.max_bonus), "is not below 100 %", "lower it"
        )
    if not 0 <= terms.floor_health < 1:
        remedy = "choose from 0 to below 1, such as 0.9"
        yield _problem("liquidation.floor_health", terms.floor_health, "is out of range", remedy)
    if not 1 < terms.target_health <= MAX_TARGET:
        remedy = "choose above 1 and at most 1.25, such as 1.05"
        yield _problem("liquidation.target_health", terms.target_health, "is out of range", remedy)
    if not 0 <= terms.insurance_share < 1:
        remedy = "leave the liquidator some of the bonus"
        share = _share(terms.insurance_share)
        yield _problem("liquidation.insurance_share", share, "is not below 100 %", remedy)
    if not 0 <= terms.dust_value < Decimal(2**64):
        remedy = "write what collateral is not worth a transaction"
        yield _problem("liquidation.dust_value", terms.dust_value, "is out of range", remedy)


def _gas(
    gas: c.GasAssumptions, pool: c.PoolTerms, terms: c.LiquidationTerms, asset: c.CreditAsset
) -> Iterator[str]:
    for name in ("gas_price", "native_price", "liquidation_gas"):
        if getattr(gas, name) <= 0:
            yield _problem(f"gas.{name}", getattr(gas, name), "is not above zero", "write more")
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
        yield _problem("pool.min_debt", pool.min_debt, wrong, remedy)
