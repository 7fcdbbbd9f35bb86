"""Values, weights, ramps and health."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.model import health as model
from ringfence.model.fixed_point import MAX_INT, MAX_UINT, MIN_INT, WAD
from ringfence.model.health import MAX_BALANCE, MAX_PRICE, MAX_VALUE
from tests.math.twins import (
    ANY,
    DECIMALS,
    HALF,
    PRICE,
    RATIO,
    below,
    between,
    edges,
    either,
    exactly,
    near,
    rows,
)

DAY = 86_400
BALANCES = st.integers(0, MAX_UINT) | st.integers(0, 10**24)
PRICES = st.integers(1, MAX_PRICE) | st.integers(10**12, 10**24)
PLACES = st.integers(0, 18)
VALUES = st.integers(0, 2**132) | st.integers(0, 10**24)


# -- Values and amounts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function", [model.value_down, model.value_up, model.amount_down, model.amount_up]
)
def test_values_and_amounts_equal_model(twins, function):
    amount = either(HALF, HALF, ANY)

    twins.agree(function, rows(17, 400, amount, PRICE, either(DECIMALS, between(0, 100))))
    twins.agree(
        function,
        edges(
            [0, 1, MAX_BALANCE, MAX_BALANCE + 1, MAX_UINT],
            [0, 1, WAD, MAX_PRICE, MAX_UINT],
            [0, 6, 18, 77, 78],
        ),
    )


@exactly
@given(balance=BALANCES, price=PRICES, decimals=PLACES)
def test_value_of_collateral_is_rounded_down_and_never_overflows(balance, price, decimals):
    value = model.value_down(balance, price, decimals)

    exact = floor(Fraction(min(balance, MAX_BALANCE) * price, 10**decimals))
    assert value == min(exact, MAX_VALUE)


@exactly
@given(amount=st.integers(0, MAX_BALANCE), price=PRICES, decimals=PLACES)
def test_debt_is_rounded_up_and_amounts_go_back_both_ways(amount, price, decimals):
    exact = Fraction(amount * price, 10**decimals)

    assert model.value_up(amount, price, decimals) == ceil(exact)
    assert model.amount_down(floor(exact), price, decimals) <= amount
    assert model.amount_up(ceil(exact), price, decimals) >= amount
    assert model.amount_up(floor(exact), price, decimals) <= amount


# -- Weights and health ----------------------------------------------------------------------------


def test_weighted_equals_model(twins):
    twins.agree(model.weighted, rows(18, 400, either(HALF, ANY), RATIO))
    twins.agree(model.weighted, edges([0, 1, WAD - 1, MAX_VALUE], [0, 1, WAD - 1, WAD]))


def test_health_equals_model(twins):
    worth = either(HALF, near(10**21), ANY)

    twins.agree(model.health, rows(19, 500, worth, worth))
    twins.agree(model.health, edges([0, 1, WAD, WAD + 1, 2**132], [0, 1, WAD, WAD + 1, MAX_UINT]))


@exactly
@given(worth=VALUES, debt=VALUES, off=st.integers(-2, 2))
def test_health_is_below_one_exactly_when_the_collateral_is_short(worth, debt, off):
    for weighted in (worth, max(debt + off, 0)):
        assert (model.health(weighted, debt) < WAD) == (weighted < debt)


def test_health_without_debt_is_the_largest_number():
    assert model.health(0, 0) == MAX_UINT


# -- Cushion ---------------------------------------------------------------------------------------


def test_cushion_equals_model(twins):
    def signed(kind):
        return lambda source: kind(source) * source.choice([-1, 1])

    amount = either(signed(HALF), signed(below(MAX_INT)), near(0))
    sides = [MIN_INT, -WAD, -1, 0, 1, WAD, MAX_INT // WAD, MAX_INT // WAD + 1, MAX_INT]

    twins.agree(model.cushion, rows(31, 400, signed(HALF), amount))
    twins.agree(model.cushion, rows(32, 200, amount, amount))
    twins.agree(model.cushion, edges(sides, sides))


@exactly
@given(excess=st.integers(-(2**133), 2**133), equity=st.integers(-(2**133), 2**133))
def test_cushion_is_rounded_towards_zero_and_least_without_equity(excess, equity):
    if equity > 0:
        assert model.cushion(excess, equity) == int(Fraction(excess * WAD, equity))
    else:
        assert model.cushion(excess, equity) == (MIN_INT if excess < 0 else 0)


# -- Ramps -----------------------------------------------------------------------------------------


def test_ramped_equals_model(twins):
    begin, end = between(10**9, 2 * 10**9), between(10**9, 2 * 10**9)
    ltv = between(0, WAD)

    twins.agree(model.ramped, rows(20, 500, ltv, ltv, begin, end, between(10**9, 2 * 10**9)))
    twins.agree(
        model.ramped,
        edges(
            [WAD * 8 // 10],
            [0, WAD // 2, WAD],
            [100, 200],
            [200, 201],
            [99, 100, 101, 150, 199, 200, 201],
        ),
    )


@exactly
@given(
    ltvs=st.tuples(st.integers(0, WAD), st.integers(0, WAD)).map(sorted),
    begin=st.integers(0, 2**32 - 1),
    length=st.integers(3 * DAY, 1_000 * DAY),
    passed=st.integers(-DAY, 1_001 * DAY),
    more=st.integers(0, DAY),
)
def test_ramp_falls_on_its_line_and_ends_exactly(ltvs, begin, length, passed, more):
    target, start = ltvs
    end = begin + length

    def at(now):
        return model.ramped(start, target, begin, end, max(now, 0))

    line = start - Fraction((start - target) * passed, length)
    assert at(begin + passed) == ceil(min(max(line, target), start)) or begin + passed < 0
    assert at(begin + passed) >= at(begin + passed + more) >= target
    assert at(begin) == start
    assert at(end) == target
    assert at(end - 1) >= target
