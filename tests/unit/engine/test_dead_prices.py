"""What a dead price blocks, and what it never touches."""

import ape
import pytest

from tests.steps import MAX, USDC, WAD, WETH, event, give, put

DAI = 10**18
FEED_REVERTS, FEED_BURNS_GAS, FEED_ANSWERS_SHORT = 1, 2, 4
HIDES_BALANCES, BURNS_GAS = 8, 16

DEATHS = ["stale", "zero", "negative", "too low", "too high", "reverts", "burns gas", "short"]


@pytest.fixture(params=DEATHS)
def dead(request, market, indebted, feed_keeper):
    """The vault in debt, after the price of its only collateral died."""
    feed = market.feeds["WETH"]
    by = {"sender": feed_keeper}
    {
        "stale": lambda: feed.set_times(1, 1, **by),
        "zero": lambda: feed.set_answer(0, **by),
        "negative": lambda: feed.set_answer(-1, **by),
        "too low": lambda: feed.set_answer(10**8 - 1, **by),
        "too high": lambda: feed.set_answer(10**13 + 1, **by),
        "reverts": lambda: feed.set_quirks(FEED_REVERTS, **by),
        "burns gas": lambda: feed.set_quirks(FEED_BURNS_GAS, **by),
        "short": lambda: feed.set_quirks(FEED_ANSWERS_SHORT, **by),
    }[request.param]()
    return indebted


@pytest.fixture
def stale(market, indebted, feed_keeper):
    """The vault in debt, after the price of its WETH went stale."""
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)
    return indebted


# -- Blocked ---------------------------------------------------------------------------------------


def test_blocks_borrowing(dead, owner):
    with ape.reverts("engine: dead price"):
        dead.borrow(1, owner, sender=owner)


def test_blocks_withdrawing_in_debt(dead, weth, owner):
    with ape.reverts("engine: dead price"):
        dead.withdraw(weth, 1, owner, sender=owner)


def test_blocks_withdrawing_another_token_in_debt(stale, dai, owner):
    put(stale, dai, DAI, owner)

    with ape.reverts("engine: dead price"):
        stale.withdraw(dai, MAX, owner, sender=owner)


def test_blocks_enabling(market, vault, weth, owner, feed_keeper):
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    with ape.reverts("vault: dead price"):
        vault.enable_collateral(weth, sender=owner)


@pytest.mark.parametrize("quirk", [HIDES_BALANCES, BURNS_GAS])
def test_of_a_token_that_does_not_tell_blocks_borrowing(indebted, weth, owner, deployer, quirk):
    weth.set_quirks(quirk, sender=deployer)

    with ape.reverts("engine: dead price"):
        indebted.borrow(1, owner, sender=owner)


# -- Not blocked -----------------------------------------------------------------------------------


def test_leaves_repaying_open(dead, usdc, outsider):
    give(usdc, outsider, 20_000 * USDC, dead)

    dead.repay(MAX, sender=outsider)

    assert dead.debt() == 0


def test_leaves_depositing_open(dead, weth, outsider):
    put(dead, weth, WETH, outsider)

    assert weth.balanceOf(dead) == 101 * WETH


def test_leaves_the_exit_open_once_the_debt_is_paid(dead, weth, usdc, owner):
    give(usdc, owner, 20_000 * USDC, dead)
    dead.repay(MAX, sender=owner)

    dead.withdraw(weth, MAX, owner, sender=owner)

    assert weth.balanceOf(owner) == 100 * WETH


def test_leaves_disabling_to_the_rest(stale, weth, dai, owner):
    put(stale, dai, 20_000 * DAI, owner)

    stale.disable_collateral(weth, sender=owner)

    assert stale.collaterals() == [dai]


def test_leaves_stray_tokens_out_of_it(stale, make_token, owner, deployer):
    stray = make_token("STRAY")
    stray.mint(stale, 5, sender=deployer)

    stale.withdraw(stray, 5, owner, sender=owner)

    assert stray.balanceOf(owner) == 5


