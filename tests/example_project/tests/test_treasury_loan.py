"""The strategy on a market of Ringfence: what it does with its vault, and what it risks."""

import ape
import pytest

from ringfence.testing import assert_isolated, mint, standings

USDC = 10**6
NO_TREASURY = "loan: not the treasury"


@pytest.fixture
def treasury(accounts):
    return accounts[0]


@pytest.fixture
def stranger(accounts):
    return accounts[5]


@pytest.fixture
def market(ringfence_market):
    return ringfence_market


@pytest.fixture
def asset(market):
    return market.asset


@pytest.fixture
def weth(market):
    return market.token("WETH")


@pytest.fixture
def make(project, market, treasury):
    """Deploy a loan without a vault."""
    terms = (treasury, market.factory, market.engine, market.asset)
    return lambda: treasury.deploy(project.TreasuryLoan, *terms)


@pytest.fixture
def loan(make):
    return make()


@pytest.fixture
def vault(loan, open_vault, treasury):
    """The loan's own vault, with 100 WETH of 193.84 dollars."""
    vault = open_vault(loan, "treasury loan", {"WETH": 100})
    loan.adopt(vault.contract, sender=treasury)
    return vault


@pytest.fixture
def drawn(loan, vault, weth, treasury):
    """The loan after it borrowed 10,000."""
    loan.draw(weth, 10_000 * USDC, sender=treasury)
    return loan


@pytest.fixture
def keep(market, asset, drawn, treasury):
    """Let the loan keep some of the asset."""

    def act(amount):
        mint(market, "USDC", treasury, amount)
        asset.transfer(drawn, amount * USDC, sender=treasury)

    return act


# -- Whose it is -----------------------------------------------------------------------------------


def test_only_the_treasury_decides(drawn, vault, weth, stranger):
    for act in (
        lambda: drawn.adopt(vault.contract, sender=stranger),
        lambda: drawn.draw(weth, 1_000 * USDC, sender=stranger),
        lambda: drawn.close([weth], sender=stranger),
    ):
        with ape.reverts(NO_TREASURY):
            act()


def test_it_adopts_a_vault_of_its_own_once(make, loan, vault, open_vault, treasury, stranger):
    with ape.reverts("loan: has a vault"):
        loan.adopt(vault.contract, sender=treasury)
    other = make()
    with ape.reverts("loan: of another owner"):
        other.adopt(open_vault(stranger, "another").contract, sender=treasury)
    with ape.reverts("loan: not a vault"):
        other.adopt(other, sender=treasury)


# -- The loan --------------------------------------------------------------------------------------


def test_the_treasury_gets_the_loan(drawn, vault, treasury, asset):
    assert asset.balanceOf(treasury) == 10_000 * USDC
    assert 10_000 <= vault.debt() < 10_001


def test_it_does_not_come_too_close(loan, vault, weth, treasury):
    with ape.reverts("loan: too close"):
        loan.draw(weth, 15_000 * USDC, sender=treasury)


def test_it_defends_itself(drawn, vault, keep, crash, stranger, asset):
    keep(3_000)
    crash("WETH", "30 %")

    drawn.defend(sender=stranger)

    assert 7_000 <= vault.debt() < 7_001
    assert vault.margin.health > 1
    assert asset.balanceOf(drawn) == asset.allowance(drawn, vault.contract) == 0


def test_it_repays_no_more_than_it_owes(drawn, vault, keep, crash, stranger, asset):
    keep(12_000)
    crash("WETH", "30 %")

    drawn.defend(sender=stranger)

    assert vault.debt() == 0
    assert 1_999 * USDC < asset.balanceOf(drawn) <= 2_000 * USDC


def test_it_repays_nothing_while_healthy(drawn, keep, stranger):
    keep(3_000)

    with ape.reverts("loan: healthy"):
        drawn.defend(sender=stranger)


def test_it_needs_something_to_defend_itself_with(drawn, crash, stranger):
    crash("WETH", "30 %")

    with ape.reverts("loan: keeps nothing"):
        drawn.defend(sender=stranger)


# -- The end ---------------------------------------------------------------------------------------


def test_it_pays_back_and_leaves(drawn, vault, weth, treasury, asset, keep, wait):
    wait("30 days")
    keep(10_200)

    drawn.close([weth], sender=treasury)

    assert vault.debt() == 0
    assert weth.balanceOf(treasury) == 100 * 10**18
    assert 10_000 * USDC < asset.balanceOf(treasury) < 10_200 * USDC  # interest was paid


def test_it_does_not_leave_in_debt(drawn, weth, treasury, keep):
    keep(9_000)

    with ape.reverts("loan: keeps too little"):
        drawn.close([weth], sender=treasury)


def test_it_leaves_though_a_stranger_repaid(drawn, vault, market, weth, treasury, stranger, keep):
    keep(500)
    mint(market, "USDC", stranger, 10_001)
    vault.repay(None, stranger)

    drawn.close([weth], sender=treasury)

    assert weth.balanceOf(treasury) == 100 * 10**18


def test_it_leaves_though_it_never_drew(loan, vault, weth, treasury):
    loan.close([weth], sender=treasury)

    assert weth.balanceOf(treasury) == 100 * 10**18


def test_it_leaves_after_bad_debt(drawn, keep, weth, treasury, asset, set_price, liquidator):
    keep(500)
    set_price("WETH", 50)
    liquidator.liquidate(drawn.vault())

    drawn.close([weth], sender=treasury)

    assert asset.balanceOf(treasury) == 10_500 * USDC


# -- Others ----------------------------------------------------------------------------------------


@pytest.fixture
def neighbour(accounts, open_vault):
    """A vault of somebody else in the same market, at its limit."""
    return open_vault(accounts[1], "neighbour", {"WETH": 10}, debt=1_550)


@pytest.mark.parametrize("price", [115, 50])
def test_what_happens_to_it_touches_nobody(drawn, vault, neighbour, set_price, liquidator, price):
    before = standings(vault.market, but=[vault])

    set_price("WETH", price)
    done = liquidator.liquidate(vault)

    assert (done.lost + done.covered > 0) == (price == 50)
    assert neighbour.address in before
    assert_isolated(before, standings(vault.market, but=[vault]))
