"""Make says what it takes before it runs anything."""

import os
import subprocess

import pytest


def make(project, network):
    words = ["make", "--dry-run", "demo", f"NETWORK={network}"]
    environment = {name: it for name, it in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        words, cwd=project.path, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("network", ["foundry", "ethereum:local", "ethereum:sepolia:node"])
def test_other_networks_are_refused_in_one_line(project, network):
    told = make(project, network)

    assert told.returncode == 2
    assert f"NETWORK={network} is none of ethereum:local:test " in told.stderr
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["test", "foundry", "hardhat"])
def test_three_networks_are_taken(project, name):
    told = make(project, f"ethereum:local:{name}")

    assert f"run demo --network ethereum:local:{name}" in told.stdout
