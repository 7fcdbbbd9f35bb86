"""What a deployment does, decided before anything is sent.

Mocks come first, then the protocol in one row of creations, so that the addresses of the fund and
the factory can be predicted from the deployer's nonce. While it sets up, the deployer owns oracle
and factory and is risk admin; at the end it is nothing that the configuration does not make it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ape.utils.misc import ZERO_ADDRESS
from eth_utils.address import to_checksum_address

from ringfence.addresses import create_address
from ringfence.config import OFFICES, CreditAsset, Feed, MarketConfig, Token
from ringfence.market import FEED, PARTS, STANDING_FEED, STANDING_TOKEN, TOKEN
from ringfence.terms import (
    engine_terms,
    feed_answer,
    feed_bounds,
    pool_terms,
    rate_arguments,
    token_arguments,
)

Contracts = Mapping[str, Any]  # instances by the names of the manifest


@dataclass(frozen=True)
class Standing:
    """A contract that stands already."""

    name: str
    contract: str  # STANDING_TOKEN or STANDING_FEED
    address: str
    decimals: int


@dataclass(frozen=True)
class Creation:
    """A contract to be made, with the nonce that gives it its address."""

    name: str
    contract: str  # name of the contract type
    args: tuple[Any, ...]
    nonce: int
    address: str


@dataclass(frozen=True)
class Call:
    """A transaction to one of the contracts."""

    part: str
    method: str
    args: tuple[Any, ...]
    about: str  # whom or which token, where a name needs it
    sender: str
    is_done: Callable[[Contracts], bool]  # seen from the chain, or from that of a later call

    @property
    def name(self) -> str:
        """What it is called: no two calls of a plan are called the same."""
        return f"{self.part}.{self.method} {self.about}".rstrip()


@dataclass
class Plan:
    """A deployment, step by step."""

    config: MarketConfig
    deployer: str
    first_nonce: int
    roles: Mapping[str, str]  # address of who fills each role of the configuration
    at: dict[str, str] = field(default_factory=dict)  # addresses by name, in the manifest's order
    standing: list[Standing] = field(default_factory=list)
    creations: list[Creation] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def next_address(self, further: int = 0) -> str:
        """Predict the address of the creation that comes next, or `further` ones later."""
        return create_address(self.deployer, self._nonce + further)

    def create(self, name: str, contract: str, *args: Any) -> None:
        """Add a creation."""
        made = Creation(name, contract, args, self._nonce, self.next_address())
        self.creations.append(made)
        self.at[name] = made.address

    def take(self, name: str, contract: str, address: str, decimals: int) -> None:
        """Add a contract that stands already."""
        found = Standing(name, contract, to_checksum_address(address), decimals)
        self.standing.append(found)
        self.at[name] = found.address

    def call(
        self,
        part: str,
        method: str,
        *args: Any,
        done: Callable[[Contracts], bool],
        about: str = "",
        sender: str | None = None,
    ) -> None:
        """Add a call."""
        self.calls.append(Call(part, method, args, about, sender or self.deployer, done))

    @property
    def _nonce(self) -> int:
        return self.first_nonce + len(self.creations)


def planned(
    config: MarketConfig,
    deployer: str,
    first_nonce: int,
    roles: Mapping[str, str],
    present: Collection[str] = (),
) -> Plan:
    """Plan the deployment of a market.

    :param roles: address of who fills each role of the configuration.
    :param present: accounts whose transactions can be sent here and now, beside the deployer's.
    """
    plan = Plan(config, deployer, first_nonce, roles)
    _plan_asset(plan, config.credit_asset)
    for token in config.tokens:
        _plan_token(plan, token)
    for symbol, feed in config.feeds.items():
        _plan_feed(plan, symbol, feed)
    _plan_protocol(plan)
    _plan_listing(plan)
    _plan_government(plan, present)
    return plan


def undone(calls: Sequence[Call], at: Contracts) -> Sequence[Call]:
    """The calls that are still to be made: those after the last one that is seen to be done."""
    for position in reversed(range(len(calls))):
        if calls[position].is_done(at):
            return calls[position + 1 :]
    return calls


# -- Contracts -------------------------------------------------------------------------------------


def _plan_asset(plan: Plan, asset: CreditAsset) -> None:
    if asset.address is None:
        plan.create("asset", TOKEN, f"Mock {asset.symbol}", asset.symbol, asset.decimals)
    else:
        plan.take("asset", STANDING_TOKEN, asset.address, asset.decimals)


def _plan_token(plan: Plan, token: Token) -> None:
    name = f"token.{token.symbol}"
    if plan.config.is_credit_asset(token):
        plan.at[name] = plan.at["asset"]
    elif token.address is None:
        plan.create(name, TOKEN, f"Mock {token.symbol}", token.symbol, token.decimals)
    else:
        plan.take(name, STANDING_TOKEN, token.address, token.decimals)


def _plan_feed(plan: Plan, symbol: str, feed: Feed) -> None:
    name = f"feed.{symbol}"
    if feed.address is None:
        plan.create(name, FEED, feed.decimals, feed_answer(feed))
    else:
        plan.take(name, STANDING_FEED, feed.address, feed.decimals)


def _plan_protocol(plan: Plan) -> None:
    """The contracts of the market in the order of `PARTS`."""
    config, me, asset = plan.config, plan.deployer, plan.at["asset"]
    at = {name: plan.next_address(further) for further, name in enumerate(PARTS)}
    quote = asset if config.credit_asset.is_quote else ZERO_ADDRESS
    sequencer = config.oracle.sequencer or ZERO_ADDRESS
    terms = pool_terms(config)
    arguments: dict[str, tuple[Any, ...]] = {
        "oracle": (me, config.notice, quote, sequencer, config.oracle.grace),
        "rate_model": rate_arguments(config.rates),
        "pool": (asset, at["rate_model"], at["factory"], at["fund"], plan.roles["treasury"], terms),
        "fund": (at["pool"], config.notice),
        "engine": (at["oracle"], at["pool"], config.notice, engine_terms(config.liquidation)),
        "implementation": (at["engine"],),
        "factory": (at["implementation"], me),
        "lens": (at["engine"],),
    }
    for name, contract in PARTS.items():
        plan.create(name, contract, *arguments[name])


# -- Listing and government ------------------------------------------------------------------------


def _plan_listing(plan: Plan) -> None:
    config, me = plan.config, plan.deployer
    is_mine = _is("factory", "risk_admin", me)
    plan.call("factory", "set_risk_admin", me, done=is_mine, about="deployer")
    for symbol, feed in config.feeds.items():
        token = plan.at.get(f"token.{symbol}", plan.at["asset"])
        source = plan.at[f"feed.{symbol}"]
        plan.call(
            "oracle", "set_feed", token, source, feed.heartbeat, *feed_bounds(feed),
            done=_feeds(token, source), about=symbol,
        )  # fmt: skip
    for index, listed in enumerate(config.tokens):
        token = plan.at[f"token.{listed.symbol}"]
        rules = token_arguments(config, listed)
        plan.call(
            "engine", "list_token", token, *rules, done=_lists(index), about=listed.symbol,
        )  # fmt: skip


def _plan_government(plan: Plan, present: Collection[str]) -> None:
    """Name the officers and hand over oracle and factory."""
    for office in OFFICES:
        officer = plan.roles[office]
        if office != "risk_admin" or officer != plan.deployer:
            done = _is("factory", office, officer)
            plan.call("factory", f"set_{office}", officer, done=done)
    _plan_hand_over(plan, "oracle", plan.roles["risk_admin"], present)
    _plan_hand_over(plan, "factory", plan.roles["owner"], present)


def _plan_hand_over(plan: Plan, part: str, owner: str, present: Collection[str]) -> None:
    """Ownership passes in two steps; the second is taken here only for an account that is here."""
    if owner == plan.deployer:
        return
    is_owned = _is(part, "owner", owner)
    is_offered = _is(part, "pending_owner", owner)
    plan.call(part, "transfer_ownership", owner, done=lambda at: is_owned(at) or is_offered(at))
    if owner in present:
        plan.call(part, "accept_ownership", done=is_owned, sender=owner)


def _is(part: str, view: str, expected: str) -> Callable[[Contracts], bool]:
    return lambda at: bool(getattr(at[part], view)() == expected)


def _feeds(token: str, source: str) -> Callable[[Contracts], bool]:
    return lambda at: bool(at["oracle"].feed_of(token).source == source)


def _lists(index: int) -> Callable[[Contracts], bool]:
    return lambda at: bool(at["engine"].token_count() > index)
