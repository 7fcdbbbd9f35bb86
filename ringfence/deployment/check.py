"""Whether a market on the chain is the one that its manifest and its configuration describe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ape.utils.misc import ZERO_ADDRESS
from eth_utils.address import to_checksum_address

from ringfence.config import MarketConfig
from ringfence.deployment.plan import OFFICES
from ringfence.market import Market
from ringfence.model.fixed_point import MAX_UINT
from ringfence.standing import code_hash
from ringfence.terms import (
    engine_terms,
    feed_bounds,
    pool_terms,
    rate_arguments,
    token_arguments,
)

LINKS = (
    ("pool", "FACTORY", "factory"),
    ("pool", "INSURANCE_FUND", "fund"),
    ("pool", "RATE_MODEL", "rate_model"),
    ("pool", "asset", "asset"),
    ("fund", "POOL", "pool"),
    ("engine", "POOL", "pool"),
    ("engine", "ORACLE", "oracle"),
    ("engine", "FACTORY", "factory"),
    ("implementation", "ENGINE", "engine"),
    ("factory", "IMPLEMENTATION", "implementation"),
    ("lens", "ENGINE", "engine"),
)
RATES = ("KINK", "BASE_RATE", "KINK_RATE", "FULL_RATE")
IMMUTABLE_TERMS = ("insurance_share", "treasury_share", "loss_stop", "notice")  # of the pool


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    expected: str
    found: str

    @property
    def is_as_expected(self) -> bool:
        """Whether chain and configuration agree."""
        return self.expected == self.found


def findings(market: Market, config: MarketConfig, roles: Mapping[str, str]) -> Iterator[Finding]:
    """Compare code, links, roles, parameters and feeds with what was deployed and configured.

    :param roles: address of who fills each role of the configuration.
    """
    for what, expected, found in _compared(market, config, roles):
        yield Finding(what, str(expected), str(found))


def _compared(
    market: Market, config: MarketConfig, roles: Mapping[str, str]
) -> Iterator[tuple[str, Any, Any]]:
    yield "hash of the configuration", config.digest, market.manifest.config_hash
    yield from _code(market)
    for part, view, other in LINKS:
        found = getattr(getattr(market, part), view)()
        yield f"{part}.{view}", getattr(market, other).address, found
    yield from _roles(market, roles)
    yield from _pool(market, config)
    yield from _oracle(market, config)
    yield from _engine(market, config)


def _code(market: Market) -> Iterator[tuple[str, str, str]]:
    for part in market.manifest.contracts:
        found = code_hash(market.provider.web3, part.address)
        yield f"hash of the code of {part.name}", part.code_hash, found


def _roles(market: Market, roles: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """An offer of ownership that nobody accepted yet is a difference too."""
    yield "factory.owner", roles["owner"], market.factory.owner()
    yield "oracle.owner", roles["risk_admin"], market.oracle.owner()
    for part in ("factory", "oracle"):
        yield f"{part}.pending_owner", ZERO_ADDRESS, getattr(market, part).pending_owner()
    for office in OFFICES:
        yield f"factory.{office}", roles[office], getattr(market.factory, office)()
    yield "pool.TREASURY", roles["treasury"], market.pool.TREASURY()


def _pool(market: Market, config: MarketConfig) -> Iterator[tuple[str, Any, Any]]:
    for name, value in pool_terms(config).items():
        view = name.upper() if name in IMMUTABLE_TERMS else name
        yield f"pool.{view}", value, getattr(market.pool, view)()
    for view, value in zip(RATES, rate_arguments(config.rates), strict=True):
        yield f"rate_model.{view}", value, getattr(market.rate_model, view)()
    yield "fund.NOTICE", config.notice, market.fund.NOTICE()


def _oracle(market: Market, config: MarketConfig) -> Iterator[tuple[str, Any, Any]]:
    oracle, is_quote = market.oracle, config.credit_asset.is_quote
    yield "oracle.NOTICE", config.notice, oracle.NOTICE()
    yield "oracle.QUOTE", market.asset.address if is_quote else ZERO_ADDRESS, oracle.QUOTE()
    sequencer = to_checksum_address(config.oracle.sequencer or ZERO_ADDRESS)
    yield "oracle.SEQUENCER", sequencer, oracle.SEQUENCER()
    yield "oracle.GRACE", config.oracle.grace, oracle.GRACE()
    for symbol, feed in config.feeds.items():
        token = market.tokens.get(symbol, market.asset)
        found = oracle.feed_of(token)
        expected = (market.feeds[symbol].address, feed.heartbeat, *feed_bounds(feed))
        told = (found.source, found.heartbeat, found.lowest, found.highest)
        yield f"feed of {symbol}", expected, told
        yield f"second feed of {symbol}", ZERO_ADDRESS, oracle.second_feed_of(token).source
        yield f"price of {symbol} is alive", True, oracle.price_of(token)[1]


def _engine(market: Market, config: MarketConfig) -> Iterator[tuple[str, Any, Any]]:
    engine = market.engine
    yield "engine.NOTICE", config.notice, engine.NOTICE()
    terms = tuple(engine_terms(config.liquidation).values())
    yield "engine.liquidation_terms", terms, tuple(engine.liquidation_terms())
    yield "engine.token_count", len(config.tokens), engine.token_count()
    for token in config.tokens:
        contract = market.tokens[token.symbol]
        rules = engine.rules_of(contract)
        cap = engine.cap_of(contract) if rules.is_capped else MAX_UINT
        told = (rules.initial_ltv, rules.target_ltv, cap)
        yield f"rules of {token.symbol}", token_arguments(config, token), told
