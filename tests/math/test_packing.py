"""Two numbers in one word."""

import ape
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.model import packing as model
from ringfence.model.refusal import Refused
from tests.math.twins import ANY, HALF, edges, either, exactly, rows

HALVES = st.integers(0, 2**128 - 1)
EDGES = [0, 1, 2**128 - 1, 2**128, 2**256 - 1]


def test_pack_equals_model(twins):
    twins.agree(model.pack, rows(4, 500, either(HALF, HALF, ANY), HALF))
    twins.agree(model.pack, edges(EDGES, EDGES))


@pytest.mark.parametrize("function", [model.low_half, model.high_half])
def test_halves_equal_model(twins, function):
    twins.agree(function, rows(5, 500, ANY))
    twins.agree(function, edges(EDGES))


@exactly
@given(low=HALVES, high=HALVES)
def test_both_numbers_come_out_again(low, high):
    packed = model.pack(low, high)

    assert (model.low_half(packed), model.high_half(packed)) == (low, high)


@pytest.mark.parametrize("numbers", [(2**128, 0), (0, 2**128)])
def test_contract_and_model_refuse_with_one_reason(harness, numbers):
    with pytest.raises(Refused, match="packing: above 128 bits"):
        model.pack(*numbers)
    with ape.reverts("packing: above 128 bits"):
        harness.pack(*numbers)
