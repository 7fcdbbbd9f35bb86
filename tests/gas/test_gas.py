"""The gas of every operation is what the snapshots say: `make gas` writes them and prints them."""

import json
import os
from pathlib import Path

import pytest

from tests.gas import peers
from tests.gas.operations import measure
from tests.gas.stage import Stage
from tests.sources import CONTRACTS

HERE = Path(__file__).parent
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
