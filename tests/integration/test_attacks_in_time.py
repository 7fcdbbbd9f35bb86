"""What being first, or last, could gain: tried."""

import ape
import pytest

from tests.steps import DAY, MAX, USDC, WAD, WETH, event, give, lend, put

pytestmark = pytest.mark.short


@pytest.fixture
def hunted(indebted, liquidator, usdc, set_price):
    """A vault somewhat short, and a liquidator with money."""
    give(usdc, liquidator, 100_000 * USDC, indebted)
    set_price("WETH", 115)
    return indebted


# -- Around a liquidation --------------------------------------------------------------------------


@pytest.mark.parametrize("gift", [2, 10 * USDC])
def test_paying_a_little_of_a_debt_does_not_stop_its_liquidation(
    hunted, outsider, liquidator, usdc, weth, gift, engine
):
    """Who pays first spends money; the liquidator who allows for a little change comes through."""
    repaid, _, seized, *_ = engine.quote_liquidation(hunted, weth, MAX)
    give(usdc, outsider, gift, hunted)
    hunted.repay(gift, sender=outsider)

    least = seized * 9 // 10
    hunted.liquidate(weth, repaid, least, liquidator, MAX, b"", sender=liquidator)

    assert engine.margin_of(hunted).health >= WAD
    assert usdc.balanceOf(outsider) == 0


def test_lending_around_a_liquidation_gains_nothing(
    hunted, pool, outsider, liquidator, usdc, weth, market
):
    """The insurance share of the bonus is the fund's, however much is lent just before it."""
    lend(market, outsider, 10_000_000 * USDC)

    receipt = hunted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)
    pool.redeem(pool.balanceOf(outsider), outsider, outsider, sender=outsider)

    assert event(receipt, pool.InsurancePaid).assets > 0
    assert usdc.balanceOf(outsider) <= 10_000_000 * USDC


def test_lending_after_a_loss_and_before_it_is_known_does_not_exist(
    indebted, pool, outsider, liquidator, usdc, weth, market, set_price
):
    """A loss is booked in the transaction that finds it: who lends later buys after the loss."""
    give(usdc, liquidator, 100_000 * USDC, indebted)
    set_price("WETH", 50)
    receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)
    assert event(receipt, pool.DebtWrittenOff).lost > 0

    lend(market, outsider, 1_000_000 * USDC)

    worth = pool.convertToAssets(pool.balanceOf(outsider))
    assert 1_000_000 * USDC - 1 <= worth <= 1_000_000 * USDC


def test_the_debtor_can_always_be_first(hunted, owner, liquidator, usdc, weth):
    """Repaying just before it leaves nothing to liquidate."""
    give(usdc, owner, 20_000 * USDC, hunted)
    hunted.repay(MAX, sender=owner)

    with ape.reverts("vault: no debt"):
        hunted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)


# -- Tokens that die later -------------------------------------------------------------------------


def test_a_unit_of_a_token_that_died_does_not_hold_up_liquidation_or_loss(
    indebted, chain, owner, liquidator, usdc, weth, dai, set_price, market, feed_keeper
):
    put(indebted, dai, 1, owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    chain.mine(deltatime=2 * DAY)
    for symbol in ("WETH", "WBTC"):  # DAI's feed stays silent
        set_price(symbol, 50)
    assert not market.engine.is_live(dai)

    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert indebted.debt() == 0


def test_a_delisted_token_does_not_hold_up_liquidation_or_loss(
    indebted, owner, risk_admin, liquidator, usdc, weth, dai, set_price, market, chain, wait,
    with_notice,
):  # fmt: skip
    put(indebted, dai, 10**15, owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    market.engine.set_initial_ltv(dai, 0, sender=risk_admin)
    ends_at = chain.pending_timestamp + 3 * DAY + 60
    market.engine.ramp_maintenance_ltv(dai, 0, ends_at, sender=risk_admin)
    wait(120)
    with_notice(market.engine, "delist_token", dai, sender=risk_admin)
    set_price("WETH", 50)

    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert indebted.debt() == 0


# -- A feed that lags ------------------------------------------------------------------------------


def test_a_collapsed_token_can_be_topped_up_until_its_feed_knows(
    lent, vault, owner, weth, usdc, engine, set_price
):
    """A known limit, told in SECURITY.md: the vault borrows what the old price carries."""
    put(vault, weth, 100 * WETH, owner)
    carried = engine.margin_of(vault).available_funds // 10**12
    vault.borrow(carried, owner, sender=owner)

    set_price("WETH", 5)

    assert engine.margin_of(vault).equity < -15_000 * WAD


def test_a_second_feed_ends_that(
    project, lent, vault, owner, weth, engine, oracle, risk_admin, with_notice, feed_keeper
):
    put(vault, weth, 100 * WETH, owner)
    second = feed_keeper.deploy(project.MockFeed, 8, 5 * 10**8)
    terms = (weth, second, 40 * DAY, 10**8, 10**13)
    with_notice(oracle, "set_second_feed", *terms, sender=risk_admin)

    margin = engine.margin_of(vault)

    assert margin.collateral_value == 19_384 * WAD
    assert margin.available_funds == 400 * WAD  # at 80 % of the lower price
