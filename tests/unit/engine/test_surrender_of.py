"""What a vault owes the insurance fund for a loss: delisted collateral, up to the worth of it."""

import pytest

from tests.steps import DAY, USDC, WETH

REVERTS = 1
DAI = 10**18


@pytest.fixture
def delisted(engine, market, with_notice, risk_admin, feed_keeper, hold, wait):
    """The account holds 10 WETH and 500 DAI, both delisted with a stale price of 193.84 and 1."""
    hold(WETH=10 * WETH, DAI=500 * DAI)
    for symbol in ("WETH", "DAI"):
        market.feeds[symbol].set_quirks(REVERTS, sender=feed_keeper)
        call = engine.delist_token.encode_input(market.tokens[symbol])
        engine.announce(call, sender=risk_admin)
    wait(3 * DAY + 1)
    for symbol in ("WETH", "DAI"):
        engine.delist_token(market.tokens[symbol], sender=risk_admin)
        market.feeds[symbol].set_quirks(0, sender=feed_keeper)
        market.feeds[symbol].set_times(1, 1, sender=feed_keeper)


@pytest.fixture
def surrender(engine, holder):
    """Tokens, amounts, and bits of those that go whole, for a loss. [asset]"""

    def ask(bad_debt, mask=15):
        return [tuple(part) for part in engine.surrender_of(holder, mask, bad_debt)]

    return ask


@pytest.mark.usefixtures("delisted")
def test_makes_good_for_the_loss_and_no_more(surrender, weth):
    # 1,000 / 193.84 = 5.15889393314073462649..., rounded up
    assert surrender(1_000 * USDC) == [(weth, 5_158893933140734627, 0)]


@pytest.mark.usefixtures("delisted")
def test_goes_on_to_the_next_token(surrender, weth, dai):
    assert surrender(2_000 * USDC) == [(weth, 10 * WETH, 2), (dai, 616 * DAI // 10, 0)]


@pytest.mark.usefixtures("delisted")
def test_counts_a_whole_token_rounded_down(surrender, hold, weth, dai):
    hold(WETH=10 * WETH + 1)

    # The last unit is worth 193.84 of the smallest parts of a dollar.
    assert surrender(2_000 * USDC) == [
        (weth, 10 * WETH + 1, 2),
        (dai, 616 * DAI // 10 - 193, 0),
    ]


@pytest.mark.usefixtures("delisted")
def test_is_all_there_is_for_a_larger_loss(surrender, weth, dai):
    assert surrender(9_000 * USDC) == [(weth, 10 * WETH, 2), (dai, 500 * DAI, 8)]


@pytest.mark.usefixtures("delisted")
def test_leaves_out_what_is_not_enabled(surrender, dai):
    assert surrender(9_000 * USDC, mask=15 & ~2) == [(dai, 500 * DAI, 8)]


@pytest.mark.usefixtures("delisted")
def test_leaves_out_what_is_not_there(surrender, hold, dai):
    hold(WETH=0)

    assert surrender(9_000 * USDC) == [(dai, 500 * DAI, 8)]


@pytest.mark.usefixtures("delisted")
def test_leaves_out_a_token_that_hides_its_balances(surrender, weth, dai, deployer):
    weth.set_quirks(8, sender=deployer)

    assert surrender(9_000 * USDC) == [(dai, 500 * DAI, 8)]


@pytest.mark.usefixtures("delisted")
def test_of_no_loss_is_nothing(surrender):
    assert surrender(0) == []


def test_leaves_out_what_is_listed(surrender, hold):
    hold(WETH=10 * WETH)

    assert surrender(9_000 * USDC) == []


@pytest.mark.usefixtures("delisted")
def test_is_at_the_upper_bound_of_a_feed_that_does_not_answer(market, surrender, weth, feed_keeper):
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    # At 100,000 each, 0.01 of the 10 WETH make good for 1,000.
    assert surrender(1_000 * USDC)[0] == (weth, WETH // 100, 0)
