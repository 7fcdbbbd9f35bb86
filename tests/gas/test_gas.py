"""The gas of every operation is what the snapshots say: `make gas` writes them and prints them."""

import json
import os
from pathlib import Path

import pytest

from ringfence.config import GasAssumptions
from tests.gas import peers
from tests.gas.operations import DEBT, ETHER, Meter, measure
from tests.gas.stage import Stage
from tests.sources import CONTRACTS
from tests.steps import MAX, WETH

HERE = Path(__file__).parent
SLOT = 5_000  # gas to change a slot that is not zero and was not touched before
SNAPSHOTS = {"plain": HERE / "snapshot.json", "proxied": HERE / "snapshot_proxied.json"}


@pytest.fixture(autouse=True)
def on_anvil(chain):
    if chain.provider.name != "foundry":
        pytest.skip("gas is measured on Anvil")


@pytest.mark.parametrize("market", SNAPSHOTS)
def test_the_snapshot_is_true(project, accounts, chain, market):
    gas = measure(Stage(project, accounts, chain, is_proxied=market == "proxied"))
    if os.environ.get("GAS") == "write":
        SNAPSHOTS[market].write_text(json.dumps(gas, indent=2) + "\n")

    assert told(market) == gas, "`make gas` writes it anew"


def test_the_dearest_liquidation_takes_less_than_configurations_reckon_with(
    project, accounts, chain
):
    stage = Stage(project, accounts, chain, others=15)
    stage.lend()
    vault, owner = stage.vault("full", ETHER, DEBT), stage.who["owner"]
    for token, _ in stage.others:
        stage.fill("owner", token, WETH, vault)
        vault.deposit(token, WETH, sender=owner)
    assert len(vault.collaterals()) == 16
    stage.pass_hour()
    stage.set_price(85 * 10**8)

    receipt = vault.liquidate(stage.weth, MAX, 0, owner, MAX, b"", sender=stage.who["liquidator"])

    assert 500_000 < receipt.gas_used < GasAssumptions.liquidation_gas // 2


def test_the_readme_tells_what_a_record_of_flows_would_cost(project, accounts, chain):
    """A price for each flow, and a slot of the vault: what its contracts do without."""
    stage = Stage(project, accounts, chain)
    meter = Meter(stage)
    meter.note_view("price_of", (stage.market.oracle.price_of, stage.weth))

    told = " ".join((CONTRACTS / "README.md").read_text().split())
    assert f"({meter.gas['price_of']:,} gas) and write a slot ({SLOT:,}" in told


def test_the_readme_tells_the_snapshots():
    proxied = told("proxied")
    readme = (CONTRACTS / "README.md").read_text()
    for operation, used in told("plain").items():
        row = f"| `{operation}` | {used:,} | {proxied[operation]:,} | {peers.GAS[operation][0]:,} |"
        assert row in readme


@pytest.mark.skipif(os.environ.get("GAS") != "write", reason="for `make gas`")
def test_print():
    names = ("Ringfence", "with proxies", *peers.PEERS)
    print("\n" + " " * 22 + "".join(f"{name:>14}" for name in names))
    proxied = told("proxied")
    for operation, used in told("plain").items():
        cells = (used, proxied[operation], *peers.GAS[operation])
        said = "".join(f"{'–' if it is None else format(it, ','):>14}" for it in cells)
        print(f"{operation:<22}{said}")


def told(market):
    return json.loads(SNAPSHOTS[market].read_text())
