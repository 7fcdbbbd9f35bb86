"""A market in which much happened, and commands that prove it."""

import pytest

from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from ringfence.segregation.form import read_report
from tests import steps
from tests.python.commands import Shell
from tests.steps import MAX, USDC, WETH


@pytest.fixture
def lived(
    market,
    indebted,
    other_vault,
    neighbour,
    owner,
    outsider,
    weth,
    usdc,
    dai,
    set_price,
    liquidator,
):
    """Deposits, loans, repayments, withdrawals, a liquidation, gifts, and a debt that is left."""
    steps.put(other_vault, weth, 30 * WETH, neighbour)
    other_vault.withdraw(weth, WETH, neighbour, sender=neighbour)
    steps.put(indebted, weth, WETH, outsider)
    indebted.borrow(500 * USDC, indebted, sender=owner)
    indebted.repay_from_vault(200 * USDC, sender=owner)
    set_price("WETH", 115)
    steps.give(usdc, liquidator, 2_000 * USDC, indebted)
    indebted.liquidate(weth, 1_000 * USDC, 0, liquidator, MAX, b"", sender=liquidator)
    set_price("WETH", 200)
    other_vault.borrow(1_000 * USDC, neighbour, sender=neighbour)
    dai.mint(outsider, 7, sender=outsider)
    dai.transfer(other_vault, 7, sender=outsider)
    indebted.withdraw(weth, WETH, other_vault, sender=owner)
    market.open_house_vault("house", sender=market_owner(market))
    return indebted


def market_owner(market):
    from ape import accounts

    return accounts.test_accounts[market.factory.owner()]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "reports"


@pytest.fixture
def shell(market, tmp_path):
    """Types a command that finds the market and its ledger."""
    market.manifest.write(tmp_path)
    typed = Shell(tmp_path)
    return lambda line, **more: typed(f"{line} --ledger {tmp_path / 'ledger.db'}", **more)


@pytest.fixture
def prove(shell, folder):
    """Write a report, and return its place."""

    def act(options="", **more):
        told = shell(f"segregation prove --out {folder} {options}", **more)
        assert told.code == 0, told.text
        return sorted(folder.glob("*.json"))[-1]

    return act


@pytest.fixture
def report(prove, lived):
    return read_report(prove())


@pytest.fixture
def books(market, tmp_path):
    """Bring a ledger up to date, and return the books."""

    def act():
        store = Store.open(str(tmp_path / "books.db"), about(market))
        Follower(market, store).follow()
        return Books.at(market, store)

    return act
