"""Conversions between assets and shares."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.model import shares as model
from ringfence.model.shares import VIRTUAL_ASSETS, VIRTUAL_SHARES
from tests.math.twins import ANY, HALF, below, edges, either, exactly, rows

AMOUNTS = st.integers(0, 2**120) | st.integers(0, 10**6)
EDGES = [0, 1, 10**6, 2**128 - 1, 2**256 - 1]


@pytest.mark.parametrize(
    "function",
    [model.to_shares_down, model.to_shares_up, model.to_assets_down, model.to_assets_up],
)
def test_contract_equals_model(twins, function):
    total = either(below(2**120), below(10**6), HALF)

    twins.agree(function, rows(11, 400, either(HALF, below(10**6), ANY), total, total))
    twins.agree(function, edges(EDGES, EDGES, EDGES))


@exactly
@given(amount=AMOUNTS, total_assets=AMOUNTS, total_shares=AMOUNTS)
def test_down_and_up_are_the_two_roundings_of_one_price(amount, total_assets, total_shares):
    price = Fraction(total_assets + VIRTUAL_ASSETS, total_shares + VIRTUAL_SHARES)
    totals = total_assets, total_shares

    assert model.to_shares_down(amount, *totals) == floor(amount / price)
    assert model.to_shares_up(amount, *totals) == ceil(amount / price)
    assert model.to_assets_down(amount, *totals) == floor(amount * price)
    assert model.to_assets_up(amount, *totals) == ceil(amount * price)


@exactly
@given(amount=AMOUNTS, total_assets=AMOUNTS, total_shares=AMOUNTS)
def test_going_in_and_out_never_earns(amount, total_assets, total_shares):
    issued = model.to_shares_down(amount, total_assets, total_shares)
    asked = model.to_assets_up(amount, total_assets, total_shares)

    if total_shares + issued < 2**128:  # the largest supply
        assert model.to_assets_down(issued, total_assets + amount, total_shares + issued) <= amount
    assert model.to_assets_down(amount, total_assets + asked, total_shares + amount) <= asked


@exactly
@given(amount=AMOUNTS, total_assets=AMOUNTS, total_shares=AMOUNTS)
def test_whoever_comes_or_goes_does_not_lower_the_price(amount, total_assets, total_shares):
    def price(assets, shares):
        return Fraction(assets + VIRTUAL_ASSETS, shares + VIRTUAL_SHARES)

    before = price(total_assets, total_shares)
    issued = model.to_shares_down(amount, total_assets, total_shares)
    asked = model.to_assets_up(amount, total_assets, total_shares)
    assert price(total_assets + amount, total_shares + issued) >= before
    assert price(total_assets + asked, total_shares + amount) >= before

    burned = model.to_shares_up(amount, total_assets, total_shares)
    paid = model.to_assets_down(amount, total_assets, total_shares)
    if amount <= total_assets and burned <= total_shares:
        assert price(total_assets - amount, total_shares - burned) >= before
    if amount <= total_shares:
        assert price(total_assets - paid, total_shares - amount) >= before


@exactly
@given(deposit=st.integers(1, 10**12), donation=st.integers(0, 10**18), first=st.integers(1, 10**6))
def test_inflating_the_price_costs_more_than_it_takes(deposit, donation, first):
    """Even if a donation counted, which in the pool it does not."""
    thief = model.to_shares_down(first, 0, 0)
    inflated = first + donation
    issued = model.to_shares_down(deposit, inflated, thief)

    assets, supply = inflated + deposit, thief + issued
    lost = deposit - model.to_assets_down(issued, assets, supply)
    kept = model.to_assets_down(thief, assets, supply)
    assert kept <= first + donation + lost
    assert kept - first <= donation
