"""What `price_of` and `low_price_of` answer, in one call."""

import pytest

from tests.steps import WAD
from tests.unit.oracle.conftest import HIGHEST, LOWEST, ONE

REVERTS = 1


@pytest.mark.parametrize(("first", "second_answer"), [(100, 90), (100, 110), (90, 100)])
def test_tells_both(oracle, priced, feed, second, feed_keeper, first, second_answer):
    feed.set_answer(first * ONE, sender=feed_keeper)
    second.set_answer(second_answer * ONE, sender=feed_keeper)

    told = tuple(oracle.prices_of(priced))

    assert told == (first * WAD, True, min(first, second_answer) * WAD, True)
    assert told == (*oracle.price_of(priced), *oracle.low_price_of(priced))


def test_tells_the_same_twice_without_a_second_feed(oracle, priced):
    assert tuple(oracle.prices_of(priced)) == (100 * WAD, True, 100 * WAD, True)


def test_is_zero_and_dead_without_a_feed(oracle, weth):
    assert tuple(oracle.prices_of(weth)) == (0, False, 0, False)


def test_is_one_for_the_quote_currency(deploy_oracle, usdc):
    assert tuple(deploy_oracle(quote=usdc).prices_of(usdc)) == (WAD, True, WAD, True)


def test_leaves_the_first_alive_when_the_second_fails(oracle, priced, second, feed_keeper):
    second.set_quirks(REVERTS, sender=feed_keeper)

    price, is_live, _, is_low_live = oracle.prices_of(priced)

    assert (price, is_live, is_low_live) == (100 * WAD, True, False)


@pytest.mark.parametrize("answer", [LOWEST - 1, HIGHEST + 1])
def test_does_not_look_at_the_second_when_the_first_fails(
    oracle, priced, feed, second, feed_keeper, answer
):
    feed.set_answer(answer, sender=feed_keeper)

    price, is_live, low, is_low_live = oracle.prices_of(priced)

    assert (is_live, is_low_live) == (False, False)
    assert low == price
