"""How long an operator waits for his pages, and how large they are: `make bench-dashboard`.

Each vault has collateral and a debt. Without VAULTS there are few, to see that what is measured is
right.
"""

import json
import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from ape import networks
from ape.utils.testing import DEFAULT_TEST_CHAIN_ID

from ringfence.anvil import free_port
from ringfence.cli import dashboard
from ringfence.cli.desk import Desk
from ringfence.cli.ledger import followed
from ringfence.cli.lookback import looking_at
from ringfence.dashboard.site import LISTED
from ringfence.deployment import deploy_market
from scripts._anvil import anvil
from tests import steps
from tests.ledger.test_bench import megabytes
from tests.steps import USDC, WETH
from tests.throughput.test_margins import EACH, send

VAULTS = int(os.environ.get("VAULTS", 30))
WHOLE = 10_000  # vaults from which on the goals are asserted
SECONDS, BYTES = 30, 2_000_000  # of all pages, once the ledger is complete; of the first
SPREAD = 500  # amounts of debt
OUT = Path("out", "bench-dashboard.json")


@pytest.fixture
def market(project, deployer, config, lender):
    """A market on an Anvil that forgets old states: it keeps one for each block, all in memory."""
    if project.provider.name != "foundry":
        pytest.skip("runs with the suite on Anvil")
    with ExitStack() as stack:
        uri = stack.enter_context(anvil(free_port(), DEFAULT_TEST_CHAIN_ID, "--prune-history"))
        stack.enter_context(networks.parse_network_choice(f"ethereum:local:{uri}"))
        market = deploy_market(project, deployer, config)
        steps.lend(market, lender, 2_000 * USDC * VAULTS)
        yield market


@pytest.fixture
def vaults(project, deployer, market):
    """Vaults with 10 WETH and debts of 1,000 and more; one contract owns them all."""
    actor = deployer.deploy(project.MockActor)
    market.tokens["WETH"].mint(actor, 10 * WETH * VAULTS, sender=deployer)
    acts = [opening(market, actor, number) for number in range(VAULTS)]
    rounds = [sum(acts[first : first + EACH], []) for first in range(0, VAULTS, EACH)]
    send(market.provider, deployer, actor.run, rounds)
    assert market.factory.vault_count() == VAULTS


def opening(market, owner, number):
    """Open a vault, fill it and borrow for it."""
    label = f"vault {number}".encode().ljust(32, b"\0")
    vault, weth = market.vault_at(market.factory.vault_of(owner, label)), market.tokens["WETH"]
    calls = (
        (market.factory.open_vault, owner, label),
        (weth.approve, vault, 10 * WETH),
        (vault.deposit, weth, 10 * WETH),
        (vault.borrow, (1_000 + number % SPREAD) * USDC, owner),
    )
    return [(method.contract.address, method.encode_input(*args)) for method, *args in calls]


def test_the_operators_pages_are_quick(market, vaults, tmp_path, monkeypatch):
    monkeypatch.setattr(dashboard, "MOST_CLIENTS", 0)
    desk = Desk(market, block=market.provider.get_block("latest").number)

    started = time.monotonic()
    _, store = followed(desk, str(tmp_path / "ledger.db"))
    complete = time.monotonic()
    with looking_at(desk, store) as looking:
        files, _ = dashboard.pages_of(desk, looking, store, None)
    built = time.monotonic()

    measured = {
        "vaults": VAULTS,
        "follow the ledger, seconds": round(complete - started, 1),
        "build, seconds": round(built - complete, 1),
        "index.html, bytes": len(files["index.html"]),
        "all pages, bytes": sum(map(len, files.values())),
        "megabytes": megabytes(),
    }
    print("\n" + json.dumps(measured, indent=2))
    facts = json.loads(files["market.json"])
    assert facts["vaults"] == sum(it["vaults"] for it in facts["health"]) == VAULTS
    assert facts["classes"][0]["in_debt"] == VAULTS
    assert len(facts["ladder"]) >= min(VAULTS, SPREAD)
    assert sum(it.startswith("vaults-") for it in files) == -(-VAULTS // LISTED)
    assert not [it for it in files if it.startswith("vaults/")]
    if VAULTS >= WHOLE:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
        assert measured["index.html, bytes"] < BYTES
        assert measured["build, seconds"] < SECONDS
