"""The price by the first feed, and whether it can be believed."""

import pytest

from tests.steps import WAD
from tests.unit.oracle.conftest import HIGHEST, HOUR, LOWEST

pytestmark = pytest.mark.short

REVERTS, BURNS_GAS, ANSWERS_SHORT, LACKS_A_BYTE = 1, 2, 4, 8


@pytest.mark.parametrize("decimals", [0, 6, 8, 18, 19, 36])
def test_has_18_decimals_whatever_the_feed_has(oracle, weth, deploy_feed, house, decimals):
    feed = deploy_feed(123 * 10**decimals, decimals)

    oracle.set_feed(weth, feed, HOUR, 10**decimals, 300 * 10**decimals, sender=house)

    assert oracle.price_of(weth) == (123 * WAD, True)


def test_rounds_down_what_is_beyond_18_decimals(oracle, weth, deploy_feed, house):
    feed = deploy_feed(1_999, 20)

    oracle.set_feed(weth, feed, HOUR, 100, 10**20, sender=house)

    # 1,999 / 10**20 is 19.99 / 10**18.
    assert oracle.price_of(weth) == (19, True)


def test_is_one_for_the_quote_currency(deploy_oracle, usdc):
    oracle = deploy_oracle(quote=usdc)

    assert oracle.price_of(usdc) == (WAD, True)


def test_is_zero_and_dead_without_a_feed(oracle, weth):
    assert oracle.price_of(weth) == (0, False)


def test_is_one_answer_for_every_caller(oracle, priced, outsider):
    assert oracle.price_of(priced, sender=outsider) == (100 * WAD, True)


# -- Age -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "is_live"), [(0, True), (1, False)])
def test_is_live_to_the_last_second_of_the_heartbeat(
    chain, oracle, priced, feed, feed_keeper, price_at, late, is_live
):
    updated_at = chain.pending_timestamp
    feed.set_times(updated_at, updated_at, sender=feed_keeper)

    assert price_at(oracle, priced, updated_at + HOUR + late) == (100 * WAD, is_live)


@pytest.mark.parametrize("updated_at", [0, 2**40, 2**64, 2**256 - 1])
@pytest.mark.parametrize("heartbeat", [HOUR, 2**40 - 1])
def test_is_dead_at_an_absurd_time(oracle, weth, feed, feed_keeper, house, heartbeat, updated_at):
    oracle.set_feed(weth, feed, heartbeat, LOWEST, HIGHEST, sender=house)

    feed.set_times(1, updated_at, sender=feed_keeper)

    assert oracle.price_of(weth) == (100 * WAD, False)


def test_is_alive_at_the_last_time_that_fits(oracle, priced, feed, feed_keeper):
    feed.set_times(1, 2**40 - 1, sender=feed_keeper)

    assert oracle.price_of(priced) == (100 * WAD, True)


# -- Bounds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "price", "is_live"),
    [
        (LOWEST, 10 * WAD, True),
        (LOWEST - 1, 10 * WAD, False),
        (1, 10 * WAD, False),
        (0, 1_000 * WAD, False),  # no answer
        (-1, 1_000 * WAD, False),
        (-(2**255), 1_000 * WAD, False),
        (HIGHEST, 1_000 * WAD, True),
        (HIGHEST + 1, 1_000 * WAD, False),
        (2**255 - 1, 1_000 * WAD, False),
    ],
)
def test_moves_an_answer_into_its_bounds(oracle, priced, feed, feed_keeper, answer, price, is_live):
    feed.set_answer(answer, sender=feed_keeper)

    assert oracle.price_of(priced) == (price, is_live)


# -- Feeds that fail -------------------------------------------------------------------------------


@pytest.mark.parametrize("quirk", [REVERTS, BURNS_GAS, ANSWERS_SHORT, LACKS_A_BYTE])
def test_is_the_upper_bound_of_a_feed_that_fails(oracle, priced, feed, feed_keeper, quirk):
    feed.set_quirks(quirk, sender=feed_keeper)

    assert oracle.price_of(priced) == (1_000 * WAD, False)


def test_comes_back_with_the_feed(oracle, priced, feed, feed_keeper):
    feed.set_quirks(REVERTS, sender=feed_keeper)

    feed.set_quirks(0, sender=feed_keeper)

    assert oracle.price_of(priced) == (100 * WAD, True)


# -- Sequencer -------------------------------------------------------------------------------------


@pytest.fixture
def uptime(deploy_feed):
    """Uptime feed of a sequencer that is up."""
    return deploy_feed(0, 0)


@pytest.fixture
def rollup(deploy_oracle, uptime, feed, weth, usdc, house):
    """Oracle of a rollup with half an hour of grace."""
    oracle = deploy_oracle(quote=usdc, sequencer=uptime, grace=1_800)
    oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house)
    return oracle


@pytest.mark.parametrize(("elapsed", "is_live"), [(60, False), (1_800, False), (1_801, True)])
def test_is_dead_until_the_grace_is_over(
    chain, rollup, uptime, weth, feed_keeper, price_at, elapsed, is_live
):
    up_since = chain.pending_timestamp
    uptime.set_times(up_since, up_since, sender=feed_keeper)

    assert price_at(rollup, weth, up_since + elapsed) == (100 * WAD, is_live)


@pytest.mark.parametrize("answer", [1, -1, 2])
def test_is_dead_while_the_sequencer_is_down(rollup, uptime, weth, feed_keeper, answer):
    uptime.set_times(1, 1, sender=feed_keeper)

    uptime.set_answer(answer, sender=feed_keeper)

    assert rollup.price_of(weth) == (100 * WAD, False)


@pytest.mark.parametrize("started_at", [0, 2**256 - 1])
def test_is_dead_if_the_sequencer_is_up_since_an_absurd_time(
    rollup, uptime, weth, feed_keeper, started_at
):
    uptime.set_times(started_at, 1, sender=feed_keeper)

    assert rollup.price_of(weth) == (100 * WAD, False)


@pytest.mark.parametrize("quirk", [REVERTS, BURNS_GAS, ANSWERS_SHORT, LACKS_A_BYTE])
def test_is_dead_if_the_sequencer_feed_fails(rollup, uptime, weth, feed_keeper, quirk):
    uptime.set_times(1, 1, sender=feed_keeper)

    uptime.set_quirks(quirk, sender=feed_keeper)

    assert rollup.price_of(weth) == (100 * WAD, False)


def test_of_the_quote_currency_needs_no_sequencer(rollup, uptime, usdc, feed_keeper):
    uptime.set_answer(1, sender=feed_keeper)

    assert rollup.price_of(usdc) == (WAD, True)


def test_of_a_rollup_is_live_after_a_long_uptime(rollup, uptime, weth, feed_keeper):
    uptime.set_times(1, 1, sender=feed_keeper)

    assert rollup.price_of(weth) == (100 * WAD, True)
