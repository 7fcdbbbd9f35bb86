"""The strategy on a market of Ringfence: what it does with its vault, and what it risks."""

import ape
import pytest

from ringfence.testing import assert_isolated, standings
from ringfence.testing.people import mint

USDC = 10**6


@pytest.fixture
def treasury(accounts):
    return accounts[0]


@pytest.fixture
def loan(project, ringfence_market, treasury):
    market = ringfence_market
    return treasury.deploy(project.TreasuryLoan, treasury, market.engine, market.asset)


@pytest.fixture
def vault(loan, open_vault, treasury):
    """The loan's own vault, with 100 WETH of 193.84 dollars."""
    vault = open_vault(loan, "treasury loan", {"WETH": 100})
    loan.adopt(vault.contract, sender=treasury)
    return vault


@pytest.fixture
def weth(ringfence_market):
    return ringfence_market.tokens["WETH"]


@pytest.fixture
def drawn(loan, vault, weth, treasury):
    """The loan after it borrowed 10,000."""
    loan.draw(weth, 10_000 * USDC, sender=treasury)
    return loan


@pytest.fixture
def neighbour(accounts, open_vault):
    """A vault of somebody else in the same market, at its limit."""
    return open_vault(accounts[1], "neighbour", {"WETH": 10}, debt=1_550)


def test_the_treasury_gets_the_loan(drawn, vault, treasury, ringfence_market):
    assert ringfence_market.asset.balanceOf(treasury) == 10_000 * USDC
    assert vault.debt() == 10_000


def test_it_does_not_come_too_close(loan, vault, weth, treasury):
    with ape.reverts("loan: too close"):
        loan.draw(weth, 15_000 * USDC, sender=treasury)


def test_only_the_treasury_draws(loan, vault, weth, accounts):
    with ape.reverts("loan: not the treasury"):
        loan.draw(weth, 1_000 * USDC, sender=accounts[5])


def test_it_defends_itself(drawn, vault, ringfence_market, crash, accounts):
    mint(ringfence_market, "USDC", accounts[0], 3_000)
    ringfence_market.asset.transfer(drawn, 3_000 * USDC, sender=accounts[0])

    crash("WETH", "30 %")
    drawn.defend(sender=accounts[5])

    assert 7_000 <= vault.debt() < 7_001
    assert vault.margin.health > 1


def test_it_does_not_sell_while_healthy(drawn, accounts):
    with ape.reverts("loan: healthy"):
        drawn.defend(sender=accounts[5])


def test_it_pays_back_and_leaves(drawn, vault, weth, treasury, ringfence_market, wait):
    wait("30 days")
    mint(ringfence_market, "USDC", treasury, 200)
    ringfence_market.asset.transfer(drawn, 10_200 * USDC, sender=treasury)

    drawn.close(weth, sender=treasury)

    assert vault.debt() == 0
    assert weth.balanceOf(treasury) == 100 * 10**18
    assert 0 < ringfence_market.asset.balanceOf(treasury) < 200 * USDC  # interest was paid


def test_its_liquidation_touches_nobody(drawn, vault, neighbour, set_price, liquidator):
    market = vault.market
    before = standings(market, but=[vault])

    set_price("WETH", 115)
    liquidator.liquidate(vault)

    assert vault.margin.health > 1
    assert_isolated(before, standings(market, but=[vault]))


def test_nor_does_its_bad_debt(drawn, vault, neighbour, set_price, liquidator):
    market = vault.market
    before = standings(market, but=[vault])

    set_price("WETH", 50)
    done = liquidator.liquidate(vault)

    assert done.lost + done.covered > 0
    assert vault.debt() == 0
    assert_isolated(before, standings(market, but=[vault]))
