"""`borrow_rate`: the kinked curve, rounded up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.interest import MAX_RATE
from ringfence.model.rates import KinkedRateModel
from tests.steps import WAD

KINK, BASE, AT_KINK, FULL = 8 * WAD // 10, 1_000, 9_000, 109_000


@pytest.fixture(scope="module")
def model(curve):
    return curve(KINK, BASE, AT_KINK, FULL)


@pytest.mark.parametrize(
    ("cash", "debt", "rate"),
    [
        (0, 0, BASE),  # nothing lent
        (100, 0, BASE),
        (90, 10, 2_000),  # an eighth of the way to the kink: 1,000 + 8,000 / 8
        (60, 40, 5_000),  # half of the way
        (20, 80, AT_KINK),
        (10, 90, 59_000),  # half of the way from the kink: 9,000 + 100,000 / 2
        (1, 99, 104_000),  # 19 of 20 parts
        (0, 100, FULL),
        (0, 1, FULL),
    ],
)
def test_lies_on_the_curve(model, cash, debt, rate):
    assert model.borrow_rate(cash, debt) == rate


def test_rounds_up_below_the_kink(model):
    # one unit of 10**18 lent: 1,000 and a trace
    assert model.borrow_rate(10**18 - 1, 1) == BASE + 1


def test_rounds_up_beyond_the_kink(model):
    assert model.borrow_rate(2 * 10**17 - 1, 8 * 10**17 + 1) == AT_KINK + 1


def test_utilisation_is_rounded_up(model):
    # a trace less than everything is lent, yet the rate is the full one
    assert model.borrow_rate(1, 10**30) == FULL


@settings(max_examples=60, deadline=None)
@given(cash=st.integers(0, 2**128), debt=st.integers(0, 2**128))
def test_equals_the_model(model, cash, debt):
    expected = KinkedRateModel(KINK, BASE, AT_KINK, FULL).borrow_rate(cash, debt)

    assert model.borrow_rate(cash, debt) == expected
    assert BASE <= expected <= FULL


@settings(max_examples=40, deadline=None)
@given(used=st.lists(st.integers(0, WAD), min_size=2, max_size=2).map(sorted))
def test_never_falls_as_more_is_lent(model, used):
    less, more = used

    assert model.borrow_rate(WAD - less, less) <= model.borrow_rate(WAD - more, more)


def test_stays_below_the_cap(curve):
    steep = curve(1, MAX_RATE, MAX_RATE, MAX_RATE)

    assert steep.borrow_rate(0, 10**30) == MAX_RATE
