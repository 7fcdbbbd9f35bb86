"""Bonus, largest repayment and seizure."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from ringfence.model import health as health_math
from ringfence.model import liquidation as model
from ringfence.model.fixed_point import MAX_UINT, WAD
from tests.math.twins import (
    ANY,
    BONUS,
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

VALUE = either(between(10**18, 10**25), below(2**132))
TARGET = either(between(WAD + 1, WAD * 5 // 4), near(WAD * 105 // 100))
EDGE_RATIOS = [0, 1, WAD * 8 // 10, WAD - 1, WAD]

# What the configuration allows: bonuses in order, below one, and (1 + max) * LTV <= 99 %.
TERMS = st.tuples(st.integers(1, WAD // 2), st.integers(0, WAD // 4)).map(
    lambda pair: (pair[0], min(pair[0] + pair[1], WAD - 1))
)
FLOORS = st.integers(0, WAD - 1)
HEALTHS = st.integers(0, WAD - 1)
SHARES = st.integers(0, WAD * 99 // 100)  # of the largest LTV that the bonus allows
AMOUNTS = st.integers(1, 10**30) | st.integers(1, 10**9)
PRICES = st.integers(1, 2**96 - 1) | st.integers(10**12, 10**24)
PLACES = st.integers(0, 18)


def ltv_of(share, max_bonus):
    return share * WAD // (WAD + max_bonus)


# -- Contract and model ----------------------------------------------------------------------------


def test_largest_factor_equals_model(twins):
    twins.agree(model.largest_factor, rows(21, 400, either(RATIO, ANY), either(RATIO, HALF)))
    twins.agree(model.largest_factor, edges([0, 1, WAD, MAX_UINT], [0, 1, WAD, MAX_UINT]))


def test_is_deep_equals_model(twins):
    twins.agree(model.is_deep, rows(22, 400, RATIO, RATIO, either(BONUS, ANY)))
    twins.agree(model.is_deep, edges(EDGE_RATIOS, EDGE_RATIOS, [0, 1, WAD // 100]))
    line = WAD * 8 // 10 * 101 // 100  # where a LTV of 80 % turns deep with a bonus of 1 %
    twins.agree(model.is_deep, edges(range(line - 3, line + 4), [WAD * 8 // 10], [WAD // 100]))


def test_bonus_equals_model(twins):
    ltv = between(0, WAD * 9 // 10)
    low, high = between(0, WAD // 20), between(WAD // 20, WAD // 5)

    twins.agree(model.bonus, rows(23, 500, between(0, WAD), ltv, low, high, between(0, WAD)))
    twins.agree(model.bonus, rows(24, 300, either(RATIO, ANY), RATIO, BONUS, BONUS, RATIO))
    twins.agree(
        model.bonus,
        edges([WAD * 9 // 10, WAD - 1, WAD], EDGE_RATIOS, [0, 1], [1, WAD // 10], EDGE_RATIOS),
    )


def test_affordable_equals_model(twins):
    twins.agree(model.affordable, rows(29, 500, BONUS, BONUS, VALUE, VALUE))
    twins.agree(model.affordable, rows(30, 300, either(BONUS, ANY), BONUS, ANY, ANY))
    twins.agree(model.affordable, edges([0, 5, WAD], [0, 5, WAD], [99, 100, 101, 105], [0, 100]))


def test_value_to_target_equals_model(twins):
    ltv = between(0, WAD * 9 // 10)

    twins.agree(model.value_to_target, rows(25, 500, VALUE, VALUE, ltv, BONUS, TARGET))
    twins.agree(
        model.value_to_target, rows(26, 300, VALUE, VALUE, RATIO, either(BONUS, ANY), RATIO)
    )
    twins.agree(
        model.value_to_target,
        edges([0, 1, WAD], [WAD, WAD + 1, 2**132], EDGE_RATIOS, [0, 1], [WAD + 1, WAD * 5 // 4]),
    )


def test_seizable_and_price_of_all_equal_model(twins):
    for function in (model.seizable, model.price_of_all):
        amount = either(HALF, ANY)
        twins.agree(function, rows(27, 400, amount, PRICE, DECIMALS, BONUS, PRICE, DECIMALS))
        twins.agree(
            function,
            edges([0, 1, MAX_UINT], [1, WAD], [6, 18], [0, WAD // 10], [0, 1, 2**96 - 1], [0, 18]),
        )


def test_insurance_due_equals_model(twins):
    twins.agree(model.insurance_due, rows(28, 400, either(HALF, ANY), BONUS, RATIO))
    twins.agree(model.insurance_due, edges([0, 1, MAX_UINT], [0, 1, WAD], [0, 1, WAD]))


def test_is_small_equals_model(twins):
    twins.agree(model.is_small, rows(29, 400, either(HALF, ANY), either(HALF, ANY)))
    smallest = [1, 99, 100, 101, 10**8, MAX_UINT]
    twins.agree(model.is_small, edges([1, 2, 100, 101, 102, 101 * 10**6, MAX_UINT], smallest))
    twins.agree(model.is_small, edges(range(101 * 10**6 - 2, 101 * 10**6 + 3), [10**8]))


def test_alternative_value_equals_model(twins):
    twins.agree(model.alternative_value, rows(30, 400, either(VALUE, ANY), VALUE))
    twins.agree(model.alternative_value, edges([0, 19, 20, 21, MAX_UINT], [0, 1, 2, MAX_UINT]))


# -- Model and mathematics -------------------------------------------------------------------------


@exactly
@given(health=HEALTHS, share=SHARES, terms=TERMS)
def test_deep_means_that_the_smallest_bonus_lowers_health(health, share, terms):
    ltv = ltv_of(share, terms[1])

    assert model.is_deep(health, ltv, terms[0]) == ((WAD + terms[0]) * ltv > health * WAD)


@exactly
@given(health=HEALTHS, share=SHARES, terms=TERMS, floor_health=FLOORS)
def test_bonus_keeps_its_bounds_and_never_lowers_health(health, share, terms, floor_health):
    low, high = terms
    ltv = ltv_of(share, high)
    assume(not model.is_deep(health, ltv, low))

    reward = model.bonus(health, ltv, low, high, floor_health)

    assert low <= reward <= high
    assert (WAD + reward) * ltv <= health * WAD
    line = low + Fraction((high - low) * (WAD - health), WAD - floor_health)
    assert reward <= line or reward == low
    if reward < min(line, high) - 1:
        assert (WAD + reward + 1) * ltv > health * WAD


@exactly
@given(
    debt_value=st.integers(1, 2**130),
    gap=st.integers(1, WAD),
    share=SHARES,
    terms=TERMS,
    floor_health=FLOORS,
    target=st.integers(WAD + 1, WAD * 5 // 4),
)
def test_repayment_restores_exactly_the_target(debt_value, gap, share, terms, floor_health, target):
    weighted = debt_value - max(debt_value * gap // WAD, 1)
    health = health_math.health(weighted, debt_value)
    ltv = ltv_of(share, terms[1])
    assume(not model.is_deep(health, ltv, terms[0]))
    reward = model.bonus(health, ltv, *terms, floor_health)

    value = model.value_to_target(weighted, debt_value, ltv, reward, target)

    lost = (WAD + reward) * ltv // WAD  # [WAD] of weight per value repaid

    def reaches(repaid):
        return weighted * WAD - lost * repaid >= target * (debt_value - repaid)

    assert 0 < value <= debt_value
    assert reaches(value)
    assert not reaches(value - 1)


@exactly
@given(
    repaid=AMOUNTS,
    reward=st.integers(0, WAD - 1),
    prices=st.tuples(PRICES, PRICES),
    places=st.tuples(PLACES, PLACES),
)
def test_seizure_is_never_worth_more_than_repayment_and_bonus(repaid, reward, prices, places):
    seized = model.seizable(repaid, prices[0], places[0], reward, prices[1], places[1])

    paid = Fraction(repaid * prices[0], 10 ** places[0]) * Fraction(WAD + reward, WAD)
    assert Fraction(seized * prices[1], 10 ** places[1]) <= paid


@exactly
@given(
    balance=AMOUNTS,
    reward=st.integers(0, WAD - 1),
    prices=st.tuples(PRICES, PRICES),
    places=st.tuples(PLACES, PLACES),
)
def test_price_of_all_pays_for_all(balance, reward, prices, places):
    repaid = model.price_of_all(balance, prices[0], places[0], reward, prices[1], places[1])

    def bought(assets):
        return Fraction(assets * prices[0], 10 ** places[0]) * Fraction(WAD + reward, WAD)

    value = health_math.value_down(balance, prices[1], places[1])
    assert bought(repaid) >= value
    one_value_unit = Fraction(WAD + reward, WAD)
    assert repaid == 0 or bought(repaid - 1) < value + one_value_unit


@exactly
@given(repaid=AMOUNTS, reward=st.integers(0, WAD - 1), share=st.integers(0, WAD - 1))
def test_insurance_is_its_share_of_the_bonus_rounded_up(repaid, reward, share):
    due = model.insurance_due(repaid, reward, share)

    exact = Fraction(repaid * reward * share, WAD * WAD)
    assert exact <= due < exact + 2
    assert due <= repaid * reward // WAD + 1


@exactly
@given(debt=st.integers(0, 2**120), smallest=st.integers(1, 2**120), off=st.integers(-2, 2))
def test_small_debt_is_the_smallest_and_up_to_one_percent_more(debt, smallest, off):
    for candidate in (debt, max(smallest * 101 // 100 + off, 0)):
        assert model.is_small(candidate, smallest) == (candidate * 100 <= smallest * 101)


@exactly
@given(debt_value=st.integers(0, 2**132), dust=st.integers(0, 2**128 - 1))
def test_alternative_is_worth_dust_and_a_twentieth_of_the_debt(debt_value, dust):
    assert model.alternative_value(debt_value, dust) == max(dust, debt_value // 20)
