"""A set of small numbers in one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.model import bitmap as model
from tests.math.twins import ANY, HALF, below, edges, either, exactly, rows

SETS = st.sets(st.integers(0, 127), max_size=20)
EDGES = [0, 1, 2, 3, 2**16 - 1, 2**17 - 1, 2**127, 2**128 - 1, 2**128, 2**256 - 1]


def word(members):
    return sum(1 << member for member in members)


@pytest.mark.parametrize("function", [model.has, model.without])
def test_contract_equals_model_on_two_sets(twins, function):
    twins.agree(function, rows(2, 500, either(ANY, HALF), either(ANY, HALF)))
    twins.agree(function, edges(EDGES, EDGES))


@pytest.mark.parametrize("function", [model.count, model.lowest])
def test_contract_equals_model_on_one_set(twins, function):
    singles = [(1 << index,) for index in range(256)]
    twins.agree(function, rows(3, 500, either(ANY, HALF, below(2**20))) + singles)
    twins.agree(function, edges(EDGES))


def test_contract_equals_model_on_one_number(twins):
    twins.agree(model.bit, [(index,) for index in [*range(260), 2**128, 2**256 - 1]])


@exactly
@given(members=SETS, others=SETS)
def test_words_behave_as_sets(members, others):
    mask = word(members)

    assert mask == sum(map(model.bit, members))
    assert model.has(mask, word(others)) == bool(members & others)
    assert model.without(mask, word(others)) == word(members - others)
    assert model.count(mask) == min(len(members), 17)
    assert list(model.members(mask)) == sorted(members)[:16]
    if members:
        assert model.lowest(mask) == min(members)
