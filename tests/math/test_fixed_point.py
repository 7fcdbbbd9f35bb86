"""Products divided by a number, rounded down and up."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.model import fixed_point as model
from ringfence.model.fixed_point import MAX_INT, MAX_UINT, MIN_INT
from ringfence.model.refusal import Overflow
from tests.math.twins import ANY, HALF, below, edges, either, exactly, rows

HALVES = st.integers(0, 2**128 - 1)
EDGES = [0, 1, 2, 2**128 - 1, 2**128, MAX_UINT - 1, MAX_UINT]


@pytest.mark.parametrize("function", [model.mul_div_down, model.mul_div_up])
def test_contract_equals_model(twins, function):
    factor = either(HALF, HALF, ANY)

    twins.agree(function, rows(1, 700, factor, factor, either(HALF, below(10))))
    twins.agree(function, edges(EDGES, EDGES, EDGES))


@exactly
@given(x=HALVES, y=HALVES, denominator=st.integers(1, MAX_UINT))
def test_model_rounds_the_quotient_down_and_up(x, y, denominator):
    quotient = Fraction(x * y, denominator)

    assert model.mul_div_down(x, y, denominator) == floor(quotient)
    assert model.mul_div_up(x, y, denominator) == ceil(quotient)


@pytest.mark.parametrize("function", [model.mul_div_down, model.mul_div_up])
def test_model_refuses_what_the_chain_cannot_count(function):
    assert function(2**128, 2**128 - 1, 1) == 2**256 - 2**128
    with pytest.raises(Overflow):
        function(2**128, 2**128, MAX_UINT)
    with pytest.raises(Overflow):
        function(1, 1, 0)


@exactly
@given(dividend=st.integers(MIN_INT + 1, MAX_INT), divisor=st.integers(MIN_INT, MAX_INT))
def test_signed_division_goes_towards_zero(dividend, divisor):
    if divisor == 0:
        with pytest.raises(Overflow):
            model.divide(dividend, divisor)
        return

    quotient = model.divide(dividend, divisor)

    assert quotient == int(Fraction(dividend, divisor))


@pytest.mark.parametrize(
    ("function", "inside", "outside"),
    [
        (model.uint, [0, MAX_UINT], [-1, MAX_UINT + 1]),
        (model.sint, [MIN_INT, MAX_INT], [MIN_INT - 1, MAX_INT + 1]),
    ],
)
def test_numbers_outside_their_type_overflow(function, inside, outside):
    for number in inside:
        assert function(number) == number
    for number in outside:
        with pytest.raises(Overflow):
            function(number)
