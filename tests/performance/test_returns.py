"""Returns are those of the account, whatever flows in and out of it."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ringfence.performance.returns import (
    Payment,
    Stretch,
    modified_dietz,
    money_weighted,
    money_weighted_held,
    time_weighted,
)
from ringfence.units import WAD, YEAR

reproducibly = settings(derandomize=True, deadline=None, database=None)

DAY = 86_400
HUGE = 2**256 - 1

EQUITIES = st.integers(1, 10**30) | st.integers(1, 10**6)
STRETCHES = st.builds(Stretch, EQUITIES, EQUITIES)
FLOWS = st.lists(st.tuples(st.integers(1, 700), st.integers(-30, 100)), max_size=8)
GROWTH = st.integers(1, 400)  # [%]


def january(day):
    return int(datetime(2026, 1, day, tzinfo=UTC).timestamp())


def yearly(*amounts):
    return [Payment(year * YEAR, amount) for year, amount in enumerate(amounts)]


def account(flows, growth):
    """Payments of an account that ends with a share of all that was paid in."""
    paid_in = 100 + sum(amount for _, amount in flows if amount > 0)
    payments = [Payment(0, -100), *(Payment(day * DAY, -amount) for day, amount in flows)]
    return [*payments, Payment(731 * DAY, paid_in * growth // 100)]


GOLDEN = [
    Payment(january(1), -10_000 * WAD),
    Payment(january(11), -5_000 * WAD),
    Payment(january(21), 2_000 * WAD),
    Payment(january(31), 131_376 * WAD // 10),
]


# -- Time-weighted ---------------------------------------------------------------------------------


def test_stretches_are_linked():
    found = time_weighted(
        [
            Stretch(10_000 * WAD, 10_500 * WAD),  # 5 %
            Stretch(15_500 * WAD, 14_880 * WAD),  # -4 %
            Stretch(12_880 * WAD, 131_376 * WAD // 10),  # 2 %
        ]
    )

    assert found == pytest.approx(0.02816, rel=1e-14)


@reproducibly
@given(stretches=st.lists(STRETCHES, min_size=1, max_size=6))
def test_linked_stretches_are_the_product(stretches):
    factor = math.prod(Fraction(it.end, it.begin) for it in stretches)

    # 1e-13 of the factor: logs of 70 and more lose as many digits
    assert time_weighted(stretches) == pytest.approx(float(factor - 1), rel=1e-13, abs=1e-13)


@reproducibly
@given(
    begin=st.integers(1, 10**9),
    legs=st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)), min_size=1, max_size=6),
)
def test_flows_at_constant_price_change_nothing(begin, legs):
    price, units, stretches = 1, begin, []
    for next_price, next_units in legs:
        stretches.append(Stretch(units * price, units * next_price))
        price, units = next_price, next_units

    assert time_weighted(stretches) == pytest.approx(price - 1, rel=1e-13, abs=1e-14)


@reproducibly
@given(before=STRETCHES, after=STRETCHES, units=st.integers(1, 10**9))
def test_a_flow_without_a_change_of_price_changes_nothing(before, after, units):
    passed = Stretch(units, units)

    assert time_weighted([before, passed, after]) == time_weighted([before, after])


def test_small_gains_keep_their_digits():
    assert time_weighted([Stretch(10**30, 10**30 + 1)] * 2) == pytest.approx(2e-30, rel=1e-15)


def test_extreme_equity_fits():
    assert time_weighted([Stretch(1, HUGE)]) == pytest.approx(HUGE - 1, rel=1e-13)
    assert time_weighted([Stretch(HUGE, 1)]) == -1.0
    assert time_weighted([Stretch(HUGE, 1), Stretch(1, HUGE)]) == 0.0


def test_many_stretches_are_linked_fast_and_exactly():
    up_and_down = [Stretch(7 * WAD, 9 * WAD), Stretch(9 * WAD, 7 * WAD)]

    assert time_weighted(up_and_down * 50_000) == pytest.approx(0, abs=1e-11)


@pytest.mark.parametrize(
    ("stretches", "found"),
    [
        ([], None),
        ([(0, 0)], None),  # an empty account has no return, rather than one of 0
        ([(100, 100), (0, 0), (5, 5)], 0.0),
        ([(100, 150), (0, 0), (10, 10)], 0.5),
        ([(0, 5)], None),
        ([(-5, -5)], None),
        ([(-5, 5)], None),
        ([(0, -5)], None),
        ([(100, 0)], -1.0),
        ([(100, -1)], -1.0),
        ([(100, 200), (300, 0), (0, 0)], -1.0),
        ([(100, -1), (-1, -1)], -1.0),
        ([(100, 0), (100, 200)], -1.0),
        ([(0, 5), (100, 0)], None),
    ],
)
def test_where_a_series_begins_and_ends(stretches, found):
    linked = time_weighted([Stretch(*it) for it in stretches])

    assert linked is None if found is None else linked == pytest.approx(found, rel=1e-15)


# -- Modified Dietz --------------------------------------------------------------------------------


@pytest.mark.parametrize("third", [Fraction(1, 3), 1 / 3])
def test_gain_on_average_capital(third):
    flows = [(1, 10_000 * WAD), (2 * third, 5_000 * WAD), (third, -2_000 * WAD)]

    found = modified_dietz(0, 131_376 * WAD // 10, flows)

    assert found == pytest.approx(0.010863157895, abs=5e-13)
    assert found == pytest.approx(137.6 * 3 / 38_000, rel=1e-15)


@reproducibly
@given(begin=EQUITIES, end=EQUITIES)
def test_without_flows_all_returns_are_one(begin, end):
    simple = time_weighted([Stretch(begin, end)])

    assert modified_dietz(begin, end, []) == pytest.approx(simple, rel=1e-13, abs=1e-13)


def test_dietz_needs_capital():
    assert modified_dietz(0, 0, []) is None
    assert modified_dietz(0, 7, [(0, 5)]) is None
    assert modified_dietz(100, 0, [(0.5, -300)]) is None
    assert modified_dietz(-100, 0, [(1.0, 50)]) is None
    assert modified_dietz(100, 0, []) == -1.0


# -- Money-weighted --------------------------------------------------------------------------------


def test_rate_of_what_was_paid():
    rate = money_weighted(GOLDEN)

    assert rate == pytest.approx(0.14052985916, rel=5e-9)  # as pyxirr has it, with a tolerance
    assert rate == pytest.approx(0.1405298597354584, rel=1e-13)  # of 60 digits, the first
    held = (1 + rate) ** (30 * DAY / YEAR) - 1
    assert held == pytest.approx(0.01086625, abs=5e-9)
    assert money_weighted_held(GOLDEN) == pytest.approx(held, rel=1e-13)


@reproducibly
@given(flows=FLOWS, growth=GROWTH)
def test_agrees_with_pyxirr(flows, growth):
    payments = account(flows, growth)
    rate = money_weighted(payments)
    assume(rate is not None and rate > -0.99)

    days = [date(2020, 1, 1) + timedelta(seconds=it.at) for it in payments]
    found = pyxirr.xirr(days, [float(it.amount) for it in payments])

    assert found is None or rate == pytest.approx(found, rel=1e-7, abs=1e-8)


@reproducibly
@given(flows=FLOWS, growth=GROWTH)
def test_payments_are_worth_nothing_at_the_rate(flows, growth):
    payments = account(flows, growth)
    rate = money_weighted(payments)
    assume(rate is not None and rate > -0.99)

    margin = 1e-11 * abs(rate) + 1e-14
    assert worth(payments, rate - margin) * worth(payments, rate + margin) <= 0


def worth(payments, rate):
    with localcontext(prec=50):
        base = 1 + Decimal(rate)
        return sum(it.amount / base ** (Decimal(it.at) / YEAR) for it in payments)


@reproducibly
@given(amounts=st.lists(st.integers(-60, 60), min_size=1, max_size=5), last=st.integers(1, 60))
def test_a_rate_is_told_if_there_is_just_one(amounts, last):
    amounts = [-30, *amounts, last]
    roots = [it for it in np.roots(amounts) if it.real > 0]  # 1 + rate
    assume(all(abs(it.imag) == 0 or abs(it.imag) > 1e-3 for it in roots))
    real = [it.real for it in roots if it.imag == 0]
    assume(all(abs(x - y) > 1e-3 for x in real for y in real if x is not y))

    rate = money_weighted(yearly(*amounts))

    assert (rate is None) == (len(real) != 1)
    assert rate is None or 1 + rate == pytest.approx(real[0], rel=1e-8)


@pytest.mark.parametrize(
    ("payments", "rate"),
    [
        (yearly(-100, 110), 0.1),
        (yearly(-100, 100), 0.0),
        (yearly(-100, 25), -0.75),
        (yearly(-100, 0, 121), 0.1),
        (yearly(-100, 110, -100, 110), 0.1),  # empty, between
        (yearly(-100, 230, -132, 200), 1.12209340325803),  # overdrawn, and still just one
        (yearly(-HUGE, HUGE), 0.0),
        (yearly(-1, 1, -HUGE, HUGE), 0.0),
        ([Payment(YEAR, 110), Payment(0, -100)], 0.1),
        ([Payment(0, -60), Payment(0, -40), Payment(YEAR, 70), Payment(YEAR, 40)], 0.1),
    ],
)
def test_rate_of(payments, rate):
    assert money_weighted(payments) == pytest.approx(rate, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    "payments",
    [
        [],
        yearly(0),
        yearly(-100),
        yearly(100),
        yearly(100, 50),  # nothing paid in
        yearly(100, -110),  # got out first
        yearly(-100, 50, -10),  # the last is paid in
        [Payment(0, -100), Payment(0, 90)],  # no time
        yearly(-100, 230, -132),  # 10 % and 20 %
        yearly(-1_000, 3_600, -4_310, 1_716),  # 10 %, 20 %, 30 %
        yearly(-100, 320, -341, 121),  # 10 % twice over, and 0 %
        yearly(-64, 224, -258, 97, 1),  # 0 %, and others
        [Payment(0, -100), Payment(1, 101)],  # e^313,797
    ],
)
def test_no_rate_of(payments):
    assert money_weighted(payments) is None


@pytest.mark.parametrize("amounts", [(-100, 0), (0, -100, -50, 0), (-100, -50), (-100, 0, 0)])
def test_all_is_lost(amounts):
    payments = yearly(*amounts)

    assert money_weighted(payments) == money_weighted_held(payments) == -1.0


def test_what_is_not_annualised_has_its_digits():
    assert money_weighted_held([Payment(0, -100), Payment(DAY, 65)]) == pytest.approx(-0.35)
    assert money_weighted([Payment(0, -100), Payment(DAY, 65)]) == -1.0
    assert money_weighted_held([Payment(0, -100), Payment(1, 101)]) == pytest.approx(0.01)
    assert money_weighted_held([]) is None


def test_held_while_money_was_at_work():
    payments = yearly(0, -100, 110, 0)

    assert money_weighted(payments) == pytest.approx(0.1, rel=1e-14)
    assert money_weighted_held(payments) == pytest.approx(0.1, rel=1e-14)
    assert money_weighted_held(yearly(-100, 0, 121)) == pytest.approx(0.21, rel=1e-14)


def test_what_came_out_before_the_rest_was_lost_counts():
    payments = yearly(-100, 50, 0)

    assert money_weighted(payments) == money_weighted_held(payments) == pytest.approx(-0.5)


def test_of_many_flows():
    washed = [Payment(i * DAY, -(10**20) - (-1) ** i * 10**24) for i in range(500)]
    payments = [*washed, Payment(500 * DAY, 6 * 10**22)]

    rate = money_weighted(payments)

    assert worth(payments, rate * (1 - 1e-9)) > 0 > worth(payments, rate * (1 + 1e-9))
