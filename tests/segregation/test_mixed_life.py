"""Few vaults live, and the ledger follows them."""

from contextlib import ExitStack

import pytest
from ape import networks
from ape.utils.testing import DEFAULT_TEST_CHAIN_ID

from ringfence.deployment import deploy_market
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.reconciliation import findings
from ringfence.ledger.store import Store
from ringfence.reading import BlockReader
from scripts._anvil import anvil
from tests.python.commands import free_port
from tests.segregation.mixed_life import HOUSE_VAULTS, live
from tests.segregation.moves import DRAWN

VAULTS, TRANSACTIONS = 12, 300


@pytest.fixture
def market(project, deployer, config):
    """A market on an Anvil of its own."""
    if project.provider.name != "foundry":
        pytest.skip("runs with the suite on Anvil")
    with ExitStack() as stack:
        uri = stack.enter_context(anvil(free_port(), DEFAULT_TEST_CHAIN_ID))
        stack.enter_context(networks.parse_network_choice(f"ethereum:local:{uri}"))
        yield deploy_market(project, deployer, config)


def test_books_and_chain_agree_after_a_mixed_life(market, deployer, tmp_path):
    life = live(market, deployer, VAULTS, TRANSACTIONS)

    store = Store.open(str(tmp_path / "ledger.db"), about(market))
    Follower(market, store).follow()
    found = findings(market, Books.at(market, store), BlockReader.at(market.provider))
    assert [it for it in found if it.is_break] == []
    assert life.transactions == TRANSACTIONS
    assert life.moves["opening"] == len(life.vaults) == VAULTS + HOUSE_VAULTS
    assert set(life.moves) == {"opening", "price", *DRAWN}
    assert life.reverted == {}
    assert 10 * len(life.in_debt) >= len(life.vaults)
