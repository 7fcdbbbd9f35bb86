"""Whether a market on the chain is the one that its manifest and its configuration describe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ape.exceptions import ApeException
from ape.utils.misc import ZERO_ADDRESS
from eth_tester.exceptions import TransactionFailed  # type: ignore[import-untyped]
from eth_utils.address import to_checksum_address
from web3.exceptions import Web3Exception

from ringfence.addresses import create_address
from ringfence.config import OFFICES, MarketConfig
from ringfence.exceptions import RingfenceError
from ringfence.governing import feed_address, token_address
from ringfence.market import PARTS, Market
from ringfence.model.fixed_point import MAX_UINT
from ringfence.reasons import first_line
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
UNREADABLE = (ApeException, Web3Exception, RingfenceError, TransactionFailed, KeyError)
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
    parts = (_addresses(market, config), _code(market), _links(market), _roles(market, roles))
    terms = (_pool(market, config), _oracle(market, config), _engine(market, config))
    for compared in (*parts, *terms):
        yield from _told(compared)


def _told(compared: Iterator[tuple[str, Any, Any]]) -> Iterator[Finding]:
    """What cannot be read is a finding as well, and ends those that come after it."""
    try:
        for what, expected, found in compared:
            yield Finding(what, str(expected), str(found))
    except UNREADABLE as error:
        yield Finding("the rest of this part", "readable", f"unreadable: {first_line(error)}")


def _addresses(market: Market, config: MarketConfig) -> Iterator[tuple[str, Any, Any]]:
    """The credit asset is what the configuration names; what was made stands where it had to."""
    manifest, asset = market.manifest, market.asset.address
    yield "pool.asset", token_address(market, config, config.credit_asset.symbol), asset
    made = [part for part in manifest.contracts if part.block > 0]
    places = {
        create_address(manifest.deployer, manifest.first_nonce + it) for it in range(len(made))
    }
    for part in made:
        yield f"{part.name} is of this deployment", True, part.address in places


def _links(market: Market) -> Iterator[tuple[str, Any, Any]]:
    for part, view, other in LINKS:
        found = getattr(getattr(market, part), view)()
        yield f"{part}.{view}", getattr(market, other).address, found


def _code(market: Market) -> Iterator[tuple[str, Any, Any]]:
    """Code is what was noted, and that of the protocol what these sources compile to."""
    web3 = market.provider.web3
    for part in market.manifest.contracts:
        yield f"hash of the code of {part.name}", part.code_hash, code_hash(web3, part.address)
    for name, contract in PARTS.items():
        compiled = bytes(getattr(market.project, contract).contract_type.get_runtime_bytecode())
        code = bytes(web3.eth.get_code(market.manifest.address_of(name)))
        # What a constructor fixed for good follows the code.
        yield f"code of {name} is that of the sources", True, code.startswith(compiled)


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
    yield "pool.pause_level", 0, market.pool.pause_level()
    yield "pool.borrowing_stopped", False, market.pool.borrowing_stopped()


def _oracle(market: Market, config: MarketConfig) -> Iterator[tuple[str, Any, Any]]:
    oracle, is_quote = market.oracle, config.credit_asset.is_quote
    yield "oracle.NOTICE", config.notice, oracle.NOTICE()
    yield "oracle.QUOTE", market.asset.address if is_quote else ZERO_ADDRESS, oracle.QUOTE()
    sequencer = to_checksum_address(config.oracle.sequencer or ZERO_ADDRESS)
    yield "oracle.SEQUENCER", sequencer, oracle.SEQUENCER()
    yield "oracle.GRACE", config.oracle.grace, oracle.GRACE()
    for symbol, feed in config.feeds.items():
        token = token_address(market, config, symbol)
        found = oracle.feed_of(token)
        expected = (feed_address(market, symbol, feed), feed.heartbeat, *feed_bounds(feed))
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
    for index, token in enumerate(config.tokens):
        contract = token_address(market, config, token.symbol)
        yield f"token {index}, {token.symbol}", contract, engine.token_at(index)
        rules = engine.rules_of(contract)
        cap = engine.cap_of(contract) if rules.is_capped else MAX_UINT
        told = (rules.initial_ltv, rules.target_ltv, cap)
        yield f"rules of {token.symbol}", token_arguments(config, token), told
        in_force = engine.maintenance_ltv(contract)
        yield f"maintenance LTV of {token.symbol} in force", rules.target_ltv, in_force
