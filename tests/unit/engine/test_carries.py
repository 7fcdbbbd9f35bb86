"""Available funds: what the collateral of the caller carries when risk grows."""

import ape
import pytest

from tests.steps import DAY, MAX, USDC, WBTC, WETH
from tests.unit.engine.conftest import PERCENT

DAI = 10**18
REVERTS, BURNS_GAS, ANSWERS_SHORT = 1, 2, 4
HIDES_BALANCES, TOKEN_BURNS_GAS, LIES_ABOUT_BALANCES = 8, 16, 32


@pytest.fixture(autouse=True)
def prices(set_price):
    """WETH at 100; WBTC stays at 7,935 and DAI at 1."""
    set_price("WETH", 100)


@pytest.fixture
def carries(engine, holder):
    """Whether the account carries a debt with every token of the market enabled."""
    return lambda debt, mask=15: engine.carries(mask, debt, sender=holder)


@pytest.fixture
def second_weth_feed(oracle, weth, make_feed, with_notice, market, risk_admin):
    """A second feed of WETH, at 90."""
    feed = make_feed(90)
    args = (weth, feed, 30 * DAY, 10**8, 10**13)
    with_notice(oracle, "set_second_feed", *args, sender=risk_admin)
    return feed


def test_counts_up_to_the_initial_ltv(carries, hold):
    hold(WETH=100 * WETH)

    assert carries(8_000 * USDC) is True
    assert carries(8_000 * USDC + 1) is False


