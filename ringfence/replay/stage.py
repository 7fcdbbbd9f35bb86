"""The chain on which a replay plays: a market, its people with their money, and the clock.

Every transaction of the story has a second of its own, counted from the first price, and the block
gets exactly that time; so two runs see the same interest whatever the node's own clock does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ringfence.deployment import deploy_market
from ringfence.market import Market
from ringfence.replay import clients as story
from ringfence.replay.clients import Client
from ringfence.replay.prices import HOUR
from ringfence.units import MAX_UINT, to_base

if TYPE_CHECKING:
    from decimal import Decimal

    from ape.api import AccountAPI
    from ape.contracts import ContractInstance

    from ringfence.config import MarketConfig

BATCH = 8  # calls that the actor makes in one transaction
Call = tuple[Any, tuple[Any, ...]]  # method of a contract, arguments


@dataclass
class Stage:
    """Everything that stands before the first price; `start` is the chain's time of that price."""

    project: Any
    accounts: Sequence[AccountAPI]
    market: Market
    config: MarketConfig
    clients: Sequence[Client]
    witness: ContractInstance
    actor: ContractInstance
    vaults: dict[str, ContractInstance] = field(default_factory=dict)
    start: int = 0

    # -- Tokens ------------------------------------------------------------------------------------

    @property
    def tokens(self) -> dict[str, ContractInstance]:
        """Tokens that vaults hold, by symbol, in the order of the market."""
        return dict(self.market.tokens)

    def units(self, symbol: str, amount: Decimal) -> int:
        """Turn whole tokens into base units."""
        return to_base(amount, self.config.decimals_of(self.config.token(symbol)))

    def assets(self, amount: Decimal) -> int:
        """Turn whole credit assets into base units."""
        return to_base(amount, self.config.credit_asset.decimals)

    # -- Time --------------------------------------------------------------------------------------

    def at(self, second: int) -> None:
        """Let the next transaction happen this many seconds after the first price."""
        self.project.chain_manager.pending_timestamp = self.start + second

    # -- Margins -----------------------------------------------------------------------------------

    def margins(self, labels: Iterable[str]) -> dict[str, Any]:
        """Ask the lens for the margin of vaults, in one call."""
        asked = list(labels)
        rows = self.market.lens.margins_of([self.vaults[label] for label in asked])
        return {label: row.margin for label, row in zip(asked, rows, strict=True)}

    # -- Many calls in one transaction -------------------------------------------------------------

    def together(self, calls: Sequence[Call]) -> list[Any]:
        """Make up to eight calls in one transaction, and return what they answered."""
        actions = [
            (method.contract.address, method.encode_input(*arguments))
            for method, arguments in calls
        ]
        receipt = self.actor.run(actions, sender=self.accounts[story.FEED_KEEPER])
        ecosystem = self.project.provider.network.ecosystem
        return [
            ecosystem.decode_returndata(method.abis[0], bytes(log.response))[0]
            if method.abis[0].outputs
            else None
            for (method, _), log in zip(calls, receipt.decode_logs(self.actor.Acted), strict=True)
        ]


def set_stage(
    project: Any,
    accounts: Sequence[AccountAPI],
    config: MarketConfig,
    clients: Sequence[Client],
    steps: int,
) -> Stage:
    """Deploy a market and give everybody the money and the vault that they start with.

    :param steps: number of prices, for each of which the liquidators bring fresh money.
    """
    deployer = accounts[story.DEPLOYER]
    market = deploy_market(project, deployer, config)
    witness = deployer.deploy(project.IsolationWitness)
    actor = deployer.deploy(project.MockActor)
    stage = Stage(project, accounts, market, config, clients, witness, actor)
    _fund(stage, steps)
    _lend(stage)
    for client in clients:
        stage.vaults[client.label] = _open(stage, client)
    now = project.provider.get_block("latest").timestamp
    stage.start = (now // HOUR + 1) * HOUR
    return stage


def _fund(stage: Stage, steps: int) -> None:
    """Mint what everybody brings; on this market the tokens are anybody's to mint."""
    asset = stage.market.asset
    calls: list[Call] = [
        (asset.mint, (stage.accounts[account], stage.assets(amount)))
        for account, amount in story.LENDERS.items()
    ]
    calls.append((asset.mint, (stage.market.fund, stage.assets(story.INSURANCE_CASH))))
    purse = stage.assets(story.LIQUIDATORS_CASH)
    calls.append((asset.mint, (stage.witness, purse * steps * len(stage.clients))))
    for client in stage.clients:
        for symbol, amount in client.deposits.items():
            holder = stage.accounts[client.account]
            calls.append((stage.tokens[symbol].mint, (holder, stage.units(symbol, amount))))
    for batch in _batches(calls):
        stage.together(batch)


def _batches(calls: Sequence[Call]) -> Iterable[Sequence[Call]]:
    return (calls[at : at + BATCH] for at in range(0, len(calls), BATCH))


def _lend(stage: Stage) -> None:
    market = stage.market
    for account, amount in story.LENDERS.items():
        lender = stage.accounts[account]
        market.asset.approve(market.pool, MAX_UINT, sender=lender)
        market.pool.deposit(stage.assets(amount), lender, sender=lender)


def _open(stage: Stage, client: Client) -> ContractInstance:
    owner = stage.accounts[client.account]
    if client.is_house:
        vault = stage.market.open_house_vault(client.label, sender=owner)
    else:
        vault = stage.market.open_vault(owner, client.label, sender=owner)
    for symbol in client.deposits:
        stage.tokens[symbol].approve(vault, MAX_UINT, sender=owner)
    return vault
