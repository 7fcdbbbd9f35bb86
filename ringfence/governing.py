"""What would make a market as a configuration says: the calls, who makes them, and when they may.

A configuration is reviewed like code; so is a change of one. What raises risk must be announced and
may be made once the notice has passed: the very call is announced, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ape.utils.misc import ZERO_ADDRESS
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from ringfence.calls import Call
from ringfence.config import OFFICES, Feed, MarketConfig, Token
from ringfence.exceptions import ConfigError
from ringfence.market import Market
from ringfence.model.fixed_point import MAX_UINT
from ringfence.reading import BlockReader
from ringfence.terms import engine_terms, feed_bounds, pool_terms, token_arguments

OWNED = ("factory", "oracle")  # parts of a market that pass on when they are accepted
WINDOW = 1_209_600  # [s] after the notice in which an announced call may be made


@dataclass(frozen=True)
class Change:
    """One call that brings a market nearer to its configuration."""

    what: str  # "initial LTV of WETH"
    present: Any  # in the contracts' units
    wanted: Any
    call: Call
    sender: str  # who may make it

    @property
    def announcement(self) -> Call:
        """The call that announces it."""
        return Call(self.call.method.contract.announce, (self.call.data,))

    @property
    def cancellation(self) -> Call:
        """The call that withdraws the announcement."""
        return Call(self.call.method.contract.cancel, (self.call.data,))

    def ready_at(self) -> int:
        """Return when it may be made [unix s]; 0 if it is not announced."""
        contract = self.call.method.contract
        if not hasattr(contract, "ready_at"):
            return 0
        return int(contract.ready_at(keccak(self.call.data)))


def roles_of(market: Market, read: BlockReader) -> dict[str, str]:
    """Return who fills each office, and to whom ownership is offered."""
    found = {}
    for part in OWNED:
        contract = getattr(market, part)
        found[f"{part} owner"] = str(read(contract.owner))
        candidate = str(read(contract.pending_owner))
        if candidate != ZERO_ADDRESS:
            found[f"{part} offered to"] = candidate
    for office in OFFICES:
        found[office.replace("_", " ")] = str(read(getattr(market.factory, office)))
    return found | {"treasury": str(read(market.pool.TREASURY))}


def changes(
    market: Market, config: MarketConfig, roles: Mapping[str, str], ramp_end: int
) -> list[Change]:
    """Return what would make a market as configured, in an order in which it may be made.

    Tokens that the configuration does not name stay listed: delisting is for good. What was fixed
    when the market was deployed can not be changed, and is not looked at here.

    :param roles: address of who is to fill an office; those that are missing stay as they are.
    :param ramp_end: when a maintenance LTV that falls shall have fallen. [unix s]
    """
    parts = (_offices(market, roles), _pool(market, config), _terms(market, config))
    more = (_feeds(market, config), _tokens(market, config, ramp_end))
    return [change for part in (*parts, *more) for change in part]


def _offices(market: Market, roles: Mapping[str, str]) -> Iterator[Change]:
    factory, owner = market.factory, str(market.factory.owner())
    for office in OFFICES:
        if office not in roles:
            continue
        present, wanted = str(getattr(factory, office)()), roles[office]
        if present != wanted:
            call = Call(getattr(factory, f"set_{office}"), (wanted,))
            yield Change(office.replace("_", " "), present, wanted, call, owner)


def _pool(market: Market, config: MarketConfig) -> Iterator[Change]:
    pool, terms, admin = market.pool, pool_terms(config), str(market.factory.risk_admin())
    pairs = (
        ("caps", ("supply_cap", "borrow_cap"), pool.set_caps),
        ("debt limits", ("min_debt", "max_debt"), pool.set_debt_limits),
    )
    for what, names, method in pairs:
        present = tuple(getattr(pool, name)() for name in names)
        wanted = tuple(terms[name] for name in names)
        if present != wanted:
            yield Change(what, present, wanted, Call(method, wanted), admin)


def _terms(market: Market, config: MarketConfig) -> Iterator[Change]:
    engine, admin = market.engine, str(market.factory.risk_admin())
    present, terms = tuple(engine.liquidation_terms()), engine_terms(config.liquidation)
    wanted = tuple(terms.values())
    if present != wanted:
        call = Call(engine.set_liquidation_terms, (wanted,))
        yield Change("liquidation terms", present, wanted, call, admin)


def _feeds(market: Market, config: MarketConfig) -> Iterator[Change]:
    oracle, owner = market.oracle, str(market.oracle.owner())
    for symbol, feed in config.feeds.items():
        token = token_address(market, config, symbol)
        known = oracle.feed_of(token)
        present = (str(known.source), known.heartbeat, known.lowest, known.highest)
        wanted = (feed_address(market, symbol, feed), feed.heartbeat, *feed_bounds(feed))
        if present != wanted:
            call = Call(oracle.set_feed, (token, *wanted))
            yield Change(f"feed of {symbol}", present, wanted, call, owner)


def _tokens(market: Market, config: MarketConfig, ramp_end: int) -> Iterator[Change]:
    engine, admin = market.engine, str(market.factory.risk_admin())
    listed = {str(engine.token_at(index)) for index in range(engine.token_count())}
    for token in config.tokens:
        address = token_address(market, config, token.symbol)
        terms = token_arguments(config, token)
        if address not in listed:
            call = Call(engine.list_token, (address, *terms))
            yield Change(f"listing of {token.symbol}", None, terms, call, admin)
        else:
            yield from _token(market, token, address, terms, ramp_end)


def _token(
    market: Market, token: Token, address: str, terms: tuple[int, int, int], ramp_end: int
) -> Iterator[Change]:
    """What changes of a listed token; LTVs in the order that keeps the initial one the lower."""
    engine, admin = market.engine, str(market.factory.risk_admin())
    initial, maintenance, cap = terms
    rules = engine.rules_of(address)
    present = rules.target_ltv
    lowered = []
    if maintenance > present:
        call = Call(engine.raise_maintenance_ltv, (address, maintenance))
        yield Change(f"maintenance LTV of {token.symbol}", present, maintenance, call, admin)
    elif maintenance < present:
        call = Call(engine.ramp_maintenance_ltv, (address, maintenance, ramp_end))
        what = f"maintenance LTV of {token.symbol}"
        lowered = [Change(what, present, maintenance, call, admin)]
    if initial != rules.initial_ltv:
        call = Call(engine.set_initial_ltv, (address, initial))
        yield Change(f"initial LTV of {token.symbol}", rules.initial_ltv, initial, call, admin)
    yield from lowered
    held = engine.cap_of(address) if rules.is_capped else MAX_UINT
    if cap != held:
        call = Call(engine.set_token_cap, (address, cap))
        yield Change(f"cap of {token.symbol}", held, cap, call, admin)


def token_address(market: Market, config: MarketConfig, symbol: str) -> str:
    """Return where a token of the configuration stands: what it names, or what was made for it."""
    asset = config.credit_asset
    named = asset.address if symbol == asset.symbol else config.token(symbol).address
    return to_checksum_address(named) if named else str(market.token(symbol).address)


def feed_address(market: Market, symbol: str, feed: Feed) -> str:
    """Return where a feed of the configuration stands: what it names, or what was made for it."""
    if feed.address is not None:
        return to_checksum_address(feed.address)
    if symbol not in market.feeds:
        raise ConfigError([f"token.{symbol}.feed.address is missing; write that of its feed"])
    return str(market.feeds[symbol].address)
