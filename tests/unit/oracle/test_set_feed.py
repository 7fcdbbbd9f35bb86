"""The first feed of a token: at once if there is none, replaced after notice."""

from contextlib import nullcontext

import ape
import pytest

from tests.steps import DAY, WAD, ZERO, event
from tests.unit.oracle.conftest import HIGHEST, HOUR, LOWEST, ONE

REVERTS = 1


def test_gives_a_token_its_first_feed_at_once(oracle, weth, feed, house):
    receipt = oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house)

    found = tuple(oracle.feed_of(weth))
    assert found == (feed, HOUR, 8, False, LOWEST, HIGHEST, receipt.timestamp)


def test_logs_the_feed(oracle, weth, feed, house):
    receipt = oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house)

    assert event(receipt, oracle.FeedSet) == oracle.FeedSet(
        weth, feed, False, HOUR, LOWEST, HIGHEST
    )


def test_feed_of_is_empty_without_a_feed(oracle, weth):
    assert tuple(oracle.feed_of(weth)) == (ZERO, 0, 0, False, 0, 0, 0)


def test_is_for_the_owner(oracle, weth, feed, outsider):
    with ape.reverts("ownership: not the owner"):
        oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=outsider)


def test_refuses_a_feed_for_the_quote_currency(deploy_oracle, usdc, feed, house):
    oracle = deploy_oracle(quote=usdc)

    with ape.reverts("oracle: quote needs no feed"):
        oracle.set_feed(usdc, feed, HOUR, LOWEST, HIGHEST, sender=house)


def test_accepts_a_first_feed_that_is_dead(oracle, weth, feed, feed_keeper, house):
    feed.set_quirks(REVERTS, sender=feed_keeper)

    oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house)

    assert oracle.price_of(weth) == (1_000 * WAD, False)


def test_refuses_a_source_that_is_no_contract(oracle, weth, outsider, house):
    with ape.reverts():
        oracle.set_feed(weth, outsider, HOUR, LOWEST, HIGHEST, sender=house)


# -- Numbers that cannot be meant ------------------------------------------------------------------


@pytest.mark.parametrize("heartbeat", [0, 2**40])
def test_refuses_a_heartbeat_out_of_range(oracle, weth, feed, house, heartbeat):
    with ape.reverts("oracle: heartbeat out of range"):
        oracle.set_feed(weth, feed, heartbeat, LOWEST, HIGHEST, sender=house)


@pytest.mark.parametrize("heartbeat", [1, 2**40 - 1])
def test_accepts_the_shortest_and_the_longest_heartbeat(oracle, weth, feed, house, heartbeat):
    oracle.set_feed(weth, feed, heartbeat, LOWEST, HIGHEST, sender=house)

    assert oracle.feed_of(weth).heartbeat == heartbeat


def test_refuses_more_than_36_decimals(oracle, weth, deploy_feed, house):
    with ape.reverts("oracle: too many decimals"):
        oracle.set_feed(weth, deploy_feed(1, 37), HOUR, LOWEST, HIGHEST, sender=house)


@pytest.mark.parametrize("highest", [LOWEST, LOWEST - 1])
def test_refuses_empty_bounds(oracle, weth, feed, house, highest):
    with ape.reverts("oracle: empty bounds"):
        oracle.set_feed(weth, feed, HOUR, LOWEST, highest, sender=house)


def test_refuses_a_lowest_price_of_zero(oracle, weth, feed, house):
    with ape.reverts("oracle: lowest price is zero"):
        oracle.set_feed(weth, feed, HOUR, 0, HIGHEST, sender=house)


def test_refuses_a_lowest_price_that_rounds_to_zero(oracle, weth, deploy_feed, house):
    feed = deploy_feed(10**20, 20)

    with ape.reverts("oracle: lowest price is zero"):
        oracle.set_feed(weth, feed, HOUR, 99, 10**21, sender=house)


def test_accepts_a_highest_price_of_96_bits(oracle, weth, deploy_feed, house):
    feed = deploy_feed(WAD, 18)

    oracle.set_feed(weth, feed, HOUR, 1, 2**96 - 1, sender=house)

    assert oracle.feed_of(weth).highest == 2**96 - 1


def test_refuses_a_highest_price_above_96_bits(oracle, weth, deploy_feed, house):
    with ape.reverts("oracle: highest price too high"):
        oracle.set_feed(weth, deploy_feed(WAD, 18), HOUR, 1, 2**96, sender=house)


def test_refuses_bounds_that_do_not_fit(oracle, weth, deploy_feed, house):
    feed = deploy_feed(10**36, 36)

    # 2**128 with 36 decimals is a price of 340.28, which would do; the number does not fit.
    with ape.reverts("packing: above 128 bits"):
        oracle.set_feed(weth, feed, HOUR, 10**18, 2**128, sender=house)


# -- Replacement -----------------------------------------------------------------------------------


def test_replaces_a_feed_after_notice(oracle, priced, feed, deploy_feed, change):
    new = deploy_feed(102 * 10**18, 18)

    args = (priced, new, 2 * HOUR, 10**18, 10**21)
    change(oracle, "set_feed", *args, feeds=(feed, new))

    assert tuple(oracle.feed_of(priced))[:-1] == (new, 2 * HOUR, 18, False, 10**18, 10**21)
    assert oracle.price_of(priced) == (102 * WAD, True)


