"""Money and prices are made up on chains of one's own only."""

from types import SimpleNamespace
from unittest.mock import patch

import pytest

from ringfence.exceptions import RingfenceError
from ringfence.standing import check_chain_id, is_own_chain
from tests.python.commands import Shell
from tests.steps import WETH

OWNER, OTHER = 6, 7


@pytest.fixture
def shell(market, tmp_path):
    market.manifest.write(tmp_path)
    return Shell(tmp_path)


def test_tokens_are_made_up(shell, weth, owner, neighbour):
    before = weth.balanceOf(owner), weth.balanceOf(neighbour)

    told = shell("mint 100 WETH", OWNER)
    shell(f"mint 2 weth --to {neighbour.address}", OWNER)

    assert f"done: {owner.address} got 100 WETH" in told.text
    assert weth.balanceOf(owner) == before[0] + 100 * WETH
    assert weth.balanceOf(neighbour) == before[1] + 2 * WETH


@pytest.mark.parametrize("amount", ["max WETH", "100"])
def test_an_amount_needs_a_number_and_a_token(shell, amount):
    told = shell(f"mint {amount}", OWNER)

    assert told.code == 1
    assert "is no amount of a token; write it like 100 WETH" in told.error


@pytest.mark.parametrize("line", ["mint 100 WETH", "price WETH 100"])
def test_nothing_is_made_up_on_a_live_network(shell, line):
    with (
        patch("ringfence.cli.mint.is_own_chain", lambda _: False),
        patch("ringfence.cli.price.is_own_chain", lambda _: False),
    ):
        told = shell(line, OWNER)

    assert told.code == 1
    assert "of a live network" in told.error


@pytest.mark.parametrize(
    ("is_local", "client", "is_own"),
    [(True, "Geth/1", True), (False, "anvil/v1.7.1", True), (False, "Geth/1", False)],
)
def test_whose_chain_it_is(is_local, client, is_own):
    network, web3 = SimpleNamespace(is_local=is_local), SimpleNamespace(client_version=client)

    assert is_own_chain(SimpleNamespace(network=network, web3=web3)) == is_own


def test_a_node_of_another_chain_is_refused(project):
    node = SimpleNamespace(eth=SimpleNamespace(chain_id=31337))
    provider = SimpleNamespace(web3=node, chain_id=1337, network_choice="ethereum:local:node")

    with pytest.raises(RingfenceError, match=r"of chain 31337.*anvil --chain-id 1337"):
        check_chain_id(provider)
    check_chain_id(project.provider)
