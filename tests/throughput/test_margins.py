"""How many vaults a second the lens looks at, beside one call for each: `make throughput`.

Each vault has collateral and a debt. Without VAULTS few are opened, to see that both ways agree.
"""

import os
import time
from contextlib import ExitStack

import pytest
from ape import networks
from ape.utils.testing import DEFAULT_TEST_CHAIN_ID

from ringfence.anvil import free_port
from ringfence.cli.desk import Desk
from ringfence.cli.margin import SHOWN, table
from ringfence.deployment import deploy_market
from ringfence.lens import ask
from ringfence.reading import BlockReader
from ringfence.registry import openings
from scripts._anvil import anvil
from tests import steps
from tests.stateful.driver import Anvil
from tests.steps import USDC, WETH

VAULTS = int(os.environ.get("VAULTS", 40))
EACH = 2  # vaults that one transaction opens and lets borrow
GAS = 1_400_000  # of a transaction
BLOCK = 20  # transactions
GOAL = 10_000  # vaults a second
PATIENCE = 10  # [s] for a live table to be drawn
WHOLE = 5_000  # vaults from which on the goal is asserted


@pytest.fixture
def market(project, deployer, config, lender, feed_keeper):
    """A market on an Anvil that forgets old states: it keeps one for each block, all in memory."""
    if project.provider.name != "foundry":
        pytest.skip("runs with the suite on Anvil")
    with ExitStack() as stack:
        uri = stack.enter_context(anvil(free_port(), DEFAULT_TEST_CHAIN_ID, "--prune-history"))
        stack.enter_context(networks.parse_network_choice(f"ethereum:local:{uri}"))
        market = deploy_market(project, deployer, config)
        steps.lend(market, lender, 1_000 * USDC * VAULTS)
        yield market


@pytest.fixture
def vaults(project, deployer, market):
    """Addresses of vaults, each with 10 WETH and a debt of 1,000; one contract owns them all."""
    actor = deployer.deploy(project.MockActor)
    market.tokens["WETH"].mint(actor, 10 * WETH * VAULTS, sender=deployer)
    acts = [opening(market, actor, number) for number in range(VAULTS)]
    rounds = [sum(acts[first : first + EACH], []) for first in range(0, VAULTS, EACH)]
    send(market.provider, deployer, actor.run, rounds)
    return [it.vault for it in openings(market) if it.owner == actor.address]


def opening(market, owner, number):
    """Open a vault, fill it and borrow for it."""
    label = f"vault {number}".encode().ljust(32, b"\0")
    vault, weth = market.vault_at(market.factory.vault_of(owner, label)), market.tokens["WETH"]
    calls = (
        (market.factory.open_vault, owner, label),
        (weth.approve, vault, 10 * WETH),
        (vault.deposit, weth, 10 * WETH),
        (vault.borrow, 1_000 * USDC, owner),
    )
    return [(method.contract.address, method.encode_input(*args)) for method, *args in calls]


def send(provider, sender, method, rounds):
    """Send a transaction for each round, a block for some of them."""
    node, to_mine = Anvil(provider.uri), ("evm_mine", [])
    node.answers(("evm_setAutomine", [False]))
    try:
        for first in range(0, len(rounds), BLOCK):
            sent = [
                ("eth_sendTransaction", [transaction(sender, method, acts)])
                for acts in rounds[first : first + BLOCK]
            ]
            node.answers(*sent, to_mine)
    finally:
        node.answers(("evm_setAutomine", [True]))


def transaction(sender, method, *args):
    data = "0x" + bytes(method.encode_input(*args)).hex()
    return {"from": sender.address, "to": method.contract.address, "data": data, "gas": hex(GAS)}


def test_the_lens_is_quick(market, vaults):
    read = BlockReader.at(market.provider)

    started = time.monotonic()
    rows = ask(read, market.lens, vaults)
    together = len(vaults) / (time.monotonic() - started)
    started = time.monotonic()
    told = [read(market.engine.margin_of, vault) for vault in vaults]
    alone = len(told) / (time.monotonic() - started)
    started = time.monotonic()
    head, *shown = table(Desk(market), None)
    seconds = time.monotonic() - started

    print(f"\n{len(vaults):,} vaults through the lens {together:>10,.0f} vaults/s")
    print(f"{len(told):,} vaults one by one     {alone:>10,.0f} vaults/s")
    print(f"{len(told):,} vaults in a live table {seconds:>9.1f} s")
    assert len(vaults) == VAULTS
    assert [(it.debt, it.health) for it in rows] == [(it.debt, it.health) for it in told]
    assert {row.status for row in rows} == {0}
    assert all(row.debt >= 1_000 * USDC for row in rows)
    closest = sorted(zip(vaults, told, strict=True), key=lambda it: it[1].health)
    assert f"vaults: {VAULTS:,}" in head
    assert [line.split()[1] for line in shown[:SHOWN]] == [it for it, _ in closest[:SHOWN]]
    if VAULTS >= WHOLE:
        assert together > GOAL
        assert seconds < PATIENCE
