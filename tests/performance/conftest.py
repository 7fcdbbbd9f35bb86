"""A market in which much happened, and what its vaults were worth meanwhile."""

import pytest

from ringfence.cli.desk import Desk
from ringfence.cli.lookback import looking_at
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from tests import steps
from tests.steps import DAY, MAX, USDC, WETH


@pytest.fixture
def store(market, tmp_path):
    return Store.open(str(tmp_path / "ledger.db"), about(market))


@pytest.fixture
def look(market, store):
    """Bring the ledger up to date, and look back from the latest block."""

    def act(vault, first=0, last=None):
        head = Follower(market, store).follow(last)
        account = Books.at(market, store, head.number).accounts[vault.address]
        with looking_at(Desk(market), store) as looking:
            return looking, account, looking.history(account, first, head.number)

    return act


@pytest.fixture
def lived(
    indebted, other_vault, neighbour, owner, outsider, weth, usdc, set_price, liquidator, chain
):
    """Loans in and out, repayments by several, gifts, price moves, and a liquidation."""
    steps.put(other_vault, weth, 30 * WETH, neighbour)
    set_price("WETH", 210)
    indebted.borrow(500 * USDC, indebted, sender=owner)
    indebted.borrow(600 * USDC, owner, sender=owner)
    indebted.repay_from_vault(200 * USDC, sender=owner)
    steps.give(usdc, outsider, 300 * USDC, indebted)
    indebted.repay(300 * USDC, sender=outsider)
    weth.mint(indebted, WETH, sender=outsider)
    chain.mine(deltatime=DAY)
    set_price("WETH", 115)
    steps.give(usdc, liquidator, 2_000 * USDC, indebted)
    indebted.liquidate(weth, 1_000 * USDC, 0, liquidator, MAX, b"", sender=liquidator)
    set_price("WETH", 200)
    indebted.withdraw(weth, WETH, outsider, sender=owner)
    return indebted