def test_leaves_other_vaults_alone(dead, other_vault, neighbour, dai):
    put(other_vault, dai, 20_000 * DAI, neighbour)

    other_vault.borrow(5_000 * USDC, neighbour, sender=neighbour)
    other_vault.withdraw(dai, DAI, neighbour, sender=neighbour)

    assert other_vault.debt() >= 5_000 * USDC


def test_of_a_token_without_balance_does_not_matter(market, indebted, dai, owner, feed_keeper):
    indebted.enable_collateral(dai, sender=owner)
    market.feeds["DAI"].set_times(1, 1, sender=feed_keeper)

    indebted.borrow(USDC, owner, sender=owner)

    assert indebted.debt() > 10_000 * USDC


# -- Liquidation -----------------------------------------------------------------------------------


def test_does_not_make_a_vault_short(stale, engine, weth):
    with ape.reverts("engine: vault is healthy"):
        engine.quote_liquidation(stale, weth, MAX)


def test_lets_another_token_be_seized(stale, market, weth, dai, owner, funded, feed_keeper):
    put(stale, dai, 1_000 * DAI, owner)
    # The last answer is 105: 8,925 and 920 do not carry 10,000.
    market.feeds["WETH"].set_answer(105 * 10**8, sender=feed_keeper)
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    with ape.reverts("engine: token not seizable"):
        stale.liquidate(weth, MAX, 0, funded, MAX, b"", sender=funded)
    stale.liquidate(dai, MAX, 0, funded, MAX, b"", sender=funded)

    assert dai.balanceOf(funded) > 0
    assert weth.balanceOf(stale) == 100 * WETH


def test_holds_up_the_loss(market, indebted, feed_keeper, outsider):
    # Below its bounds a WETH counts 1: 100 of them are more than dust.
    market.feeds["WETH"].set_answer(1, sender=feed_keeper)

    with ape.reverts("engine: nothing to liquidate"):
        indebted.realise_loss(sender=outsider)


def test_holds_up_the_loss_until_the_token_is_delisted(
    engine, market, indebted, weth, fund, with_notice, risk_admin, feed_keeper, outsider
):
    feed = market.feeds["WETH"]
    feed.set_quirks(FEED_REVERTS, sender=feed_keeper)
    with_notice(engine, "delist_token", weth, sender=risk_admin)
    feed.set_quirks(0, sender=feed_keeper)
    feed.set_times(1, 1, sender=feed_keeper)

    receipt = indebted.realise_loss(sender=outsider)

    # The last answer was 193.84.
    lost = event(receipt, indebted.LossRealised).bad_debt
    assert indebted.debt() == 0
    assert weth.balanceOf(fund) == -(-lost * 10**12 * WAD // 193_840000000000000000)


def test_of_a_second_feed_does_not_touch_liquidation(
    oracle,
    engine,
    market,
    indebted,
    weth,
    make_feed,
    with_notice,
    risk_admin,
    set_price,
    feed_keeper,
):
    second = make_feed(100)
    args = (weth, second, 86_400, 10**8, 10**13)
    with_notice(oracle, "set_second_feed", *args, sender=risk_admin)
    second.set_quirks(FEED_REVERTS, sender=feed_keeper)
    set_price("WETH", 115)

    assert engine.margin_of(indebted).collateral_value == 11_500 * WAD
    assert engine.quote_liquidation(indebted, weth, MAX)[0] > 0


def test_of_a_hiding_token_lets_another_be_seized(indebted, weth, dai, owner, funded, deployer):
    put(indebted, dai, 1_000 * DAI, owner)
    weth.set_quirks(HIDES_BALANCES, sender=deployer)

    indebted.liquidate(dai, MAX, 0, funded, MAX, b"", sender=funded)

    assert dai.balanceOf(funded) == 1_000 * DAI


def test_of_a_hiding_token_holds_up_the_loss(indebted, weth, owner, outsider, deployer):
    weth.set_quirks(HIDES_BALANCES, sender=deployer)

    with ape.reverts("engine: nothing to liquidate"):
        indebted.realise_loss(sender=outsider)
