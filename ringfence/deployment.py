"""The one way to deploy a market: tests, demo and scripts use it.

Mocks come first, then the protocol in one row of creations, so that the addresses of the fund and
the factory can be predicted from the deployer's nonce. While it sets up, the deployer owns oracle
and factory and is risk admin; at the end it is nothing that the configuration does not make it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ape.logging import LogLevel, logger
from eth_abi.abi import decode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from ringfence.config_rules import problems_on_chain
from ringfence.config_rules.words import problem
from ringfence.exceptions import ConfigError, DeploymentError
from ringfence.manifest import Deployed, Manifest
from ringfence.market import (
    ABIS,
    FEED,
    PARTS,
    STANDING_FEED,
    STANDING_TOKEN,
    TOKEN,
    Market,
    instance,
)
from ringfence.standing import code_hash
from ringfence.terms import (
    engine_terms,
    feed_answer,
    feed_bounds,
    pool_terms,
    rate_arguments,
    token_arguments,
)

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance

    from ringfence.config import AccountRef, CreditAsset, Feed, MarketConfig, Token

Report = Callable[[str], None]
ZERO_ADDRESS = "0x" + 40 * "0"
IN_PROCESS = "test"  # Ape's name for the chain in this process
LATEST_ROUND_DATA = "0xfeaf968c"  # selector of latestRoundData()
FEED_ROUND = ("uint80", "int256", "uint256", "uint256", "uint80")
OFFICES = ("risk_admin", "guardian", "compliance_officer")


def deploy_market(
    project: Any,
    deployer: AccountAPI,
    config: MarketConfig,
    *,
    report: Report | None = None,
    manifests: Path | None = None,
) -> Market:
    """Deploy a market and hand it to those who shall govern it.

    :param project: Ape project that holds the contract types.
    :param deployer: account that pays, and that keeps no power it is not configured to have.
    :param report: called with one line per step.
    :param manifests: folder for the manifest; none is written without it.
    :raises ConfigError: if the configuration does not fit the chain.
    :raises DeploymentError: if what stands on the chain is not what was configured.
    """
    quiet = max(logger.level, LogLevel.WARNING)
    with logger.at_level(quiet) if report is not None else nullcontext():
        site = _Site(project, deployer, config, report or (lambda _: None))
        site.check()
        market = site.build()
        site.govern(market)
    if manifests is not None:
        site.report(f"manifest {market.manifest.write(manifests)}")
    return market


def check_site(project: Any, deployer: AccountAPI, config: MarketConfig) -> None:
    """Look whether a market could be deployed on the connected chain, and change nothing.

    :raises ConfigError: naming key, value and remedy of everything that does not fit the chain.
    """
    _Site(project, deployer, config, lambda _: None).check()


def create_address(creator: str, nonce: int) -> str:
    """Predict the address of the contract that an account creates with this nonce."""
    counted = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if not (len(counted) == 1 and counted[0] < 0x80):
        counted = bytes([0x80 + len(counted)]) + counted
    payload = b"\x94" + bytes.fromhex(creator.removeprefix("0x")) + counted
    return to_checksum_address(keccak(bytes([0xC0 + len(payload)]) + payload)[12:])


def resolve(ref: AccountRef, deployer: AccountAPI) -> str:
    """Return the address that a role names: its own, a local test account's or the deployer's."""
    if ref is None:
        return str(deployer.address)
    if isinstance(ref, int):
        return str(_test_accounts(deployer)[ref].address)
    return to_checksum_address(ref)


@dataclass
class _Site:
    """A deployment under way: where it happens, and what stands already."""

    project: Any
    deployer: AccountAPI
    config: MarketConfig
    report: Report
    built: list[Deployed] = field(default_factory=list)

    # -- Before anything -------------------------------------------------------------------------

    def check(self) -> None:
        """Refuse a configuration that does not fit this chain."""
        provider = self.project.provider
        accounts = len(_test_accounts(self.deployer)) if provider.network.is_local else 0
        problems = problems_on_chain(self.config, provider.network.is_local, accounts)
        for key, address in self._foreign().items():
            if not provider.get_code(address):
                wrong = f"holds no contract on {provider.network_choice}"
                remedy = "write the address of one, or choose the network with --network"
                problems.append(problem(key, address, wrong, remedy))
        if problems:
            raise ConfigError(problems, self.config.name)

    def _foreign(self) -> dict[str, str]:
        """Addresses that the configuration says stand already, by their keys."""
        config, asset = self.config, self.config.credit_asset
        named = {"credit_asset.address": asset.address, "oracle.sequencer": config.oracle.sequencer}
        if asset.feed is not None:
            named["credit_asset.feed.address"] = asset.feed.address
        for token in config.tokens:
            named[f"token.{token.symbol}.address"] = token.address
            if token.feed is not None:
                named[f"token.{token.symbol}.feed.address"] = token.feed.address
        return {key: to_checksum_address(it) for key, it in named.items() if it is not None}

    # -- Contracts -------------------------------------------------------------------------------

    def build(self) -> Market:
        """Deploy everything, set the feeds and list the tokens."""
        asset = self._asset(self.config.credit_asset)
        tokens = {token.symbol: self._token(token, asset) for token in self.config.tokens}
        feeds = self._feeds()
        parts = self._protocol(asset)
        market = Market(
            name=self.config.name,
            asset=asset,
            tokens=tokens,
            feeds=feeds,
            project=self.project,
            manifest=self._manifest(),
            config=self.config,
            **parts,
        )
        self._list(market)
        return market

    def _asset(self, asset: CreditAsset) -> ContractInstance:
        if asset.address is None:
            return self._mock_token("asset", asset.symbol, asset.decimals)
        return self._standing("asset", STANDING_TOKEN, asset.address, asset.decimals)

    def _token(self, token: Token, asset: ContractInstance) -> ContractInstance:
        name = f"token.{token.symbol}"
        if self.config.is_credit_asset(token):
            return self._note_again(name, asset)
        if token.address is None:
            return self._mock_token(name, token.symbol, token.decimals)
        return self._standing(name, STANDING_TOKEN, token.address, token.decimals)

    def _feeds(self) -> dict[str, ContractInstance]:
        return {symbol: self._feed(symbol, feed) for symbol, feed in self.config.feeds.items()}

    def _feed(self, symbol: str, feed: Feed) -> ContractInstance:
        if feed.address is None:
            return self._create(f"feed.{symbol}", FEED, feed.decimals, feed_answer(feed))
        found = self._standing(f"feed.{symbol}", STANDING_FEED, feed.address, feed.decimals)
        if not is_live(self.project.provider, found.address, feed):
            raise DeploymentError(_dead(symbol))
        return found

    def _protocol(self, asset: ContractInstance) -> dict[str, ContractInstance]:
        """Deploy the contracts of the market in the order of `PARTS`."""
        config, me = self.config, self.deployer
        oracle_terms = config.oracle
        at = {name: create_address(me.address, me.nonce + step) for step, name in enumerate(PARTS)}
        treasury = resolve(config.roles.treasury, me)
        quote = asset.address if config.credit_asset.is_quote else ZERO_ADDRESS
        sequencer = oracle_terms.sequencer or ZERO_ADDRESS
        arguments: dict[str, tuple[Any, ...]] = {
            "oracle": (me.address, config.notice, quote, sequencer, oracle_terms.grace),
            "rate_model": rate_arguments(config.rates),
            "pool": (
                asset.address, at["rate_model"], at["factory"], at["fund"], treasury,
                pool_terms(config),
            ),
            "fund": (at["pool"], config.notice),
            "engine": (at["oracle"], at["pool"], config.notice, engine_terms(config.liquidation)),
            "implementation": (at["engine"],),
            "factory": (at["implementation"], me.address),
            "lens": (at["engine"],),
        }  # fmt: skip
        built = {name: self._create(name, PARTS[name], *arguments[name]) for name in PARTS}
        for name, contract in built.items():
            if contract.address != at[name]:
                raise DeploymentError(f"{name} stands at {contract.address}, not at {at[name]}")
        return built

    # -- Listing and government ------------------------------------------------------------------

    def _list(self, market: Market) -> None:
        me = self.deployer
        market.factory.set_risk_admin(me, sender=me)
        config = self.config
        for symbol, feed in config.feeds.items():
            token = market.tokens.get(symbol, market.asset)
            source, bounds = market.feeds[symbol], feed_bounds(feed)
            market.oracle.set_feed(token, source, feed.heartbeat, *bounds, sender=me)
            self._check_live(market, symbol, token)
        for listed in config.tokens:
            rules = token_arguments(config, listed)
            market.engine.list_token(market.tokens[listed.symbol], *rules, sender=me)
            self.report(f"listed {listed.symbol}")

    def _check_live(self, market: Market, symbol: str, token: ContractInstance) -> None:
        if not market.oracle.price_of(token)[1]:
            raise DeploymentError(_dead(symbol))

    def govern(self, market: Market) -> None:
        """Name the officers and hand over oracle and factory."""
        me, roles = self.deployer, self.config.roles
        for office in OFFICES:
            address = resolve(getattr(roles, office), me)
            if address != getattr(market.factory, office)():
                getattr(market.factory, f"set_{office}")(address, sender=me)
        self._hand_over("oracle", market.oracle, resolve(roles.risk_admin, me))
        self._hand_over("factory", market.factory, resolve(roles.owner, me))

    def _hand_over(self, name: str, contract: ContractInstance, owner: str) -> None:
        """Ownership passes in two steps; the second is taken here only for a local test account."""
        if owner == self.deployer.address:
            return
        contract.transfer_ownership(owner, sender=self.deployer)
        accounts = {a.address: a for a in _test_accounts(self.deployer)}
        if self.project.provider.network.is_local and owner in accounts:
            contract.accept_ownership(sender=accounts[owner])
        else:
            self.report(f"{name} is offered to {owner}, who must call accept_ownership()")

    # -- Notes -----------------------------------------------------------------------------------

    def _mock_token(self, name: str, symbol: str, decimals: int) -> ContractInstance:
        return self._create(name, TOKEN, f"Mock {symbol}", symbol, decimals)

    def _create(self, name: str, contract: str, *args: Any) -> ContractInstance:
        made = self.deployer.deploy(getattr(self.project, contract), *args)
        made_by = made.creation_metadata
        if made_by is None or made_by.receipt is None:
            raise DeploymentError(f"the chain does not tell which transaction made {name}")
        block, tx = made_by.receipt.block_number, made_by.txn_hash
        self._note(name, contract, made.address, args, block, tx)
        self.report(f"{contract} {name} at {made.address}")
        return made

    def _standing(self, name: str, contract: str, address: str, decimals: int) -> ContractInstance:
        """Take a contract that stands already; that its decimals are as configured is asserted."""
        found = instance(self.project, ABIS[contract], to_checksum_address(address))
        if found.decimals() != decimals:
            raise DeploymentError(
                f"{name} has {found.decimals()} decimals on chain and {decimals} in the"
                " configuration; correct the configuration"
            )
        self._note(name, contract, found.address, (), 0, "")
        return found

    def _note_again(self, name: str, contract: ContractInstance) -> ContractInstance:
        asset = next(it for it in self.built if it.address == contract.address)
        self.built.append(Deployed(**(vars(asset) | {"name": name})))
        return contract

    def _note(
        self, name: str, contract: str, address: str, args: tuple[Any, ...], block: int, tx: str
    ) -> None:
        code = code_hash(self.project.provider.web3, address)
        texts = tuple(str(arg) for arg in args)
        self.built.append(Deployed(name, contract, address, texts, block, tx, code))

    def _manifest(self) -> Manifest:
        return Manifest(
            market=self.config.name,
            quote=self.config.quote,
            chain_id=self.project.provider.chain_id,
            config_hash=self.config.digest,
            deployer=str(self.deployer.address),
            contracts=tuple(self.built),
            node=_local_node(self.project.provider),
        )


def _local_node(provider: Any) -> str:
    """Where a local node listens; the address of a live one may hold a key, and is not noted."""
    is_elsewhere = provider.network.is_local and provider.name != IN_PROCESS
    return str(provider.http_uri or "") if is_elsewhere else ""


def is_live(provider: Any, address: str, feed: Feed) -> bool:
    """Ask a feed that stands already whether its answer is believable and fresh."""
    call = {"to": address, "data": LATEST_ROUND_DATA}
    answer, _, updated_at = decode(FEED_ROUND, provider.web3.eth.call(call))[1:4]
    lowest, highest = feed_bounds(feed)
    age = provider.get_block("latest").timestamp - updated_at
    return bool(lowest <= answer <= highest and age <= feed.heartbeat)


def _dead(symbol: str) -> str:
    return (
        f"the price of {symbol} is dead: its feed is stale, outside the bounds of the"
        " configuration, or the sequencer is down; look at the feed and deploy again"
    )


def _test_accounts(deployer: AccountAPI) -> Any:
    return deployer.account_manager.test_accounts