def test_is_not_a_unit_of_value_too_kind(carries, hold):
    # 0.88 of this many is a unit of value less than 1,000 and as many cents of a cent.
    value = 1_000 * 10**18 - 1
    hold(DAI=-(-value * 100 // 88))

    assert carries(1_000 * USDC) is False
    assert carries(1_000 * USDC - 1) is True


def test_counts_a_single_unit(carries, hold):
    hold(WBTC=1)  # 0.75 of 79.35 units of USDC

    assert carries(59) is True
    assert carries(60) is False


def test_a_single_unit_with_a_dead_price_stands_in_the_way(carries, hold, set_price):
    hold(WBTC=1)
    set_price("WBTC", 1)

    with ape.reverts("engine: dead price"):
        carries(0)


def test_adds_up_all_tokens(carries, hold):
    hold(USDC=1_000 * USDC, WETH=10 * WETH, WBTC=WBTC, DAI=500 * DAI)

    # 900 + 800 + 5,951.25 + 440
    assert carries(8_091_250_000) is True
    assert carries(8_091_250_001) is False


def test_counts_only_what_is_enabled(carries, hold):
    hold(WETH=100 * WETH, DAI=1_000 * DAI)

    assert carries(880 * USDC, mask=8) is True
    assert carries(880 * USDC + 1, mask=8) is False


def test_counts_only_what_the_caller_holds(engine, hold, owner):
    hold(WETH=100 * WETH)

    assert engine.carries(15, 1, sender=owner) is False


def test_rounds_each_token_down(carries, hold):
    hold(WETH=1, DAI=1)

    # One unit of WETH is worth 100 units of value and carries 80, one of DAI none.
    assert carries(0) is True
    assert carries(1) is False


def test_counts_a_token_up_to_its_cap(engine, carries, hold, wbtc, risk_admin):
    engine.set_token_cap(wbtc, WBTC, sender=risk_admin)
    hold(WBTC=50 * WBTC)

    assert carries(5_951_250_000) is True
    assert carries(5_951_250_001) is False


def test_counts_nothing_under_a_cap_of_zero(engine, carries, hold, wbtc, risk_admin):
    engine.set_token_cap(wbtc, 0, sender=risk_admin)
    hold(WBTC=50 * WBTC)

    assert carries(1) is False


def test_counts_at_the_lower_of_two_prices(carries, hold, second_weth_feed):
    hold(WETH=100 * WETH)

    assert carries(7_200 * USDC) is True
    assert carries(7_200 * USDC + 1) is False


def test_counts_at_the_first_price_if_that_is_lower(carries, hold, second_weth_feed, feed_keeper):
    second_weth_feed.set_answer(110 * 10**8, sender=feed_keeper)
    hold(WETH=100 * WETH)

    assert carries(8_000 * USDC + 1) is False


def test_follows_the_initial_ltv(engine, carries, hold, weth, risk_admin):
    hold(WETH=100 * WETH)

    engine.set_initial_ltv(weth, 50 * PERCENT, sender=risk_admin)

    assert carries(5_000 * USDC) is True
    assert carries(5_000 * USDC + 1) is False


# -- Dead prices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("quirk", [REVERTS, BURNS_GAS, ANSWERS_SHORT])
def test_refuses_a_feed_that_fails(market, carries, hold, feed_keeper, quirk):
    hold(WETH=100 * WETH)
    market.feeds["WETH"].set_quirks(quirk, sender=feed_keeper)

    with ape.reverts("engine: dead price"):
        carries(0)


@pytest.mark.parametrize("answer", [0, -1, 10**8 - 1, 10**13 + 1])
def test_refuses_an_answer_out_of_bounds(market, carries, hold, feed_keeper, answer):
    hold(WETH=100 * WETH)
    market.feeds["WETH"].set_answer(answer, sender=feed_keeper)

    with ape.reverts("engine: dead price"):
        carries(0)


def test_refuses_a_stale_answer(market, carries, hold, feed_keeper):
    hold(WETH=100 * WETH)
    market.feeds["WETH"].set_times(1, 1, sender=feed_keeper)

    with ape.reverts("engine: dead price"):
        carries(0)


def test_refuses_a_second_feed_that_fails(carries, hold, second_weth_feed, feed_keeper):
    hold(WETH=100 * WETH)
    second_weth_feed.set_quirks(REVERTS, sender=feed_keeper)

    with ape.reverts("engine: dead price"):
        carries(0)


def test_refuses_a_token_whose_answer_lacks_a_byte(
    engine, oracle, risk_admin, deployer, holder, market
):
    # Answers 18 to decimals(), and 31 bytes to whatever has an argument.
    runtime = "60126000523660041460" + "1f016000f3"
    code = bytes.fromhex("600f600c600039600f6000f3" + runtime)
    txn = deployer.provider.network.ecosystem.create_transaction(data=code)
    token = deployer.call(txn).contract_address
    feed = (market.feeds["DAI"], 30 * DAY, 10**7, 10**9)
    oracle.set_feed(token, *feed, sender=risk_admin)
    engine.list_token(token, 50 * PERCENT, 60 * PERCENT, MAX, sender=risk_admin)
    bit = engine.bit_of(token)

    with ape.reverts("engine: dead price"):
        engine.carries(bit, 0, sender=holder)


@pytest.mark.parametrize("quirk", [HIDES_BALANCES, TOKEN_BURNS_GAS])
def test_refuses_a_token_that_does_not_tell_its_balance(carries, weth, deployer, quirk):
    weth.set_quirks(quirk, sender=deployer)

    with ape.reverts("engine: dead price"):
        carries(0)


def test_counts_a_liar_up_to_128_bits(carries, weth, deployer):
    weth.set_claimed_balance(MAX, sender=deployer)
    weth.set_quirks(LIES_ABOUT_BALANCES, sender=deployer)

    # 2**128 - 1 units of value, and no overflow.
    assert carries((2**128 - 1) * 80 // 100 // 10**12) is True
    assert carries((2**128 - 1) * 80 // 100 // 10**12 + 1) is False


def test_needs_no_price_of_a_token_without_balance(market, carries, hold, feed_keeper):
    hold(DAI=1_000 * DAI)
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    assert carries(880 * USDC) is True


def test_needs_no_price_of_a_token_that_is_not_enabled(market, carries, hold, feed_keeper):
    hold(WETH=WETH, DAI=1_000 * DAI)
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)

    assert carries(880 * USDC, mask=15 & ~2) is True


def test_needs_no_price_of_a_delisted_token(
    engine, market, carries, hold, weth, feed_keeper, with_notice, risk_admin
):
    hold(WETH=WETH, DAI=1_000 * DAI)
    market.feeds["WETH"].set_quirks(REVERTS, sender=feed_keeper)
    with_notice(engine, "delist_token", weth, sender=risk_admin)

    assert carries(880 * USDC) is True
    assert carries(880 * USDC + 1) is False


# -- A credit asset with a price -------------------------------------------------------------------


def test_values_the_debt_at_its_price(foreign_market, holder, deployer):
    foreign_market.tokens["WETH"].rebase(holder, 11 * WETH, sender=deployer)

    # 11 * 193.84 * 80 % = 1,705.792 carry 1,550.72 at 1.10.
    assert foreign_market.engine.carries(1, 1_550_720_000, sender=holder) is True
    assert foreign_market.engine.carries(1, 1_550_720_001, sender=holder) is False


def test_refuses_a_dead_price_of_the_credit_asset(foreign_market, holder, feed_keeper):
    foreign_market.feeds["USDC"].set_quirks(REVERTS, sender=feed_keeper)

    with ape.reverts("engine: dead credit price"):
        foreign_market.engine.carries(0, 1, sender=holder)
