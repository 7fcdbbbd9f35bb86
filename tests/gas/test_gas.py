"""The gas of every operation is what `snapshot.json` says: `make gas` writes it and prints it."""

import json
import os
from pathlib import Path

import pytest

from tests.gas import peers
from tests.gas.operations import measure
from tests.gas.stage import Stage

SNAPSHOT = Path(__file__).parent / "snapshot.json"


@pytest.fixture(autouse=True)
def on_anvil(chain):
    if chain.provider.name != "foundry":
        pytest.skip("gas is measured on Anvil")


def test_the_snapshot_is_true(project, accounts, chain):
    gas = measure(Stage(project, accounts, chain))
    if os.environ.get("GAS") == "write":
        SNAPSHOT.write_text(json.dumps(gas, indent=2) + "\n")
        print(table(gas))

    assert json.loads(SNAPSHOT.read_text()) == gas, "`make gas` writes it anew"


def table(gas):
    """Ours beside the peers', for people."""
    names = ("Ringfence", *peers.PEERS)
    lines = [" " * 22 + "".join(f"{name:>14}" for name in names)]
    for operation, used in gas.items():
        cells = (used, *peers.GAS[operation])
        said = "".join(f"{'–' if it is None else format(it, ','):>14}" for it in cells)
        lines.append(f"{operation:<22}{said}")
    return "\n" + "\n".join(lines)
