"""Carries a plan out on the connected chain, and notes each step: killed anywhere, it goes on."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ape.logging import LogLevel, logger
from ape.utils.misc import ZERO_ADDRESS
from eth_utils.address import to_checksum_address
from web3.exceptions import TransactionNotFound, Web3Exception

from ringfence.carried import origin_of
from ringfence.config_rules import problems_on_chain
from ringfence.config_rules.words import problem
from ringfence.deployment.feeds import dead_feed, is_live
from ringfence.deployment.journal import Journal
from ringfence.deployment.nonces import sent_with
from ringfence.deployment.plan import (
    Call,
    Contracts,
    Creation,
    Plan,
    Standing,
    planned,
    undone,
)
from ringfence.deployment.record import Record
from ringfence.deployment.waiting import Report, await_confirmations, await_pending
from ringfence.exceptions import ConfigError, DeploymentError
from ringfence.manifest import Deployed, Manifest
from ringfence.market import ABIS, PARTS, STANDING_FEED, Market, instance
from ringfence.reasons import first_line
from ringfence.standing import check_chain_id, code_hash, genesis_of

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance

    from ringfence.config import AccountRef, MarketConfig, Roles

IN_PROCESS = "test"  # Ape's name for the chain in this process


def deploy_market(
    project: Any,
    deployer: AccountAPI,
    config: MarketConfig,
    *,
    report: Report | None = None,
    manifests: Path | None = None,
    anew: bool = False,
) -> Market:
    """Deploy a market and hand it to those who shall govern it.

    With a folder for its manifest, each step is noted there, and a deployment that was interrupted
    goes on from where it was: nothing is deployed twice.

    :param project: Ape project that holds the contract types.
    :param deployer: account that pays, and that keeps no power it is not configured to have.
    :param report: called with one line per step.
    :param manifests: folder for the manifest; none is written without it.
    :param anew: forget a deployment of this name that stands or was interrupted.
    :raises ConfigError: if the configuration does not fit the chain.
    :raises DeploymentError: if what stands on the chain is not what was configured.
    """
    quiet = max(logger.level, LogLevel.WARNING)
    with logger.at_level(quiet) if report is not None else nullcontext():
        site = Site(project, deployer, config, report or (lambda _: None), manifests, anew)
        site.check()
        return site.deploy()


def check_site(
    project: Any,
    deployer: AccountAPI,
    config: MarketConfig,
    manifests: Path | None = None,
    anew: bool = False,
) -> Manifest | None:
    """Look whether a market could be deployed on the connected chain, and change nothing.

    :return: the manifest of a deployment that was interrupted and will go on, if there is one.
    :raises ConfigError: naming key, value and remedy of everything that does not fit the chain.
    :raises DeploymentError: if another deployment of this name is unfinished.
    """
    site = Site(project, deployer, config, lambda _: None, manifests, anew)
    site.check()
    return site.unfinished()


def plan_market(
    project: Any,
    deployer: AccountAPI,
    config: MarketConfig,
    manifests: Path | None = None,
    anew: bool = False,
) -> Plan:
    """Decide what a deployment from the connected chain's present state would do; send nothing.

    Of one that was interrupted, it is what was decided when it began. It raises as `check_site`.
    """
    site = Site(project, deployer, config, lambda _: None, manifests, anew)
    site.check()
    draft = site.unfinished()
    return site.plan(deployer.nonce if draft is None else draft.first_nonce)


@dataclass
class Site:
    """A deployment under way: where it happens, and where it is noted."""

    project: Any
    deployer: AccountAPI
    config: MarketConfig
    report: Report
    folder: Path | None
    anew: bool = False
    spent: dict[str, int] = field(default_factory=dict)  # [gas] by step

    # -- Before anything -------------------------------------------------------------------------

    def check(self) -> None:
        """Refuse a configuration that does not fit this chain."""
        provider = self.project.provider
        check_chain_id(provider)
        accounts = len(self._test_accounts()) if provider.network.is_local else 0
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

    def unfinished(self) -> Manifest | None:
        """The manifest of a deployment that was interrupted and is this one."""
        if self.record is None or self.anew:
            return None
        return self.record.draft()

    @property
    def record(self) -> Record | None:
        """Where the deployment is noted, if it is."""
        if self.folder is None:
            return None
        me = str(self.deployer.address)
        origin = origin_of(self.project)
        return Record(self.project.provider, self.folder, self.config, me, origin)

    def plan(self, first_nonce: int) -> Plan:
        """What is to be done, from the transaction with this nonce on."""
        me, local = str(self.deployer.address), self._local_accounts()
        roles = resolved(self.config.roles, me, self._test_accounts())
        return planned(self.config, me, first_nonce, roles, local)

    # -- Carrying out ----------------------------------------------------------------------------

    def deploy(self) -> Market:
        """Do what is not done yet."""
        with self.record.held() if self.record is not None else nullcontext():
            return self._deploy()

    def _deploy(self) -> Market:
        await_pending(self.project.provider, str(self.deployer.address), self.report)
        draft = self.unfinished()
        plan = self.plan(self.deployer.nonce if draft is None else draft.first_nonce)
        at = {it.name: self._take(it) for it in plan.standing}
        if draft is None and self.record is not None:
            kept = self.record.keep()
            if kept is not None:
                self.report(f"what was noted before is kept in {kept}")
        journal = Journal(draft or self._draft(plan), self.folder)
        for it in plan.standing:
            journal.note(self._deployed(it.name, it.contract, it.address))
        for creation in plan.creations:
            at[creation.name] = self._make(creation, journal)
        by_address = {str(it.address): it for it in at.values()}
        at = {name: by_address[address] for name, address in plan.at.items()}
        for call in plan.calls if draft is None else undone(plan.calls, at):
            self._call(call, at)
        for part in ("oracle", "factory"):
            candidate = at[part].pending_owner()
            if candidate != ZERO_ADDRESS:
                self.report(f"{part} is offered to {candidate}, who must call accept_ownership()")
        await_confirmations(self.project.provider, self.report)
        self._check_that_it_stands(plan, at, journal.manifest)
        path = journal.finish(plan.at)
        if path is not None:
            self.report(f"manifest {path}")
        return self._market(journal.manifest, at)

    def _take(self, standing: Standing) -> ContractInstance:
        """Take a contract that stands already; that its decimals are as configured is asserted."""
        found = instance(self.project, ABIS[standing.contract], standing.address)
        if found.decimals() != standing.decimals:
            raise DeploymentError(
                f"{standing.name} has {found.decimals()} decimals on chain and"
                f" {standing.decimals} in the configuration; correct the configuration"
            )
        if standing.contract == STANDING_FEED:
            symbol = standing.name.removeprefix("feed.")
            if not is_live(self.project.provider, found.address, self.config.feeds[symbol]):
                raise DeploymentError(dead_feed(symbol))
        return found

    def _make(self, creation: Creation, journal: Journal) -> ContractInstance:
        """Create a contract, unless an earlier run did."""
        name, contract, address = creation.name, creation.contract, creation.address
        if self._stands(address):
            tx_hash, block = self._found(creation, journal)
            self.report(f"{contract} {name} at {address} stands already")
        else:
            tx_hash, block = self._create(creation)
            self.report(f"{contract} {name} at {address}")
        args = tuple(map(str, creation.args))
        journal.note(self._deployed(name, contract, address, args, block, tx_hash))
        return instance(self.project, contract, address)

    def _create(self, creation: Creation) -> tuple[str, int]:
        """Send the transaction that creates a contract; return its hash and block."""
        me = self.deployer
        if me.nonce < creation.nonce:
            raise DeploymentError(
                f"the node knows {me.nonce} transactions of {me.address}, and {creation.nonce} were"
                " mined before: it lags behind, or the chain has replaced blocks; run the command"
                " again, without --replace, and it goes on"
            )
        if me.nonce > creation.nonce:
            raise DeploymentError(
                f"{me.address} has sent other transactions since the deployment began: its nonce is"
                f" {me.nonce} instead of {creation.nonce}, so {creation.name} would not stand at"
                f" {creation.address}, of which others know; begin anew with --replace"
            )
        contract = getattr(self.project, creation.contract)
        terms = {"nonce": creation.nonce, "required_confirmations": 0}
        made = me.deploy(contract, *creation.args, **terms)
        made_by = made.creation_metadata
        if made_by is None or made_by.receipt is None or made.address != creation.address:
            raise DeploymentError(
                f"the chain does not tell which transaction made {creation.name} at"
                f" {creation.address}; run the command again"
            )
        self.spent[creation.name] = int(made_by.receipt.gas_used)
        return str(made_by.txn_hash), int(made_by.receipt.block_number)

    def _found(self, creation: Creation, journal: Journal) -> tuple[str, int]:
        """Find what an earlier run created to be what this one would create."""
        sent = self._sent(creation, journal)
        wanted = getattr(self.project, creation.contract)(*creation.args).data
        if bytes(sent["input"]) != bytes(wanted):
            raise DeploymentError(
                f"{creation.name} at {creation.address} was made of other sources or arguments, or"
                " by another deployment; finish it with the commit that began it, or begin anew"
                " with --replace"
            )
        return "0x" + bytes(sent["hash"]).hex(), int(sent["blockNumber"])

    def _sent(self, creation: Creation, journal: Journal) -> Any:
        """The transaction that an earlier run sent: the one it noted, or the one of its nonce."""
        web3, me = self.project.provider.web3, str(self.deployer.address)
        if journal.manifest.has(creation.name):
            with suppress(TransactionNotFound):
                noted = web3.eth.get_transaction(journal.manifest.part(creation.name).tx_hash)
                if (noted["from"], noted["nonce"]) == (me, creation.nonce):
                    return noted
        try:
            return sent_with(web3, me, creation.nonce)
        except (LookupError, ValueError, Web3Exception) as error:
            raise DeploymentError(
                f"{creation.name} stands at {creation.address}, and this node does not tell which"
                f" transaction made it: {first_line(error)}; run the command again on a node that"
                " keeps the states of old blocks"
            ) from None

    def _stands(self, address: str) -> bool:
        return bool(self.project.provider.get_code(address))

    def _call(self, call: Call, at: Contracts) -> None:
        method = getattr(at[call.part], call.method)
        sender = self._local_accounts().get(call.sender, self.deployer)
        receipt = method(*call.args, sender=sender, required_confirmations=0)
        self.spent[call.name] = int(receipt.gas_used)
        self.report(call.name)
        if call.method == "set_feed" and not at["oracle"].price_of(call.args[0])[1]:
            raise DeploymentError(dead_feed(call.about))

    def _check_that_it_stands(self, plan: Plan, at: Contracts, manifest: Manifest) -> None:
        """See that the chain kept everything that was sent: blocks may have been replaced."""
        web3 = self.project.provider.web3
        parts = manifest.contracts
        lost = [it.name for it in parts if code_hash(web3, it.address) != it.code_hash]
        lost = lost or [call.name for call in undone(plan.calls, at)]
        if lost:
            raise DeploymentError(
                f"the chain has replaced blocks, and with them went {', '.join(lost)}; run the"
                " command again, without --replace, and it goes on"
            )

    # -- Notes -----------------------------------------------------------------------------------

    def _draft(self, plan: Plan) -> Manifest:
        provider, origin = self.project.provider, origin_of(self.project)
        return Manifest(
            market=self.config.name,
            quote=self.config.quote,
            chain_id=provider.chain_id,
            genesis=genesis_of(provider),
            config_hash=self.config.digest,
            deployer=plan.deployer,
            first_nonce=plan.first_nonce,
            compiler=origin.compiler,
            commit=origin.commit,
            sources=origin.sources,
            is_complete=False,
            contracts=(),
            node=_local_node(provider),
        )

    def _deployed(
        self,
        name: str,
        contract: str,
        address: str,
        args: tuple[str, ...] = (),
        block: int = 0,
        tx_hash: str = "",
    ) -> Deployed:
        if not self._stands(address):
            raise DeploymentError(
                f"{name} was mined and the node does not show it at {address} yet; run the command"
                " again, without --replace, and it goes on"
            )
        code = code_hash(self.project.provider.web3, address)
        return Deployed(name, contract, address, args, block, tx_hash, code)

    def _market(self, manifest: Manifest, at: Contracts) -> Market:
        return Market(
            name=self.config.name,
            asset=at["asset"],
            tokens={token.symbol: at[f"token.{token.symbol}"] for token in self.config.tokens},
            feeds={symbol: at[f"feed.{symbol}"] for symbol in self.config.feeds},
            project=self.project,
            manifest=manifest,
            config=self.config,
            **{name: at[name] for name in PARTS},
        )

    # -- Accounts --------------------------------------------------------------------------------

    def _test_accounts(self) -> Any:
        return self.deployer.account_manager.test_accounts

    def _local_accounts(self) -> dict[str, AccountAPI]:
        """The test accounts of a local chain by address; of another there are none."""
        if not self.project.provider.network.is_local:
            return {}
        return {str(it.address): it for it in self._test_accounts()}


def resolved(roles: Roles, deployer: str, test_accounts: Any) -> dict[str, str]:
    """Return the address that each role names: its own, a test account's or the deployer's."""

    def address(ref: AccountRef) -> str:
        if ref is None:
            return deployer
        return str(test_accounts[ref].address) if isinstance(ref, int) else to_checksum_address(ref)

    return {name: address(ref) for name, ref in vars(roles).items()}


def _local_node(provider: Any) -> str:
    """Where a local node listens; the address of a live one may hold a key, and is not noted."""
    is_elsewhere = provider.network.is_local and provider.name != IN_PROCESS
    return str(provider.http_uri or "") if is_elsewhere else ""
