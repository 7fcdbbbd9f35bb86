"""The smallest amounts that can be: one unit paid, seized, burned and lost.

Where money costs nothing the debt index stays at one, so that a single unit of debt can be booked.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from ringfence.config import RateCurve
from ringfence.deployment import deploy_market
from tests import steps
from tests.steps import DAY, MAX, USDC, WETH, event, events, give, lend, price, put
from tests.unit.vault.conftest import HEARTBEAT, HIDES_BALANCES


@pytest.fixture
def free(project, deployer, config, lender, liquidator):
    """A market in which money costs nothing, with a million to lend."""
    rates = RateCurve(Decimal("0.8"), Decimal(0), Decimal(0), Decimal(0))
    market = deploy_market(project, deployer, replace(config, rates=rates))
    lend(market, lender, 1_000_000 * USDC)
    return market


@pytest.fixture
def small(free, owner, liquidator):
    """A vault in it, with 10 WETH and a debt of 1,000 and one unit; a liquidator with money."""
    vault = free.open_vault(owner, "free", sender=owner)
    put(vault, free.tokens["WETH"], 10 * WETH, owner)
    vault.borrow(1_000 * USDC + 1, owner, sender=owner)
    give(free.asset, liquidator, 10_000 * USDC, vault)
    return vault


@pytest.fixture
def all_but_one(free, small, liquidator, feed_keeper):
    """Sell all of the WETH: at 101 and a bonus of 1 % it pays exactly 1,000."""

    def act():
        price(free, "WETH", 101, feed_keeper)
        weth = free.tokens["WETH"]
        return small.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    return act


def test_a_unit_is_paid(free, small, liquidator, feed_keeper):
    price(free, "WETH", 98, feed_keeper)  # so low that no insurance is paid
    money = free.asset.balanceOf(liquidator)

    small.liquidate(free.tokens["WETH"], 1, 0, liquidator, MAX, b"", sender=liquidator)

    assert free.asset.balanceOf(liquidator) == money - 1
    assert small.debt() == 1_000 * USDC


def test_a_unit_is_seized(two_tokens, wbtc, set_price, liquidate, liquidator):
    # A unit of WBTC is worth 79.35 of USDC, and another one costs as much again.
    set_price("WETH", 85)

    log = event(liquidate(two_tokens, wbtc, 80), two_tokens.Liquidated)

    assert log.seized == 1
    assert wbtc.balanceOf(liquidator) == 1


def test_a_unit_of_own_money_is_burned(
    indebted, weth, usdc, owner, set_price, liquidator, liquidate
):
    put(indebted, usdc, 1, owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    set_price("WETH", 110)

    log = event(liquidate(indebted, weth), indebted.Liquidated)

    assert log.own_repaid == 1
    assert usdc.balanceOf(indebted) == 0


def test_a_unit_is_lost_in_a_liquidation(small, all_but_one):
    receipt = all_but_one()

    assert event(receipt, small.Liquidated).repaid == 1_000 * USDC
    assert event(receipt, small.LossRealised).bad_debt == 1
    assert small.debt() == 0


def test_a_unit_is_lost_when_nothing_is_left(free, small, all_but_one, owner, outsider):
    """A token that does not tell its balance may be worth anything, until it tells."""
    dai = free.tokens["DAI"]
    put(small, dai, 1, owner)
    dai.set_quirks(HIDES_BALANCES, sender=outsider)
    assert not events(all_but_one(), small.LossRealised)
    assert small.debt() == 1
    dai.set_quirks(0, sender=outsider)
    dai.rebase(small, 0, sender=outsider)

    receipt = small.realise_loss(sender=outsider)

    assert event(receipt, small.LossRealised).bad_debt == 1
    assert small.debt() == 0


def test_what_was_delisted_makes_good_for_a_unit(
    project, deployer, chain, free, small, all_but_one, owner, feed_keeper, accounts
):
    admin = accounts[free.config.roles.risk_admin]
    token = deployer.deploy(project.MockToken, "X", "X", 18)
    feed = deployer.deploy(project.MockFeed, 8, 10**8)
    free.oracle.set_feed(token, feed, HEARTBEAT, 1, 10**14, sender=admin)
    free.engine.list_token(token, WETH // 2, WETH // 2, MAX, sender=admin)
    put(small, token, WETH, owner)
    free.engine.announce(free.engine.delist_token.encode_input(token), sender=admin)
    chain.mine(deltatime=3 * DAY + 1)  # its price dies
    steps.refresh(free, feed_keeper)
    free.engine.delist_token(token, sender=admin)

    receipt = all_but_one()

    assert event(receipt, small.LossRealised).bad_debt == 1
    assert event(receipt, small.DelistedSurrendered).amount == 10**12
