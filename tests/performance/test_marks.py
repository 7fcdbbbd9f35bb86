"""Flows change neither the price of a unit nor how far it is from its mark."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.performance.marks import Units
from ringfence.performance.returns import Stretch, time_weighted
from ringfence.units import WAD

reproducibly = settings(derandomize=True, deadline=None, database=None)

EQUITIES = st.integers(1, 10**30) | st.integers(1, 10)
UNITS = st.builds(Units, count=EQUITIES, last=EQUITIES, highest=EQUITIES)
FLOWS = st.integers(-(10**30), 10**30) | st.integers(-10, 10)

FUNDED = Units().after_flow(100 * WAD, 0)


def test_the_first_units_cost_one_each():
    funded = Units().after_flow(100 * WAD, 0)

    assert funded == Units(count=100 * WAD, last=WAD, highest=WAD)
    assert funded.price(100 * WAD) == WAD


def test_price_follows_equity_and_not_flows():
    risen = FUNDED.after_flow(300 * WAD, 150 * WAD)  # at 1.5

    assert risen == Units(count=300 * WAD, last=WAD * 3 // 2, highest=WAD * 3 // 2)
    assert risen.price(450 * WAD) == WAD * 3 // 2
    assert risen.price(600 * WAD) == 2 * WAD
    assert risen.after_flow(-150 * WAD, 600 * WAD).count == 225 * WAD


def test_mark_is_the_highest_price_seen():
    units = FUNDED.seen(130 * WAD).seen(90 * WAD)

    assert units == Units(100 * WAD, WAD, WAD * 13 // 10)
    assert units.after_flow(WAD, 90 * WAD).highest == WAD * 13 // 10
    assert units.after_flow(WAD, 140 * WAD).highest == WAD * 14 // 10


def test_rounding_is_against_whoever_pays():
    units = Units(count=3, highest=10 * WAD)

    assert units.after_flow(4, 6).count == 5
    assert units.after_flow(5, 6).count == 5  # 5.5
    assert units.after_flow(-4, 6).count == 1
    assert units.after_flow(-3, 6).count == 1  # 1.5


@reproducibly
@given(units=UNITS, equity=EQUITIES, flow=FLOWS)
def test_no_flow_lowers_the_price_nor_raises_it_by_more_than_a_unit(units, equity, flow):
    after = units.after_flow(flow, equity)
    if not units.price(equity) or not after.count:
        return

    before = Fraction(equity, units.count)
    assert before <= Fraction(equity + flow, after.count) < before * (1 + Fraction(1, after.count))


@reproducibly
@given(units=UNITS, equity=EQUITIES, flow=FLOWS)
def test_no_flow_passes_the_mark(units, equity, flow):
    after = units.after_flow(flow, equity)

    assert after.price(equity + flow) <= after.highest
    if units.price(equity):
        assert units.highest <= after.highest


legs = st.lists(
    st.tuples(st.integers(50, 200), st.integers(-90, 300)),  # both in per cent of equity
    min_size=1,
    max_size=6,
)


@reproducibly
@given(legs=legs)
def test_price_is_the_time_weighted_return(legs):
    equity, units, stretches = 100 * WAD, FUNDED, []
    for growth, share in legs:
        grown, flow = equity * growth // 100, equity * share // 200
        flow = max(flow, -grown * 9 // 10)
        stretches.append(Stretch(equity, grown))
        units, equity = units.after_flow(flow, grown), grown + flow

    assert units.price(equity) / WAD == pytest.approx(1 + time_weighted(stretches), rel=1e-9)


def test_an_emptied_account_goes_on_at_its_last_price():
    fallen = FUNDED.seen(200 * WAD).after_flow(-50 * WAD, 50 * WAD)

    assert fallen == Units(count=0, last=WAD // 2, highest=2 * WAD)
    assert fallen.price(0) == fallen.price(7) == WAD // 2
    assert fallen.seen(7) == fallen
    again = fallen.after_flow(10 * WAD, 0)
    assert again == Units(count=20 * WAD, last=WAD // 2, highest=2 * WAD)


def test_what_was_left_in_an_emptied_account_is_bought_for_too():
    assert Units(0, WAD, WAD).after_flow(10, 3).price(13) == WAD


def test_an_owner_never_takes_more_units_than_he_has():
    assert FUNDED.after_flow(-101 * WAD, 100 * WAD) == Units(0, WAD, WAD)


@pytest.mark.parametrize("equity", [0, -1, -(10**30)])
def test_nothing_left_ends_the_series(equity):
    lost = FUNDED.seen(200 * WAD)

    assert lost.price(equity) == 0
    assert lost.seen(equity) == lost
    again = lost.after_flow(50 * WAD - equity, equity)
    assert again == Units(count=50 * WAD, last=WAD, highest=WAD)


def test_what_does_not_cover_the_debt_buys_nothing():
    lost = FUNDED.after_flow(5, -10)

    assert lost == Units()
    assert lost.after_flow(15, -5) == Units(count=10)


def test_a_price_too_small_to_count_ends_the_series():
    units = Units(count=2 * 10**36)

    assert units.price(1) == 0
    assert units.after_flow(5, 1) == Units(count=6)
