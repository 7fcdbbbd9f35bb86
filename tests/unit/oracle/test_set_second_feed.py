"""The second feed of a token: added, replaced and removed after notice."""

import ape
import pytest

from tests.steps import WAD, ZERO, event
from tests.unit.oracle.conftest import HIGHEST, HOUR, LOWEST, ONE


def test_adds_a_second_feed(oracle, priced, feed, second):
    assert tuple(oracle.feed_of(priced))[:-1] == (feed, HOUR, 8, True, LOWEST, HIGHEST)
    assert tuple(oracle.second_feed_of(priced))[:-1] == (second, HOUR, 8, False, LOWEST, HIGHEST)


def test_logs_the_feed(oracle, priced, deploy_feed, change):
    second = deploy_feed(90 * ONE)

    receipt = change(oracle, "set_second_feed", priced, second, HOUR, LOWEST, HIGHEST)

    assert event(receipt, oracle.FeedSet) == oracle.FeedSet(
        priced, second, True, HOUR, LOWEST, HIGHEST
    )


def test_second_feed_of_is_empty_without_one(oracle, priced):
    assert tuple(oracle.second_feed_of(priced)) == (ZERO, 0, 0, False, 0, 0, 0)


def test_need_not_agree_with_the_first(oracle, priced, feed, deploy_feed, change):
    far = deploy_feed(20 * ONE)

    change(oracle, "set_second_feed", priced, far, HOUR, LOWEST, HIGHEST, feeds=(feed, far))

    assert oracle.low_price_of(priced) == (20 * WAD, True)


def test_removes_the_second_feed(oracle, priced, feed, second, change):
    receipt = change(oracle, "set_second_feed", priced, ZERO, 0, 0, 0, feeds=(feed,))

    assert event(receipt, oracle.FeedSet) == oracle.FeedSet(priced, ZERO, True, 0, 0, 0)
    assert tuple(oracle.second_feed_of(priced)) == (ZERO, 0, 0, False, 0, 0, 0)
    assert oracle.feed_of(priced).has_second is False
    assert oracle.low_price_of(priced) == (100 * WAD, True)


def test_removes_a_second_feed_that_is_dead(oracle, priced, feed, second, feed_keeper, change):
    second.set_quirks(1, sender=feed_keeper)

    change(oracle, "set_second_feed", priced, ZERO, 0, 0, 0, feeds=(feed,))

    assert oracle.low_price_of(priced) == (100 * WAD, True)


@pytest.mark.parametrize("answer", [855 * ONE // 10 - 1, 945 * ONE // 10 + 1])
def test_refuses_a_live_replacement_above_5_percent_away(
    oracle, priced, second, deploy_feed, change, answer
):
    new = deploy_feed(answer)

    with ape.reverts("oracle: price jumps above 5 %"):
        change(oracle, "set_second_feed", priced, new, HOUR, LOWEST, HIGHEST, feeds=(second, new))


def test_accepts_a_live_replacement_5_percent_away(
    oracle, priced, feed, second, deploy_feed, change
):
    new = deploy_feed(945 * ONE // 10)

    args = (priced, new, HOUR, LOWEST, HIGHEST)
    change(oracle, "set_second_feed", *args, feeds=(feed, second, new))

    assert oracle.low_price_of(priced) == (945 * WAD // 10, True)


def test_refuses_numbers_that_cannot_be_meant(oracle, priced, deploy_feed, change):
    with ape.reverts("oracle: empty bounds"):
        change(oracle, "set_second_feed", priced, deploy_feed(ONE), HOUR, HIGHEST, HIGHEST)


def test_needs_a_first_feed(oracle, weth, feed, house):
    with ape.reverts("oracle: no first feed"):
        oracle.set_second_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house)


def test_needs_notice(oracle, priced, deploy_feed, house):
    with ape.reverts("notice: not announced"):
        oracle.set_second_feed(priced, deploy_feed(90 * ONE), HOUR, LOWEST, HIGHEST, sender=house)


def test_removal_needs_notice(oracle, priced, second, house):
    with ape.reverts("notice: not announced"):
        oracle.set_second_feed(priced, ZERO, 0, 0, 0, sender=house)


def test_is_not_allowed_by_the_notice_of_a_first_feed(oracle, priced, feed, change, house):
    args = (priced, feed, HOUR, LOWEST, HIGHEST)
    oracle.announce(oracle.set_feed.encode_input(*args), sender=house)

    with ape.reverts("notice: not announced"):
        oracle.set_second_feed(*args, sender=house)


def test_is_for_the_owner(oracle, priced, feed, outsider):
    with ape.reverts("ownership: not the owner"):
        oracle.set_second_feed(priced, feed, HOUR, LOWEST, HIGHEST, sender=outsider)
