"""As a person would on Sepolia: keyfile accounts, blocks at intervals, confirmations.

The chain is an Anvil with Sepolia's id behind Ape's `node` provider, as `make testnet` keeps it.
"""

import re
import shutil
from contextlib import ExitStack
from decimal import Decimal

import pytest
from ape import accounts, networks
from ape_accounts.accounts import generate_account

from ringfence.config import MarketConfig
from ringfence.manifest import Manifest
from scripts._anvil import anvil
from scripts._standins import CONFIG, put_in_place
from scripts.testnet import CHAIN_ID
from tests.python.commands import Shell, free_port

PASSPHRASE = "of no worth: 1"

pytestmark = pytest.mark.skipif(shutil.which("anvil") is None, reason="anvil is not on PATH")


@pytest.fixture
def testnet(project):
    """A chain that passes for Sepolia, connected."""
    if project.provider.name != "foundry":
        pytest.skip("runs with the suite on Anvil")
    with ExitStack() as stack:
        uri = stack.enter_context(anvil(free_port(), CHAIN_ID, "--block-time", "0.2"))
        network = networks.parse_network_choice(f"ethereum:sepolia:{uri}")
        provider = stack.enter_context(network)
        put_in_place(project, MarketConfig.load(CONFIG))
        yield provider


@pytest.fixture
def person(testnet, monkeypatch):
    """Make the alias of a keyfile account with some money; it is gone after the test."""
    made = []

    def make(name):
        alias = f"rf-test-{name}"
        made.append(alias)
        keyfile(alias).unlink(missing_ok=True)
        generate_account(alias, PASSPHRASE)
        monkeypatch.setenv(f"APE_ACCOUNTS_{alias}_PASSPHRASE", PASSPHRASE)
        assert Shell(None)(["faucet", alias]).code == 0
        return alias

    yield make
    for alias in made:
        keyfile(alias).unlink()


def keyfile(alias):
    return accounts.containers["accounts"].data_folder / f"{alias}.json"


@pytest.fixture
def shell(tmp_path):
    """Type a command that must succeed; return what it says."""

    def run(line, account=None):
        outcome = Shell(tmp_path)([*line.split(), *(["-y"] if account else [])], account)
        assert outcome.code == 0, outcome.text
        return outcome.text

    return run


def deployed(folder):
    (path,) = folder.rglob("sepolia.json")
    return Manifest.read(path)


def test_from_nothing_to_a_liquidation(testnet, person, shell, tmp_path):
    deployer, client, liquidator = map(person, ("deployer", "client", "liquidator"))

    planned = shell(f"deploy {CONFIG} --plan", deployer)
    shell(f"deploy {CONFIG}", deployer)
    for part in deployed(tmp_path).contracts:
        assert part.address in planned
    assert shell(f"deploy {CONFIG} --check").endswith("0 not as configured\n")
    shell("pool deposit 10,000 USDC", deployer)
    shell("vault open alpha", client)
    shell("vault deposit alpha 5 WETH", client)
    shell("vault borrow alpha 9,000 USDC", client)
    shell("price WETH 2,100", liquidator)
    said = shell("liquidate alpha", liquidator)

    assert said.splitlines()[-1].startswith("done: seized ")
    assert Decimal(re.search(r"health +(\S+)", shell("vault show alpha"))[1]) > 1
    assert shell("vault show").count("client") == 1


def test_waits_for_confirmations(testnet, person, shell, tmp_path):
    said = shell(f"deploy {CONFIG}", person("deployer"))

    last = max(part.block for part in deployed(tmp_path).contracts)
    assert "waiting for 2 confirmations" in said
    assert testnet.get_block("latest").number >= last + testnet.network.required_confirmations