def test_replaces_no_feed_without_notice(oracle, priced, deploy_feed, house):
    with ape.reverts("notice: not announced"):
        oracle.set_feed(priced, deploy_feed(100 * ONE), HOUR, LOWEST, HIGHEST, sender=house)


def test_changes_bounds_only_after_notice(oracle, priced, feed, house):
    with ape.reverts("notice: not announced"):
        oracle.set_feed(priced, feed, HOUR, LOWEST + 1, HIGHEST, sender=house)


def test_changes_bounds_of_the_same_feed(oracle, priced, feed, change):
    change(oracle, "set_feed", priced, feed, HOUR, 1, HIGHEST * 2, feeds=(feed,))

    assert tuple(oracle.feed_of(priced))[:-1] == (feed, HOUR, 8, False, 1, HIGHEST * 2)


def test_keeps_the_second_feed(oracle, priced, feed, second, change):
    change(oracle, "set_feed", priced, feed, HOUR, 1, HIGHEST, feeds=(feed, second))

    assert oracle.feed_of(priced).has_second is True
    assert oracle.low_price_of(priced) == (90 * WAD, True)


@pytest.mark.parametrize("answer", [95 * ONE, 105 * ONE])
def test_accepts_a_live_replacement_5_percent_away(
    oracle, priced, feed, deploy_feed, change, answer
):
    new = deploy_feed(answer)

    change(oracle, "set_feed", priced, new, HOUR, LOWEST, HIGHEST, feeds=(feed, new))

    assert oracle.price_of(priced) == (answer * 10**10, True)


@pytest.mark.parametrize("answer", [95 * ONE - 1, 105 * ONE + 1])
def test_refuses_a_live_replacement_further_away(oracle, priced, feed, deploy_feed, change, answer):
    new = deploy_feed(answer)

    with ape.reverts("oracle: price jumps above 5 %"):
        change(oracle, "set_feed", priced, new, HOUR, LOWEST, HIGHEST, feeds=(feed, new))


@pytest.mark.parametrize("alive", ["new", "neither"])
def test_replaces_a_dead_feed_at_any_price(oracle, priced, feed, deploy_feed, change, alive):
    new = deploy_feed(200 * ONE)
    feeds = {"new": (new,), "neither": ()}[alive]

    change(oracle, "set_feed", priced, new, HOUR, LOWEST, HIGHEST, feeds=feeds)

    assert oracle.price_of(priced) == (200 * WAD, alive == "new")


def test_refuses_a_dead_replacement_of_a_live_feed(oracle, priced, feed, deploy_feed, change):
    new = deploy_feed(100 * ONE)

    with ape.reverts("oracle: replacement is dead"):
        change(oracle, "set_feed", priced, new, HOUR, LOWEST, HIGHEST, feeds=(feed,))


def test_may_not_be_made_too_early(chain, oracle, priced, feed, house, at):
    args = (priced, feed, HOUR, LOWEST, 2 * HIGHEST)
    oracle.announce(oracle.set_feed.encode_input(*args), sender=house)

    at(chain.blocks.head.timestamp + 3 * DAY - 1)

    with ape.reverts("notice: too early"):
        oracle.set_feed(*args, sender=house)


def test_a_feed_stands_for_the_length_of_the_notice(
    chain, oracle, priced, feed, deploy_feed, house
):
    """Two steps of less than 5 % are not one of almost 10."""
    steps = [(priced, deploy_feed(answer * ONE), HOUR, LOWEST, HIGHEST) for answer in (96, 92)]
    for step in steps:
        oracle.announce(oracle.set_feed.encode_input(*step), sender=house)
    chain.mine(deltatime=3 * DAY + 1)
    for source in (feed, *(step[1] for step in steps)):
        source.set_answer(source.answer(), sender=house)
    oracle.set_feed(*steps[0], sender=house)

    with ape.reverts("oracle: replaced too recently"):
        oracle.set_feed(*steps[1], sender=house)

    chain.mine(deltatime=3 * DAY)
    for step in steps:
        step[1].set_answer(step[1].answer(), sender=house)
    oracle.set_feed(*steps[1], sender=house)
    assert oracle.price_of(priced) == (92 * WAD, True)


@pytest.mark.parametrize("early", [0, 1])
def test_it_stands_to_the_second(chain, oracle, weth, feed, deploy_feed, house, at, early):
    """A replacement that was announced before the feed that it replaces was set."""
    step = (weth, deploy_feed(96 * ONE), HOUR, LOWEST, HIGHEST)
    oracle.announce(oracle.set_feed.encode_input(*step), sender=house)
    chain.mine(deltatime=10)
    set_at = oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house).timestamp
    at(set_at + 3 * DAY - 10)
    for source in (feed, step[1]):
        source.set_answer(source.answer(), sender=house)

    at(set_at + 3 * DAY - early)

    with ape.reverts("oracle: replaced too recently") if early else nullcontext():
        oracle.set_feed(*step, sender=house)
