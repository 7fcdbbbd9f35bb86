"""What a market must not be: the rules of `MarketConfig`, pure and told in full.

They are the rules of the contracts' constructors, and those that no contract can know: that a
liquidation pays its gas, that a feed is believed around its price, that nothing is there twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ringfence import config as c
from ringfence.config_rules.assets import asset_problems, token_problems
from ringfence.config_rules.terms import (
    dust_problems,
    gas_problems,
    liquidation_problems,
    pool_problems,
    rate_problems,
)
from ringfence.config_rules.words import address_problems, problem
from ringfence.units import format_span

__all__ = ["problems_of", "problems_on_chain"]

MIN_NOTICE = 259_200  # [s] 3 days
MAX_NOTICE = 2_592_000  # [s] 30 days: longer, and nobody could ever mend a market in time
MAX_GRACE = 86_400  # [s] a day


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
        found += rate_problems(rates)
    if terms is not None:
        found += liquidation_problems(terms)
    if asset is not None:
        found += asset_problems(asset)
        found += token_problems(tokens, asset, terms)
    if asset is not None and pool is not None:
        found += pool_problems(pool, asset.decimals)
    gas = parts.get("gas")
    if asset is not None and pool is not None and terms is not None:
        found += dust_problems(terms, pool, asset)
        if gas is not None:
            found += gas_problems(gas, pool, terms, asset)
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
            found.append(problem(f"roles.{role}", ref, limit, "write an address"))
    if not is_local:
        found += [
            problem(f"{key}.mock", True, "mocks are for local chains", "write an address")
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


def _market(parts: Mapping[str, Any]) -> Iterator[str]:
    name = parts.get("name")
    if name is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name):
        remedy = "use up to 40 lower-case letters, digits and hyphens"
        yield problem("market.name", name, "cannot name a manifest", remedy)
    notice = parts.get("notice")
    if notice is not None and notice < MIN_NOTICE:
        remedy = 'write "3 days" or more'
        yield problem("market.notice", format_span(notice), "is too short", remedy)
    if notice is not None and notice > MAX_NOTICE:
        remedy = 'write "30 days" or less'
        yield problem("market.notice", format_span(notice), "is too long", remedy)


def _roles(roles: c.Roles) -> Iterator[str]:
    for role, ref in vars(roles).items():
        if isinstance(ref, int):
            if ref < 0:
                yield problem(f"roles.{role}", ref, "is no account", "count them from 0")
        else:
            yield from address_problems(f"roles.{role}", ref)


def _oracle(oracle: c.OracleTerms) -> Iterator[str]:
    yield from address_problems("oracle.sequencer", oracle.sequencer)
    if oracle.sequencer is None and oracle.grace != 0:
        yield problem("oracle.grace", oracle.grace, "has no sequencer", "name the feed or drop it")
    if oracle.grace < 0:
        yield problem("oracle.grace", oracle.grace, "is negative", "write a span of time")
    if oracle.grace > MAX_GRACE:
        yield problem("oracle.grace", oracle.grace, "is too long", 'write "1 day" or less')
