"""The lower of two feeds, for decisions that grow risk."""

import pytest

from tests.steps import WAD
from tests.unit.oracle.conftest import HIGHEST, HOUR, LOWEST, ONE

REVERTS, BURNS_GAS, ANSWERS_SHORT = 1, 2, 4


@pytest.mark.parametrize(("answer", "price"), [(90, 90), (110, 100), (100, 100)])
def test_is_the_lower_of_two(oracle, priced, second, feed_keeper, answer, price):
    second.set_answer(answer * ONE, sender=feed_keeper)

    assert oracle.low_price_of(priced) == (price * WAD, True)


def test_leaves_the_first_price_alone(oracle, priced, second):
    assert oracle.price_of(priced) == (100 * WAD, True)


def test_is_the_price_without_a_second_feed(oracle, priced):
    assert oracle.low_price_of(priced) == (100 * WAD, True)


def test_is_zero_and_dead_without_a_feed(oracle, weth):
    assert oracle.low_price_of(weth) == (0, False)


def test_is_one_for_the_quote_currency(deploy_oracle, usdc):
    assert deploy_oracle(quote=usdc).low_price_of(usdc) == (WAD, True)


@pytest.mark.parametrize("quirk", [REVERTS, BURNS_GAS, ANSWERS_SHORT])
def test_is_dead_with_the_second_feed(oracle, priced, second, feed_keeper, quirk):
    second.set_quirks(quirk, sender=feed_keeper)

    assert oracle.low_price_of(priced)[1] is False
    assert oracle.price_of(priced) == (100 * WAD, True)


@pytest.mark.parametrize("answer", [LOWEST - 1, HIGHEST + 1, 0, -1])
def test_is_dead_with_a_second_answer_out_of_bounds(oracle, priced, second, feed_keeper, answer):
    second.set_answer(answer, sender=feed_keeper)

    assert oracle.low_price_of(priced)[1] is False


def test_is_dead_with_a_stale_second_answer(oracle, priced, second, feed_keeper):
    second.set_times(1, 1, sender=feed_keeper)

    assert oracle.low_price_of(priced) == (90 * WAD, False)


def test_is_dead_with_the_first_feed(oracle, priced, feed, second, feed_keeper):
    feed.set_answer(LOWEST - 1, sender=feed_keeper)

    assert oracle.low_price_of(priced) == (10 * WAD, False)


def test_has_18_decimals_for_each_of_two_feeds(oracle, priced, feed, deploy_feed, change):
    fine = deploy_feed(95 * 10**18, 18)

    args = (priced, fine, HOUR, 10**18, 10**21)
    change(oracle, "set_second_feed", *args, feeds=(feed, fine))

    assert oracle.low_price_of(priced) == (95 * WAD, True)
