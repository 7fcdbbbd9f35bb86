"""Statistics are those that others compute from the same returns."""

import math

import empyrical
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.performance.statistics import YEAR_DAYS, Statistics, drawdowns, statistics

reproducibly = settings(derandomize=True, deadline=None, database=None)

GOLDEN = [0.01, -0.02, 0.015, 0.003, -0.007, 0, 0.022, -0.031, 0.012, 0.004]

# in steps of 0.01 %, as finer differences are not those of returns but of rounding
RETURNS = st.integers(-5_000, 5_000).map(lambda it: it / 10_000)
SERIES = st.lists(RETURNS, min_size=2, max_size=60)
BASE = st.integers(-100, 100).map(lambda it: it / 10_000)


def undefined(daily):
    """Names of the measures that are not defined."""
    found = statistics(daily)
    return {name for name in Statistics.__slots__ if getattr(found, name) is None}


def test_of_ten_days():
    found = statistics(GOLDEN)

    assert found.observations == 10
    assert found.total == pytest.approx(0.006821709478, abs=5e-13)
    assert found.volatility == pytest.approx(0.310784670, abs=5e-10)
    assert found.sharpe == pytest.approx(0.939557282519, abs=5e-13)
    assert found.sortino == pytest.approx(1.287143188869, abs=5e-13)
    assert found.max_drawdown == pytest.approx(-0.031, rel=1e-14)
    assert found.annual == pytest.approx(0.281648271624, abs=5e-13)
    assert found.calmar == pytest.approx(9.085428117, abs=5e-10)
    assert found.hit_rate == 0.6
    assert found.value_at_risk == pytest.approx(-0.02605, rel=1e-14)
    assert found.expected_shortfall == -0.031
    assert found.longest_drawdown == 5  # from the second day to the sixth


@reproducibly
@given(daily=SERIES, riskless=BASE, minimum=BASE)
def test_agrees_with_empyrical(daily, riskless, minimum):
    found = statistics(daily, riskless, minimum)
    returns = np.array(daily, float)
    year = {"annualization": YEAR_DAYS}

    oracle = {
        "total": empyrical.cum_returns_final(returns),
        "volatility": empyrical.annual_volatility(returns, **year),
        "sharpe": empyrical.sharpe_ratio(returns, riskless, **year),
        "sortino": empyrical.sortino_ratio(returns, minimum, **year),
        "max_drawdown": empyrical.max_drawdown(returns),
        "annual": empyrical.annual_return(returns, **year),
        "calmar": empyrical.calmar_ratio(returns, **year),
        "value_at_risk": empyrical.value_at_risk(returns),
        "expected_shortfall": empyrical.conditional_value_at_risk(returns),
    }
    for name, value in oracle.items():
        mine = getattr(found, name)
        if mine is None:
            assert not math.isfinite(value), name
        else:
            assert mine == pytest.approx(value, rel=1e-9, abs=1e-12), name


@reproducibly
@given(index=st.lists(st.floats(0.01, 100), max_size=30))
def test_drawdowns_are_from_the_highest_so_far(index):
    assert drawdowns(index) == [it / max(1.0, *index[: at + 1]) - 1 for at, it in enumerate(index)]


def test_drawdowns_count_from_the_beginning():
    assert drawdowns([0.5, 1.0, 2.0, 1.0]) == [-0.5, 0.0, 0.0, -0.5]
    assert drawdowns([]) == []


RATIOS = {"volatility", "sharpe", "sortino", "annual", "calmar"}
SHARES = {"hit_rate", "value_at_risk", "expected_shortfall"}


def test_nothing_is_known_without_days():
    found = statistics([])

    assert (found.observations, found.total, found.max_drawdown) == (0, 0.0, 0.0)
    assert undefined([]) == RATIOS | SHARES


def test_little_is_known_of_one_day():
    found = statistics([-0.5])

    assert (found.observations, found.total, found.max_drawdown) == (1, -0.5, -0.5)
    assert found.longest_drawdown == 1
    assert undefined([-0.5]) == RATIOS | SHARES


@pytest.mark.parametrize("daily", [[0.0] * 3, [0.1] * 3, [1e-5] * 400])
def test_no_ratio_without_deviation(daily):
    assert undefined(daily) == {"sharpe", "sortino", "calmar"}
    assert statistics(daily).volatility == 0.0


def test_steady_losses_have_no_sharpe_ratio():
    assert undefined([-0.1] * 3) == {"sharpe"}


def test_gains_have_no_sortino_ratio_unless_more_was_asked():
    assert undefined([0.1, 0.2]) == {"sortino", "calmar"}
    # shortfalls of 0.05 and 0, on average -0.1 too much: 0.1 / (0.05 / 2^0.5)
    asked = statistics([0.1, 0.4], minimum=0.15).sortino
    assert asked == pytest.approx(0.1 / (0.05 / 2**0.5) * 365**0.5, rel=1e-14)


def test_all_is_lost():
    found = statistics([0.5, -1.0, 0.0])

    assert (found.total, found.annual, found.max_drawdown) == (-1.0, -1.0, -1.0)
    assert found.calmar == -1.0
    assert found.longest_drawdown == 2


def test_what_no_float_can_hold_is_not_annualised():
    assert undefined([9.0, 9.5]) == {"sortino", "annual", "calmar"}


@pytest.mark.parametrize(
    ("daily", "days"),
    [
        ([0.1, 0.1], 0),
        ([0.1, 0.0], 0),
        ([-0.5, 0.0, 1.0, 0.0], 2),
        ([0.5, -0.5, 0.1, 2.0, -0.5, -0.5, 0.0, 0.0], 4),  # not over yet
    ],
)
def test_days_below_what_was_reached(daily, days):
    assert statistics(daily).longest_drawdown == days


def test_days_without_change_are_no_hits():
    assert statistics([0.1, 0.0, 0.0, -0.1]).hit_rate == 0.25


def test_tail_of_more_days():
    daily = [it / 100 for it in range(-20, 21)]  # 41: the third is the 5 % quantile

    assert statistics(daily).value_at_risk == -0.18
    assert statistics(daily).expected_shortfall == pytest.approx(-0.19, rel=1e-14)
    assert statistics([*daily, 0.21]).value_at_risk == pytest.approx(-0.1795, rel=1e-14)
