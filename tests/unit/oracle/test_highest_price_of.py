"""The most that a token may cost, for decisions that must not take too much."""

import pytest

from tests.steps import WAD
from tests.unit.oracle.conftest import HIGHEST, HOUR, LOWEST, ONE


@pytest.mark.parametrize("answer", [-1, 0, LOWEST, 100 * ONE, HIGHEST, 2 * HIGHEST])
def test_is_the_upper_bound_whatever_the_feed_says(oracle, priced, feed, feed_keeper, answer):
    feed.set_answer(answer, sender=feed_keeper)

    assert oracle.highest_price_of(priced) == 1_000 * WAD


def test_follows_the_decimals_of_the_feed(oracle, wbtc, deploy_feed, house):
    feed = deploy_feed(100 * 10**18, decimals=18)
    oracle.set_feed(wbtc, feed, HOUR, 10**18, 3 * 10**20, sender=house)

    assert oracle.highest_price_of(wbtc) == 300 * WAD


def test_is_one_for_the_quote_currency(deploy_oracle, usdc):
    assert deploy_oracle(quote=usdc).highest_price_of(usdc) == WAD


def test_is_zero_without_a_feed(oracle, weth):
    assert oracle.highest_price_of(weth) == 0
