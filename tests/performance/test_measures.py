"""What lives come to that are hard to measure: lost, emptied, unpriced, or full of dust."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.ledger.account import UNKNOWN, WITHDRAWAL, Flow
from ringfence.performance.attribution import FIRST_PRICED, OTHER, PRICE, WITHDRAWALS
from ringfence.performance.history import samples_between
from ringfence.performance.summary import Standing, summary
from tests.performance.lives import DAY, HOUR, OWNER, TOKEN, Life
from tests.steps import WAD


def test_a_gain():
    life = Life(price=10)
    life.move(1, 100)
    life.price(5, 11)

    done = life.performance(9)

    assert done.time_weighted == pytest.approx(0.1)
    assert done.gain == 100 * WAD
    assert done.max_drawdown == 0


def test_dust_of_strangers_makes_no_return():
    life = Life(price=1)
    life.gift(1, 1)
    life.gift(2, 3)
    life.price(3, 0.9999)  # which halves a wei, or all of it
    life.move(4, 100)
    life.price(5, 1.1 * 0.9999)

    done = life.performance(9)

    assert done.time_weighted == pytest.approx(0.1)
    assert done.max_drawdown == 0
    assert done.units.highest == pytest.approx(1.1 * WAD)


def test_what_an_owner_leaves_behind_makes_no_return():
    life = Life(price=10)
    life.move(1, 100)
    life.price(2, 12)
    life.move(3, -100 + 1e-15)
    life.price(4, 1)
    life.move(5, 100)

    done = life.performance(9)

    assert done.time_weighted == pytest.approx(0.2)
    assert done.max_drawdown == 0


def test_a_deposit_and_a_loan_in_one_block_begin_a_series():
    """The debt is rounded up, so without what flowed equity was below nothing."""
    life = Life(price=10)
    life.move(1, 100)
    life.owe(1, 500)
    life.account.debt_moves[-1] = life.account.debt_moves[-1].__class__(
        *(1, 99, b"tx", "borrowed", OWNER, 500 * 10**6, 500 * 10**6 + 1, -500 * 10**6)
    )
    life.price(5, 9)

    done = life.performance(9)

    assert done.history.moments[1].before < 0
    assert done.time_weighted == pytest.approx(-0.2)
    assert done.max_drawdown == pytest.approx(-0.2)


def test_after_a_total_loss_another_series_begins():
    life = Life(price=10)
    life.move(1, 100)
    life.owe(2, 500)
    life.price(3, 5)
    life.price(5, 10)
    life.account.flows.append(Flow(6, 7, b"sale", "seizure", TOKEN, "0x", -100 * WAD, OWNER))
    life.owe(6, -500, "written off", outside=False)
    lost = life.performance(10)
    life.move(12, 50)
    life.price(14, 14)

    again = life.performance(20)

    assert lost.time_weighted == -1
    assert again.time_weighted == pytest.approx(0.4)
    assert again.since == 12 * HOUR
    assert [it for it in again.index if it is None]
    assert again.max_drawdown == -1
    assert again.units.price(again.history.closing.after) == pytest.approx(1.4 * WAD)


def lost_at(block):
    """A life of which all is lost then, with what was left of it sold and given up."""
    life = Life(price=10)
    life.move(1, 100)
    life.owe(2, 500)
    life.price(block - 2, 5)
    life.price(block, 10)
    life.account.flows.append(Flow(block, 7, b"sale", "seizure", TOKEN, "0x", -100 * WAD, OWNER))
    life.owe(block, -500, "written off", outside=False)
    return life


@pytest.mark.parametrize("hour", [0, 3, 12, 23])
def test_the_day_of_a_total_loss_loses_all(hour):
    block = 3 * DAY + hour
    done = lost_at(block).performance(6 * DAY)

    end, gain = done.daily[-1]
    assert gain == -1
    assert end == -(-block // DAY) * DAY * HOUR
    assert done.statistics.total == done.time_weighted == -1


def test_a_loss_and_a_new_beginning_in_one_day_are_no_gain():
    life = lost_at(3 * DAY + 6)
    life.move(3 * DAY + 12, 500)
    life.price(3 * DAY + 18, 12)
    life.price(4 * DAY + 6, 15)

    done = life.performance(6 * DAY)

    assert done.since == (3 * DAY + 12) * HOUR
    assert [it for _, it in done.daily] == [pytest.approx(0.25), 0]
    assert done.time_weighted == pytest.approx(0.5)
    assert done.max_drawdown == -1


def test_a_series_that_begins_at_midnight_in_the_block_of_the_loss_counts_its_first_day():
    life = lost_at(4 * DAY)
    life.move(4 * DAY, 100)
    life.price(4 * DAY + 6, 15)

    done = life.performance(6 * DAY)

    assert done.since == 4 * DAY * HOUR
    assert done.time_weighted == pytest.approx(0.5)
    assert [it for _, it in done.daily] == [pytest.approx(0.5), 0]


def test_measures_beyond_all_comparison_are_not_told():
    """Five times the money in two days, after a small loss: a year of that has a hundred digits."""
    life = Life(price=10)
    life.move(DAY, 100)
    life.price(DAY + 1, 9.9)
    life.price(2 * DAY + 1, 60)

    done = life.performance(3 * DAY)
    told = summary(done, [Standing(it, None, is_known=False) for it in done.history.moments])

    assert done.statistics.calmar > 1e50
    assert told["statistics"]["calmar"] is told["statistics"]["annual"] is None
    assert told["time_weighted"] == pytest.approx(5)
    assert told["statistics"]["sharpe"] is not None


def test_a_price_that_nobody_says_is_the_last_one():
    life = Life(price=10)
    life.move(1, 100)
    life.price(5, None)
    life.move(6, 10)
    life.price(8, 10)

    history = life.history(9)

    assert [it.after for it in history.moments[2:6]] == [1_000 * WAD] * 4
    assert history.moments[6].net_flow == 100 * WAD
    assert history.parts[PRICE] == 0
    assert history.moments[6].quotes.silent == {TOKEN}


def test_what_came_before_a_price_is_no_gain():
    life = Life(price=None)
    life.move(1, 100)
    life.price(5, 10)
    life.price(6, 11)

    history = life.history(9)

    assert history.moments[1].after == 0
    assert history.parts[FIRST_PRICED] == 1_000 * WAD
    assert history.parts[PRICE] == 100 * WAD
    assert life.performance(9).time_weighted == pytest.approx(0.1)


def test_a_fee_on_a_withdrawal_is_a_withdrawal():
    """The event tells what was sent, the transfer what left."""
    life = Life(price=10)
    life.move(1, 100)
    left = Flow(2, 5, b"fee", UNKNOWN, TOKEN, OWNER, -90 * WAD, OWNER)
    life.account.flows.append(left)
    life.account.unmatched.append(Flow(2, 5, b"fee", WITHDRAWAL, TOKEN, OWNER, -89 * WAD, OWNER))

    parts = life.history(9).parts

    assert parts[WITHDRAWALS] == -900 * WAD
    assert OTHER not in parts


def test_a_closed_day_counts_whole():
    """The last block of a period is made before its end."""
    life = Life(price=10)
    life.move(1, 100)
    for day in range(5):
        life.price(day * DAY + 23, 11 + day)

    open_, closed = life.performance(5 * DAY - 1), life.performance(5 * DAY - 1, 0, 5 * DAY * HOUR)

    assert len(open_.daily) == 4
    assert len(closed.daily) == 5
    assert closed.statistics.total == pytest.approx(closed.time_weighted)


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=150), st.integers(1, 30))
def test_the_mark_never_falls(prices, more):
    """However later the end: what was looked at once is looked at again."""
    life = Life(price=10)
    life.move(1, 100)
    for block, price in enumerate(prices, 2):
        life.price(block, price)
    early, late = (life.performance(2 + it).units for it in (len(prices), len(prices) + more))

    assert late.highest >= early.highest


def test_later_ends_only_add_samples():
    for end in range(1, 20 * DAY):
        assert set(samples_between(500, end * HOUR)) <= set(samples_between(500, end * HOUR + HOUR))


def test_a_part_of_a_life_is_cut_out_of_it():
    life = Life(price=10)
    life.move(1, 100)
    life.price(4, 20)
    life.price(8, 30)

    part = life.performance(9, first=5)

    assert part.history.opening.after == 2_000 * WAD
    assert part.gain == 1_000 * WAD
    assert part.time_weighted == pytest.approx(0.5)
    assert part.units.highest == pytest.approx(3 * WAD)
