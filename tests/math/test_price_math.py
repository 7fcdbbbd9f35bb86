"""From a feed's answer to a price."""

from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from ringfence.model import price as model
from ringfence.model.fixed_point import MAX_INT, MIN_INT
from tests.math.twins import ANY, HALF, PRICE, below, between, edges, either, exactly, near, rows

BOUNDS = st.tuples(st.integers(1, 2**128 - 1), st.integers(1, 2**128 - 1)).map(sorted)
ANSWERS = st.integers(MIN_INT, MAX_INT) | st.integers(-(2**128), 2**129)


def signed(kind):
    return lambda source: kind(source) * source.choice([-1, 1, 1])


def test_clamp_equals_model(twins):
    answer = either(signed(HALF), signed(below(MAX_INT)), near(1_000))

    twins.agree(model.clamp, rows(12, 400, answer, either(HALF, near(1_000)), HALF))
    twins.agree(model.clamp, rows(13, 200, answer, ANY, ANY))
    twins.agree(
        model.clamp,
        edges([MIN_INT, -1, 0, 1, 5, 6, MAX_INT], [0, 1, 5, MAX_INT, MAX_INT + 1], [5, 6, 2**128]),
    )


@exactly
@given(answer=ANSWERS, bounds=BOUNDS)
def test_clamp_is_the_nearest_believable_answer(answer, bounds):
    lowest, highest = bounds

    assert model.clamp(answer, lowest, highest) == sorted([lowest, answer, highest])[1]


def test_to_wad_equals_model(twins):
    twins.agree(model.to_wad, rows(14, 400, either(HALF, ANY), between(0, 40)))
    twins.agree(
        model.to_wad, edges([0, 1, 10**8, 2**256 - 1], [0, 1, 8, 17, 18, 19, 36, 95, 96, 100])
    )


@exactly
@given(answer=st.integers(0, 2**128 - 1), decimals=st.integers(0, 36))
def test_to_wad_keeps_the_price_and_rounds_down(answer, decimals):
    assert model.to_wad(answer, decimals) == floor(Fraction(answer * 10**18, 10**decimals))


def test_is_near_equals_model(twins):
    twins.agree(model.is_near, rows(15, 400, PRICE, PRICE))
    twins.agree(model.is_near, rows(16, 200, ANY, ANY))
    twins.agree(
        model.is_near,
        [
            (reference + reference // 20 * side + off, reference)
            for reference in (20, 100, 10**18, 10**18 + 7, 2**96 - 1)
            for side in (-1, 1)
            for off in (-1, 0, 1)
        ],
    )


@exactly
@given(price=st.integers(0, 2**96 - 1), reference=st.integers(0, 2**96 - 1))
def test_is_near_means_within_five_percent(price, reference):
    assert model.is_near(price, reference) == (abs(price - reference) * 20 <= reference)
