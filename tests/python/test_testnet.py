"""As a person would on Sepolia: keyfile accounts, blocks at intervals, confirmations.

The chain is an Anvil with Sepolia's id behind Ape's `node` provider, as `make testnet` keeps it.
"""

import re
import shutil
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import pytest
from ape import accounts, networks
from ape_accounts.accounts import generate_account

from ringfence.anvil import free_port
from ringfence.config import MarketConfig
from ringfence.manifest import Manifest
from scripts._anvil import anvil
from scripts._standins import CONFIG, put_in_place
from scripts.testnet import CHAIN_ID
from tests.python.commands import Shell

README = Path(__file__).parent.parent.parent / "README.md"
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


def tour():
    """Commands of README's tour, without what belongs to a terminal."""
    section = README.read_text().split("## On a testnet")[1]
    lines = re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1].splitlines()
    return [it.removeprefix("ape run ").replace(" $ON", "") for it in lines if "ape run" in it]


def test_the_tour_of_readme(testnet, person, tmp_path):
    people = {name: person(name) for name in ("deployer", "client")}
    said = {}
    for line in tour():
        words, _, name = line.removesuffix(" --plan").partition(" --account ")
        if words.startswith("faucet"):
            continue  # each has money already
        words = words.split() + (["--plan"] if line.endswith("--plan") else [])
        outcome = Shell(tmp_path)([*words, *(["-y"] if name else [])], people.get(name))
        assert outcome.code == 0, outcome.text
        said[line] = outcome.text

    planned, deployed_, checked = (it for line, it in said.items() if line.startswith("deploy"))
    for part in deployed(tmp_path).contracts:
        assert part.address in planned
    assert deployed_.splitlines()[-1].startswith("market sepolia stands; ")
    assert checked.endswith("0 not as configured\n")
    assert list(said.values())[-1].splitlines()[-1].startswith("done: seized ")
    shown = Shell(tmp_path)("vault show alpha").text
    assert Decimal(re.search(r"health +(\S+)", shown)[1]) > 1


def test_waits_for_confirmations(testnet, person, shell, tmp_path):
    said = shell(f"deploy {CONFIG}", person("deployer"))

    last = max(part.block for part in deployed(tmp_path).contracts)
    assert "waiting for 2 confirmations" in said
    assert testnet.get_block("latest").number >= last + testnet.network.required_confirmations
